// @ts-check
/** Connecting: in one click on the dashboard's tab, or by hand. */
import { element } from "../ui/elements.js";
import { t, withBold } from "../ui/words.js";
import { byHand, byTab } from "../ui/connecting.js";

/**
 * @param {WpStatus} status
 * @param {import("./popup.js").Around} around
 */
export function connectPanel(status, around) {
  const { dashboard, tabId } = around;
  const other = status.connection ? element("p", { class: "small soft" }, t("connect_instead", status.connection.server)) : null;
  if (dashboard && tabId !== null && dashboard.signedIn) {
    return element(
      "section",
      {},
      element("h2", {}, t("connect")),
      element("p", { class: "small" }, ...withBold("connect_why", dashboard.origin)),
      other,
      byTab(tabId, dashboard.origin),
    );
  }
  return element(
    "section",
    {},
    element("h2", {}, t("not_connected")),
    element("p", { class: "small" }, ...(dashboard ? withBold("sign_in_first", dashboard.origin) : [t("connect_how")])),
    element("details", { class: "small" }, element("summary", {}, t("connect_by_hand")), byHand()),
  );
}
