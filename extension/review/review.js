// @ts-check
/** Looking over a recording before anything of it leaves: drop steps, hide areas, give it a name, send or discard it. */
import { changeRecording, changeStep, recording as stored, stepsOf } from "../store.js";
import { cannotList } from "../ui/cannot.js";
import { follow } from "../ui/commands.js";
import { day, t, translate } from "../ui/words.js";
import { chooseHidden } from "./hiding.js";
import { listenToKeys } from "./keys.js";
import { addressOf } from "./pictures.js";
import { showState } from "./state.js";
import { stepCard } from "./step_card.js";

const id = new URLSearchParams(location.search).get("recording") ?? "";
const list = /** @type {HTMLElement} */ (document.getElementById("steps"));
const count = /** @type {HTMLElement} */ (document.getElementById("count"));
const name = /** @type {HTMLInputElement} */ (document.getElementById("name"));

/** @type {WpStoredStep[]} */
let steps = [];

/** What was sent cannot be changed here any more. */
const isSettled = () => document.body.classList.contains("locked");

/** @param {WpStoredStep} step */
async function drop(step) {
  if (isSettled()) return;
  step.dropped = !step.dropped;
  await changeStep(id, step.id, { dropped: step.dropped });
  redraw(step);
}

/** @param {WpStoredStep} step */
async function hide(step) {
  const address = step.pictureId && (await addressOf(step.pictureId));
  if (!address || isSettled()) return;
  const hidden = await chooseHidden(address, step.step.page.viewport, step.hidden);
  if (hidden) {
    for (const same of steps.filter(({ pictureId }) => pictureId === step.pictureId)) {
      same.hidden = hidden;
      await changeStep(id, same.id, { hidden });
      redraw(same);
    }
  }
  document.getElementById(`step-${step.id}`)?.focus();
}

const acts = { drop, hide };

/** @param {WpStoredStep} step */
function redraw(step) {
  const old = document.getElementById(`step-${step.id}`);
  const focused = old?.contains(document.activeElement);
  const card = stepCard(step, steps.indexOf(step) + 1, acts);
  old?.replaceWith(card);
  if (focused) card.focus();
  tellCount();
}

function tellCount() {
  const kept = steps.filter(({ dropped }) => !dropped).length;
  count.textContent = kept === steps.length ? t("steps_count", kept) : t("steps_kept", kept, steps.length);
}

async function draw() {
  steps = await stepsOf(id);
  list.replaceChildren(...steps.map((step, at) => stepCard(step, at + 1, acts)));
  tellCount();
}

async function begin() {
  translate(document);
  const found = await stored(id);
  if (!found) return showState(undefined, id);
  document.title = found.name || t("unnamed", day(found.startedAt));
  name.value = found.name;
  name.placeholder = t("name_example");
  name.addEventListener("input", () => void changeRecording(id, { name: name.value.trim() }));
  if (found.cannot.length) document.getElementById("cannot")?.append(cannotList(found.cannot));
  await draw();
  await showState(found, id);
  listenToKeys(list, () => steps, acts);
  follow(async () => showState(await stored(id), id));
}

await begin();
