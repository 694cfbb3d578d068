// @ts-check
/** What the popup, the review page and the control in the page ask for. */

import { changeRecording, setConnection } from "../store.js";
import { serverOrigin } from "./addresses.js";
import { reconnected, upload, whoAmI } from "./outbox.js";
import * as recording from "./recording.js";
import { publish } from "./status.js";
import { undo } from "./steps.js";
import { running, runningStatus, tellTabs } from "./status.js";

/** What a control in a page may ask for: nothing that sends or deletes. */
const FROM_A_PAGE = ["pause", "resume", "stop", "undo", "status"];

/**
 * @param {WpCommand} command
 * @param {boolean} fromPage
 * @returns {Promise<WpAnswer>}
 */
export async function obey(command, fromPage) {
  if (fromPage && !FROM_A_PAGE.includes(command.type)) return refused("refused", "Not from a page.");
  try {
    return (await carryOut(command)) ?? { ok: true, status: await publish() };
  } catch (error) {
    if (error instanceof recording.Unfit) return refused("state", error.message);
    console.error(error);
    return refused("failed", String(error));
  }
}

/**
 * @param {Extract<WpAnswer, { ok: false }>["error"]} error
 * @param {string} detail
 * @returns {WpAnswer}
 */
const refused = (error, detail) => ({ ok: false, error, detail });

/**
 * @param {WpCommand} command
 * @returns {Promise<WpAnswer | void>} Nothing: it is done.
 */
async function carryOut(command) {
  switch (command.type) {
    case "start":
      if (!(await recording.mayRecord())) return refused("permission", "<all_urls>");
      return recording.start(command.name?.trim() ?? "");
    case "pause":
      return recording.pause();
    case "resume":
      return recording.resume();
    case "stop":
      return recording.stop();
    case "discard":
      return recording.discard(command.recordingId);
    case "undo":
      return undoLast();
    case "upload":
      return send(command.recordingId);
    case "connect":
      return connect(command.server, command.token);
    case "disconnect":
      return setConnection(null);
    case "status":
      return undefined;
    default:
      return refused("refused", "There is no such command.");
  }
}

async function undoLast() {
  const found = await running();
  if (!found) throw new recording.Unfit("No recording is running.");
  await undo(found.id);
  await publish();
  await tellTabs(await runningStatus());
}

/** @param {string} recordingId */
async function send(recordingId) {
  const ready = { state: /** @type {const} */ ("uploading"), problem: null, attempts: 0, nextAttemptAt: null };
  if (!(await changeRecording(recordingId, ready, ["review", "uploading"]))) throw new recording.Unfit("It cannot be uploaded.");
  void upload(recordingId);
}

/**
 * @param {string} address
 * @param {string} token
 * @returns {Promise<WpAnswer | void>}
 */
async function connect(address, token) {
  const server = serverOrigin(address);
  if (!server) return refused("refused", "This is not the address of a server.");
  if (!(await chrome.permissions.contains({ origins: [`${server}/*`] }))) return refused("permission", `${server}/*`);
  const person = await whoAmI({ server, token, person: "" });
  if (typeof person !== "string") return refused("not_connected", `${person.text} ${person.remedy}`);
  await setConnection({ server, token, person });
  await reconnected();
}
