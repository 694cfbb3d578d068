// @ts-check
/** The words of `_locales`, in the browser's language. */

/**
 * @param {string} key
 * @param {...(string | number)} parts What stands for `$1`, `$2`, …
 */
export const t = (key, ...parts) => chrome.i18n.getMessage(key, parts.map(String)) || key;

/**
 * Fill what the page's HTML marks with `data-t`, and say in which language that is.
 * @param {Document} page
 */
export function translate(page) {
  page.documentElement.lang = t("language");
  for (const element of page.querySelectorAll("[data-t]")) element.textContent = t(element.getAttribute("data-t") ?? "");
  for (const element of page.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
  }
}

/**
 * A sentence in which one part is made bold.
 * @param {string} key
 * @param {string} bold
 * @param {...string} others
 * @returns {(string | Node)[]}
 */
export function withBold(key, bold, ...others) {
  const marked = t(key, "\u0001", ...others);
  const name = document.createElement("b");
  name.dir = "auto";
  name.textContent = bold;
  const [before, ...after] = marked.split("\u0001");
  return after.length ? [before ?? "", name, after.join("")] : [marked];
}

/** @param {number} moment Milliseconds since 1970. */
export const clock = (moment) =>
  new Intl.DateTimeFormat(t("language"), { hour: "numeric", minute: "2-digit" }).format(moment);

/** @param {string} moment ISO 8601. */
export const day = (moment) =>
  new Intl.DateTimeFormat(t("language"), { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
