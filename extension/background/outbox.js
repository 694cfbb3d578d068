// @ts-check
/** Recordings on their way to the server: kept until it has said that it has them, however long that takes. */

import { changeRecording, connection, deleteContent, picture, recording, recordings, stepsOf, within } from "../store.js";
import { UNKNOWN_TAB } from "./frames.js";
import { hide } from "./painting.js";
import { call, problem, Trouble } from "./server.js";
import { publish } from "./status.js";
import { done } from "../store.js";

const ALARM = "outbox";
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60_000;
/** The worker would be ended while it waits for a slow server. */
const AWAKE_MS = 20_000;

/** In this life of the worker; another one begins anew. @type {Set<string>} */
const busy = new Set();

/**
 * @param {WpConnection} made
 * @returns {Promise<string | WpProblem>} The person's name.
 */
export async function whoAmI(made) {
  try {
    const { name, email, scopes } = await call(made, "GET", "/me");
    if (!scopes?.includes("write")) return problem("refused", "This token may not write.", "Make one that may.", false);
    return String(name || email);
  } catch (error) {
    if (error instanceof Trouble) return error.problem;
    throw error;
  }
}

/** All that are due. */
export async function resumeUploads() {
  const waiting = (await recordings()).filter(({ state }) => state === "uploading");
  for (const { id, problem: trouble, nextAttemptAt } of waiting) {
    const due = nextAttemptAt === null ? !trouble || trouble.retries : nextAttemptAt <= Date.now();
    if (due) await upload(id);
  }
  await setAlarm();
}

/** Those that waited for it go on; what the former server was given is nothing to this one. */
export async function reconnected() {
  for (const { id, state } of await recordings()) {
    if (state !== "uploading") continue;
    await forgetServer(id);
    await changeRecording(id, { problem: null, attempts: 0, nextAttemptAt: null });
  }
  void resumeUploads();
}

/** For the earliest that is due; while one is busy, soon, as the worker may be ended. */
async function setAlarm() {
  const waiting = (await recordings()).filter(({ state, problem: trouble }) => state === "uploading" && (!trouble || trouble.retries));
  if (waiting.length === 0) return void (await chrome.alarms.clear(ALARM));
  const soon = Date.now() + FIRST_WAIT_MS;
  const when = Math.max(Math.min(...waiting.map(({ nextAttemptAt }) => nextAttemptAt ?? soon)), Date.now() + 1_000);
  await chrome.alarms.create(ALARM, { when, periodInMinutes: 5 });
}

/** @param {string} id Of a recording that is being uploaded. */
export async function upload(id) {
  if (busy.has(id)) return;
  busy.add(id);
  const awake = setInterval(() => void chrome.runtime.getPlatformInfo(), AWAKE_MS);
  try {
    await setAlarm();
    await attempt(id);
  } catch (error) {
    await failed(id, error);
  } finally {
    clearInterval(awake);
    busy.delete(id);
    await setAlarm();
    await publish();
  }
}

/** @param {string} id */
async function attempt(id) {
  const made = await connection();
  if (!made) {
    throw new Trouble(problem("not_connected", "The recorder is not connected to a server.", "Connect it in the dashboard; the upload then goes on.", false));
  }
  const url = await deliver(id, made).catch(async (error) => {
    // The server keeps pictures without a workflow for a while only.
    if (!(error instanceof Trouble && error.errorName === "UnknownScreenshot")) throw error;
    await forgetServer(id);
    return deliver(id, made);
  });
  if (url) await chrome.tabs.create({ url });
}

/**
 * Pictures first, then the workflow.
 * @param {string} id
 * @param {WpConnection} made
 * @returns {Promise<string | null>} Address of the workflow's page; null: the recording is not there any more.
 */
async function deliver(id, made) {
  const found = await recording(id);
  if (found?.state !== "uploading") return null;
  const body = found.body ?? (await prepare(found, made));
  const headers = { "Content-Type": "application/json", "Idempotency-Key": found.idempotencyKey };
  const workflow = await call(made, "POST", "/workflows", body, headers);
  if (typeof workflow.id !== "number") {
    throw new Trouble(problem("server", `${made.server} gave an answer that makes no sense.`, "Nothing is lost: it is tried again by itself.", true));
  }
  const workflowUrl = `${made.server}/workflows/${workflow.id}`;
  await changeRecording(id, { state: "uploaded", workflowUrl, problem: null, nextAttemptAt: null, body: null });
  await deleteContent(id);
  return workflowUrl;
}

