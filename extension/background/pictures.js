// @ts-check
/** A picture for each moment: the browser takes two a second, so those of a burst share one, or have none and say so. */

import { done, within } from "../store.js";
import { ask } from "./frames.js";
import { develop, expose, lookOf, NoPicture } from "./shooting.js";

/** @typedef {import("./shooting.js").Sight} Sight */
/** @typedef {{ pictureId: string | null, noPicture: WpNoPicture | null }} Outcome */

const WINDOW_MS = 1_050;
const AT_MOST = 2;
/** How old a picture of a page that looks the same may be. */
const SHARED_MS = 700;
const FALLBACK_MS = 4_000;
/** A picture that only a pointer that stood still asked for is deleted after this time, if no step has come of it. */
const HOVER_KEPT_MS = 60_000;

// What is on its way in this life of the worker. When it ends, `settleRest` says what became of it.
/** @type {number[]} */
let taken = [];
/** @type {{ looks: string[], at: number, recordingId: string, pictureId: string }[]} */
let recent = [];
/** @type {Set<Promise<unknown>>} */
const onTheirWay = new Set();
/** @type {Promise<unknown>} */
let queue = Promise.resolve(null);

/** @param {number} limit */
function free(limit) {
  taken = taken.filter((at) => at > Date.now() - WINDOW_MS);
  return taken.length < limit;
}

/**
 * Call it first of all when a moment comes.
 * @param {chrome.tabs.Tab} tab
 * @param {boolean} hover
 * @returns {import("./shooting.js").Exposure | null}
 */
export function exposeNow(tab, hover) {
  if (!tab.active || !free(hover ? 1 : AT_MOST)) return null;
  taken.push(Date.now());
  return expose(tab.windowId);
}

/**
 * @param {string} recordingId
 * @param {string} moment
 * @param {Sight & { active: boolean, hover: boolean }} sight
 * @param {import("./shooting.js").Exposure | null} exposure
 */
export async function take(recordingId, moment, sight, exposure) {
  const taking = obtain(recordingId, sight, exposure).then((outcome) => settle(recordingId, moment, outcome));
  onTheirWay.add(taking);
  await taking.finally(() => onTheirWay.delete(taking));
}

/** All that were begun have an outcome. */
export const allTaken = () => Promise.allSettled([...onTheirWay]);

/**
 * @param {string} recordingId
 * @param {Sight & { active: boolean, hover: boolean }} sight
 * @param {import("./shooting.js").Exposure | null} exposure
 * @returns {Promise<Outcome>}
 */
async function obtain(recordingId, sight, exposure) {
  const look = lookOf(sight.report);
  if (!sight.active) return none("other_tab");
  try {
    if (exposure) return await shoot(recordingId, sight, exposure);
    const shared = earlier(recordingId, look, SHARED_MS);
    if (shared) return shared;
    if (sight.hover) return none("too_quick");
    const turn = queue.then(() => later(recordingId, sight));
    queue = turn.catch(() => null);
    return await turn;
  } catch (error) {
    if (!(error instanceof NoPicture)) console.warn("no picture", error);
    return earlier(recordingId, look, FALLBACK_MS) ?? none(error instanceof NoPicture ? error.reason : "failed");
  }
}

/**
 * As soon as the browser takes another one, if the page still looks as it did.
 * @param {string} recordingId
 * @param {Sight} sight
 * @returns {Promise<Outcome>}
 */
async function later(recordingId, sight) {
  const look = lookOf(sight.report);
  while (!free(AT_MOST)) await new Promise((resolve) => setTimeout(resolve, 50));
  const shared = earlier(recordingId, look, FALLBACK_MS);
  if (shared) return shared;
  const now = await ask(sight.tabId, sight.frameId);
  if (!now || lookOf(now) !== look) return none("too_quick");
  taken.push(Date.now());
  return shoot(recordingId, { ...sight, report: now }, expose(sight.windowId)).catch(() => none("too_quick"));
}

