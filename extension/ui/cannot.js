// @ts-check
/** What could not be recorded, said plainly. */
import { element } from "./elements.js";
import { t } from "./words.js";

/** @type {Record<string, string>} */
const WORDS = { frame: "cannot_frame", page: "cannot_page", protected: "cannot_protected" };

/** @param {WpCannot[]} cannot */
export const cannotList = (cannot) =>
  element(
    "div",
    { class: "notice" },
    element("b", {}, t("cannot")),
    element("ul", { class: "cannot" }, ...[...new Set(cannot.map(said))].map((each) => element("li", { dir: "auto" }, each))),
  );

/** @param {WpCannot} each */
function said({ what, detail }) {
  const key = WORDS[what];
  return key ? t(key, detail) : detail || what;
}
