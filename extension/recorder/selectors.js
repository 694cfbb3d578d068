// @ts-check
"use strict";
/** Ways to find an element again, best first; each was checked to find it alone. In the syntax of Puppeteer. */
var WpSelectors = (() => {
  const MOST_LOOKED_AT = 1500;
  const MOST_NAMED = 40;
  const LONGEST_TEXT = 80;
  /** Elements that have a name in the accessibility tree. */
  const NAMED = ["a[href]", "button", "input", "select", "textarea", "summary", "option", "img", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th",
    "legend", "[role]", "[aria-label]", "[aria-labelledby]"];
  /** @type {Record<string, string[]>} */
  const TAGS = {
    button: ["button", "summary", "input"], link: ["a[href]", "area[href]"], textbox: ["input", "textarea", "[contenteditable]"],
    searchbox: ["input"], combobox: ["select", "input"], listbox: ["select"], option: ["option"], checkbox: ["input"], radio: ["input"],
    slider: ["input"], spinbutton: ["input"], heading: ["h1", "h2", "h3", "h4", "h5", "h6"], img: ["img", "svg"], switch: ["input"],
  };

  const SAYING = ["aria-label", "title", "alt", "placeholder", "value"];
  const SAYING_WITHIN = "[alt], [aria-label], [title], slot";

  /** @param {string} text @param {string} name */
  const says = (text, name) => text !== "" && text.slice(0, 2000).replace(/\s+/g, " ").includes(name);

  /** Whether the name might stand in what the element holds. @param {Element} element @param {string} name */
  const maySay = (element, name) => says(WpDom.text(element), name) || (WpNodes.hasElements(element) && WpDom.list(element, SAYING_WITHIN).length > 0);

  /** Whether the element might be called so, told without computing its name. @param {Element} one @param {string} name @param {Element[]} labels that might say it */
  function mayBeCalled(one, name, labels) {
    if (WpDom.has(one, "aria-labelledby") || maySay(one, name)) return true;
    if (SAYING.some((attribute) => says(WpDom.attr(one, attribute), name))) return true;
    const id = WpDom.attr(one, "id");
    return labels.some((label) => WpDom.contains(label, one) || (id !== "" && WpDom.attr(label, "for") === id));
  }

  /** @param {Node} root @param {string[]} selectors @param {number} most @returns {Element[] | null} What fits any of them; null: more than that. */
  function few(root, selectors, most) {
    /** @type {Set<Element>} */
    const found = new Set();
    for (const selector of selectors) {
      const list = WpDom.list(root, selector);
      if (list.length > most) return null;
      for (let at = 0; at < list.length; at++) found.add(list[at]);
      if (found.size > most) return null;
    }
    return [...found];
  }

  /**
   * Whether no other element of these has the name. False too if that would take too long to find out.
   * @param {(Document | ShadowRoot)[]} roots @param {string[]} selectors @param {string} role empty: any
   * @param {Element} element @param {string} name
   */
  function isOnlyOne(roots, selectors, role, element, name) {
    let left = MOST_LOOKED_AT;
    let named = 0;
    for (const root of roots) {
      const found = few(root, selectors, left);
      const labels = found && few(root, ["label"], left - found.length);
      if (!labels) return false;
      left -= found.length + labels.length;
      const saying = labels.filter((label) => maySay(label, name));
      for (const one of found) {
        if (one === element || WpDom.contains(one, element)) continue;
        if ((role && WpRoles.of(one) !== role) || !mayBeCalled(one, name, saying) || !WpDom.isVisible(one)) continue;
        if (++named > MOST_NAMED) return false;
        if (WpNames.accessibleName(one) === name) return false;
      }
    }
    return true;
  }

  /** @param {Element} element @param {(Document | ShadowRoot)[]} roots @returns {string[]} */
  function byName(element, roots) {
    const name = WpNames.accessibleName(element);
    const role = WpRoles.of(element);
    if (!name || name.length > 200 || /[[\]]/.test(name)) return [];
    if (!role || !isOnlyOne(roots, [...(TAGS[role] ?? []), `[role~="${role}"]`], role, element, name)) return [];
    const exact = `aria/${name}[role="${role}"]`;
    return isOnlyOne(roots, NAMED, "", element, name) ? [`aria/${name}`, exact] : [exact];
  }

  /** By its words, if it is the innermost that holds them and no other does. @param {Element} element @param {(Document | ShadowRoot)[]} roots */
  function byText(element, roots) {
    const words = WpNames.text(element) ?? "";
    if (words.length < 2 || words.length > LONGEST_TEXT || WpDom.tag(element) === "option") return "";
    const looked = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s+"), "gi");
    const times = (/** @type {Node} */ node) => [...WpDom.text(node).matchAll(looked)].length;
    if (!times(element) || WpDom.children(element).some(times)) return "";
    let found = 0;
    for (const root of roots) {
      found += times(root instanceof Document ? root.documentElement : root);
      if (found > 1) return "";
    }
    return found === 1 ? `text/${words}` : "";
  }

  /**
   * The selector within its root, led to through the hosts of the shadow roots around it.
   * @param {Element} element @param {string} last @returns {WpSelector | null}
   */
  function chain(element, last) {
    const parts = [last];
    for (let root = WpDom.root(element); root instanceof ShadowRoot; root = WpDom.root(root.host)) {
      const host = WpPaths.byMarks(root.host)[0] ?? WpPaths.byPlace(root.host);
      if (!host || parts.length > 18) return null;
      parts.unshift(host);
    }
    return parts.length === 1 ? last : parts;
  }

  /** Through all shadow roots at once, if nothing else in any of them is found. @param {Element} element @param {string} css @param {(Document | ShadowRoot)[]} roots */
  function pierce(element, css, roots) {
    if (!(WpDom.root(element) instanceof ShadowRoot)) return "";
    const found = roots.flatMap((root) => WpDom.all(root, css));
    return found.length === 1 && found[0] === element ? `pierce/${css}` : "";
  }

  /** @param {Element} element @returns {WpSelector[]} */
  function of(element) {
    const marks = WpContext.attempt(() => WpPaths.byMarks(element), []);
    const place = WpContext.attempt(() => WpPaths.byPlace(element), "");
    const roots = WpSurvey.roots(document);
    const isHidden = WpSecrets.hidesText(element) && !WpSecrets.isTypedInto(element);
    const path = WpContext.attempt(() => WpPaths.xpath(element), "");
    /** @type {(WpSelector | null | "")[]} */
    const ranked = [
      ...marks.filter((mark) => /^\[data-/.test(mark)).map((mark) => chain(element, mark)),
      ...(isHidden ? [] : WpContext.attempt(() => byName(element, roots), [])),
      ...marks.filter((mark) => !/^\[data-/.test(mark)).map((mark) => chain(element, mark)),
      isHidden ? "" : WpContext.attempt(() => byText(element, roots), ""),
      place && chain(element, place),
      path && `xpath/${path}`,
      pierce(element, marks[0] ?? place, roots),
    ];
    const kept = ranked.filter((one) => one !== null && one !== "" && (Array.isArray(one) ? one : [one]).every((part) => part.length <= 2000 && WpText.isClean(part)));
    return /** @type {WpSelector[]} */ (kept).filter((one, at) => kept.findIndex((other) => String(other) === String(one)) === at).slice(0, 12);
  }

  return { of };
})();
