// @ts-check
"use strict";
/** The words around an element that tell it from others: its label, the heading above, its row, what stands beside it. */
var WpContext = (() => {
  const MOST_NODES_BESIDE = 60;
  const LONGEST_BESIDE = 80;

  /** @param {Element} element @returns {string} Of its `<label>`s. */
  function label(element) {
    if (!WpDom.matches(element, "input, select, textarea, button, meter, output, progress") && !WpDom.tag(element).includes("-")) return "";
    return WpDom.labels(element).map((one) => WpText.of(one, 300, element)).filter(Boolean).join(" ");
  }

  /** The node before in the order of the page, without what it holds going first. @param {Node} node @param {Node} limit @returns {Node | null} */
  function before(node, limit) {
    let at = node;
    while (at !== limit) {
      const beside = WpDom.nodeBefore(at);
      if (beside) {
        let last = beside;
        for (let inner = WpDom.lastOf(last); inner && WpBudget.node(); inner = WpDom.lastOf(last)) last = inner;
        return last;
      }
      const up = WpDom.parentNode(at);
      if (!up || up === limit) return null;
      at = up;
    }
    return null;
  }

  /** The nearest visible words before it, neither its own nor its label's. @param {Element} element @param {string[]} own */
  function nearby(element, own) {
    const limit = WpDom.closest(element, "dialog, [role=dialog], body") ?? WpDom.root(element);
    let at = before(element, limit);
    for (let left = MOST_NODES_BESIDE; at && left > 0 && WpBudget.node(); left--, at = before(at, limit)) {
      if (!(at instanceof Text) || at.data.length > 2000) continue;
      const words = WpText.name(WpText.clean(at.data, LONGEST_BESIDE));
      const holder = at.parentElement;
      if (words.length < 2 || !/[\p{L}\p{N}]/u.test(words) || own.includes(words) || !holder) continue;
      if (/^(?:script|style|noscript|template|option|textarea|title)$/.test(WpDom.tag(holder)) || WpDom.closest(holder, "[aria-hidden=true]")) continue;
      if (WpSecrets.hidesText(holder) || WpDom.isEditable(holder) || !WpDom.isVisible(holder)) continue;
      return words;
    }
    return "";
  }

  /**
   * @template T @param {() => T} look @param {T} otherwise @returns {T} What a look finds; a broken page costs that look alone.
   */
  function attempt(look, otherwise) {
    try {
      return look();
    } catch {
      return otherwise;
    }
  }

  /** @param {Element} element @returns {WpWords} */
  function of(element) {
    const ownLabel = attempt(() => WpText.name(label(element)), "");
    const orNull = (/** @type {() => string} */ look) => attempt(look, "") || null;
    const own = [ownLabel, attempt(() => WpText.of(element, LONGEST_BESIDE), ""), attempt(() => WpNames.accessibleName(element), "")];
    return {
      label: ownLabel || null,
      placeholder: orNull(() => WpText.clean(WpDom.attr(element, "placeholder") || WpDom.attr(element, "aria-placeholder"), 200)),
      heading: orNull(() => WpHeadings.heading(element)),
      section: orNull(() => WpHeadings.section(element)),
      row: orNull(() => WpText.name(WpRows.row(element))),
      column: orNull(() => WpText.name(WpRows.column(element))),
      nearby: orNull(() => nearby(element, own)),
    };
  }

  return { attempt, of };
})();
