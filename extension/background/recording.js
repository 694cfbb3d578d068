// @ts-check
/** A recording from start to stop. Its state is in the store: the worker may be ended between any two lines. */

import { addRecording, changeRecording, deleteRecording, recording, recordings } from "../store.js";
import { cleanAddress } from "./addresses.js";
import { hearLeft } from "./hearing.js";
import { allTaken, settleRest, sweep } from "./pictures.js";
import * as scripts from "./scripts.js";
import { publish, running, runningStatus, tellTabs } from "./status.js";

/** A command that does not fit what is going on. */
export class Unfit extends Error {}

export const mayRecord = () => chrome.permissions.contains({ origins: ["<all_urls>"] });

/** @param {string} name */
export async function start(name) {
  if (await running()) throw new Unfit("A recording is running already.");
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  const id = crypto.randomUUID();
  await addRecording({
    id,
    name,
    state: "recording",
    startedAt: new Date().toISOString(),
    startingUrl: cleanAddress(tab?.url),
    idempotencyKey: crypto.randomUUID(),
    problem: null,
    attempts: 0,
    nextAttemptAt: null,
    workflowUrl: null,
    cannot: [],
    progress: null,
    body: null,
  });
  try {
    await scripts.begin();
  } catch (error) {
    await deleteRecording(id);
    throw error;
  }
  await shown();
}

export async function pause() {
  const { id } = await known("recording");
  await scripts.end("finish");
  await changeRecording(id, { state: "paused" }, ["recording"]);
  await shown();
}

export async function resume() {
  const { id } = await known("paused");
  await changeRecording(id, { state: "recording" }, ["paused"]);
  await scripts.begin();
  await shown();
}

export async function stop() {
  const { id } = await known();
  await scripts.end("finish");
  await hearLeft();
  await allTaken();
  await close(id);
}

/** @param {string} id */
async function close(id) {
  await settleRest(id);
  await sweep(id);
  await changeRecording(id, { state: "review" }, ["recording", "paused"]);
  await shown();
}

/**
 * Everything of it is deleted.
 * @param {string | undefined} id None: the one that runs.
 */
export async function discard(id) {
  const found = id ? await recording(id) : await running();
  if (!found) throw new Unfit("There is no such recording.");
  if (found.state === "recording" || found.state === "paused") await scripts.end("stop");
  await deleteRecording(found.id);
  await shown();
}

/** @param {WpState} [state] */
async function known(state) {
  const found = await running();
  if (!found || (state && found.state !== state)) throw new Unfit("No recording is in that state.");
  return found;
}

async function shown() {
  await publish();
  await tellTabs(await runningStatus());
}

/** The browser was closed, or the extension was replaced, in the middle of it: what was recorded waits for review. */
export async function closeLeftovers() {
  const left = (await recordings()).filter(({ state }) => state === "recording" || state === "paused");
  for (const { id } of left) {
    await scripts.end("stop");
    await close(id);
  }
}

/** The worker was ended in the middle of it: perhaps between the state and the scripts that it stands for. */
export async function recover() {
  const found = await running();
  if (found) await settleRest(found.id);
  if (found?.state === "recording" && !(await scripts.everywhere())) await scripts.begin();
  if (found?.state !== "recording" && (await scripts.registered())) await scripts.end("finish");
}

/** @param {string} recordingId @param {WpCannot} cannot */
export async function addCannot(recordingId, cannot) {
  const found = await recording(recordingId);
  if (!found || found.cannot.some(({ what, detail }) => what === cannot.what && detail === cannot.detail)) return;
  await changeRecording(recordingId, { cannot: [...found.cannot, cannot] });
}
