// @ts-check
/** What the person has allowed, and asking for more: only in a click, and only when it is due. */

export const EVERYTHING = "<all_urls>";

/** @param {string} origin */
const pattern = (origin) => (origin === EVERYTHING ? origin : `${origin}/*`);

/** @param {string} origin */
export const may = (origin) => chrome.permissions.contains({ origins: [pattern(origin)] });

/**
 * The browser asks the person; at once when it was allowed before.
 * @param {string} origin
 * @returns {Promise<boolean>}
 */
export const ask = (origin) => chrome.permissions.request({ origins: [pattern(origin)] });
