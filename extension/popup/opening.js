// @ts-check
/** Opening a page beside the one that the person was on; the popup has done its work then. */

/** @param {string} url */
export async function open(url) {
  await chrome.tabs.create({ url });
  window.close();
}

/** @param {string} id The recording's. */
export const openReview = (id) => open(chrome.runtime.getURL(`review/review.html?recording=${id}`));
