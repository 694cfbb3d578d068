// @ts-check
/** One picture of the visible page, with everything secret in it covered, or the reason why there is none. */

import { askAll, secretBoxes } from "./frames.js";
import { paint } from "./painting.js";

/**
 * @typedef {{ tabId: number, windowId: number, frameId: number, report: WpReport }} Sight
 * The page as it was when the moment came, seen from the frame in which it came.
 *
 * @typedef {{ raw: Promise<Blob>, started: number }} Exposure
 *
 * @typedef {import("./painting.js").Painted & { looks: string[], steady: boolean }} Shot
 * `looks`: how its frames looked; `steady`: the acting frame did not change while it was taken.
 */

const BEGINS_MS = 1_500;

/** Why there is no picture. */
export class NoPicture extends Error {
  /** @param {WpNoPicture} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Begins at once: each millisecond counts against a page that changes.
 * @param {number} windowId
 * @returns {Exposure}
 */
export function expose(windowId) {
  const raw = chrome.tabs
    .captureVisibleTab(windowId, { format: "png" })
    .then(async (address) => (await fetch(address)).blob())
    .catch((error) => {
      throw new NoPicture(reason(String(error)));
    });
  raw.catch(() => undefined);
  return { raw, started: Date.now() };
}

/** @param {string} error @returns {WpNoPicture} */
function reason(error) {
  if (error.includes("MAX_CAPTURE")) return "too_quick";
  return /cannot|not allowed|permission/i.test(error) ? "protected" : "failed";
}

/** @param {WpReport} report */
export const lookOf = (report) => `${report.token} ${report.shape}`;

/**
 * @param {Sight} sight
 * @param {Exposure} exposure
 * @returns {Promise<Shot>}
 */
export async function develop(sight, exposure) {
  const [raw, during] = await Promise.all([exposure.raw, askAll(sight.tabId)]);
  const [tab, after] = await Promise.all([chrome.tabs.get(sight.tabId), askUntilHeard(sight.tabId)]);
  if (!tab.active || tab.windowId !== sight.windowId) throw new NoPicture("other_tab");
  const before = asItWas(during, sight);
  const navigated = !after.some(({ report }) => report?.token === sight.report.token);
  const top = before[0]?.report;
  const views = [before, during, after].filter((frames) => frames !== during || frames[0]?.report?.token === top?.token);
  const secrets = views.map(secretBoxes);
  if (!top || secrets.includes(null)) throw new NoPicture(navigated ? "navigated" : "unsafe");
  const controls = [...views.flat(), { report: sight.report }].flatMap(({ report }) => report?.control ?? []);
  const cover = { secrets: swept(/** @type {WpBox[][]} */ (secrets)), controls, viewport: top.viewport, zoom: top.zoom };
  const looks = before.flatMap(({ report }) => (report ? [lookOf(report)] : []));
  const steady = after.some(({ report }) => report !== null && lookOf(report) === lookOf(sight.report));
  return { ...(await paint(raw, cover)), looks, steady };
}

/**
 * A page that has just begun may not listen yet.
 * @param {number} tabId
 */
async function askUntilHeard(tabId) {
  const until = Date.now() + BEGINS_MS;
  let frames = await askAll(tabId);
  while (!frames[0]?.report && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    frames = await askAll(tabId);
  }
  return frames;
}

/**
 * The frames, the acting one as it was at the moment itself. After a navigation those that answer are others.
 * @param {import("./frames.js").Frame[]} frames
 * @param {Sight} sight
 */
function asItWas(frames, { frameId, report }) {
  if (frameId === 0) {
    const same = frames[0]?.report?.token === report.token;
    const inner = frames.slice(1).map((frame) => (same ? frame : { ...frame, report: null }));
    return [{ id: 0, parent: -1, report }, ...(same ? inner : [])];
  }
  return frames.map((frame) => (frame.id === frameId ? { ...frame, report } : frame));
}

/**
 * All boxes, and what those that moved in between swept over.
 * @param {WpBox[][]} views
 * @returns {WpBox[]}
 */
function swept(views) {
  const all = views.flat();
  for (const [index, view] of views.entries()) {
    const next = views[index + 1];
    if (next?.length !== view.length) continue;
    all.push(...view.map((box, nth) => hull(box, next[nth] ?? box)));
  }
  return all;
}

/** @param {WpBox} one @param {WpBox} other @returns {WpBox} */
function hull(one, other) {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}
