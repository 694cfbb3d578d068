// @ts-check
"use strict";
/** Made sliders and spinners: the value that a drag, a click on the track or keys have brought them to. */
var WpSliders = (() => {
  const THUMB = "[role=slider], [role=spinbutton]:not(input)";
  const PATIENCE = 200;

  /** @param {Element} thumb */
  const read = (thumb) => WpNodes.attribute(thumb, "aria-valuenow");

  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;
    /** @type {{ thumb: Element, value: string | null, target: WpTarget | null }[]} */
    let held = [];
    /** Looks for a value that the page has not changed yet. @type {(() => void) | null} */
    let pending = null;

    function settle() {
      const mine = pending;
      pending = null;
      mine?.();
    }

    /** @param {() => void} look @param {number} milliseconds */
    function await_(look, milliseconds) {
      settle();
      pending = look;
      session.later(() => pending === look && settle(), milliseconds);
    }

    /** The thumbs that a press on the element may move. @param {Element} element */
    function around(element) {
      const thumb = WpDom.closest(element, THUMB, 6);
      if (thumb) return [thumb];
      for (const each of WpNodes.path(element, 3)) {
        const found = WpDom.matches(each, "body, form, main") || each.childElementCount > 12 ? [] : [...each.querySelectorAll(THUMB)];
        if (found.length) return found.slice(0, 4);
      }
      return [];
    }

    /** @param {Element} thumb @param {string | null} before @param {WpTarget | null} target @param {string | null} moment */
    function said(thumb, before, target, moment) {
      const now = read(thumb);
      if (now === null || now === before) return false;
      const last = journal.last();
      if (last?.element === thumb && last.step.action === "input") journal.amend(last, { value: now });
      else journal.say({ action: "input", element: thumb, target: target ?? session.describe(thumb), value: now, value_kind: "number", moment });
      return true;
    }

    journal.before(settle);
    session.atFlush(settle);

    return {
      /** @param {Element} element */
      begin(element) {
        held = around(element).map((thumb) => ({ thumb, value: read(thumb), target: session.describe(thumb) }));
      },
      /** Whether the press was about a slider. */
      end() {
        const mine = held;
        const press = session.press;
        held = [];
        if (!mine.length || !press) return false;
        await_(() => mine.some(({ thumb, value, target }) => said(thumb, value, target, press.moment)), PATIENCE);
        return press.control.kind === "slider" || mine.some(({ thumb, value }) => read(thumb) !== value);
      },
      /** @param {Element} element */
      keyed(element) {
        if (!WpDom.matches(element, THUMB)) return false;
        const value = read(element);
        await_(() => said(element, value, null, null), 0);
        return true;
      },
    };
  }

  return { attach };
})();
