// @ts-check
"use strict";
/** CSS and XPath for an element within its document or shadow root: short, and checked to find it alone. */
var WpPaths = (() => {
  const TELLING = ["name", "aria-label", "placeholder", "title", "alt", "type", "role", "value", "for", "data-id", "data-key", "data-value", "data-action"];
  const MOST_LEVELS = 30;

  /** @param {string} name @param {string} value */
  const equals = (name, value) => `[${name}="${value.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"]`;

  /** Whether the selector finds this element alone. @param {string} selector @param {Element} element */
  function isUnique(selector, element) {
    if (!WpBudget.query()) return false;
    const found = WpDom.all(WpDom.root(element), selector);
    return found.length === 1 && found[0] === element;
  }

  /** @param {Element} element @returns {Generator<string>} What it can be told by without its place. */
  function* own(element) {
    const tag = CSS.escape(WpDom.tag(element));
    for (const name of WpIdentifiers.TEST_IDS) {
      const value = WpDom.attr(element, name);
      if (value && value.length < 100) yield equals(name, value);
    }
    const id = WpIdentifiers.id(element);
    if (id) yield `#${CSS.escape(id)}`;
    for (const name of TELLING) {
      const value = WpDom.attr(element, name);
      if (!value || value.length > 80 || !WpText.isClean(value) || (name === "value" && !/^(?:submit|button|radio|checkbox)$/.test(WpDom.attr(element, "type")))) continue;
      yield `${tag}${equals(name, value)}`;
    }
    const href = WpDom.attr(element, "href");
    if (href && href.length < 100 && !/[?@]|^(?:javascript|data):/i.test(href)) yield `${tag}${equals("href", href)}`;
    for (const name of WpIdentifiers.classes(element)) yield `${tag}.${CSS.escape(name)}`;
  }

  /** Where it stands among its own kind. @param {Element} element @returns {number} 1 for the first; 0: it is the only one. */
  function ordinal(element) {
    let before = 0;
    let after = 0;
    const tag = WpDom.tag(element);
    for (let one = WpDom.elementBefore(element); one; one = WpDom.elementBefore(one)) if (WpDom.tag(one) === tag) before++;
    for (let one = WpDom.elementAfter(element); one && !after; one = WpDom.elementAfter(one)) if (WpDom.tag(one) === tag) after++;
    return before + after === 0 ? 0 : before + 1;
  }

  /** @param {Element} element */
  function step(element) {
    const tag = CSS.escape(WpDom.tag(element));
    const at = ordinal(element);
    return at ? `${tag}:nth-of-type(${at})` : tag;
  }

  /** What is around it within its own root. @param {Element} element @returns {Element | null} */
  function around(element) {
    const up = WpDom.parentNode(element);
    return WpDom.isElement(up) ? up : null;
  }

  /** By its own marks alone. @param {Element} element @returns {string[]} */
  const byMarks = (element) => [...own(element)].filter((selector) => isUnique(selector, element)).slice(0, 4);

  /** From the nearest marked element around it, or the root, down to it. @param {Element} element @returns {string} */
  function byPlace(element) {
    const mark = [...own(element)].find((one) => /\[name|\[aria-label|\[type|\./.test(one));
    let path = step(element);
    let up = around(element);
    for (let level = 0; up && level < MOST_LEVELS; level++, up = around(up)) {
      if (/^(?:html|body)$/.test(WpDom.tag(up))) {
        path = `${WpDom.tag(up)} > ${path}`;
        if (isUnique(path, element)) return path;
        continue;
      }
      const anchor = anchorOf(up);
      if (anchor && mark && isUnique(`${anchor} ${mark}`, element)) return `${anchor} ${mark}`;
      if (anchor && isUnique(`${anchor} > ${path}`, element)) return `${anchor} > ${path}`;
      path = `${step(up)} > ${path}`;
    }
    return isUnique(path, element) ? path : "";
  }

  /** @param {Element} element @returns {string} A mark by which it alone is found. */
  function anchorOf(element) {
    for (const name of WpIdentifiers.TEST_IDS) {
      const value = WpDom.attr(element, name);
      if (value && value.length < 100 && isUnique(equals(name, value), element)) return equals(name, value);
    }
    const id = WpIdentifiers.id(element);
    return id && isUnique(`#${CSS.escape(id)}`, element) ? `#${CSS.escape(id)}` : "";
  }

  /** @param {Element} element @returns {string} Empty inside shadow roots, into which XPath does not lead. */
  function xpath(element) {
    if (!(WpDom.root(element) instanceof Document)) return "";
    let path = "";
    for (let at = /** @type {Element | null} */ (element), level = 0; at; at = around(at), level++) {
      const id = WpIdentifiers.id(at);
      if (id && !/["']/.test(id) && isUnique(`#${CSS.escape(id)}`, at)) return `//*[@id="${id}"]${path}`;
      if (level > MOST_LEVELS) return "";
      const index = ordinal(at);
      const name = at.namespaceURI === "http://www.w3.org/1999/xhtml" ? WpDom.tag(at) : `*[local-name()="${WpDom.tag(at)}"]`;
      path = `/${name}${index ? `[${index}]` : ""}${path}`;
    }
    return path;
  }

  return { byMarks, byPlace, isUnique, xpath };
})();
