// @ts-check
/** What frames say is placed on the page that the person sees, and kept; only then they are told that it was heard. */

import { recording } from "../store.js";
import { cleanAddress } from "./addresses.js";
import { askAll, moved, places, tabOf, UNKNOWN_TAB } from "./frames.js";
import { afterStep, beforeStep } from "./navigation.js";
import { take } from "./pictures.js";
import { addCannot } from "./recording.js";
import { publish, running, runningStatus, tellTabs } from "./status.js";
import * as steps from "./steps.js";
import { inTurn } from "./turns.js";

/** @type {WpState[]} */
const OPEN = ["recording", "paused", "review"];

/** @typedef {{ tab: chrome.tabs.Tab, tabId: number, frameId: number }} Frame */

/**
 * @param {WpSaid} said
 * @param {Frame} frame
 * @param {import("./shooting.js").Exposure | null} exposure Begun when a moment was said.
 * @returns {Promise<WpHeard>}
 */
export async function hear(said, frame, exposure) {
  const found = said.recordingId ? await recording(said.recordingId) : await running();
  const active = found?.state === "recording";
  if (!found || !(active || (said.recordingId && OPEN.includes(found.state)))) return { over: true };
  if (said.message) await keep(found.id, said, said.message, frame, exposure);
  else if (frame.frameId) void learnPlaces(frame, said.token);
  const status = said.message || frame.frameId ? undefined : await runningStatus();
  await chrome.storage.session.remove(laid(said));
  const { tabId, frameId } = frame;
  return { recordingId: found.id, over: !active, frame: { tabId, frameId }, ...(status && { status }) };
}

/** @param {WpSaid} said */
const laid = ({ token, seq }) => `said ${token} ${seq}`;

/** What frames said while the last worker was ended; they may be gone, and say nothing again. */
export async function hearLeft() {
  const everything = Object.entries(await chrome.storage.session.get());
  const left = /** @type {WpSaid[]} */ (everything.filter(([key]) => key.startsWith("said ")).map(([, said]) => said));
  for (const said of left.sort((one, other) => one.at - other.at || one.seq - other.seq)) {
    const { tabId, frameId } = said.frame ?? { tabId: UNKNOWN_TAB, frameId: UNKNOWN_TAB };
    const tab = (await tabOf(tabId)) ?? /** @type {chrome.tabs.Tab} */ ({ id: tabId });
    // One that makes no sense must not keep the worker from ever waking up.
    await hear(said, { tab, tabId, frameId }, null).catch((error) => console.error(error));
    await chrome.storage.session.remove(laid(said));
  }
}

/**
 * @param {string} recordingId
 * @param {WpSaid} said
 * @param {WpMessage} message
 * @param {Frame} frame
 * @param {import("./shooting.js").Exposure | null} exposure
 */
async function keep(recordingId, said, message, frame, exposure) {
  switch (message.kind) {
    case "moment":
      return picture(recordingId, said, message.moment, frame, exposure);
    case "cannot":
      await addCannot(recordingId, { what: message.what, detail: message.detail });
      return shown();
    default:
      return step(recordingId, said, message, frame);
  }
}

/**
 * @param {string} recordingId
 * @param {WpSaid} said
 * @param {string} moment
 * @param {Frame} frame
 * @param {import("./shooting.js").Exposure | null} exposure
 */
async function picture(recordingId, said, moment, { tab, tabId, frameId }, exposure) {
  if (!said.report) return;
  const sight = { tabId, windowId: tab.windowId, frameId, report: said.report, active: tab.active, hover: said.hover };
  await take(recordingId, `${said.token}:${moment}`, sight, exposure);
}

/**
 * @param {string} recordingId
 * @param {WpSaid} said
 * @param {WpMessage & { kind: "step" | "amend" | "withdraw" }} message
 * @param {Frame} frame
 */
