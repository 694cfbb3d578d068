/** Dragging a step by its handle, with a mouse, a pen or a finger. The list shows at once where it would go. */

import { editor, say, submit, words } from "./list.js";

const EDGE = 90;
const FAR = 6;
let held = null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle || event.button !== 0 || held) return;
  const step = handle.closest(".edit-step");
  held = { handle, step, pointer: event.pointerId, from: event.clientY, next: step.nextElementSibling, moving: false };
  handle.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!held || event.pointerId !== held.pointer) return;
  if (!held.moving && Math.abs(event.clientY - held.from) < FAR) return;
  if (!held.moving) begin();
  held.y = event.clientY;
  place();
});

document.addEventListener("pointerup", (event) => {
  if (!held || event.pointerId !== held.pointer) return;
  const { step, moving, next } = held;
  end();
  if (!moving || step.nextElementSibling === next) return;
  const after = step.previousElementSibling?.dataset.step ?? "0";
  submit(step.querySelector(".tools"), null, { fields: { after }, handle: true });
});

document.addEventListener("pointercancel", putBack);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) putBack();
});

function begin() {
  held.moving = true;
  held.step.classList.add("dragging");
  document.documentElement.classList.add("dragging-one");
  say(words.held);
  held.timer = setInterval(scrollAtTheEdges, 16);
}

/** Before the first step whose middle is below the pointer. */
function place() {
  const others = [...editor().querySelectorAll(".edit-step")].filter((step) => step !== held.step);
  const below = others.find((step) => {
    const box = step.querySelector(".line").getBoundingClientRect();
    return held.y < box.top + box.height / 2;
  });
  const list = held.step.parentElement;
  if (below !== held.step.nextElementSibling && (below || list.lastElementChild !== held.step)) list.insertBefore(held.step, below ?? null);
}

function scrollAtTheEdges() {
  if (held.y === undefined) return;
  const by = held.y < EDGE ? held.y - EDGE : Math.max(0, held.y - innerHeight + EDGE);
  if (!by) return;
  scrollBy({ top: by / 5, behavior: "instant" });
  place();
}

function putBack() {
  if (!held) return;
  const { step, next, moving } = held;
  end();
  if (!moving) return;
  step.parentElement.insertBefore(step, next);
  step.querySelector(".handle").focus();
  say(words.back);
}

function end() {
  clearInterval(held.timer);
  held.step.classList.remove("dragging");
  document.documentElement.classList.remove("dragging-one");
  if (held.handle.hasPointerCapture(held.pointer)) held.handle.releasePointerCapture(held.pointer);
  held = null;
}
