// @ts-check
/** While something is recorded or paused. */
import { send } from "../ui/commands.js";
import { button, confirmed, element } from "../ui/elements.js";
import { t } from "../ui/words.js";
import { cannotList } from "../ui/cannot.js";
import { openReview } from "./opening.js";

/** @param {NonNullable<WpStatus["recording"]>} recording */
export function recordingPanel(recording) {
  const paused = recording.state === "paused";
  const stop = button(t("stop"), async () => {
    if ((await send({ type: "stop" })).ok) await openReview(recording.id);
  }, "primary");
  const pause = paused
    ? button(t("resume"), () => void send({ type: "resume" }))
    : button(t("pause"), () => void send({ type: "pause" }));
  const undo = button(t("undo"), () => void send({ type: "undo" }));
  /** @type {HTMLButtonElement} */ (undo).disabled = recording.steps === 0;
  return element(
    "section",
    { class: paused ? "paused" : "running" },
    element("h2", {}, t(paused ? "paused" : "recording")),
    element(
      "p",
      { class: "count" },
      element("span", { class: "light", "aria-hidden": "true" }),
      element("b", {}, String(recording.steps)),
      element("span", { class: "soft" }, t(recording.steps === 1 ? "step" : "steps")),
    ),
    recording.name ? element("p", { dir: "auto" }, recording.name) : null,
    paused ? element("p", { class: "soft small" }, t("paused_hint")) : null,
    element("div", { class: "actions" }, stop, pause, undo),
    recording.cannot.length ? cannotList(recording.cannot) : null,
    confirmed(
      { text: t("discard"), question: t("discard_question"), yes: t("discard_yes"), no: t("keep") },
      () => void send({ type: "discard" }),
    ),
  );
}
