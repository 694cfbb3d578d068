// @ts-check
/** One step of the list: its picture, its sentence, and what can be done to it. */
import { button, element } from "../ui/elements.js";
import { t } from "../ui/words.js";
import { addressOf, lay, whenNear } from "./pictures.js";
import { sentence } from "./sentence.js";

/**
 * @typedef {{ drop(step: WpStoredStep): void, hide(step: WpStoredStep): void }} Acts
 */

/**
 * @param {WpStoredStep} step
 * @param {number} number
 * @param {Acts} acts
 */
export function stepCard(step, number, acts) {
  const card = element("li", { class: step.dropped ? "step dropped" : "step", tabindex: "-1", id: `step-${step.id}` });
  card.append(
    element("span", { class: "number" }, String(number)),
    step.pictureId ? shot(step, step.pictureId, acts) : element("div", { class: "none" }, withoutPicture(step)),
    element("p", { class: "sentence" }, ...sentence(step.step)),
    element(
      "div",
      { class: "actions" },
      button(t(step.dropped ? "restore" : "drop"), () => acts.drop(step)),
      step.pictureId ? button(t("hide"), () => acts.hide(step)) : null,
    ),
  );
  return card;
}

/** @param {WpStoredStep} step */
const withoutPicture = (step) => t(step.noPicture ? `no_picture_${step.noPicture}` : "no_picture_yet");

/**
 * @param {WpStoredStep} step
 * @param {string} pictureId
 * @param {Acts} acts
 */
function shot(step, pictureId, acts) {
  const { viewport } = step.step.page;
  const image = element("img", { alt: "", width: String(viewport.width), height: String(viewport.height), decoding: "async" });
  const whole = element("button", { type: "button", class: "shot", "aria-label": t("open_picture"), onclick: () => acts.hide(step) }, image);
  const box = step.step.target?.box;
  if (box) {
    const mark = element("span", { class: "mark" });
    lay(mark, box, viewport);
    whole.append(mark);
  }
  for (const hidden of step.hidden) {
    const cover = element("span", { class: "cover" });
    lay(cover, hidden, viewport);
    whole.append(cover);
  }
  whenNear(whole, async () => {
    const address = await addressOf(pictureId);
    if (address) image.setAttribute("src", address);
  });
  return whole;
}
