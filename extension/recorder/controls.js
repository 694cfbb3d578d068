// @ts-check
"use strict";
/** From what the pointer hit to the control that a person would name: the button around an icon, the box of a label. */
var WpControls = (() => {
  const CONTROLS = "a[href], area[href], button, input, select, textarea, option, summary, label, [contenteditable]:not([contenteditable=false]), "
    + ["button", "link", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "tab", "checkbox", "radio", "switch", "treeitem", "combobox",
      "textbox", "searchbox", "spinbutton", "slider", "listbox"].map((role) => `[role~=${role}]`).join(", ");
  const HANDLED = "[onclick], [ng-click], [jsaction], [data-action], [tabindex]:not([tabindex='-1']), [draggable=true]";
  const PICTURES = "canvas, .leaflet-container, .maplibregl-map, .mapboxgl-map, .ol-viewport, [aria-roledescription=map]";
  const DRAWN = /^(?:path|g|use|circle|rect|line|polyline|polygon|ellipse|text|tspan|image|symbol|defs|mask)$/;
  const MOST_LEVELS = 14;

  /** @param {Element} element @returns {Element | null} */
  function labelled(element) {
    const field = element instanceof HTMLLabelElement ? element.control : null;
    return field && WpDom.isConnected(field) ? field : null;
  }

  /** The outermost element over which the pointer is a hand: pages draw it over whatever reacts. @param {Element} element */
  function underHand(element) {
    let found = null;
    for (let at = /** @type {Element | null} */ (element), level = 0; at && level < 8; at = WpDom.flatParent(at), level++) {
      if (/^(?:body|html)$/.test(WpDom.tag(at)) || getComputedStyle(at).cursor !== "pointer") break;
      found = at;
    }
    return found;
  }

  /** @param {Element} element @returns {boolean} */
  const isGrip = (element) => WpDom.matches(element, HANDLED) && !/^(?:body|html|main|form|dialog)$/.test(WpDom.tag(element))
    && !/^(?:dialog|grid|main|application|tabpanel)$/.test(WpDom.attr(element, "role"));

  /** @param {Element} element @returns {Element} */
  function withoutDrawing(element) {
    let at = element;
    while (DRAWN.test(WpDom.tag(at)) && "ownerSVGElement" in at) {
      const around = WpDom.parent(at);
      if (!around) break;
      at = around;
    }
    return at;
  }

  /** @param {Element} hit @returns {Element} */
  function of(hit) {
    const drawn = withoutDrawing(hit);
    let grip = null;
    for (let at = /** @type {Element | null} */ (drawn), level = 0; at && level < MOST_LEVELS; at = WpDom.flatParent(at), level++) {
      if (WpDom.matches(at, PICTURES)) return at;
      if (WpDom.matches(at, CONTROLS)) {
        if (WpDom.tag(at) !== "label") return editor(at);
        const field = labelled(at);
        if (field) return field;
      }
      if (!grip && isGrip(at)) grip = at;
    }
    return grip ?? underHand(drawn) ?? customElement(drawn) ?? drawn;
  }

  /** What is edited as a whole is one field. @param {Element} element @returns {Element} */
  function editor(element) {
    let at = element;
    for (let around = WpDom.parent(at); WpDom.isEditable(at) && around && WpDom.isEditable(around); around = WpDom.parent(at)) at = around;
    return at;
  }

  /** A custom element whose inside has no control of its own is one. @param {Element} element @returns {Element | null} */
  function customElement(element) {
    const root = WpDom.root(element);
    return root instanceof ShadowRoot && !WpText.of(element, 40) ? root.host : null;
  }

  return { CONTROLS, of };
})();
