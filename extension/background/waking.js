// @ts-check
/** What is done each time the worker begins, before anything else. */

import { protect } from "../store.js";
import { hearLeft } from "./hearing.js";
import { resumeUploads } from "./outbox.js";
import { closeLeftovers, recover } from "./recording.js";
import { publish } from "./status.js";

/** @type {Promise<void> | null} */
let woken = null;

/** Resolves when the store is in order. */
export const ready = () => (woken ??= wake().catch((error) => {
  woken = null;
  throw error;
}));

async function wake() {
  await protect();
  // Kept while the browser runs, and no longer.
  const { alive } = await chrome.storage.session.get("alive");
  if (alive) await hearLeft().then(recover);
  else await closeLeftovers();
  await chrome.storage.session.set({ alive: true });
  await publish();
  void resumeUploads();
}
