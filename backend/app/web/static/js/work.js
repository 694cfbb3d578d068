/** Background work: ticking several runs. That the page stays fresh is htmx's; ticks and the focus outlive it. */

import "./menus.js";
import "./import.js";

const ticks = () => [...document.querySelectorAll('input[name="run"][type="checkbox"]')];
let ticked = new Set();

function show() {
  const all = document.querySelector("[data-tick-all]");
  const boxes = ticks();
  const count = boxes.filter((box) => box.checked).length;
  for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
  for (const button of document.querySelectorAll("[data-needs-ticks]")) button.disabled = count === 0;
  if (!all) return;
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) for (const box of ticks()) box.checked = event.target.checked;
  ticked = new Set(ticks().filter((box) => box.checked).map((box) => box.value));
  show();
});

// While nobody looks, or a menu is open, nothing needs to be fresh.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden || document.querySelector("#work details[open]")) event.preventDefault();
});
document.addEventListener("htmx:after:swap", () => {
  for (const box of ticks()) box.checked = ticked.has(box.value);
  show();
});

show();
