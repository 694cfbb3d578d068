// @ts-check
/** Recordings that wait for review or upload, are on their way, or have arrived. */
import { send } from "../ui/commands.js";
import { button, confirmed, element } from "../ui/elements.js";
import { uploadState } from "../ui/upload_state.js";
import { day, t } from "../ui/words.js";
import { open, openReview } from "./opening.js";

/** @param {WpStatus} status */
export const waitingPanel = (status) =>
  element(
    "section",
    {},
    element("h2", {}, t("your_recordings")),
    element("ul", { class: "recordings" }, ...status.waiting.map(line)),
  );

/** @param {WpStatus["waiting"][number]} recording */
function line(recording) {
  const done = recording.state === "uploaded";
  const forget = () => void send({ type: "discard", recordingId: recording.id });
  return element(
    "li",
    {},
    element("span", { class: "name", dir: "auto" }, recording.name || t("unnamed", day(recording.startedAt))),
    uploadState(recording),
    element(
      "div",
      { class: "actions" },
      recording.state === "review" ? button(t("review"), () => void openReview(recording.id), "primary") : null,
      done && recording.workflowUrl ? button(t("open_guide"), () => void open(recording.workflowUrl ?? ""), "primary") : null,
      done
        ? button(t("forget"), forget, "quiet")
        : confirmed({ text: t("discard"), question: t("discard_question"), yes: t("discard_yes"), no: t("keep") }, forget),
    ),
  );
}
