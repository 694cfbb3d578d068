// @ts-check
"use strict";
/** Style sheets that show something while the pointer is over something else: no script runs, no element changes. */
var WpHoverRules = (() => {
  const MOST_RULES = 20_000;
  const DEPTH = 10;

  /** @typedef {{ by: string, selector: string }} WpHoverRule */

  /** @type {WeakMap<Document | ShadowRoot, { count: number, rules: WpHoverRule[] }>} */
  const known = new WeakMap();

  /** Whether the declarations bring something to light. @param {CSSStyleDeclaration} style */
  function shows({ display, visibility, opacity, maxHeight, height, pointerEvents, left, clipPath }) {
    return (display !== "" && display !== "none") || visibility === "visible" || opacity === "1" || (maxHeight !== "" && maxHeight !== "0px") ||
      (height !== "" && height !== "0px") || pointerEvents === "auto" || left === "0px" || left === "100%" || left === "auto" || clipPath === "none";
  }

  /** The part of a selector up to what the pointer is over; null if that is what is styled. @param {string} selector */
  function pointedAt(selector) {
    const found = /^(.*:hover[^\s>+~]*)[\s>+~]/.exec(selector);
    return found ? found[1] : null;
  }

  /** @param {string} list */
  const split = (list) => list.split(/,(?![^(]*\))/).map((each) => each.trim());

  /** @param {CSSRuleList} list @param {WpHoverRule[]} into @param {number} left @returns {number} */
  function collect(list, into, left) {
    for (const rule of list) {
      if ((left -= 1) <= 0) break;
      if (rule instanceof CSSStyleRule) {
        if (!rule.selectorText.includes(":hover") || !shows(rule.style)) continue;
        for (const selector of split(rule.selectorText)) {
          const by = pointedAt(selector);
          if (by) into.push({ by, selector });
        }
      } else if ("cssRules" in rule) left = collect(/** @type {CSSGroupingRule} */ (rule).cssRules, into, left);
    }
    return left;
  }

  /** @param {Document | ShadowRoot} root */
  function rulesOf(root) {
    const sheets = [...root.styleSheets, ...(root.adoptedStyleSheets ?? [])];
    const before = known.get(root);
    if (before?.count === sheets.length) return before.rules;
    /** @type {WpHoverRule[]} */
    const rules = [];
    let left = MOST_RULES;
    for (const sheet of sheets) {
      try {
        left = collect(sheet.cssRules, rules, left);
      } catch {
        continue;  // a sheet of another origin cannot be read
      }
    }
    known.set(root, { count: sheets.length, rules });
    return rules;
  }

  /** @param {Element} element @returns {{ by: Element, what: Element } | null} */
  function shownBy(element) {
    const rules = rulesOf(WpDom.root(element));
    if (!rules.length) return null;
    for (const each of WpNodes.path(element, DEPTH)) {
      for (const { by, selector } of rules) {
        if (!WpDom.matches(each, selector)) continue;
        const found = WpDom.closest(each, by) ?? null;
        if (found && found !== each) return { by: found, what: each };
      }
    }
    return null;
  }

  return { shownBy };
})();
