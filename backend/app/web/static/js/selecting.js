/** Selecting rows: x and shift-click; j and k go from row to row. The checkboxes and what is done with them are HTML's. */

const boxes = () => [...document.querySelectorAll(".pick input")];
const chosen = () => boxes().filter((box) => box.checked);
let last = null;

/** Say how many there are. */
function count() {
  const said = document.querySelector(".bulk .count");
  if (!said) return;
  const { length } = chosen();
  const text = length === 1 ? said.dataset.one : said.dataset.many.replace("{num}", length);
  if (length && said.textContent !== text) said.textContent = text;
  document.querySelector("[data-select-none]").hidden = !length;
}

function selectNone() {
  for (const box of chosen()) box.checked = false;
  count();
}

/** All from the box that was changed last to this one become like it. */
function selectRange(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) for (const between of all.slice(from, to + 1)) between.checked = box.checked;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-select-none]")) return selectNone();
  const box = event.target.closest(".pick input");
  if (!box) return;
  if (event.shiftKey) selectRange(box);
  last = box;
  count();
});

/** The row that the keyboard is at. */
const row = () => document.activeElement.closest(".row");

function go(by) {
  const links = [...document.querySelectorAll(".library .row [data-name]")];
  const at = links.indexOf(row()?.querySelector("[data-name]"));
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

function toggle() {
  const box = row()?.querySelector(".pick input");
  if (!box) return go(1);
  box.checked = !box.checked;
  last = box;
  count();
}

const KEYS = { j: () => go(1), k: () => go(-1), x: toggle, Escape: selectNone };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog, details[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

addEventListener("pageshow", count);
