// @ts-check
"use strict";
/** A code that is typed into a row of boxes, a character each: one field in the eyes of a person, and a secret. */
var WpBoxes = (() => {
  const FEWEST = 4;
  const MOST = 12;

  /** @param {Element} field @returns {Element[] | null} */
  function groupOf(field) {
    for (const around of WpNodes.path(WpDom.parent(field), 3)) {
      const boxes = [...around.querySelectorAll("input")].filter((each) => each.maxLength === 1);
      if (boxes.length >= FEWEST && boxes.length <= MOST && boxes.some((each) => each === field)) return boxes;
    }
    return null;
  }

  /** What all of them are called together. @param {WpSession} session @param {Element[]} group */
  function nameOf(session, group) {
    const around = WpDom.closest(WpDom.parent(group[0]), "fieldset, [role=group], [aria-labelledby], [aria-label]", 4);
    return around && session.describe(around)?.name;
  }

  /** @param {Element[]} _group @returns {WpValue} */
  const valueOf = (_group) => ({ value: null, value_kind: "secret" });

  return { groupOf, nameOf, valueOf };
})();
