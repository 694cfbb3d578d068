// @ts-check
"use strict";
/** The role of an element: the one that it claims, else that of its tag where it stands. */
var WpRoles = (() => {
  const KNOWN = new Set(
    ("alert alertdialog application article banner blockquote button cell checkbox code columnheader combobox complementary contentinfo "
      + "dialog directory document emphasis feed figure form grid gridcell group heading image img link list listbox listitem log main "
      + "marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation note option paragraph progressbar radio "
      + "radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status switch tab table tablist "
      + "tabpanel textbox time timer toolbar tooltip tree treegrid treeitem").split(" "),
  );
  const SECTIONS = "article, aside, main, nav, section";
  const isNamed = (/** @type {Element} */ element) =>
    WpDom.attr(element, "aria-label").trim() !== "" || WpDom.attr(element, "aria-labelledby").trim() !== "";

  /** @type {Record<string, (element: Element) => string | null>} */
  const WHERE_IT_STANDS = {
    section: (element) => (isNamed(element) ? "region" : null),
    form: (element) => (isNamed(element) ? "form" : null),
    header: (element) => (WpDom.closest(WpDom.parent(element), SECTIONS) ? null : "banner"),
    footer: (element) => (WpDom.closest(WpDom.parent(element), SECTIONS) ? null : "contentinfo"),
    th: (element) => (isRowHeader(element) ? "rowheader" : "columnheader"),
    td: (element) => (WpDom.closest(element, "[role=grid], [role=treegrid]") ? "gridcell" : "cell"),
    legend: () => null,
    html: () => null,
    dialog: () => "dialog",
    search: () => "search",
    svg: () => "img",
    input: (element) => ofInput(element),
  };

  /** @param {Element} element @returns {boolean} */
  function isRowHeader(element) {
    const scope = WpDom.attr(element, "scope");
    if (scope) return scope.startsWith("row");
    const row = WpDom.parent(element);
    return !WpDom.closest(element, "thead") && !!row && WpDom.children(row).some((cell) => WpDom.tag(cell) === "td");
  }

  /** @param {Element} element @returns {string | null} */
  function ofInput(element) {
    const type = WpDom.attr(element, "type").toLowerCase();
    if (type === "password" || type === "hidden" || /^(?:date|datetime-local|time|month|week|color|file)$/.test(type)) return null;
    if (/^(?:button|image|reset|submit)$/.test(type)) return "button";
    if (/^(?:checkbox|radio)$/.test(type)) return WpDom.has(element, "switch") ? "switch" : type;
    if (type === "range") return "slider";
    if (type === "number") return "spinbutton";
    if (WpDom.has(element, "list")) return "combobox";
    return type === "search" ? "searchbox" : "textbox";
  }

  /** @param {Element} element @returns {string | null} */
  function of(element) {
    for (const claimed of WpDom.attr(element, "role").toLowerCase().split(/\s+/)) {
      if (KNOWN.has(claimed)) return claimed;
      if (claimed === "none" || claimed === "presentation") return null;
    }
    const own = WHERE_IT_STANDS[WpDom.tag(element)];
    if (own) return own(element);
    const found = DomAccessibilityApi.getRole(element);
    if (found && KNOWN.has(found)) return found;
    return WpDom.isEditable(element) && WpDom.has(element, "contenteditable") ? "textbox" : null;
  }

  return { of };
})();
