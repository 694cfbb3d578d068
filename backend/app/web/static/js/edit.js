/** The list of steps: forms and links work without this; with it, nothing but the list is replaced. */

import "./menus.js";
import "./import.js";
import "./edit/dragging.js";
import "./edit/pictures.js";
import { follow, submit } from "./edit/list.js";

const main = document.getElementById("main");

for (const handle of document.querySelectorAll(".handle")) handle.hidden = false;

main.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target, event.submitter);
});

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  const declares = event.target.closest("a[data-declare]");
  if (declares) {
    event.preventDefault(); // following the link would take the focus to the panel
    const name = document.getElementById("new-name");
    name.value = declares.dataset.declare;
    name.focus();
  }
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  follow(link.href);
});

main.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const cancel = event.target.closest(".opened")?.querySelector("[data-cancel]");
    if (cancel) follow(cancel.href);
    return;
  }
  const by = event.altKey && { ArrowUp: "-1", ArrowDown: "1" }[event.key];
  const step = by && event.target.closest(".edit-step");
  if (!step || event.target.closest(".opened")) return;
  event.preventDefault();
  submit(step.querySelector(".tools"), null, { by, handle: true });
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

