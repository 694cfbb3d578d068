// @ts-check
/** The service worker: may be ended and started again at any time. Listeners first, as the browser demands. */

import { obey } from "./background/commands.js";
import { hear } from "./background/hearing.js";
import { begins, closes, loaded, navigated, opened } from "./background/navigation.js";
import { resumeUploads } from "./background/outbox.js";
import { exposeNow } from "./background/pictures.js";
import { inTurn } from "./background/turns.js";
import { granted } from "./background/wishes.js";
import { ready } from "./background/waking.js";
import { stopAndReview } from "./background/reviewing.js";
import { running } from "./background/status.js";
import { mayRecord } from "./background/recording.js";

/** @param {chrome.runtime.MessageSender} sender */
const isOwnPage = (sender) => sender.url?.startsWith(chrome.runtime.getURL("")) ?? false;

/** @param {unknown} message @param {chrome.runtime.MessageSender} sender */
function answer(message, sender) {
  if (sender.id !== chrome.runtime.id || typeof message !== "object" || message === null || !("type" in message)) return undefined;
  if (message.type === "said") return said(/** @type {WpSaid} */ (message), sender);
  const fromPage = !isOwnPage(sender);
  if (fromPage && message.type === "stop") return ready().then(stopAndReview);
  return ready().then(() => obey(/** @type {WpCommand} */ (message), fromPage));
}

/** @param {WpSaid} message @param {chrome.runtime.MessageSender} sender */
function said(message, { tab, frameId }) {
  if (tab?.id === undefined || frameId === undefined) return undefined;
  const frame = { tab, tabId: tab.id, frameId };
  const exposure = message.message?.kind === "moment" ? exposeNow(tab, message.hover) : null;
  return ready().then(() => hear(message, frame, exposure));
}

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  const promise = answer(message, sender);
  if (!promise) return;
  promise.then(reply, (error) => {
    console.error(error);
    reply(null); // The frame says it again.
  });
  return true;
});

const onNavigated = (/** @type {import("./background/navigation.js").Committed} */ details) => void ready().then(() => inTurn(() => navigated(details)));
chrome.webNavigation.onBeforeNavigate.addListener(begins);
chrome.webNavigation.onCommitted.addListener(onNavigated);
chrome.webNavigation.onHistoryStateUpdated.addListener(onNavigated);
chrome.webNavigation.onReferenceFragmentUpdated.addListener(onNavigated);
chrome.webNavigation.onDOMContentLoaded.addListener((details) => void ready().then(() => loaded(details)));
chrome.tabs.onRemoved.addListener(closes);
chrome.webNavigation.onCreatedNavigationTarget.addListener((details) => void ready().then(() => inTurn(() => opened(details))));

chrome.alarms.onAlarm.addListener(() => void ready().then(resumeUploads));
chrome.runtime.onStartup.addListener(() => void ready());
chrome.runtime.onInstalled.addListener(() => void ready());

chrome.permissions.onAdded.addListener(() => void ready().then(granted));

chrome.commands.onCommand.addListener((command) => {
  if (command === "toggle-recording") void ready().then(toggle);
});

async function toggle() {
  if (await running()) return stopAndReview();
  // Only a page can ask for the permission.
  if (await mayRecord()) return obey({ type: "start" }, false);
  return chrome.action.openPopup();
}

void ready();
