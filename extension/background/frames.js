// @ts-check
/** Where the frames of a tab are: each knows its own children, together they make the page that the person sees. */

const ANSWER_MS = 1_500;

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @returns {Promise<T | null>} null: it failed, or took too long.
 */
export const within = (promise, ms) =>
  Promise.race([
    promise.catch(() => null),
    new Promise((resolve) => setTimeout(() => resolve(null), ms)),
  ]);

/** A tab whose frame never learnt the browser's number of it. */
export const UNKNOWN_TAB = -1;

/** @param {number} tabId @returns {Promise<chrome.tabs.Tab | null>} null: it is not there. */
export const tabOf = async (tabId) => (tabId === UNKNOWN_TAB ? null : chrome.tabs.get(tabId).catch(() => null));

export const tabIds = async () => (await chrome.tabs.query({})).flatMap(({ id }) => id ?? []);

/**
 * @typedef {{ x: number, y: number, scale: number, path: string[], indexes: number[], seen: WpBox | null }} Place
 * Of a frame in the top frame's viewport, the selectors and the numbers that lead to it, and which part of that is its own (null: all).
 *
 * @typedef {{ id: number, parent: number, report: WpReport | null }} Frame
 * As the browser numbers it, and what it said.
 */

/**
 * @param {number} tabId
 * @param {number} frameId
 * @returns {Promise<WpReport | null>}
 */
export const ask = (tabId, frameId) =>
  within(chrome.tabs.sendMessage(tabId, /** @type {WpAsked} */ ({ type: "report" }), { frameId }), ANSWER_MS);

/**
 * Every frame of the tab, the top one first.
 * @param {number} tabId
 * @returns {Promise<Frame[]>}
 */
export async function askAll(tabId) {
  const top = ask(tabId, 0);
  const frames = (await within(chrome.webNavigation.getAllFrames({ tabId }), ANSWER_MS)) ?? [];
  const inner = frames.filter((frame) => frame.frameId !== 0);
  return Promise.all([
    top.then((report) => ({ id: 0, parent: -1, report })),
    ...inner.map(async ({ frameId, parentFrameId }) => ({ id: frameId, parent: parentFrameId, report: await ask(tabId, frameId) })),
  ]);
}

/**
 * Every frame that can be reached from the top one, by its token.
 * @param {Frame[]} frames
 * @returns {Map<string, Place>}
 */
export function places(frames) {
  /** @type {Map<string, Place>} */
  const found = new Map();
  const top = frames.find((frame) => frame.id === 0)?.report;
  if (!top) return found;
  const said = new Map(frames.flatMap(({ report }) => (report ? [[report.token, report]] : [])));
  found.set(top.token, { x: 0, y: 0, scale: 1, path: [], indexes: [], seen: null });
  for (const [token, place] of found) {
    for (const child of said.get(token)?.frames ?? []) {
      if (found.has(child.token)) continue;
      const inside = said.get(child.token);
      const scale = place.scale * (inside ? stretch(child, inside) : 1);
      const area = moved(child, place);
      const { x, y } = area;
      found.set(child.token, { x, y, scale, path: [...place.path, child.selector], indexes: [...place.indexes, child.index], seen: common(area, place.seen) });
    }
  }
  return found;
}

/**
 * A frame that is drawn larger or smaller than it is inside; borders and rounding make no difference.
 * @param {WpBox} outside
 * @param {WpReport} inside
 */
function stretch(outside, inside) {
  const factor = outside.width / Math.max(inside.viewport.width, 1);
  return Math.abs(factor - 1) < 0.03 || factor <= 0 ? 1 : factor;
}

/**
 * From a frame's coordinates to the top frame's.
 * @param {WpBox} box
 * @param {Place} place
 * @returns {WpBox}
 */
export const moved = (box, place) => ({
  x: place.x + box.x * place.scale,
  y: place.y + box.y * place.scale,
  width: box.width * place.scale,
  height: box.height * place.scale,
});

/**
 * The part of a box that is within another.
 * @param {WpBox} box
 * @param {WpBox | null} limit
 * @returns {WpBox}
 */
function common(box, limit) {
  if (!limit) return box;
  const x = Math.max(box.x, limit.x);
  const y = Math.max(box.y, limit.y);
  const width = Math.max(0, Math.min(box.x + box.width, limit.x + limit.width) - x);
  const height = Math.max(0, Math.min(box.y + box.height, limit.y + limit.height) - y);
  return { x, y, width, height };
}

/**
 * Frames that said who they are, and nothing more. One that went to another page has a second token: one of them answers.
 * @param {WpReport} report
 * @param {Set<string | undefined>} answered
 * @returns {WpFrame[]}
 */
function mute({ frames }, answered) {
  const heard = new Set(frames.filter(({ token }) => answered.has(token)).map(({ selector }) => selector));
  const others = frames.filter(({ selector }) => !heard.has(selector));
  return [...new Map(others.map((frame) => [frame.selector, frame])).values()];
}

/**
 * What must not be seen in a picture of this page, in the top frame's coordinates: secret inputs, and whatever is in frames
 * that did not say what is secret in them.
 * @param {Frame[]} frames
 * @returns {WpBox[] | null} null: there is a frame somewhere that nothing is known of, not even where it is.
 */
export function secretBoxes(frames) {
  const found = places(frames);
  if (found.size === 0) return null;
  const answered = new Set(frames.map(({ report }) => report?.token));
  /** @type {WpBox[]} */
  const boxes = [];
  for (const { id, report } of frames) {
    const place = report && found.get(report.token);
    if (!place) continue;
    const opaque = [...report.silent, ...mute(report, answered)];
    const unplaced = frames.filter((inner) => inner.parent === id && !(inner.report && found.has(inner.report.token)));
    if (unplaced.length > opaque.length) return null;
    boxes.push(...[...report.masks, ...opaque].map((box) => common(moved(box, place), place.seen)));
  }
  return boxes;
}