async function step(recordingId, said, message, frame) {
  const origin = { recordingId, token: said.token, seq: said.seq, tabId: frame.tabId };
  const changed = await inTurn(async () => {
    if (message.kind === "step") await beforeStep(recordingId, frame.tab, message.step);
    // As it is at first: a page that dies now answers no question.
    const kept = await steps.keep(origin, await placed(message, said.token, frame, false));
    if (message.kind === "step") await afterStep(recordingId, frame.tabId);
    return kept;
  });
  if (changed && frame.frameId && message.kind !== "withdraw") await steps.keep(origin, await placed(message, said.token, frame, true));
  if (changed) await shown();
}

/**
 * A step of an inner frame as a step of the whole page.
 * @template {WpMessage & { kind: "step" | "amend" | "withdraw" }} M
 * @param {M} message
 * @param {string} token
 * @param {Frame} frame
 * @param {boolean} anew Ask the frames where they are; else what they said last.
 * @returns {Promise<M>}
 */
async function placed(message, token, { tab, tabId, frameId }, anew) {
  if (frameId === 0 || message.kind === "withdraw") return message;
  const { step } = message;
  const known = (anew && (await locate(tabId, token, tab.url))) || (await remembered(tabId, token, tab.url));
  const box = step.target?.box && known ? moved(step.target.box, known.place) : null;
  const page = known ? { ...known.page, url: known.page.url ?? step.page.url } : step.page;
  const indexes = known?.place.indexes ?? [];
  const numbered = indexes.length && indexes.every((index) => index >= 0) ? { "data-wp-frame": indexes.join(",") } : {};
  const attributes = { ...step.target?.attributes, ...numbered };
  const target = step.target && { ...step.target, attributes, box, frame: known?.place.path ?? [] };
  return { ...message, step: { ...step, target, page } };
}

/** Tabs whose frames are asked where they are, and whether to ask once more. @type {Map<number, boolean>} */
const learning = new Map();

/**
 * Where a new frame is, before it can be gone: some are taken away by the click in them.
 * @param {Frame} frame
 * @param {string} token
 */
async function learnPlaces({ tab, tabId }, token) {
  if (learning.has(tabId)) return void learning.set(tabId, true);
  do {
    learning.set(tabId, false);
    await locate(tabId, token, tab.url).catch(() => null);
  } while (learning.get(tabId));
  learning.delete(tabId);
}

/** @typedef {{ place: import("./frames.js").Place, page: Pick<WpReport, "title" | "viewport"> & { url: string | null } }} Known */

/** Of one tab; those of frames that are gone count. */
const MOST_PLACES = 100;

/** @param {number} tabId */
const memory = (tabId) => `places ${tabId}`;

/**
 * @param {number} tabId
 * @param {string} token
 * @param {string | undefined} url
 * @returns {Promise<Known | null>}
 */
async function locate(tabId, token, url) {
  const frames = await askAll(tabId);
  const top = frames[0]?.report;
  if (!top) return null;
  const page = { url: cleanAddress(url), title: top.title, viewport: top.viewport };
  const found = Object.fromEntries([...places(frames)].map(([each, place]) => [each, { place, page }]));
  const { [memory(tabId)]: before } = await chrome.storage.session.get(memory(tabId));
  const gone = Object.entries(before ?? {}).filter(([each]) => !(each in found));
  const all = [...gone, ...Object.entries(found)].slice(-MOST_PLACES);
  await chrome.storage.session.set({ [memory(tabId)]: Object.fromEntries(all) });
  return found[token] ?? null;
}

/**
 * @param {number} tabId
 * @param {string} token
 * @param {string | undefined} url
 * @returns {Promise<Known | null>}
 */
async function remembered(tabId, token, url) {
  const { [memory(tabId)]: found } = await chrome.storage.session.get(memory(tabId));
  return /** @type {Record<string, Known>} */ (found ?? {})[token] ?? (await locate(tabId, token, url));
}

async function shown() {
  const { recording: now } = await publish();
  await tellTabs(now);
}
