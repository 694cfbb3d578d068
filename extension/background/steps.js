// @ts-check
/** What frames say becomes steps in the store: each once, the newest version, in the order in which they happened. */

import { done, within } from "../store.js";

/** @typedef {{ recordingId: string, token: string, seq: number, tabId: number }} Origin */

/** @param {string} timestamp @param {number} seq */
const orderOf = (timestamp, seq) => Date.parse(timestamp) * 1000 + (seq % 1000);

/**
 * @param {Origin} origin
 * @param {string} id
 * @param {WpStep} step
 * @returns {WpStoredStep}
 */
const fresh = ({ recordingId, seq, tabId }, id, step) => ({
  recordingId,
  id,
  order: orderOf(step.timestamp, seq),
  step,
  pictureId: null,
  noPicture: null,
  dropped: false,
  hidden: [],
  seq,
  moment: null,
  tabId,
  undone: false,
  gone: false,
});

/**
 * @param {WpStoredStep | undefined} known
 * @param {Origin} origin
 * @param {string} id
 * @param {WpMessage & { kind: "step" | "amend" | "withdraw" }} message
 * @returns {WpStoredStep | null} null: nothing new.
 */
export function next(known, origin, id, message) {
  if (known && known.seq > origin.seq) return message.kind === "step" && !known.moment ? { ...known, ...momentOf(origin, message) } : null;
  if (message.kind === "withdraw") return { ...(known ?? fresh(origin, id, NOTHING)), seq: origin.seq, gone: true };
  const base = known ?? fresh(origin, id, message.step);
  const again = base.undone && message.kind === "amend" && message.step.value !== base.step.value;
  const undone = base.undone && !again;
  const moment = message.kind === "step" ? momentOf(origin, message) : {};
  return { ...base, ...moment, step: message.step, seq: origin.seq, undone, gone: undone };
}

/** @type {WpStep} Stands where a step was taken back before it was heard of. */
const NOTHING = {
  action: "click",
  timestamp: "1970-01-01T00:00:00.000Z",
  target: null,
  value: null,
  value_kind: null,
  page: { url: "", title: "", viewport: { width: 1, height: 1 } },
};

/** @param {Origin} origin @param {WpMessage & { kind: "step" }} message */
const momentOf = ({ token }, { moment }) => ({ moment: moment === null ? null : `${token}:${moment}` });

/**
 * @param {Origin} origin
 * @param {WpMessage & { kind: "step" | "amend" | "withdraw" }} message
 * @returns {Promise<boolean>} Whether anything changed.
 */
export const keep = (origin, message) =>
  within("readwrite", ["recordings", "steps", "moments"], async (recordings, steps, moments) => {
    if (!(await done(recordings.get(origin.recordingId)))) return false;
    const id = `${origin.token}:${message.id}`;
    const known = await done(steps.get([origin.recordingId, id]));
    const step = next(known, origin, id, message);
    if (!step) return false;
    steps.put(await pictured(step, moments));
    return true;
  });

/**
 * With the picture of its moment, if that was taken already.
 * @param {WpStoredStep} step
 * @param {IDBObjectStore} moments
 * @returns {Promise<WpStoredStep>}
 */
async function pictured(step, moments) {
  if (step.pictureId) return step;
  if (!step.moment) return { ...step, noPicture: "failed" };
  /** @type {WpMoment | undefined} */
  const taken = await done(moments.get([step.recordingId, step.moment]));
  return { ...step, pictureId: taken?.pictureId ?? null, noPicture: taken?.noPicture ?? null };
}

/**
 * A step that the browser did; said again, it stays one.
 * @param {string} recordingId
 * @param {string} id
 * @param {number} tabId
 * @param {WpStep} step
 * @param {{ pictureId: string | null, noPicture: WpNoPicture | null }} picture
 */
export const keepNavigation = (recordingId, id, tabId, step, picture) =>
  within("readwrite", ["recordings", "steps"], async (recordings, steps) => {
    if ((await done(recordings.get(recordingId)))?.state !== "recording") return;
    if (await done(steps.get([recordingId, id]))) return;
    steps.add({ ...fresh({ recordingId, token: id, seq: 0, tabId }, id, step), ...picture });
  });

/**
 * @param {WpStoredStep} kept
 * @param {Partial<WpPage>} page
 */
export const setPage = ({ recordingId, id }, page) =>
  within("readwrite", ["steps"], async (steps) => {
    /** @type {WpStoredStep | undefined} */
    const found = await done(steps.get([recordingId, id]));
    if (found) steps.put({ ...found, step: { ...found.step, page: { ...found.step.page, ...page } } });
  });

/**
 * Takes the last step back.
 * @param {string} recordingId
 */
export const undo = (recordingId) =>
  within("readwrite", ["steps", "pictures"], async (steps, pictures) => {
    /** @type {WpStoredStep[]} */
    const all = await done(steps.index("recording").getAll(recordingId));
    const last = all.filter((step) => !step.gone).sort((one, other) => other.order - one.order)[0];
    if (!last) return;
    const shared = all.some((step) => step !== last && !step.gone && step.pictureId === last.pictureId);
    if (last.pictureId && !shared) pictures.delete(last.pictureId);
    steps.put({ ...last, undone: true, gone: true, pictureId: shared ? last.pictureId : null });
  });
