/** A guide to be followed. What a reader fills in and has done is kept in this browser, and sent nowhere. */

import "./contents.js";
import "./viewer.js";
import { copy } from "./copying.js";

const main = document.querySelector("main[data-key]");
const words = JSON.parse(document.getElementById("words").textContent);
const steps = [...document.querySelectorAll(".reader .step")];

for (const part of document.querySelectorAll(".fill-in, .following, .copies, .doing, .keys, [data-print], [data-copy-markdown]")) {
  part.hidden = false;
}

/** In a frame, or where a person forbade it, there may be nothing to keep things in. */
function load(name) {
  try {
    return JSON.parse(localStorage.getItem(`${name}:${main.dataset.key}`)) ?? {};
  } catch {
    return {};
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`${name}:${main.dataset.key}`, JSON.stringify(value));
  } catch {
    // It holds as long as the page is open.
  }
}

/* What a reader fills in */

const inputs = [...document.querySelectorAll("[data-fills]")];
const values = load("values");
const examples = new Map();

for (const place of document.querySelectorAll("[data-variable]")) examples.set(place.dataset.variable, place.textContent);

function fill(name) {
  const value = values[name]?.trim();
  for (const place of document.querySelectorAll("[data-variable]")) {
    if (place.dataset.variable !== name) continue;
    place.textContent = value || examples.get(name);
    place.classList.toggle("filled", Boolean(value));
  }
}

for (const input of inputs) {
  const name = input.dataset.fills;
  input.value = values[name] ?? "";
  fill(name);
  input.addEventListener("input", () => {
    values[name] = input.value;
    fill(name);
    keep("values", values);
  });
}
document.querySelector(".fill-in")?.addEventListener("submit", (event) => event.preventDefault());

/* What is done */

const marks = load("done");
const countable = steps.filter((step) => step.dataset.step);
const bar = document.getElementById("done");

function showProgress() {
  let done = 0;
  for (const step of countable) {
    const marked = Boolean(marks[step.dataset.step]);
    done += marked;
    step.classList.toggle("is-done", marked);
    step.querySelector("[data-done]").checked = marked;
  }
  if (!bar) return;
  bar.value = done;
  const all = done > 0 && done === countable.length;
  const text = words.done.replace("{done}", done).replace("{total}", countable.length);
  document.getElementById("done-words").textContent = all ? `${text}. ${words.all}` : text;
  document.querySelector("[data-start-over]").hidden = done === 0;
}

function mark(step, done) {
  if (done) marks[step.dataset.step] = 1;
  else delete marks[step.dataset.step];
  keep("done", marks);
  showProgress();
}

for (const step of countable) {
  step.querySelector("[data-done]").addEventListener("change", (event) => mark(step, event.target.checked));
}
document.querySelector("[data-start-over]").addEventListener("click", () => {
  for (const step of countable) delete marks[step.dataset.step];
  keep("done", marks);
  showProgress();
  countable[0].focus();
});
showProgress();

/* Copying */

for (const button of document.querySelectorAll("[data-copy-value]")) {
  button.addEventListener("click", () => copy(button.querySelector("[data-copied]").textContent, button));
}
for (const button of document.querySelectorAll("[data-copy-link]")) {
  const place = new URL(button.dataset.copyLink, location.origin + location.pathname);
  button.addEventListener("click", () => copy(place.href, button));
}
document.querySelector("[data-copy-markdown]").addEventListener("click", (event) => {
  copy(asMarkdown(), event.currentTarget);
});

async function asMarkdown() {
  const answer = await fetch(main.dataset.markdown);
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  return text.replace(/(\\?\{){2}([a-z](?:[a-z0-9]|\\?_)*)(\\?\}){2}/g, (whole, _before, escaped) => {
    const name = escaped.replaceAll("\\", "");
    return values[name]?.trim() || examples.get(name) || whole;
  });
}

/* Printing: pictures further down were not asked for yet */

async function print_() {
  const pictures = [...document.querySelectorAll(".shot img")];
  for (const picture of pictures) picture.loading = "eager";
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  print();
}

document.querySelector("[data-print]").addEventListener("click", print_);

/* From step to step */

let current = null;

function go(by) {
  const at = steps.indexOf(document.activeElement?.closest(".step") ?? current);
  const next = steps[at + by];
  if (!next) return;
  current = next;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "p" && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      print_();
    }
    return;
  }
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "d") {
    const step = document.activeElement?.closest(".step[data-step]");
    if (step) mark(step, !marks[step.dataset.step]);
  }
});
