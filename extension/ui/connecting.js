// @ts-check
/** The two ways to connect. The token goes from the answer to the service worker, and is never shown. */
import { send } from "./commands.js";
import { tokenFrom } from "./dashboard.js";
import { button, element } from "./elements.js";
import { ask } from "./permission.js";
import { t } from "./words.js";

/** @type {Record<string, string>} */
const WORDS = { Moved: "handover_moved", SignedOut: "handover_signed_out", ForgedForm: "handover_signed_out", Forbidden: "handover_forbidden" };

/**
 * @param {number} tabId
 * @param {string} origin
 */
export function byTab(tabId, origin) {
  const problem = alert();
  const connect = button(t("connect_to", new URL(origin).host), async () => {
    connect.setAttribute("disabled", "");
    tell(problem, await connectByTab(tabId, origin));
    connect.removeAttribute("disabled");
  }, "primary wide");
  return element("div", { class: "stack" }, connect, problem);
}

/**
 * @param {number} tabId
 * @param {string} origin
 * @returns {Promise<string>} What went wrong; empty: nothing.
 */
async function connectByTab(tabId, origin) {
  if (!(await ask(origin, null))) return t("server_permission_refused", origin);
  const handover = await tokenFrom(tabId, origin);
  if ("problem" in handover) return t(WORDS[handover.problem] ?? "handover_failed", handover.problem);
  return connected(origin, handover.token);
}

/**
 * @param {string} server
 * @param {string} token
 */
async function connected(server, token) {
  const answer = await send({ type: "connect", server, token });
  return answer.ok ? "" : answer.detail || t("failed");
}

/** A form for the address and a token. */
export function byHand() {
  const server = field("server", { type: "url", placeholder: "https://", autocomplete: "url" });
  const token = field("token", { type: "password", placeholder: "wp_…", autocomplete: "off", pattern: "wp_[A-Za-z0-9_\\-]{43}", title: t("token_form") });
  const problem = alert();
  const form = element("form", {}, element("label", {}, t("server"), server), element("label", {}, t("token"), token), problem, element("button", { class: "primary" }, t("connect_button")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { origin, protocol } = new URL(server.value);
    if (!/^https?:$/.test(protocol)) return tell(problem, t("server_form"));
    if (!(await ask(origin, { type: "connect", server: origin, token: token.value.trim() }))) return tell(problem, t("server_permission_refused", origin));
    const wrong = await connected(origin, token.value.trim());
    if (!wrong) token.value = "";
    tell(problem, wrong);
  });
  return form;
}

/**
 * @param {string} name
 * @param {Record<string, string>} properties
 */
const field = (name, properties) =>
  /** @type {HTMLInputElement} */ (element("input", { name, required: true, spellcheck: "false", ...properties }));

const alert = () => element("p", { class: "notice bad", role: "alert", hidden: true });

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function tell(place, text) {
  place.textContent = text;
  place.hidden = !text;
}
