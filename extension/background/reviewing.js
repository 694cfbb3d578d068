// @ts-check
/** A recording that is stopped away from the popup goes to its person at once. */

import { obey } from "./commands.js";
import { running } from "./status.js";

/** @returns {Promise<WpAnswer>} */
export async function stopAndReview() {
  const found = await running();
  const answer = await obey({ type: "stop" }, false);
  if (answer.ok && found) await chrome.tabs.create({ url: chrome.runtime.getURL(`review/review.html?recording=${found.id}`) });
  return answer;
}
