// @ts-check
/** The head of the review page: what can be done now, and how the upload gets on. */
import { NOTHING, send, status } from "../ui/commands.js";
import { byHand } from "../ui/connecting.js";
import { button, confirmed, element } from "../ui/elements.js";
import { ask } from "../ui/permission.js";
import { uploadState } from "../ui/upload_state.js";
import { t } from "../ui/words.js";

const actions = /** @type {HTMLElement} */ (document.getElementById("actions"));
const place = /** @type {HTMLElement} */ (document.getElementById("state"));

let shown = "";
let connection = NOTHING.connection;

/**
 * @param {WpStoredRecording | undefined} recording
 * @param {string} id
 */
export async function showState(recording, id) {
  ({ connection } = await status());
  const next = JSON.stringify([recording?.state, recording?.problem, recording?.progress, recording?.nextAttemptAt, connection]);
  if (next === shown) return;
  shown = next;
  if (!recording) return ended("gone");
  document.body.classList.toggle("locked", recording.state !== "review");
  /** @type {HTMLInputElement} */ (document.getElementById("name")).readOnly = recording.state !== "review";
  if (recording.state === "uploaded") return leave();
  if (recording.state === "discarded") return ended("discarded");
  actions.replaceChildren(...(recording.state === "review" || recording.problem ? buttons(id) : []));
  place.replaceChildren(...notices(recording));
}

/** The worker opened the workflow's page beside this one. */
async function leave() {
  ended("uploaded");
  const tab = await chrome.tabs.getCurrent();
  if (tab?.id !== undefined) await chrome.tabs.remove(tab.id);
}

/** @param {string} key */
function ended(key) {
  document.querySelector("main")?.replaceChildren(element("p", { class: "notice", role: "status" }, t(key)));
  actions.replaceChildren();
  place.replaceChildren();
}

/** @param {string} id */
function buttons(id) {
  const upload = button(connection ? t("send_to", new URL(connection.server).host) : t("send"), () => void sendIt(id), "primary");
  const discard = confirmed(
    { text: t("discard"), question: t("discard_question"), yes: t("discard_yes"), no: t("keep") },
    () => void send({ type: "discard", recordingId: id }),
  );
  return connection ? [upload, discard] : [discard];
}

/** @param {string} id */
async function sendIt(id) {
  if (connection && !(await ask(connection.server, { type: "upload", recordingId: id }))) {
    place.replaceChildren(element("p", { class: "notice bad", role: "alert" }, t("server_permission_refused", connection.server)));
    return;
  }
  const answer = await send({ type: "upload", recordingId: id });
  if (!answer.ok) place.replaceChildren(element("p", { class: "notice bad", role: "alert" }, answer.detail || t("failed")));
}

/** @param {WpStoredRecording} recording */
function notices(recording) {
  if (recording.state !== "review" || recording.problem) return [uploadState(recording)];
  if (connection) return [];
  return [
    element(
      "div",
      { class: "notice stack" },
      element("p", {}, element("b", {}, t("not_connected")), ` ${t("connect_how")}`),
      element("details", {}, element("summary", {}, t("connect_by_hand")), byHand()),
    ),
  ];
}
