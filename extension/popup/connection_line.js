// @ts-check
/** The last line: to which server, as whom. */
import { send } from "../ui/commands.js";
import { button, element } from "../ui/elements.js";
import { t } from "../ui/words.js";

/** @param {WpStatus} status */
export function connectionLine({ connection }) {
  if (!connection) return element("p", {}, t("recorded_before_connected"));
  const { person } = connection;
  const server = new URL(connection.server).host;
  return element(
    "div",
    { class: "line" },
    element("span", { dir: "auto" }, person ? t("connected_as", server, person) : t("connected_to", server)),
    button(t("disconnect"), () => void send({ type: "disconnect" }), "quiet"),
  );
}
