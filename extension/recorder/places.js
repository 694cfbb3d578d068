// @ts-check
"use strict";
/** Where something is that has no name: where on a picture, a map or a canvas, and which of several fields. */
var WpPlaces = (() => {
  const WORDS = [
    ["upper left", "top", "upper right"],
    ["left side", "center", "right side"],
    ["lower left", "bottom", "lower right"],
  ];
  const SMALLEST = 60; // CSS pixels: what is smaller is an icon, which is clicked as a whole
  const PICTURES = "canvas, img, svg, video, object, embed, [role=img], [role=application], [aria-roledescription=map], .leaflet-container, .maplibregl-map, "
    + ".mapboxgl-map, .ol-viewport";

  /** @param {number} share */
  const third = (share) => (share < 1 / 3 ? 0 : share > 2 / 3 ? 2 : 1);

  /**
   * @param {Element} element @param {{ x: number, y: number }} point in the viewport
   * @returns {{ words: string, x: number, y: number } | null} The words, and the point from the element's upper left corner.
   */
  function of(element, point) {
    if (!WpDom.matches(element, PICTURES) || WpDom.closest(WpDom.parent(element), "a[href], button, [role=button], [role=link]")) return null;
    const { x, y, width, height } = WpDom.box(element);
    if (width < SMALLEST || height < SMALLEST) return null;
    const across = point.x - x;
    const down = point.y - y;
    if (across < 0 || down < 0 || across > width || down > height) return null;
    return { words: WORDS[third(down / height)][third(across / width)], x: Math.round(across), y: Math.round(down) };
  }

  /** How many fields are counted at a glance. */
  const MOST = 9;
  const FIELDS = "input, textarea, [contenteditable], [role=textbox], [role=searchbox]";

  /** @param {Element} field */
  function isNamelessField(field) {
    if (!WpSecrets.isTypedInto(field) || WpNames.name(field)) return false;
    const { width, height } = WpDom.box(field);
    return width > 0 && height > 0 && WpDom.isVisible(field);
  }

  /** Whether something of the page may stand above what is seen of it. @param {Element} element */
  const isScrolled = (element) => WpDom.closest(element, (each) => each.scrollTop > 0, 200) !== null;

  /**
   * Which of the fields without a name this one is: `2/3`, in the order of the page.
   * @param {Element} field @returns {string | null} Nobody would count there: too many, or more of them above.
   */
  function nth(field) {
    if (!isNamelessField(field) || isScrolled(field)) return null;
    const all = WpDom.list(WpDom.root(field), FIELDS);
    if (all.length > 200) return null;
    const others = Array.from(all).filter((each) => WpSecrets.isTypedInto(each) && !(each !== field && WpDom.contains(each, field)));
    const alike = others.filter((each) => WpRoles.of(each) === WpRoles.of(field) && isNamelessField(each));
    return alike.length <= MOST && alike.includes(field) ? `${alike.indexOf(field) + 1}/${alike.length}` : null;
  }

  return { nth, of };
})();
