// @ts-check
"use strict";
/** What a click means, by the kind of control that it was on. */
var WpClicks = (() => {
  const PATIENCE = 700;
  /** The longest time between the first press of a double click and its event. */
  const DOUBLE = 1000;

  /** @param {WpEntry} entry */
  const isRecent = (entry) => Date.now() - Date.parse(entry.step.timestamp) < DOUBLE;

  /** @param {WpSession} session @param {{ checks: any, choices: any, uploads: any }} parts */
  function attach(session, parts) {
    const { journal } = session;
    /** A click into a field is none unless it opened something that is used next. @type {{ saying: WpSaying, watch: WpWatch } | null} */
    let held = null;
    /** @type {{ entry: WpEntry, watch: WpWatch } | null} */
    let doubtful = null;

    /** @param {WpClick} click @param {WpAction} [action] @returns {WpSaying} */
    const saying = (click, action = "click") => ({
      action, element: click.control.element, target: click.target, moment: click.moment, value: click.control.kind === "canvas" ? click.target?.attributes["data-wp-place"] : null,
    });

    function settle() {
      const last = doubtful;
      doubtful = null;
      if (last && !last.watch.any()) journal.withdraw(last.entry);
      last?.watch.stop();
    }

    /** @param {WpSaying} next */
    function release(next) {
      settle();
      const waiting = held;
      held = null;
      waiting?.watch.stop();
      const isUsed = waiting && next.element && next.element !== waiting.saying.element && waiting.watch.holds(next.element);
      if (waiting && isUsed) journal.say(waiting.saying);
    }

    /** Stands only if the page answers. @param {WpClick} click @param {WpAction} [action] */
    function doubt(click, action) {
      const watch = WpChanges.watch(session, click.element, PATIENCE);
      const entry = journal.say(saying(click, action));
      const mine = (doubtful = { entry, watch });
      session.later(() => doubtful === mine && settle(), PATIENCE);
      return entry;
    }

    /** @param {WpClick} click */
    function hold(click) {
      held?.watch.stop();
      const watch = WpChanges.watch(session, click.element, 20_000);
      held = { saying: { ...saying(click), timestamp: WpJournal.now() }, watch };
    }

    /** The list was open, and it is for what was chosen from it that it was opened. @param {Element} box */
    function closes(box) {
      const last = journal.last();
      if (last?.element !== box || WpNodes.attribute(box, "aria-expanded") !== "true") return false;
      if (last.opens) journal.withdraw(last);
      return last.opens || last.step.action === "select";
    }

    /** @param {WpClick} click */
    function act(click) {
      const { element, kind } = click.control;
      if (WpNodes.attribute(element, "aria-disabled") === "true") return;
      switch (kind) {
        case "checkbox":
        case "radio":
          return parts.checks.expect(click);
        case "toggle":
          return parts.checks.toggled(click);
        case "option":
          return parts.choices.chosen(click);
        case "file":
          return parts.uploads.opened(element, click);
        case "text":
        case "picker":
          return hold(click);
        case "combobox":
          return WpDom.tag(element) === "input" ? hold(click) : void (closes(element) || journal.say({ ...saying(click), opens: true }));
        case "select":
        case "range":
        case "slider":
        case "blank":
          return;
        case "cell":
        case "still":
          return void doubt(click);
        default:
          return void journal.say(saying(click));
      }
    }

    /** Two clicks on a button are two; on most other things they are one double click. @param {WpClick} click */
    function twice(click) {
      const { element, kind } = click.control;
      if (!["item", "cell", "still", "blank", "option", "canvas", "media"].includes(kind)) return;
      let seen = click;
      let isSure = false;
      for (let left = 2, entry = journal.last(); left > 0; left--, entry = journal.last()) {
        if (!entry || entry.element !== element || !["click", "select"].includes(entry.step.action) || !isRecent(entry)) break;
        isSure ||= doubtful?.entry !== entry;
        seen = { ...click, target: entry.step.target, moment: entry.moment };
        journal.withdraw(entry);
      }
      doubtful?.watch.stop();
      doubtful = null;
      if (isSure) journal.say(saying(seen, "double_click"));
      else doubt(seen, "double_click");
    }

    for (const type of ["pointerdown", "keydown"]) session.on(type, (event) => void (event.isTrusted && settle()));
    journal.before(release);
    // What a key does is no answer to the click before it.
    session.on("keydown", settle);
    session.atFlush(settle);
    return { act, twice, say: (/** @type {WpClick} */ click, /** @type {WpAction} */ action) => void journal.say(saying(click, action)) };
  }

  return { attach };
})();
