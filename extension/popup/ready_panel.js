// @ts-check
/** Nothing runs: a recording can begin. */
import { send } from "../ui/commands.js";
import { button, element } from "../ui/elements.js";
import { EVERYTHING, ask } from "../ui/permission.js";
import { t } from "../ui/words.js";

const ORDINARY = /^(https?|file):/;
const CLOSED = /^https:\/\/(chromewebstore\.google\.com|chrome\.google\.com\/webstore|microsoftedge\.microsoft\.com\/addons)/;

/** @param {string} url */
export const isRecordable = (url) => ORDINARY.test(url) && !CLOSED.test(url);

/** @param {import("./popup.js").Around} around */
export function readyPanel(around) {
  const name = /** @type {HTMLInputElement} */ (element("input", { name: "recording-name", maxlength: "200", autocomplete: "off", placeholder: t("name_example") }));
  const problem = element("p", { class: "notice bad", role: "alert", hidden: true });
  const start = async () => {
    if (!(await ask(EVERYTHING))) return tell(problem, t("permission_refused"));
    const answer = await send({ type: "start", name: name.value.trim() });
    if (answer.ok) window.close();
    else tell(problem, answer.detail || t("failed"));
  };
  return element(
    "section",
    {},
    element("h2", {}, t("ready")),
    element("label", {}, t("name_question"), name),
    isRecordable(around.url) ? null : element("p", { class: "notice" }, t("protected_page")),
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
