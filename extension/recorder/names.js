// @ts-check
"use strict";
/** What an element is called: its accessible name by the standard's algorithm, and its own text. */
var WpNames = (() => {
  const LONGEST = 500;
  const LONGEST_OF_A_CARD = 80;
  const NAMED_BY_CONTENT = /^(?:button|cell|checkbox|columnheader|gridcell|heading|link|menuitem|menuitemcheckbox|menuitemradio|option|radio|row|rowheader|switch|tab|tooltip|treeitem)$/;
  const SPEAKING = /^(?:button|menuitem|menuitemcheckbox|menuitemradio|checkbox|radio|switch|tab)$/;
  /** @type {CSSStyleDeclaration} What a hidden element's style says, for the algorithm to pass it over. */
  const HIDDEN = /** @type {any} */ ({ getPropertyValue: (/** @type {string} */ name) => (name === "display" ? "none" : "hidden") });

  class TooMuch extends Error {}

  /** By the standard, or empty if the element holds too much for it. @param {Element} element @returns {string} */
  function computed(element) {
    if (WpDom.tag(element) === "form") return WpHeadings.labelOf(element); // its fields may hide what the algorithm asks it
    /** @param {Element} one @param {string | null} [pseudo] @returns {CSSStyleDeclaration} */
    const style = (one, pseudo) => {
      if (!WpBudget.node()) throw new TooMuch();
      return one !== element && WpSecrets.hidesTextItself(one) ? HIDDEN : getComputedStyle(one, pseudo);
    };
    try {
      return DomAccessibilityApi.computeAccessibleName(element, { getComputedStyle: style, computedStyleSupportsPseudoElements: false });
    } catch {
      return WpDom.attr(element, "aria-label");
    }
  }

  /** Given in so many words, not taken from what the element holds. @param {Element} element @returns {string} */
  const given = (element) =>
    WpText.clean(WpDom.attr(element, "aria-label")) || WpText.clean(WpDom.attr(element, "title")) || WpText.clean(WpDom.attr(element, "placeholder"));

  /** Whether what the element holds must stay private. A button's words are what it does. @param {Element} element */
  function holdsPrivateText(element) {
    if (WpSecrets.isTypedInto(element) || !WpSecrets.hidesText(element)) return false;
    return WpPrivacyMarks.own(element) || !SPEAKING.test(WpRoles.of(element) ?? "");
  }

  /** @param {Element} element @returns {string} Empty if it has none. */
  function accessibleName(element) {
    if (holdsPrivateText(element)) return given(element);
    const name = WpText.clean(computed(element), LONGEST + 1);
    if (name.length > LONGEST) return "";
    if (name) return name;
    if (WpDom.tag(element) === "area") return WpText.clean(WpDom.attr(element, "alt"));
    if (WpSecrets.isTypedInto(element)) {
      return WpText.clean(WpDom.attr(element, "placeholder")) || WpText.clean(WpDom.attr(element, "aria-placeholder")) || nameOfHost(element);
    }
    return NAMED_BY_CONTENT.test(WpRoles.of(element) ?? "") || WpDom.tag(element).includes("-") ? WpText.of(element, 200) || nameOfHost(element) : nameOfHost(element);
  }

  /** Inside a custom element the name may stand on the element itself: `<my-field label="City">`. @param {Element} element */
  function nameOfHost(element) {
    const root = WpDom.root(element);
    if (!(root instanceof ShadowRoot)) return "";
    return WpText.clean(WpDom.attr(root.host, "aria-label")) || WpText.clean(WpDom.attr(root.host, "label"));
  }

  /** A card that is one link is called by its heading, not by all that stands on it. @param {Element} element @param {string} name */
  function ofCard(element, name) {
    if (name.length <= LONGEST_OF_A_CARD || WpDom.has(element, "aria-label") || WpDom.has(element, "aria-labelledby")) return name;
    const titles = WpDom.all(element, "h1, h2, h3, h4, h5, h6, [role=heading], strong, b").slice(0, 5);
    return titles.map((title) => WpText.of(title, 200)).find((text) => text.length > 1) ?? name;
  }

  /** @param {Element} element @returns {string | null} */
  const name = (element) => ofCard(element, accessibleName(element)) || null;

  /** Its own text; a field has none, for what stands in it is its value. @param {Element} element @returns {string | null} */
  function text(element) {
    if (holdsPrivateText(element) || WpSecrets.isTypedInto(element)) return null;
    if (WpDom.tag(element) === "option") return WpText.clean(WpDom.text(element)) || null;
    return WpText.of(element) || null;
  }

  return { accessibleName, name, role: WpRoles.of, text };
})();
