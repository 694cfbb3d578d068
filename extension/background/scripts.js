// @ts-check
/** The recorder's scripts in the pages: there while a recording runs, and only then. */

import { tabIds, within } from "./frames.js";

const ID = "recorder";
const FINISH_MS = 2_000;
/** Set while the pages that were open at the start have the scripts too: the worker may be ended before they do. */
const EVERYWHERE = "scripts everywhere";

/** @returns {Promise<string[]>} In their order. */
async function files() {
  const core = await (await fetch(chrome.runtime.getURL("recorder/files.json"))).json();
  return [...core.map((/** @type {string} */ file) => `recorder/${file}`), "control/view.js", "control/control.js", "content.js"];
}

/** In pages that open from now on, and in those that are open. */
export async function begin() {
  const js = await files();
  await forget();
  await chrome.scripting.registerContentScripts([
    { id: ID, js, matches: ["<all_urls>"], allFrames: true, matchOriginAsFallback: true, runAt: "document_start", persistAcrossSessions: false },
  ]);
  await Promise.all((await tabIds()).map((tabId) => within(inject(tabId, js), FINISH_MS)));
  await chrome.storage.session.set({ [EVERYWHERE]: true });
}

/** @param {number} tabId @param {string[]} js */
const inject = (tabId, js) => chrome.scripting.executeScript({ target: { tabId, allFrames: true }, files: js, injectImmediately: true });

export const registered = async () => (await chrome.scripting.getRegisteredContentScripts({ ids: [ID] })).length > 0;

/** Whether `begin` came to its end. */
export const everywhere = async () => EVERYWHERE in (await chrome.storage.session.get(EVERYWHERE)) && (await registered());

async function forget() {
  await chrome.storage.session.remove(EVERYWHERE);
  if (await registered()) await chrome.scripting.unregisterContentScripts({ ids: [ID] });
}

/**
 * No page is listened to any more.
 * @param {"finish" | "stop"} how `finish`: what they hold back is said first.
 */
export async function end(how) {
  await forget();
  await Promise.all((await tabIds()).map((tabId) => endIn(tabId, how)));
}

/** @param {number} tabId @param {"finish" | "stop"} how */
async function endIn(tabId, how) {
  const frames = (await within(chrome.webNavigation.getAllFrames({ tabId }), FINISH_MS)) ?? [];
  const asked = /** @type {WpAsked} */ ({ type: how });
  await Promise.all(frames.map(({ frameId }) => within(chrome.tabs.sendMessage(tabId, asked, { frameId }), FINISH_MS)));
}
