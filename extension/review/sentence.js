// @ts-check
/** What a step did, in simple words. The server's labels say it better; these are for finding one's way. */
import { t, withBold } from "../ui/words.js";

const LONGEST = 80;

/** @param {string} text */
const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** @param {WpTarget | null} target */
function nameOf(target) {
  if (!target) return "";
  const { name, text, context, role, tag } = target;
  return short((name || context.label || text || context.placeholder || context.nearby || role || tag).trim());
}

/**
 * @param {WpStep} step
 * @returns {(string | Node)[]}
 */
export function sentence({ action, target, value, value_kind: kind, page }) {
  const name = nameOf(target);
  if (action === "navigate") return withBold("action_navigate", short(value ?? page.url));
  if (action === "press") return withBold("action_press", value ?? "");
  if (action === "scroll" && !target) return [t("action_scroll_page")];
  if (kind === "password" || kind === "secret") return withBold("action_secret", name);
  if (value && ["input", "select", "upload", "paste"].includes(action)) return withBold(`action_${action}_value`, name, short(value));
  return withBold(`action_${action}`, name);
}
