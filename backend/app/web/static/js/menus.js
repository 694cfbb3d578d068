/** Menus and other <details> that float: one open at a time, closed by Escape and by a click elsewhere. */

const FLOATING = "details.menu[open], details.about[open]";

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll(FLOATING)) if (menu !== kept) menu.open = false;
}

document.addEventListener("click", (event) => closeAllBut(event.target.closest("details")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(FLOATING);
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
