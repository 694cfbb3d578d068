// @ts-check
/** Nothing runs: a recording can begin. */
import { protectedPage } from "../background/addresses.js";
import { send } from "../ui/commands.js";
import { button, element } from "../ui/elements.js";
import { EVERYTHING, ask } from "../ui/permission.js";
import { t } from "../ui/words.js";

/** @param {import("./popup.js").Around} around */
export function readyPanel(around) {
  const name = /** @type {HTMLInputElement} */ (element("input", { name: "recording-name", maxlength: "200", autocomplete: "off", placeholder: t("name_example") }));
  // The click on our button lets us see the address of every page but the browser's own.
  const closed = !around.url || protectedPage(around.url, chrome.runtime.getURL("")) !== null;
  const problem = element("p", { class: "notice bad", role: "alert", hidden: true });
  const start = async () => {
    const command = /** @type {const} */ ({ type: "start", name: name.value.trim() });
    if (!(await ask(EVERYTHING, command))) return tell(problem, t("permission_refused"));
    const answer = await send(command);
    if (answer.ok) window.close();
    else tell(problem, answer.detail || t("failed"));
  };
  if (around.refused) tell(problem, t("permission_refused"));
  return element(
    "section",
    {},
    element("h2", {}, t("ready")),
    element("label", {}, t("name_question"), name),
    closed ? element("p", { class: "notice" }, t("protected_page")) : null,
    around.seesPages ? null : element("p", { class: "small soft" }, t("permission_why")),
    button(t("start"), () => void start(), "primary wide"),
    problem,
  );
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function tell(place, text) {
  place.textContent = text;
  place.hidden = false;
}
