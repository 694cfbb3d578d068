// @ts-check
"use strict";
/** Scrolling is a step only where what is used next was not in the page before: in endless and virtual lists. */
var WpScrolling = (() => {
  const KEYS = new Set(["PageDown", "PageUp", "End", "Home", " ", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"]);
  /** How long after a turn of the wheel the page may still move by itself. */
  const GLIDE = 1500;
  const LONGEST = 120_000;

  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;
    let moved = -Infinity;
    /** @type {{ pane: Element | null, top: number, left: number, watch: WpWatch, moment: string, timestamp: string } | null} */
    let scroll = null;

    for (const type of ["wheel", "touchmove"]) session.on(type, (event) => void (event.isTrusted && (moved = event.timeStamp)));
    session.on("keydown", (/** @type {KeyboardEvent} */ event) => void (event.isTrusted && KEYS.has(event.key) && (moved = event.timeStamp)));
    session.on("pointermove", (/** @type {PointerEvent} */ event) => void (event.isTrusted && event.buttons && (moved = event.timeStamp)));

    for (const on of [session.on, session.onRoot]) on("scroll", begin);

    /** @param {Event} event */
    function begin(event) {
      if (event.timeStamp - moved > GLIDE) return;
      const pane = event.target instanceof Element ? event.target : null;
      if (scroll?.pane === pane || (pane && session.host.isOwn?.(pane))) return;
      scroll?.watch.stop();
      scroll = { pane, ...placeOf(pane), watch: WpChanges.watch(session, pane, LONGEST), moment: journal.moment(), timestamp: WpJournal.now() };
    }

    /** @param {Element | null} pane */
    function placeOf(pane) {
      const { scrollTop: top, scrollLeft: left } = pane ?? session.document.scrollingElement ?? session.document.documentElement;
      return { top, left };
    }

    journal.before(({ element, action }) => {
      const mine = scroll;
      if (!mine || action === "scroll" || action === "hover") return;
      scroll = null;
      mine.watch.stop();
      if (!element || !mine.watch.added(element)) return;
      const { top, left } = placeOf(mine.pane);
      const value = Math.abs(top - mine.top) >= Math.abs(left - mine.left) ? (top < mine.top ? "up" : "down") : left < mine.left ? "left" : "right";
      journal.say({
        action: "scroll", element: mine.pane, target: mine.pane && session.describe(mine.pane), value, moment: mine.moment, timestamp: mine.timestamp,
      });
    });
  }

  return { attach };
})();
