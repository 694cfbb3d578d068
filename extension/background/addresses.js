// @ts-check
/** Addresses as they are kept: without user info, query and fragment, in which secrets travel. */

const HELD = ["http:", "https:", "file:"];

/**
 * The path of a hash router (`#/contacts/1`) stays. The address of a page that is nobody's task to visit is null.
 * @param {string | undefined} address
 * @returns {string | null}
 */
export function cleanAddress(address) {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (!HELD.includes(url.protocol)) return null;
  const route = /^#!?\/[^?&#]*/.exec(url.hash)?.[0] ?? "";
  return `${url.protocol}//${url.host}${url.pathname}${route}`;
}

/**
 * What an extension may be told by a person: the origin of a server.
 * @param {string} address
 * @returns {string | null}
 */
export function serverOrigin(address) {
  if (!URL.canParse(address)) return null;
  const { protocol, origin } = new URL(address);
  return protocol === "http:" || protocol === "https:" ? origin : null;
}

const EMPTY = ["about:blank", "chrome://newtab/", "edge://newtab/", "chrome://new-tab-page/", "chrome-search://local-ntp/local-ntp.html"];
const STORES = /^https:\/\/(chromewebstore\.google\.com|chrome\.google\.com\/webstore|microsoftedge\.microsoft\.com\/addons)([/?#]|$)/;

/**
 * What the browser lets no extension see, in a few words; null: it can be seen, or there is nothing to see.
 * @param {string} address
 * @param {string} own Where our own pages begin.
 * @returns {string | null}
 */
export function protectedPage(address, own) {
  if (!address || EMPTY.includes(address) || address.startsWith(own)) return null;
  if (STORES.test(address)) return new URL(address).host;
  const { protocol, host } = new URL(address);
  return HELD.includes(protocol) || protocol === "about:" || protocol === "blob:" || protocol === "data:" ? null : `${protocol}//${host}`;
}
