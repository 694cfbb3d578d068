// @ts-check
"use strict";
/** Where on a picture, a map or a canvas something was clicked, in words: these have no controls to name. */
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

  return { of };
})();