/**
 * @param {string} recordingId
 * @param {Sight & { hover?: boolean }} sight
 * @param {import("./shooting.js").Exposure} exposure
 * @returns {Promise<Outcome>}
 */
async function shoot(recordingId, sight, exposure) {
  const { looks, steady, ...painted } = await develop(sight, exposure);
  // The page changed while it was taken: what was seen just before is nearer to what the person saw.
  const before = steady ? null : earlier(recordingId, lookOf(sight.report), FALLBACK_MS);
  if (before) return before;
  const pictureId = crypto.randomUUID();
  const picture = { id: pictureId, recordingId, ...painted, screenshotId: null, hoverAt: sight.hover ? exposure.started : null };
  await keep(picture);
  if (steady) recent = [...recent.filter(({ at }) => at > Date.now() - FALLBACK_MS), { looks, at: exposure.started, recordingId, pictureId }];
  return { pictureId, noPicture: null };
}

/** @param {WpNoPicture} reason @returns {Outcome} */
const none = (reason) => ({ pictureId: null, noPicture: reason });

/**
 * The newest picture of a page that looked the same.
 * @param {string} recordingId
 * @param {string} look
 * @param {number} age
 * @returns {Outcome | null}
 */
function earlier(recordingId, look, age) {
  const found = recent.findLast((shot) => shot.recordingId === recordingId && shot.looks.includes(look) && shot.at > Date.now() - age);
  return found ? { pictureId: found.pictureId, noPicture: null } : null;
}

/**
 * Not into a recording that was discarded meanwhile.
 * @param {WpPicture} picture
 */
const keep = (picture) =>
  within("readwrite", ["recordings", "pictures", "steps"], async (recordings, pictures, steps) => {
    if (!(await done(recordings.get(picture.recordingId)))) throw new NoPicture("failed");
    pictures.add(picture);
    if (picture.hoverAt !== null) await prune(picture.recordingId, picture.hoverAt, pictures, steps);
  });

/**
 * @param {string} recordingId
 * @param {number} newest
 * @param {IDBObjectStore} pictures
 * @param {IDBObjectStore} steps
 */
async function prune(recordingId, newest, pictures, steps) {
  const old = IDBKeyRange.bound([recordingId, 0], [recordingId, newest - HOVER_KEPT_MS]);
  for (const id of await done(pictures.index("hover").getAllKeys(old))) {
    if ((await done(steps.index("picture").count(id))) === 0) pictures.delete(id);
  }
}

/**
 * Said to the steps of this moment that are there, and kept for those that come.
 * @param {string} recordingId
 * @param {string} moment
 * @param {Outcome} outcome
 */
const settle = (recordingId, moment, outcome) =>
  within("readwrite", ["recordings", "moments", "steps"], async (recordings, moments, steps) => {
    if (!(await done(recordings.get(recordingId)))) return;
    const key = [recordingId, moment];
    const known = await done(moments.get(key));
    if (known?.pictureId) return;
    moments.put({ recordingId, moment, ...outcome });
    for (const step of await done(steps.index("moment").getAll(key))) steps.put({ ...step, ...outcome });
  });

/**
 * Steps whose picture will never come: the worker was stopped while it was taken.
 * @param {string} recordingId
 */
export const settleRest = (recordingId) =>
  within("readwrite", ["steps"], async (steps) => {
    for (const step of await done(steps.index("recording").getAll(recordingId))) {
      if (!step.pictureId && !step.noPicture) steps.put({ ...step, noPicture: "interrupted" });
    }
  });

/**
 * Pictures that belong to no step.
 * @param {string} recordingId
 */
export const sweep = (recordingId) =>
  within("readwrite", ["pictures", "steps"], async (pictures, steps) => {
    const used = new Set();
    for (const step of await done(steps.index("recording").getAll(recordingId))) if (!step.gone) used.add(step.pictureId);
    for (const id of await done(pictures.index("recording").getAllKeys(recordingId))) if (!used.has(id)) pictures.delete(id);
  });
