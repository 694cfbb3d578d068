// @ts-check
/** What a popup asked the browser's permission for: the browser's question closes the popup, so the worker does it. */

import { takeWish } from "../store.js";
import { obey } from "./commands.js";

/** The person answers while they still know what they asked for. */
const VALID_MS = 300_000;

/** Something was allowed; done here only when the page that asked is gone. */
export async function granted() {
  const wish = await takeWish();
  if (!wish || Date.now() - wish.at > VALID_MS || !(await chrome.permissions.contains({ origins: [wish.pattern] }))) return;
  const answer = wish.command && (await obey(wish.command, false));
  // Away from a recording that runs, its person reads there how it went.
  if (!answer?.ok || wish.command?.type !== "start") await chrome.action.openPopup();
}
