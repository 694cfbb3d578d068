// @ts-check
"use strict";
/** All that is kept of an element that was used. */
var WpTarget = (() => {
  const KEPT = [
    "id", "name", "type", "title", "alt", "role", "autocomplete", "inputmode", "placeholder", "required", "for", "contenteditable", "list",
    "multiple", "draggable", "aria-label", "aria-placeholder", "aria-haspopup", "aria-expanded", "aria-selected", "aria-checked", "aria-pressed",
    "aria-current", "aria-modal", "aria-roledescription", "data-tooltip", ...WpIdentifiers.TEST_IDS,
  ];
  const LONGEST_ATTRIBUTE = 500;

  /** An address without what it may carry along: who, which query, which fragment. @param {string} address @returns {string} */
  function address(address) {
    if (/^\s*(?:javascript|data|blob|vbscript):/i.test(address)) return "";
    return WpText.clean(address.replace(/[?#].*$/s, "").replace(/^([a-z][a-z\d+.-]*:)?\/\/[^/?#@]*@/i, "$1//"), LONGEST_ATTRIBUTE);
  }

  /** @param {Element} element @returns {Record<string, string>} */
  function attributes(element) {
    /** @type {Record<string, string>} */
    const kept = {};
    for (const name of KEPT) {
      if (WpDom.has(element, name)) kept[name] = WpText.clean(WpDom.attr(element, name), LONGEST_ATTRIBUTE);
    }
    if (WpDom.has(element, "href")) kept.href = address(WpDom.attr(element, "href"));
    const isButton = WpDom.tag(element) === "input" && /^(?:submit|button|reset)$/i.test(WpDom.attr(element, "type"));
    if (isButton && WpDom.has(element, "value")) kept.value = WpText.clean(WpDom.attr(element, "value"), LONGEST_ATTRIBUTE);
    return kept;
  }

  /** @param {Element} element @param {{ x: number, y: number } | undefined} point @param {Record<string, string>} kept */
  function addPlace(element, point, kept) {
    const place = point && WpPlaces.of(element, point);
    if (!place) return;
    kept["data-wp-place"] = place.words;
    kept["data-wp-point"] = `${place.x},${place.y}`;
  }

  /** @param {Element} element @param {Record<string, string>} kept */
  function addNumber(element, kept) {
    const number = WpPlaces.nth(element);
    if (number) kept["data-wp-nth"] = number;
  }

  /**
   * @param {Element} element the control: `WpControls.of` finds it from what the pointer hit
   * @param {{ window: Window, point?: { x: number, y: number } }} seen `point`: where it was clicked, in the viewport
   * @returns {WpTarget}
   */
  function describe(element, { point }) {
    return WpPristine.within(() => {
      WpBudget.start();
      const { attempt } = WpContext;
      const kept = attempt(() => attributes(element), {});
      attempt(() => addPlace(element, point, kept), undefined);
      attempt(() => addNumber(element, kept), undefined);
      return {
        tag: WpDom.tag(element).slice(0, 100),
        role: attempt(() => WpRoles.of(element), null),
        name: attempt(() => WpNames.name(element), null),
        text: attempt(() => WpNames.text(element), null),
        attributes: kept,
        box: attempt(() => WpDom.box(element), null),
        context: WpContext.of(element),
        selectors: attempt(() => WpSelectors.of(element), []),
        frame: [],
      };
    });
  }

  /** What stands in the field; a secret's value is not read. @param {Element} element @returns {WpValue} */
  const valueOf = (element) => WpPristine.within(() => WpValues.of(element));

  return { describe, valueOf };
})();
