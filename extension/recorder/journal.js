// @ts-check
"use strict";
/** What was said so far, so that it can be said better or taken back. */
var WpJournal = (() => {
  const MOST_REMEMBERED = 50;
  const LONGEST = 5000;
  const LONGEST_TITLE = 500;
  /** Steps that fill in a form: one field may be gone back to over them. */
  const FILLING = new Set(["input", "select", "check", "uncheck", "toggle", "upload", "paste"]);

  /** @param {string | null | undefined} text */
  const cut = (text) => (typeof text === "string" ? text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e]/g, "").slice(0, LONGEST) : null);

  const Clock = Date;
  const titleOf = /** @type {() => string} */ (Reflect.getOwnPropertyDescriptor(Document.prototype, "title")?.get);

  const now = () => new Clock().toISOString();

  /** @param {Window} window @returns {WpPage} */
  function pageOf(window) {
    return {
      url: window.location.href,
      title: cut(Reflect.apply(titleOf, window.document, []))?.slice(0, LONGEST_TITLE) ?? "",
      viewport: { width: Math.max(1, window.innerWidth), height: Math.max(1, window.innerHeight) },
    };
  }

  /** @param {Window} window @param {WpHost} host @param {string} token @returns {WpJournal} */
  function create(window, host, token) {
    let count = 0;
    /** @type {WpEntry[]} */
    const entries = [];
    /** @type {((saying: WpSaying) => void)[]} */
    const befores = [];

    /** @type {WpJournal["say"]} */
    function say(saying) {
      for (const before of befores) before(saying);
      const entry = {
        id: `${token}-${(count += 1)}`,
        moment: saying.moment ?? null,
        element: saying.element,
        opens: saying.opens ?? false,
        step: {
          action: saying.action,
          timestamp: saying.timestamp ?? now(),
          target: saying.target,
          value: cut(saying.value),
          value_kind: saying.value_kind ?? null,
          page: pageOf(window),
        },
      };
      entries.push(entry);
      if (entries.length > MOST_REMEMBERED) entries.shift();
      host.emit({ kind: "step", id: entry.id, moment: entry.moment, step: { ...entry.step } });
      return entry;
    }

    return {
      say,
      amend(entry, changes) {
        const step = { ...entry.step, ...changes };
        step.value = cut(step.value);
        const isSame = step.action === entry.step.action && step.value === entry.step.value && step.target === entry.step.target;
        entry.step = step;
        if (!isSame) host.emit({ kind: "amend", id: entry.id, step: { ...step } });
      },
      withdraw(entry) {
        const at = entries.indexOf(entry);
        if (at < 0) return;
        entries.splice(at, 1);
        host.emit({ kind: "withdraw", id: entry.id });
      },
      last: () => entries.at(-1) ?? null,
      filling(element, actions) {
        for (const entry of entries.toReversed()) {
          if (!FILLING.has(entry.step.action)) return null;
          if (entry.element === element) return actions.includes(entry.step.action) ? entry : null;
        }
        return null;
      },
      moment() {
        const moment = `${token}-m${(count += 1)}`;
        host.emit({ kind: "moment", moment });
        return moment;
      },
      before: (run) => void befores.push(run),
    };
  }

  return { create, now };
})();
