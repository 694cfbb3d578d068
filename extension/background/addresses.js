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