/**
 * @param {WpStoredRecording} found
 * @param {WpConnection} made
 * @returns {Promise<string>} The workflow as it is sent, which is kept: a second try must send the very same.
 */
async function prepare(found, made) {
  const steps = (await stepsOf(found.id)).filter((step) => !step.dropped);
  if (steps.length === 0) throw new Trouble(problem("refused", "There is no step in this recording.", "Discard it, or bring a step back.", false));
  const sent = await sendPictures(found.id, steps, made);
  const body = JSON.stringify({
    ...(found.name && { name: found.name }),
    starting_url: found.startingUrl,
    steps: inTabs(steps).map(({ step, pictureId }) => ({ ...step, screenshot_id: (pictureId && sent.get(pictureId)) ?? null })),
  });
  await changeRecording(found.id, { body }, ["uploading"]);
  return body;
}

/**
 * What was done in another tab than the first says in which.
 * @param {WpStoredStep[]} steps
 * @returns {WpStoredStep[]}
 */
function inTabs(steps) {
  const tabs = [...new Set(steps.map(({ tabId }) => tabId).filter((tabId) => tabId !== UNKNOWN_TAB))];
  return steps.map((each) => {
    const { step, tabId } = each;
    const place = tabs.indexOf(tabId);
    if (!step.target || place < 1) return each;
    const attributes = { ...step.target.attributes, "data-wp-tab": String(place + 1) };
    return { ...each, step: { ...step, target: { ...step.target, attributes } } };
  });
}

/**
 * @param {string} id
 * @param {WpStoredStep[]} steps
 * @param {WpConnection} made
 * @returns {Promise<Map<string, string>>} The server's ids.
 */
async function sendPictures(id, steps, made) {
  const ids = [...new Set(steps.flatMap(({ pictureId }) => pictureId ?? []))];
  /** @type {Map<string, string>} */
  const sent = new Map();
  for (const [index, pictureId] of ids.entries()) {
    const found = await picture(pictureId);
    if (found) sent.set(pictureId, found.screenshotId ?? (await sendPicture(found, steps, made)));
    await changeRecording(id, { progress: { sent: index + 1, total: ids.length + 1 } });
    await publish();
  }
  return sent;
}

/**
 * @param {WpPicture} found
 * @param {WpStoredStep[]} steps
 * @param {WpConnection} made
 */
async function sendPicture(found, steps, made) {
  const hidden = steps.filter(({ pictureId }) => pictureId === found.id).flatMap((step) => step.hidden);
  const form = new FormData();
  form.append("file", await hide(found, hidden), "picture.webp");
  try {
    const { id } = await call(made, "POST", "/screenshots", form);
    await setScreenshot(found.id, String(id));
    return String(id);
  } catch (error) {
    if (!(error instanceof Trouble) || error.problem.retries || !["too_large", "refused"].includes(error.problem.code)) throw error;
    const nth = steps.findIndex(({ pictureId }) => pictureId === found.id) + 1;
    throw new Trouble({ ...error.problem, text: `The picture of step ${nth}: ${error.problem.text}`, remedy: "Drop this step, then upload again." });
  }
}

/** @param {string} id @param {string | null} screenshotId */
const setScreenshot = (id, screenshotId) =>
  within("readwrite", ["pictures"], async (pictures) => {
    const found = await done(pictures.get(id));
    if (found) pictures.put({ ...found, screenshotId });
  });

/** @param {string} id */
async function forgetServer(id) {
  for (const { pictureId } of await stepsOf(id)) if (pictureId) await setScreenshot(pictureId, null);
  await changeRecording(id, { body: null });
}

/** Back to the person, or again later. @param {string} id @param {unknown} error */
async function failed(id, error) {
  const trouble = error instanceof Trouble ? error : new Trouble(problem("server", String(error), "It is tried again by itself.", true));
  const found = await recording(id);
  if (!found) return;
  const { retries, code } = trouble.problem;
  const attempts = found.attempts + 1;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS) * (0.8 + 0.4 * Math.random());
  const nextAttemptAt = retries ? Date.now() + Math.max(wait, trouble.waitSeconds * 1_000) : null;
  const stays = retries || ["signed_out", "not_connected", "permission"].includes(code);
  const change = { problem: trouble.problem, attempts, nextAttemptAt };
  if (stays) return void (await changeRecording(id, change, ["uploading"]));
  // Nothing was created, and the person will change it: another body.
  if (code !== "refused" || trouble.errorName !== "IdempotencyKeyReused") await forgetServer(id);
  await changeRecording(id, { ...change, state: "review", progress: null }, ["uploading"]);
}
