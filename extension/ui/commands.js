// @ts-check
/** What the pages ask of the service worker, and how they hear what it does. */

/** @type {WpStatus} */
export const NOTHING = { recording: null, connection: null, waiting: [] };

/**
 * @param {WpCommand} command
 * @returns {Promise<WpAnswer>}
 */
export async function send(command) {
  try {
    return (await chrome.runtime.sendMessage(command)) ?? { ok: false, error: "failed", detail: "" };
  } catch (error) {
    return { ok: false, error: "failed", detail: String(error) };
  }
}

/** @returns {Promise<WpStatus>} */
export async function status() {
  const answer = await send({ type: "status" });
  if (answer.ok) return answer.status;
  return kept();
}

/** What the worker said last. @returns {Promise<WpStatus>} */
export async function kept() {
  const { status: last } = await chrome.storage.local.get("status");
  return /** @type {WpStatus | undefined} */ (last) ?? NOTHING;
}

/** @param {(status: WpStatus) => void} tell With every change from now on. */
export function follow(tell) {
  chrome.storage.onChanged.addListener((changes, area) => {
    const changed = changes["status"];
    if (area === "local" && changed?.newValue) tell(/** @type {WpStatus} */ (changed.newValue));
  });
}
