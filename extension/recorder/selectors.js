// @ts-check
"use strict";
/** Ways to find an element again, best first; each was checked to find it alone. In the syntax of Puppeteer. */
var WpSelectors = (() => {
  const MOST_LOOKED_AT = 1500;
  const MOST_NAMED = 40;
  const LONGEST_TEXT = 80;
  /** Elements that have a name in the accessibility tree. */
  const NAMED = "a[href], button, input, select, textarea, summary, option, img, h1, h2, h3, h4, h5, h6, td, th, legend, [role], [aria-label], [aria-labelledby]";
  /** @type {Record<string, string>} */
  const TAGS = {
    button: "button, summary, input", link: "a[href], area[href]", textbox: "input, textarea, [contenteditable]", searchbox: "input",
    combobox: "select, input", listbox: "select", option: "option", checkbox: "input", radio: "input", slider: "input", spinbutton: "input",
    heading: "h1, h2, h3, h4, h5, h6", img: "img, svg", switch: "input",
  };

  /** Whether the element might be called so, told without computing its name. @param {Element} one @param {string} name */
  function mayBeCalled(one, name) {
    if (WpDom.has(one, "aria-labelledby")) return true;
    const labels = WpDom.matches(one, "input, select, textarea, button") ? WpDom.labels(one) : [];
    const words = ["aria-label", "title", "alt", "placeholder", "value"].map((attribute) => WpDom.attr(one, attribute));
    words.push(...[one, ...labels].map((held) => WpDom.text(held).slice(0, 2000)));
    if (words.some((text) => text.replace(/\s+/g, " ").includes(name))) return true;
    return [one, ...labels].some((held) => WpDom.all(held, "[alt], [aria-label], [title], slot").length > 0);
  }

  /**
   * Whether no other element of these has the name. False too if that would take too long to find out.
   * @param {(Document | ShadowRoot)[]} roots @param {string} selector @param {string} role empty: any
   * @param {Element} element @param {string} name
   */
  function isOnlyOne(roots, selector, role, element, name) {
    let looked = 0;
    let named = 0;
    for (const root of roots) {
      for (const one of WpDom.all(root, selector)) {
        if (one === element || WpDom.contains(one, element)) continue;
        if (++looked > MOST_LOOKED_AT) return false;
        if ((role && WpRoles.of(one) !== role) || !mayBeCalled(one, name) || !WpDom.isVisible(one)) continue;
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
    if (!role || !isOnlyOne(roots, `${TAGS[role] ?? ":not(*)"}, [role~="${role}"]`, role, element, name)) return [];
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
    const roots = WpDom.roots(document);
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
