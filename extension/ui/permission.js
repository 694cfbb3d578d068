// @ts-check
/** What the person has allowed, and asking for more: only in a click, and only when it is due. */

import { wishing } from "../store.js";

export const EVERYTHING = "<all_urls>";

/** @param {string} origin */
const pattern = (origin) => (origin === EVERYTHING ? origin : `${origin}/*`);

/** @param {string} origin */
export const may = (origin) => chrome.permissions.contains({ origins: [pattern(origin)] });

/**
 * The browser asks the person; at once when it was allowed before. Its question closes a popup: the worker then does what it was asked for.
 * @param {string} origin
 * @param {WpCommand | null} command
 * @returns {Promise<boolean>}
 */
export const ask = (origin, command) =>
  wishing({ pattern: pattern(origin), command, at: Date.now() }, () => chrome.permissions.request({ origins: [pattern(origin)] }));
