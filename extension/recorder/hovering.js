// @ts-check
"use strict";
/** Pointing at something is a step only where it showed what is used next. */
var WpHovering = (() => {
  const CONTROLS = "a[href], button, summary, [role=button], [role=link], [role=tab], [role=treeitem], [role=row], [aria-haspopup], li, [role^=menuitem], tr, [role=img]";
  const PATIENCE = 1500;
  const MOST = 5;
  /** A picture from before a press that repaints the page at once. */
  const BETWEEN_PICTURES = 1000;

  /** What opens inside itself is described before: its name would be that of all that is in it. */
  const OPENERS = "[aria-haspopup], [role^=menuitem]";

  /** @typedef {{ element: Element, target: WpTarget | null, watch: WpWatch, moment: string | null, timestamp: string }} WpVisit */

  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;
    /** Newest last. @type {WpVisit[]} */
    let visits = [];
    let last = /** @type {Element | null} */ (null);
    let pictured = 0;
    let moment = /** @type {string | null} */ (null);

    session.on("pointerover", (/** @type {PointerEvent} */ event) => {
      if (event.pointerType === "touch" || event.buttons) return;
      const element = session.target(event);
      if (!element) return;
      const near = WpDom.closest(element, CONTROLS, 6);
      if (!near || near === last) return;
      last = near;
      visit(near, event);
    });

    /** @param {Element} element @param {PointerEvent} event */
    function visit(element, event) {
      if (event.timeStamp - pictured > BETWEEN_PICTURES) {
        pictured = event.timeStamp;
        moment = journal.moment();
      }
      const seen = visits.find((each) => each.element === element);
      visits = visits.filter((each) => each !== seen);
      seen?.watch.stop();
      visits.push({
        element, moment, timestamp: WpJournal.now(), target: WpDom.matches(element, OPENERS) ? session.describe(element) : null,
        watch: WpChanges.watch(session, element, PATIENCE),
      });
      if (visits.length > MOST) visits.shift()?.watch.stop();
    }

    /** What had to be pointed at before the element could be used. @param {Element} element @returns {WpSaying | null} */
    function before(element) {
      const found = byScript(element) ?? byStyle(element);
      forget();
      if (!found) return null;
      const control = WpKinds.of(found.element);
      const target = found.target ?? session.describe(control);
      return { action: "hover", element: control.element, target, moment: found.moment, timestamp: found.timestamp };
    }

    function forget() {
      for (const each of visits) each.watch.stop();
      visits = [];
      last = null;
    }

    /** @param {WpSaying | null} hover */
    function say(hover) {
      if (hover?.element && !isUsed(hover.element)) journal.say(hover);
    }

    for (const type of ["wheel", "scroll"]) session.on(type, forget);

    /** A click on it opened it already, or it was pointed at for the step before. @param {Element} element */
    function isUsed(element) {
      const step = journal.last();
      return step?.element === element && (step.step.action === "click" || step.step.action === "hover");
    }

    /** @param {Element} element */
    function byScript(element) {
      for (const each of visits.toReversed()) {
        if (WpNodes.holds(element, each.element) || !WpDom.isConnected(each.element)) continue;
        const opened = each.watch.revealed(element);
        if (opened && !WpNodes.holds(opened, each.element)) return each;
        if (opened && opened === each.element && WpNodes.attribute(opened, "aria-haspopup")) return each;
      }
      return null;
    }

    /** @param {Element} element @returns {Omit<WpVisit, "watch"> | null} */
    function byStyle(element) {
      const shown = WpHoverRules.shownBy(element);
      if (!shown) return null;
      const known = visits.toReversed().find((each) => WpNodes.holds(shown.by, each.element) && !WpNodes.holds(shown.what, each.element));
      if (known) return known;
      const named = shown.by.querySelector("a, button, [role=menuitem], [role=button]");
      return { element: named && !WpNodes.holds(shown.what, named) ? named : shown.by, target: null, moment, timestamp: WpJournal.now() };
    }

    return { before, say };
  }

  return { attach };
})();
