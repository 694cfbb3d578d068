// @ts-check
"use strict";
/** Where in a drawing somebody clicked: its parts have no names. */
var WpPlaces = (() => {
  const ROWS = ["upper", "middle", "lower"];
  const COLUMNS = ["left", "middle", "right"];
  /** @type {Record<string, string>} */
  const SHORT = { "middle middle": "middle", "upper middle": "top", "lower middle": "bottom", "middle left": "left", "middle right": "right" };

  /** @param {number} at @param {number} from @param {number} length */
  const third = (at, from, length) => Math.min(2, Math.max(0, Math.floor(((at - from) / (length || 1)) * 3)));

  /** @param {WpClick} click @returns {string | null} */
  function within({ control, target, point }) {
    const box = target?.box;
    if (control.kind !== "canvas" || !point || !box) return null;
    const words = `${ROWS[third(point.y, box.y, box.height)]} ${COLUMNS[third(point.x, box.x, box.width)]}`;
    return SHORT[words] ?? words;
  }

  return { within };
})();
