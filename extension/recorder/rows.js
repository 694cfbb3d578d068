// @ts-check
"use strict";
/** Which of many: the row and the column of a table, the item of a list, the card among cards. */
var WpRows = (() => {
  const ROWS = "tr, [role=row]";
  const CELLS = "th, td, [role=cell], [role=gridcell], [role=rowheader], [role=columnheader]";
  const ITEMS = "li, article, dd, [role=listitem], [role=article], [role=treeitem]";
  const MOST_CELLS = 60;
  const MOST_SIBLINGS = 4;
  const MOST_CONTROLS = 10;
  const TELLING = /\p{L}/u;

  /** @param {Element} row @returns {Element[]} */
  const cellsOf = (row) => WpDom.children(row).filter((cell) => WpDom.matches(cell, CELLS)).slice(0, MOST_CELLS);

  /** Its cells, also where a grid wraps them. @param {Element} row */
  function cells(row) {
    const own = cellsOf(row);
    return own.length ? own : WpDom.all(row, CELLS).slice(0, MOST_CELLS);
  }

  /** Whether the cells beside, in the rows around, say the same: then it is what can be done with a row, not what the row is called. @param {Element} row @param {number} at */
  function isSaidOfEach(row, at) {
    const own = WpText.of(cells(row)[at], 80);
    const beside = [WpDom.elementBefore(row), WpDom.elementAfter(row)].map((other) => other && cells(other)[at]);
    return beside.some((cell) => cell && WpText.of(cell, 80) === own);
  }

  /** Whether the element, no button, is all that its row's first telling cell holds. @param {Element} row @param {Element[]} all @param {Element} element */
  function names(row, all, element) {
    if (WpRoles.of(element) === "button") return false;
    const at = all.findIndex((cell) => TELLING.test(WpText.of(cell, 200)));
    return at >= 0 && WpDom.contains(all[at], element) && !TELLING.test(WpText.of(all[at], 200, element)) && !isSaidOfEach(row, at);
  }

  /** @param {Element} row @param {Element} element @returns {string} The row's header, else its first telling cell; nothing where the element itself says it. */
  function titleOf(row, element) {
    const all = cells(row);
    const isHeader = all.length > 0 && all.every((cell) => WpDom.matches(cell, "th:not([scope=row]), [role=columnheader]"));
    if (isHeader) return "";
    const headers = all.filter((cell) => WpRoles.of(cell) === "rowheader");
    if (headers.some((cell) => WpDom.contains(cell, element))) return "";
    const label = WpHeadings.labelOf(row);
    if (!headers.length && label) return label;
    if (!headers.length && names(row, all, element)) return "";
    let fallback = "";
    for (const cell of [...headers, ...all]) {
      const text = WpText.of(cell, 200, element);
      if (TELLING.test(text)) return text;
      fallback ||= text;
    }
    return fallback;
  }

  /** @param {Element} element @returns {string} */
  function ofTable(element) {
    const row = WpDom.closest(element, ROWS);
    return row && row !== element ? titleOf(row, element) : "";
  }

  const firstClass = (/** @type {Element} */ element) => WpDom.attr(element, "class").trim().split(/\s+/)[0];

  /** @param {Element} one @param {Element} other */
  const isAlike = (one, other) => WpDom.tag(one) === WpDom.tag(other) && WpDom.attr(one, "role") === WpDom.attr(other, "role")
    && (WpDom.matches(one, ITEMS) || (firstClass(one) !== "" && firstClass(one) === firstClass(other)) || WpDom.tag(one).includes("-"));

  /** The things beside it that are built like it. @param {Element} item @returns {Element[]} */
  function twins(item) {
    const found = [];
    for (const next of [WpDom.elementBefore, WpDom.elementAfter]) {
      for (let one = next(item), left = MOST_SIBLINGS; one && left > 0; one = next(one), left--) {
        if (isAlike(one, item)) found.push(one);
      }
    }
    return found;
  }

  /** What tells a control from the others of its item, without asking for labels: those are searched for in the whole page. @param {Element} element */
  const signature = (element) =>
    WpSecrets.isTypedInto(element) || WpDom.matches(element, "input, select")
      ? ["type", "name", "aria-label", "placeholder"].map((name) => WpDom.attr(element, name)).join("|")
      : WpText.of(element, 80) || WpNames.accessibleName(element);

  /** Whether the things beside hold the same control: only then must one say which. @param {Element[]} others @param {Element} element */
  function isRepeated(others, element) {
    const tag = WpDom.tag(element);
    const own = signature(element);
    const isSame = (/** @type {Element} */ one) => WpRoles.of(one) === WpRoles.of(element) && signature(one) === own;
    return others.some((other) => [other, WpDom.shadow(other)].some((root) => root && WpDom.all(root, tag).slice(0, MOST_CONTROLS).some(isSame)));
  }

  /** What stands in it beside its elements. @param {Element} item @returns {string} */
  function bareWords(item) {
    const texts = WpDom.nodes(item).filter((node) => node instanceof Text).slice(0, 20);
    return WpText.clean(texts.map((node) => /** @type {Text} */ (node).data).join(" "), 120);
  }

  /** @param {Element} item @param {Element} element @returns {string} */
  function nameOfItem(item, element) {
    const label = WpHeadings.labelOf(item);
    if (label) return label;
    for (const selector of [WpHeadings.HEADINGS, "[itemprop=name], [class*=title], [class*=name]", "strong, b, a, label, span, p, div"]) {
      for (const one of WpDom.all(item, selector).slice(0, 20)) {
        if (one === element || WpDom.contains(element, one) || WpDom.contains(one, element)) continue;
        if (WpDom.matches(one, "button *, [role=button] *")) continue;
        const text = WpText.of(one, 120, element);
        if (TELLING.test(text)) return text;
      }
    }
    const bare = bareWords(item);
    return TELLING.test(bare) ? bare : WpText.of(item, 120, element);
  }

  /** @param {Element} element @returns {string} Of the item of a list, or the card, that holds the same control as those beside it. */
  function ofItem(element) {
    let item = WpDom.parent(element);
    for (let level = 0; item && level < 8; level++, item = WpDom.parent(item)) {
      if (/^(?:body|main|form|table|tbody|tr)$/.test(WpDom.tag(item))) return "";
      if (WpDom.tag(item) === "label") continue;
      const others = twins(item);
      if (others.length && isRepeated(others, element)) return nameOfItem(item, element);
    }
    return "";
  }

  /** @param {Element} element @returns {string} */
  const row = (element) => ofTable(element) || (WpDom.closest(element, ROWS) ? "" : ofItem(element));

  /** How many columns stand before the cell. @param {Element} cell @param {Element[]} all */
  function columnOf(cell, all) {
    let at = 0;
    for (const one of all) {
      if (one === cell) return at;
      at += Number(WpDom.attr(one, "colspan")) || 1;
    }
    return -1;
  }

  /** @param {Element} element @returns {string} */
  function column(element) {
    const cell = WpDom.closest(element, CELLS);
    const row = cell && WpDom.closest(cell, ROWS);
    const table = row && WpDom.closest(row, "table, [role=grid], [role=table], [role=treegrid]");
    if (!cell || !row || !table || WpDom.matches(cell, "thead *, [role=columnheader]")) return "";
    const named = WpDom.referenced(cell, "headers").find((one) => WpRoles.of(one) === "columnheader");
    if (named) return WpText.of(named, 200);
    const index = WpDom.attr(cell, "aria-colindex");
    if (index) {
      const header = WpDom.all(table, `[role=columnheader][aria-colindex="${CSS.escape(index)}"]`)[0];
      if (header) return WpText.of(header, 200);
    }
    return byPosition(columnOf(cell, cells(row)), table, row);
  }

  /** @param {number} at @param {Element} table @param {Element} row */
  function byPosition(at, table, row) {
    const head = WpDom.all(table, "thead tr")[0] ?? WpDom.all(table, "[role=columnheader]")[0] ?? WpDom.all(table, "th")[0];
    const header = head && WpDom.closest(head, ROWS);
    if (at < 0 || !header || header === row) return "";
    const heads = cells(header);
    if (!heads.some((cell) => WpRoles.of(cell) === "columnheader")) return "";
    let from = 0;
    for (const cell of heads) {
      const width = Number(WpDom.attr(cell, "colspan")) || 1;
      if (at < from + width) return WpText.of(cell, 200);
      from += width;
    }
    return "";
  }

  return { column, row };
})();
