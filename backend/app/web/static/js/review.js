/** Review by keyboard. Every key presses a button that is there to see; htmx fetches what changes. */

import "./menus.js";
import "./import.js";
import { mark, MARKS_BY_KEY } from "./marks.js";

const main = document.querySelector("main[data-workflow]");
const said = document.getElementById("said");
const help = document.getElementById("keys");
const singleKeys = document.getElementById("single-keys");
const SETTING = "review-single-keys";
/** Keys that wait for the answer to the one before; what decides about a step must not meet one that nobody saw yet. */
const HARMLESS = ["e", "j", "k", "?"];
/** The part that the request under way replaces; htmx takes the next request only when it is null. */
let replaced = null;
let pressedMeanwhile = null;
let source = null;
let timer = null;

singleKeys.checked = localStorage.getItem(SETTING) !== "off";
singleKeys.addEventListener("change", () => localStorage.setItem(SETTING, singleKeys.checked ? "on" : "off"));
help.querySelector("[data-close]").addEventListener("click", () => help.close());
help.addEventListener("close", focusTitle);

const edit = () => document.getElementById("edit");
const isWriting = (element) => element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

function focusTitle() {
  const title = document.getElementById("focus-title");
  if (!title) return;
  title.focus({ preventScroll: true });
  const { top, bottom } = title.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) title.scrollIntoView({ block: "start", behavior: "instant" });
}

/** A toggle is told of late: by then somebody may have written, or chosen words to write over. */
function startEditing() {
  const text = document.getElementById("edit-instruction");
  if (document.activeElement === text) return;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}

function leaveEditing() {
  const form = edit().querySelector("form");
  form.reset();
  form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
  edit().open = false;
  focusTitle();
}

/** What the scripts add to fresh content, and what is said of it. */
function settle() {
  const review = document.getElementById("review");
  for (const hidden of review.querySelectorAll(".marks, #leave, [data-open-keys]")) hidden.hidden = false;
  edit()?.addEventListener("toggle", () => edit()?.open && startEditing());
  const { nextPicture } = review.dataset;
  if (nextPicture) new Image().src = nextPicture;
  if ("live" in review.dataset) follow();
}

function announce() {
  const review = document.getElementById("review");
  const where = document.getElementById("focus-title")?.textContent.trim() ?? "";
  const trouble = review.querySelector("[role=alert]") ? "" : review.dataset.said;
  said.textContent = [trouble, where, document.getElementById("progress").textContent].filter(Boolean).join(" ");
}

function onKey(event) {
  if (help.open) return;
  const writing = isWriting(event.target);
  if (writing && event.key === "Escape" && edit()?.contains(event.target)) {
    event.preventDefault();
    leaveEditing();
  } else if (writing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  } else if (event.target.id === "edit-instruction" && (event.ctrlKey || event.metaKey) && MARKS_BY_KEY[event.key]) {
    event.preventDefault();
    mark(event.target, MARKS_BY_KEY[event.key]);
  } else if (!writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    press(event);
  }
}

function press(event) {
  if (event.key === "Escape" && edit()?.open) return leaveEditing();
  if (!singleKeys.checked && event.key !== "?") return;
  if (event.repeat || document.querySelector("dialog[open]")) return;
  if (!replaced) {
    if (pressButton(event.key)) event.preventDefault();
  } else if (!replaced.isConnected || HARMLESS.includes(event.key)) pressedMeanwhile = event.key;
}

function pressButton(key) {
  const button = [...document.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === key);
  button?.click();
  if (button && edit()?.open) startEditing();
  return Boolean(button);
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) help.showModal();
  else if (event.target.closest("#leave")) leaveEditing();
  const button = event.target.closest("[data-mark]");
  if (button) mark(document.getElementById("edit-instruction"), button.dataset.mark);
});
/** An answer that is no part of a review, such as an error's page, must not be put into one: it is shown as it is. */
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.target?.id !== "review" || ctx.text.includes('id="review"')) return;
  event.preventDefault();
  location.reload();
});
document.addEventListener("htmx:before:request", (event) => {
  if (event.detail.ctx.target?.id === "review") replaced = event.detail.ctx.target;
});
document.addEventListener("htmx:finally:request", (event) => {
  if (event.detail.ctx.target?.id !== "review") return;
  queueMicrotask(() => { // only after this event does htmx take another request
    const key = pressedMeanwhile;
    [replaced, pressedMeanwhile] = [null, null];
    if (key) pressButton(key);
  });
});
document.addEventListener("htmx:after:swap", (event) => {
  const id = event.detail.ctx?.target?.id;
  if (id === "checked" || !document.getElementById("review")) return;
  settle();
  announce();
  if (edit()?.open) startEditing();
  else focusTitle();
});

/** Labelling goes on: what arrives is put in place, unless somebody writes there just now. */
function follow() {
  if (source) return;
  source = new EventSource(`/api/v1/workflows/${main.dataset.workflow}/labeling/events`);
  source.addEventListener("step", () => {
    timer ??= setTimeout(refresh, 150);
  });
  source.addEventListener("done", () => {
    source.close();
    source = null;
    refresh();
  });
}

async function refresh() {
  timer = null;
  const step = document.getElementById("focus")?.dataset.step;
  const answer = await fetch(`${location.pathname}${step ? `?step=${step}` : ""}`, {
    headers: { "HX-Request": "true", "HX-Request-Type": "partial", Accept: "text/html" },
  }).catch(() => null);
  if (!answer?.ok || document.getElementById("focus")?.dataset.step !== step) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("review");
  document.getElementById("review").toggleAttribute("data-live", "live" in fresh.dataset);
  if ("live" in fresh.dataset) follow(); // a run that began as the one before it ended
  replace("queue", fresh);
  if (!edit()?.open) replace("focus", fresh);
}

function replace(id, fresh) {
  const [old, next] = [document.getElementById(id), fresh.querySelector(`#${id}`)];
  if (!old || !next || old.isEqualNode(next)) return;
  const words = (part) => part.querySelector(".instruction")?.textContent;
  const reworded = id === "focus" && (words(old) !== words(next) || next.querySelectorAll(".proposal").length);
  const held = old.contains(document.activeElement);
  old.replaceWith(next);
  htmx.process(next);
  if (id !== "focus") return;
  settle();
  if (reworded) announce();
  if (held) focusTitle();
}

addEventListener("pagehide", () => source?.close());
settle();
if (edit()?.open) startEditing();
