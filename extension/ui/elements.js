// @ts-check
/** Elements in one expression. Texts become text nodes: what a page was called is never read as HTML. */

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | EventListener>} [properties] `onclick` and the like are listeners, `true` and `false` set or leave out.
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * @param {string} text
 * @param {EventListener} onclick
 * @param {string} [look] Its class.
 */
export const button = (text, onclick, look = "") => element("button", { type: "button", class: look, onclick }, text);

/**
 * A button that asks again before it does something that cannot be undone.
 * @param {{ text: string, question: string, yes: string, no: string }} words
 * @param {() => void} act
 * @param {string} [look]
 */
export function confirmed(words, act, look = "quiet danger") {
  const place = element("span", { class: "actions" });
  const ask = () => {
    const keep = button(words.no, rest);
    place.replaceChildren(element("span", { class: "small", role: "alert" }, words.question), button(words.yes, act, "primary danger"), keep);
    keep.focus();
  };
  const first = button(words.text, ask, look);
  const rest = () => {
    place.replaceChildren(first);
    first.focus();
  };
  place.append(first);
  return place;
}
