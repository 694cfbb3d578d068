/** The whole page behind a step's picture, in a dialog; arrows go from step to step. */

const dialog = document.querySelector("dialog.viewer");
const links = [...document.querySelectorAll("a[data-zoom]")];
const words = JSON.parse(document.getElementById("words").textContent);
let current = 0;

function show(index) {
  current = (index + links.length) % links.length;
  const link = links[current];
  const image = dialog.querySelector("img");
  const text = link.closest(".step").querySelector(".instruction").textContent;
  image.src = link.href;
  image.alt = text;
  const { number } = link.dataset;
  dialog.querySelector("footer p").textContent = number ? `${words.step.replace("{number}", number)}: ${text}` : text;
  if (!dialog.open) dialog.showModal();
}

for (const [index, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(index);
  });
}
dialog.querySelector("[data-previous]").addEventListener("click", () => show(current - 1));
dialog.querySelector("[data-next]").addEventListener("click", () => show(current + 1));
const actual = dialog.querySelector("[data-actual]");
actual.addEventListener("click", () => {
  const on = dialog.classList.toggle("actual");
  actual.setAttribute("aria-pressed", on);
});
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") show(current - 1);
  else if (event.key === "ArrowRight") show(current + 1);
});
dialog.addEventListener("close", () => links[current].focus());
