// @ts-check
/** Where the person went by the browser's own means: typed addresses, reload, back and forward, another tab. */

import { changeRecording, stepsOf } from "../store.js";
import { cleanAddress, protectedPage } from "./addresses.js";
import { ask, tabOf, UNKNOWN_TAB } from "./frames.js";
import { addCannot } from "./recording.js";
import { publish, running, tellTabs } from "./status.js";
import { keepNavigation, setPage } from "./steps.js";

/** What a person does in the browser's own controls; the rest follows from a step. */
const BY_HAND = ["typed", "reload", "generated", "keyword", "keyword_generated", "auto_bookmark"];
/** A page that goes back by itself does so this soon after what was done in it. */
const EXPLAINED_MS = 700;
const NO_VIEWPORT = { width: 1280, height: 720 };

/**
 * @typedef {{ tabId: number, frameId: number, url: string, timeStamp: number, transitionType: string, transitionQualifiers: string[] }} Committed
 */

/** When the navigation of a tab began; without an entry, when it was there. @type {Map<number, number>} */
const begun = new Map();
/** When a tab went to another page last. @type {Map<number, number>} */
const went = new Map();

/** @param {{ tabId: number, frameId: number, timeStamp: number }} details */
export function begins({ tabId, frameId, timeStamp }) {
  if (frameId === 0) begun.set(tabId, timeStamp);
}

/** @param {Committed} details */
export async function navigated({ tabId, frameId, url, timeStamp, transitionType, transitionQualifiers }) {
  if (frameId !== 0) return;
  const since = begun.get(tabId) ?? timeStamp;
  begun.delete(tabId);
  const before = went.get(tabId) ?? 0;
  went.set(tabId, timeStamp);
  const found = await running();
  if (found?.state !== "recording") return;
  const closed = protectedPage(url, chrome.runtime.getURL(""));
  if (closed) return refuse(found.id, closed);
  await started(found, url);
  const returned = transitionQualifiers.includes("forward_back");
  const byHand = BY_HAND.includes(transitionType) || transitionQualifiers.includes("from_address_bar");
  if (!returned && !byHand) return;
  if (returned && (await explained(found.id, tabId, before, since))) return;
  await add(found.id, tabId, url, timeStamp);
}

/** @param {string} recordingId @param {string} page */
async function refuse(recordingId, page) {
  await addCannot(recordingId, { what: "protected", detail: page });
  await tellTabs((await publish()).recording);
}

/**
 * The first page of a recording that began on an empty tab.
 * @param {WpStoredRecording} found
 * @param {string} url
 */
async function started({ id, startingUrl }, url) {
  const first = startingUrl ? null : cleanAddress(url);
  if (first) await changeRecording(id, { startingUrl: first });
}

/**
 * By the last step, unless that led somewhere else already.
 * @param {string} recordingId
 * @param {number} tabId
 * @param {number} before
 * @param {number} at
 */
async function explained(recordingId, tabId, before, at) {
  const last = (await stepsOf(recordingId)).filter((step) => step.tabId === tabId && step.step.action !== "navigate").at(-1);
  const done = last ? Date.parse(last.step.timestamp) : 0;
  return done > before && at - done < EXPLAINED_MS;
}

/**
 * @param {string} recordingId
 * @param {number} tabId
 * @param {string} url
 * @param {number} at
 */
async function add(recordingId, tabId, url, at) {
  const address = cleanAddress(url);
  if (!address) return;
  const report = await ask(tabId, 0);
  // Never the tab's own title: until the page has one, that is the whole address.
  const page = { url: address, title: report?.title ?? "", viewport: report?.viewport ?? NO_VIEWPORT };
  const timestamp = new Date(at).toISOString();
  const step = /** @type {WpStep} */ ({ action: "navigate", timestamp, target: null, value: address, value_kind: "url", page });
  await keepNavigation(recordingId, `navigate ${tabId} ${at}`, tabId, step, { pictureId: null, noPicture: "navigated" });
  await tellTabs((await publish()).recording);
}

/** The page has a title now. @param {{ tabId: number, frameId: number }} details */
export async function loaded({ tabId, frameId }) {
  const found = frameId === 0 ? await running() : undefined;
  const last = found && (await stepsOf(found.id)).at(-1);
  if (last?.tabId !== tabId || last.step.action !== "navigate" || last.step.page.title) return;
  const report = await ask(tabId, 0);
  if (report) await setPage(last, { title: report.title, viewport: report.viewport });
}

/** @typedef {{ tabId: number | null, opened: number[] }} Place The tab of the last step, and those that it opened. */

/** @param {string} recordingId */
const memory = (recordingId) => `tab of ${recordingId}`;

/** @param {string} recordingId @returns {Promise<Place>} */
async function lastPlace(recordingId) {
  const { [memory(recordingId)]: found } = await chrome.storage.session.get(memory(recordingId));
  return /** @type {Place | undefined} */ (found) ?? { tabId: null, opened: [] };
}

/** A link or a script opened it: going there needs no words. @param {{ sourceTabId: number, tabId: number }} details */
export async function opened({ tabId }) {
  const found = await running();
  if (!found) return;
  const place = await lastPlace(found.id);
  await chrome.storage.session.set({ [memory(found.id)]: { ...place, opened: [...place.opened, tabId] } });
}

/** When tabs were closed, as far as this life of the worker knows. @type {Map<number, number>} */
const closed = new Map();

/** @param {number} tabId */
export const closes = (tabId) => void closed.set(tabId, Date.now());

/** @param {number} tabId @param {number} at */
async function wasThere(tabId, at) {
  const since = closed.get(tabId);
  return since === undefined ? (await tabOf(tabId)) !== null : since > at;
}

/**
 * A step in another tab than the last one: the person went there, unless the page did, or the other one was closed.
 * @param {string} recordingId
 * @param {chrome.tabs.Tab} tab
 * @param {WpStep} step
 */
export async function beforeStep(recordingId, tab, step) {
  const { tabId, opened: byItself } = await lastPlace(recordingId);
  const now = tab.id ?? UNKNOWN_TAB;
  if (tabId === null || tabId === now || now === UNKNOWN_TAB || byItself.includes(now)) return;
  if (!(await wasThere(tabId, Date.parse(step.timestamp)))) return;
  const last = (await stepsOf(recordingId)).at(-1);
  if (last?.step.action === "navigate" && last.tabId === now) return;
  await add(recordingId, now, tab.url ?? "", Date.parse(step.timestamp) - 1);
}

/** @param {string} recordingId @param {number} tabId */
export async function afterStep(recordingId, tabId) {
  const place = await lastPlace(recordingId);
  if (tabId === UNKNOWN_TAB) return;
  if (place.tabId === tabId && !place.opened.includes(tabId)) return;
  const opened = place.opened.filter((each) => each !== tabId);
  await chrome.storage.session.set({ [memory(recordingId)]: { tabId, opened } });
}
