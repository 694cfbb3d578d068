// @ts-check
/** What pages of the extension and the control show, written anew at each change. */

import { connection, recordings, stepsOf } from "../store.js";
import { tabIds } from "./frames.js";

const WAITING = ["review", "uploading", "uploaded"];

/** @returns {Promise<WpStoredRecording | undefined>} The one that runs or is paused. */
export const running = async () => (await recordings()).find(({ state }) => state === "recording" || state === "paused");

/** @returns {Promise<WpStatus["recording"]>} */
export async function runningStatus() {
  const found = await running();
  if (!found) return null;
  const { id, name, state, startedAt, cannot } = found;
  const steps = (await stepsOf(id)).length;
  return { id, name, state: state === "paused" ? "paused" : "recording", startedAt, steps, cannot };
}

/** @returns {Promise<WpStatus>} */
export async function status() {
  const made = await connection();
  const waiting = (await recordings()).filter(({ state }) => WAITING.includes(state));
  return {
    recording: await runningStatus(),
    connection: made && { server: made.server, person: made.person },
    waiting: waiting.map(({ id, name, state, problem, progress, workflowUrl, startedAt, nextAttemptAt }) => ({
      id, name, state, problem, progress, workflowUrl, startedAt, nextAttemptAt,
    })),
  };
}

/** @type {Promise<WpStatus>} */
let last = Promise.resolve(/** @type {WpStatus} */ ({ recording: null, connection: null, waiting: [] }));

/** One after the other, so that the newest is written last. */
export function publish() {
  const next = last.catch(() => undefined).then(async () => {
    const now = await status();
    await chrome.storage.local.set({ status: now });
    await badge(now.recording);
    return now;
  });
  last = next;
  return next;
}

/** @param {WpStatus["recording"]} recording */
async function badge(recording) {
  await chrome.action.setBadgeText({ text: recording ? (recording.state === "paused" ? "II" : String(recording.steps)) : "" });
  await chrome.action.setBadgeBackgroundColor({ color: recording?.state === "paused" ? "#6b7280" : "#dc2626" });
}

/** @param {WpStatus["recording"]} recording */
export async function tellTabs(recording) {
  const asked = /** @type {WpAsked} */ ({ type: "show", status: recording });
  await Promise.allSettled((await tabIds()).map((tabId) => chrome.tabs.sendMessage(tabId, asked, { frameId: 0 })));
}
