// @ts-check
/** How far a recording is on its way to the server, and what to do when it does not get on. */
import { kept, send } from "./commands.js";
import { button, element } from "./elements.js";
import { ask } from "./permission.js";
import { clock, t } from "./words.js";

/**
 * @typedef {Pick<WpStoredRecording, "id" | "state" | "problem" | "progress" | "nextAttemptAt">} OnItsWay
 */

/** @param {OnItsWay} recording */
export function uploadState(recording) {
  const { state, problem, progress } = recording;
  if (state === "uploaded") return element("p", { class: "notice good" }, t("uploaded"));
  if (problem) return problemNotice(recording, problem);
  if (state === "review") return element("p", { class: "soft small" }, t("waits_for_review"));
  const { sent = 0, total = 0 } = progress ?? {};
  return element(
    "div",
    { class: "stack" },
    element("progress", { value: String(sent), max: String(Math.max(total, 1)), "aria-label": t("uploading") }),
    element("p", { class: "soft small" }, total ? t("sent_of", sent, total) : t("uploading")),
  );
}

/**
 * @param {OnItsWay} recording
 * @param {WpProblem} problem
 */
function problemNotice(recording, problem) {
  const next = recording.nextAttemptAt;
  const again = async () => {
    if (problem.code === "permission" && !(await askForServer(recording.id))) return;
    await send({ type: "upload", recordingId: recording.id });
  };
  return element(
    "div",
    { class: problem.retries ? "notice" : "notice bad", role: "status" },
    element("p", {}, element("b", {}, t(`problem_${problem.code}`))),
    element("p", {}, t(`remedy_${problem.code}`)),
    problem.retries && next ? element("p", {}, t("next_try", clock(next))) : null,
    problem.code === "refused" || problem.code === "too_large" ? element("p", { dir: "auto" }, problem.text) : null,
    recording.state === "review" || problem.code === "not_connected" || problem.code === "signed_out" ? null : button(t("try_now"), () => void again()),
  );
}

/** @param {string} recordingId */
async function askForServer(recordingId) {
  const { connection } = await kept();
  return connection ? ask(connection.server, { type: "upload", recordingId }) : false;
}
