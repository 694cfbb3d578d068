// @ts-check
"use strict";
/** Words of a page as a person reads them, clean enough for the server. */
var WpText = (() => {
  // What the server refuses, and what nobody sees: bidirectional marks, zero-width characters.
  const UNSEEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
  const REFUSED = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e]/;
  const NOT_READ = new Set(["script", "style", "template", "noscript", "svg", "input", "select", "textarea", "option", "datalist", "iframe",
    "object", "video", "audio", "canvas", "progress", "meter"]);
  const UNSEEN_CLASSES = /(?:^|\s)(?:[\w-]*sr-only|visually-?hidden|screen-reader[\w-]*|material-icons[\w-]*|material-symbols[\w-]*)(?:\s|$)/i;

  /** @param {string} text @returns {string} */
  const wellFormed = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");

  /**
   * One line, without what nobody sees, of at most so many characters.
   * @param {string | null | undefined} text @param {number} [most] @returns {string}
   */
  function clean(text, most = 500) {
    if (!text) return "";
    const line = wellFormed(text.slice(0, most * 8).replace(UNSEEN, "")).replace(/\s+/g, " ").trim();
    return line.length > most ? wellFormed(line.slice(0, most)).trimEnd() : line;
  }

  /** A value as it was entered: its lines stay. @param {string} text @param {number} [most] @returns {string} */
  const value = (text, most = 5000) => wellFormed(text.slice(0, most * 2).replace(UNSEEN, "").slice(0, most));

  /** @param {string} text @returns {boolean} Whether the server would take it as it is. */
  const isClean = (text) => !REFUSED.test(text) && wellFormed(text) === text;

  /** @param {Element} element @returns {boolean} */
  function isRead(element) {
    if (NOT_READ.has(WpDom.tag(element)) || WpDom.has(element, "hidden") || WpDom.attr(element, "aria-hidden") === "true") return false;
    return !UNSEEN_CLASSES.test(WpDom.attr(element, "class")) && !WpSecrets.hidesTextItself(element);
  }

  /** @param {Element} element @returns {Node[]} */
  function childrenOf(element) {
    if (element instanceof HTMLSlotElement) {
      const given = element.assignedNodes();
      if (given.length) return given;
    }
    return WpDom.nodes(WpDom.shadow(element) ?? element);
  }

  /**
   * The visible text of an element, without icons, hidden parts, fields and what the page marks as private.
   * @param {Element | null | undefined} element @param {number} [most] characters @param {Element} [without] left out
   * @returns {string}
   */
  function of(element, most = 300, without) {
    let text = "";
    /** @param {Node} node @param {number} depth */
    function read(node, depth) {
      if (text.length > most * 2 || depth > 40 || node === without || !WpBudget.node()) return;
      if (node instanceof Text) {
        text += node.data.slice(0, most * 4);
        return;
      }
      if (!WpDom.isElement(node) || (node !== element && !isRead(node))) return;
      const style = getComputedStyle(node);
      if (style.display === "none" || style.visibility === "hidden") return;
      const isBlock = !style.display.startsWith("inline") && style.display !== "contents";
      if (isBlock) text += " ";
      for (const child of childrenOf(node)) read(child, depth + 1);
      if (isBlock || WpDom.tag(node) === "br") text += " ";
    }
    if (element && !NOT_READ.has(WpDom.tag(element)) && !WpSecrets.hidesText(element)) read(element, 0);
    return clean(text, most);
  }

  /** Without the marks that are no part of a name: `Email *:` is "Email". @param {string} text @returns {string} */
  const name = (text) => text.replace(/(?:\s*[*:：＊])+$/, "");

  return { clean, isClean, name, of, value };
})();
