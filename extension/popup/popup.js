// @ts-check
/** The popup: what goes on, and what can be done now. It may be closed at any moment; all that lasts is the worker's. */
import { takeWish } from "../store.js";
import { follow, status as currentStatus } from "../ui/commands.js";
import { dashboardIn } from "../ui/dashboard.js";
import { EVERYTHING, may } from "../ui/permission.js";
import { translate } from "../ui/words.js";
import { connectionLine } from "./connection_line.js";
import { connectPanel } from "./connect_panel.js";
import { readyPanel } from "./ready_panel.js";
import { recordingPanel } from "./recording_panel.js";
import { waitingPanel } from "./waiting_panel.js";

/**
 * What the popup was opened over.
 * @typedef {{ tabId: number | null, url: string, dashboard: import("../ui/dashboard.js").Dashboard | null, seesPages: boolean, refused: boolean }} Around
 * `refused`: the browser's question to see all pages, which closed the last popup, was not answered with yes.
 */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const footer = /** @type {HTMLElement} */ (document.getElementById("connection"));

/** @returns {Promise<Around>} */
async function lookAround() {
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  const tabId = tab?.id ?? null;
  const [seesPages, wish] = await Promise.all([may(EVERYTHING), takeWish()]);
  return {
    tabId,
    url: tab?.url ?? "",
    dashboard: tabId === null ? null : await dashboardIn(tabId),
    seesPages,
    refused: !seesPages && wish?.pattern === EVERYTHING,
  };
}

/** What was last shown: what a status leaves as it is keeps its focus and what was typed into it. */
let shown = "";

/**
 * @param {WpStatus} status
 * @param {Around} around
 */
function show(status, around) {
  const next = JSON.stringify([status, around]);
  if (next === shown) return;
  shown = next;
  const offer = around.dashboard && around.dashboard.origin !== status.connection?.server;
  const panels = status.recording
    ? [recordingPanel(status.recording)]
    : [
        offer || !status.connection ? connectPanel(status, around) : null,
        status.waiting.length ? waitingPanel(status) : null,
        readyPanel(around),
      ];
  keepingFocus(() => {
    main.replaceChildren(...panels.filter((panel) => panel !== null));
    footer.replaceChildren(connectionLine(status));
  });
}

/** @param {() => void} change What is drawn anew gets the focus back by its words. */
function keepingFocus(change) {
  const words = document.activeElement?.textContent;
  const typed = /** @type {Map<string, string>} */ (new Map());
  for (const field of document.querySelectorAll("input")) typed.set(field.name, field.value);
  change();
  for (const field of document.querySelectorAll("input")) field.value = typed.get(field.name) || field.value;
  if (words) [...document.querySelectorAll("button")].find((each) => each.textContent === words)?.focus();
}

translate(document);
const around = await lookAround();
show(await currentStatus(), around);
follow((status) => show(status, around));
