// @ts-check
"use strict";
/** Drag and drop, the browser's own and what pages make of pointer events: one step that names what and where to. */
var WpDragging = (() => {
  const { closest, matches: is, parent: up, text } = WpDom;
  const { holds, rect } = WpNodes;
  const FAR = 8;
  const ITEMS = "li, tr, article, [role=listitem], [role=option], [role=row], [role=treeitem], [role=gridcell], [draggable=true], [data-id], [data-item], [data-key]";
  const PLACES = "section, ul, ol, fieldset, table, td, aside, [role=list], [role=listbox], [role=region], [role=group], [role=tree], [role=grid], [role=gridcell], [aria-label], [aria-labelledby]";
  const HEADINGS = "h1, h2, h3, h4, h5, h6, legend, caption, [role=heading]";
  const HANDS = /grab|move|resize/;
  /** How long a page may take to put a thing in its new place. */
  const PATIENCE = 150;

  /** @param {Element} element */
  const wordsOf = (element) => text(element).replace(/\s+/g, " ").trim().slice(0, 200);

  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;
    /** How things were when the pointer went down. */
    let start = { item: /** @type {Element | null} */ (null), x: 0, y: 0, before: /** @type {Element | null} */ (null), around: /** @type {Element | null} */ (null) };
    /** @type {{ element: Element, target: WpTarget | null, moment: string } | null} */
    let carried = null;

    /** @param {WpPress} press */
    function begin(press) {
      const item = closest(press.element, ITEMS, 8) ?? press.control.element;
      const { x, y } = rect(item);
      start = { item, x, y, before: WpDom.elementBefore(item), around: up(item) };
      carried = null;
    }

    /** @param {Element} element @param {Element} source */
    function nameOf(element, source) {
      const item = closest(element, ITEMS, 8);
      const place = closest(element, PLACES, 12);
      if (place && !holds(place, source)) {
        const name = session.describe(place)?.name ?? place.querySelector(HEADINGS)?.textContent?.trim();
        if (name) return name;
      }
      const words = item && item !== source ? session.describe(item)?.name ?? wordsOf(item) : "";
      if (words) return words;
      const around = closest(element, "[aria-label], [aria-labelledby], section", 12);
      return around && !holds(around, source) ? session.describe(around)?.name ?? null : shortWords(element, source);
    }

    /** @param {Element} element @param {Element} source */
    const shortWords = (element, source) => (holds(element, source) ? null : wordsOf(element).slice(0, 60) || null);

    /** @param {Element} source @param {number} x @param {number} y @returns {Element | null} */
    function below(source, x, y) {
      const root = WpDom.root(source);
      return root.elementsFromPoint(x, y).find((each) => !holds(source, each) && !holds(each, source) && !isCopy(each, source)) ??
        root.elementsFromPoint(x, y).find((each) => !holds(source, each)) ?? null;
    }

    /** What follows the pointer in the source's stead. @param {Element} element @param {Element} source */
    function isCopy(element, source) {
      const lifted = [...WpNodes.path(element, 4)].find((each) => /fixed|absolute/.test(getComputedStyle(each).position));
      return Boolean(lifted) && lifted !== source && wordsOf(/** @type {Element} */ (lifted)) === wordsOf(source);
    }

    /** @param {WpPress} press */
    function isMoved(press) {
      const { item, x, y, before, around } = start;
      if (!item || !WpDom.isConnected(item)) return true;
      const now = rect(item);
      const isElsewhere = Math.hypot(now.x - x, now.y - y) > 3 || WpDom.elementBefore(item) !== before || up(item) !== around;
      const last = session.document.body?.lastElementChild;
      return isElsewhere || HANDS.test(getComputedStyle(press.element).cursor) || Boolean(last && last !== item && isCopy(last, item));
    }

    /** Whether the press was a drag. @param {WpPress} press @param {PointerEvent} event */
    function end(press, event) {
      if (press.way < FAR || press.button !== 0 || press.control.kind === "range" || press.control.kind === "text") return false;
      const isDrawn = press.control.kind === "canvas" || is(press.control.element, "[role=separator]");
      const selection = session.window.getSelection();
      if (!isDrawn && selection && !selection.isCollapsed && selection.toString().trim()) return true;
      const source = isDrawn ? press.control.element : start.item ?? press.control.element;
      const value = isDrawn ? null : placeOf(source, event);
      const way = wayOf(press, source, event);
      if (isDrawn || isMoved(press)) return said(press, source, value, way);
      session.later(() => isMoved(press) && said(press, source, value, way), PATIENCE);
      return false;
    }

    /** @param {Element} source @param {PointerEvent} event */
    function placeOf(source, event) {
      const place = below(source, event.clientX, event.clientY);
      return place && nameOf(place, source);
    }

    /** From where in the thing to where in the page. @param {WpPress} press @param {Element} source @param {PointerEvent} event */
    function wayOf(press, source, event) {
      const box = source === press.control.element ? press.target?.box : start;
      const page = rect(session.document.documentElement);
      if (!box) return "";
      return [press.x - box.x, press.y - box.y, event.clientX - page.x, event.clientY - page.y].map(Math.round).join(",");
    }

    /** @param {WpPress} press @param {Element} source @param {string | null} value @param {string} way */
    function said(press, source, value, way) {
      const last = journal.last();
      if (last?.moment === press.moment) journal.withdraw(last);
      const target = source === press.control.element ? press.target : session.describe(source) ?? press.target;
      if (target && way) target.attributes["data-wp-drag"] = way;
      const { before, around } = start;
      const entry = journal.say({ action: "drag", element: source, target: named(target, source), value, moment: press.moment });
      if (value !== null) session.later(() => {
        const isFree = WpDom.isConnected(source) && WpDom.elementBefore(source) === before && up(source) === around;
        const { x, y } = rect(source);
        if (isFree && Math.hypot(x - press.x, y - press.y) > FAR && /absolute|fixed/.test(getComputedStyle(source).position)) journal.amend(entry, { value: null });
      }, PATIENCE);
      return true;
    }

    /** @param {WpTarget | null} target @param {Element} source */
    function named(target, source) {
      return target && !target.name ? { ...target, name: wordsOf(source).slice(0, 100) || null } : target;
    }

    session.on("dragstart", (/** @type {DragEvent} */ event) => {
      const element = session.target(event);
      if (!element) return;
      const source = closest(element, "[draggable=true]", 10) ?? element;
      const target = session.press?.control.element === source ? session.press.target : session.describe(source);
      carried = { element: source, target: named(target, source), moment: session.press?.moment ?? journal.moment() };
    });

    session.on("drop", (/** @type {DragEvent} */ event) => {
      const element = session.target(event);
      const mine = carried;
      carried = null;
      if (!element || !mine || WpKinds.of(element).kind === "text") return;
      journal.say({ action: "drag", element: mine.element, target: mine.target, value: nameOf(element, mine.element), moment: mine.moment });
    });

    session.on("dragend", () => {
      carried = null;
    });

    return { begin, end };
  }

  return { attach };
})();
