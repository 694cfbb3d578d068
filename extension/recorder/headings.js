// @ts-check
"use strict";
/** What the part of the page around an element is called: the heading above it, the named group that it is in. */
var WpHeadings = (() => {
  const EACH = ["h1", "h2", "h3", "h4", "h5", "h6", "[role=heading]"];
  const HEADINGS = EACH.join(", ");
  const PARTS = "section, article, aside, nav, li, td, fieldset, details, dialog, [role=dialog], [role=alertdialog], [role=region], [role=article], "
    + "[role=listitem], [role=tabpanel], [role=row], [role=group]";
  const DIALOGS = "dialog, [role=dialog], [role=alertdialog]";
  const GROUPS = `fieldset, details, section, article, nav, aside, form, search, ${DIALOGS}, [role=group], [role=region], [role=tabpanel], [role=radiogroup], `
    + "[role=toolbar], [role=navigation], [role=form], [role=search], [role=menu], [role=tree], [role=listbox], [role=grid], [role=complementary]";
  const MOST_HEADINGS = 12;

  /** The last of the elements, in their order, that begins before the element. @param {ArrayLike<Element>} elements @param {Element} element */
  function lastBefore(elements, element) {
    let low = 0;
    let high = elements.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(elements[middle], element)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {Element} one @param {Element} other */
  const isBefore = (one, other) => (WpDom.position(one, other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

  /** Of each kind those before the element, nearest first. Each kind for itself: one search for all of them takes three times as long. @param {Node} scope @param {Element} element */
  function* headingsBefore(scope, element) {
    const kinds = EACH.map((selector) => {
      const all = WpDom.list(scope, selector);
      return { all, at: lastBefore(all, element) };
    });
    for (;;) {
      const left = kinds.filter(({ at }) => at >= 0);
      if (!left.length) return;
      const nearest = left.reduce((one, other) => (isBefore(one.all[one.at], other.all[other.at]) ? other : one));
      yield nearest.all[nearest.at--];
    }
  }

  /** @param {Element} element @returns {string} Of the last visible heading before it whose part of the page it is in. */
  function heading(element) {
    const dialog = WpDom.closest(element, DIALOGS);
    for (let at = /** @type {Element | null} */ (element); at; at = hostOf(at)) {
      const scope = dialog && WpDom.root(dialog) === WpDom.root(at) ? dialog : WpDom.root(at);
      let left = WpBudget.query() ? MOST_HEADINGS : 0;
      for (const one of left ? headingsBefore(scope, at) : []) {
        const text = telling(one, at);
        if (text) return text;
        if (!--left) break;
      }
      if (scope === dialog) return "";
    }
    return "";
  }

  /** @param {Element} one @param {Element} element */
  function telling(one, element) {
    if (WpDom.contains(one, element)) return "";
    const part = WpDom.closest(WpDom.parent(one), PARTS);
    if ((part && !WpDom.contains(part, element)) || !WpDom.isVisible(one)) return "";
    return WpText.of(one, 200);
  }

  /** @param {Element} element @returns {Element | null} */
  function hostOf(element) {
    const root = WpDom.root(element);
    return root instanceof ShadowRoot ? root.host : null;
  }

  /** What an element is called by its own attributes. @param {Element} element @returns {string} */
  function labelOf(element) {
    const named = WpDom.referenced(element, "aria-labelledby").map((one) => WpText.of(one, 200)).filter(Boolean).join(" ");
    return named || WpText.clean(WpDom.attr(element, "aria-label"), 200);
  }

  /** @param {Element} group @returns {string} */
  function groupName(group) {
    const known = labelOf(group);
    if (known) return known;
    const tag = WpDom.tag(group);
    const title = tag === "fieldset" ? "legend" : tag === "details" ? "summary" : WpDom.matches(group, DIALOGS) ? HEADINGS : "";
    if (!title) return "";
    const found = WpDom.all(group, title)[0];
    return found ? WpText.of(found, 200) : "";
  }

  /** @param {Element} element @returns {string} Of the nearest named group around it. */
  function section(element) {
    let at = WpDom.parent(element);
    for (let left = 12; at && left > 0; left--) {
      const group = WpDom.closest(at, GROUPS);
      if (!group) return "";
      const name = WpDom.tag(group) === "details" && WpDom.tag(element) === "summary" ? "" : groupName(group);
      if (name) return WpText.name(name);
      at = WpDom.parent(group);
    }
    return "";
  }

  return { HEADINGS, heading, labelOf, section };
})();
