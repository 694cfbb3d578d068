// @ts-check
/** The dashboard in a tab: recognised, and asked for a token out of its own page, where the person is signed in. */

/**
 * @typedef {{ origin: string, signedIn: boolean }} Dashboard
 * @typedef {{ token: string } | { problem: string }} Handover `problem`: the name of the server's error, `SignedOut` or `Moved`.
 */

/**
 * Runs in the tab's isolated world: nothing of it is seen by the page's scripts.
 * @returns {Dashboard | null}
 */
function recognise() {
  if (!document.querySelector('meta[name="workflow-platform"]')) return null;
  const signedIn = Boolean(document.querySelector('meta[name="csrf"]'));
  return { origin: location.origin, signedIn };
}

/**
 * In the isolated world, too. The answer goes back to the extension alone.
 * @param {string} origin Where the person said yes: the tab may have gone elsewhere.
 * @param {string} browser
 * @returns {Promise<Handover>}
 */
async function askForToken(origin, browser) {
  if (location.origin !== origin) return { problem: "Moved" };
  const csrf = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
  try {
    const answer = await fetch("/recorder/token", {
      method: "POST",
      body: new URLSearchParams({ csrf, browser }),
      headers: { Accept: "application/json" },
      redirect: "error",
      credentials: "same-origin",
    });
    const told = await answer.json();
    return answer.ok ? { token: String(told.token) } : { problem: String(told.error) };
  } catch {
    return { problem: "SignedOut" };
  }
}

/**
 * @param {number} tabId
 * @returns {Promise<Dashboard | null>} Null: some other page, or one that may not be looked into.
 */
export async function dashboardIn(tabId) {
  try {
    const [found] = await chrome.scripting.executeScript({ target: { tabId }, func: recognise });
    return found?.result ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {number} tabId
 * @param {string} origin
 * @returns {Promise<Handover>}
 */
export async function tokenFrom(tabId, origin) {
  try {
    const [found] = await chrome.scripting.executeScript({ target: { tabId }, func: askForToken, args: [origin, browserName()] });
    return found?.result ?? { problem: "Moved" };
  } catch {
    return { problem: "Moved" };
  }
}

/** `Chrome on Linux`: what the token is called after. */
export function browserName() {
  const { brands = [], platform = "" } = /** @type {any} */ (navigator).userAgentData ?? {};
  const names = brands.map((/** @type {{ brand: string }} */ { brand }) => brand);
  const known = ["Microsoft Edge", "Opera", "Brave", "Vivaldi", "Google Chrome", "Chromium"];
  const name = known.find((each) => names.includes(each)) ?? "Chrome";
  return platform ? `${name.replace("Google ", "")} on ${platform}` : name;
}
