// @ts-check
"use strict";
/** A choice from a list, whoever made the list: one `select` of the box or list that it is chosen for. */
var WpChoices = (() => {
  const { closest, matches: is } = WpDom;
  const { attribute } = WpNodes;
  const PATIENCE = 300;
  const LONGEST_VALUE = 500;
  const LIST = "[role=listbox]";
  const BOXES = "[role=combobox], [aria-haspopup=listbox]";

  /** The words of an option. @param {Element} option */
  function nameOf(option) {
    return attribute(option, "aria-label") ?? WpDom.text(option).replace(/\s+/g, " ").trim();
  }

  /** @param {Element} list */
  const chosenIn = (list) => [...list.querySelectorAll("[role=option][aria-selected=true]")];

  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;

    /** The box that shows the choice; the list may hang anywhere in the page. @param {Element | null} list */
    function boxOf(list) {
      if (!list) return null;
      const root = WpDom.root(list);
      const id = list.id && CSS.escape(list.id);
      const named = id ? root.querySelector(`[aria-controls~="${id}"]:is(${BOXES}), [aria-owns~="${id}"]:is(${BOXES})`) : null;
      const last = journal.last();
      const open = named ? [] : root.querySelectorAll(`[aria-expanded=true]:is(${BOXES})`);
      return named ?? closest(list, BOXES) ?? (last?.opens ? last.element : null) ?? (open.length === 1 ? open[0] : null);
    }

    /** @param {Element} option @returns {WpChoice} */
    function look(option) {
      const list = closest(option, LIST);
      return { name: nameOf(option), list, box: boxOf(list) };
    }

    /** @param {Element} option @param {WpChoice} choice @param {{ target: WpTarget | null, moment: string | null }} seen */
    function choose(option, { name, list, box }, seen) {
      const holder = box ?? list;
      if (!holder) return void journal.say({ action: "click", element: option, target: seen.target, moment: seen.moment });
      let last = journal.last();
      let { moment } = seen;
      let target = null;
      if (last?.opens && last.element === holder) {
        target = last.step.target;
        moment = last.moment ?? moment;
        journal.withdraw(last);
        last = journal.last();
      }
      const isMany = list !== null && attribute(list, "aria-multiselectable") === "true";
      const again = (isMany || !box) && last?.step.action === "select" && last.element === holder ? last : null;
      const value = isMany && list ? several(list, option) : name;
      const entry = again ?? journal.say({
        action: "select", element: holder, target: target ?? session.describe(holder), value, value_kind: "option", moment,
      });
      if (again) journal.amend(again, { value });
      if (isMany && list) session.later(() => settle(list, entry), PATIENCE);
    }

    /** @param {Element} list @param {Element} option */
    function several(list, option) {
      const chosen = new Set(chosenIn(list));
      if (!chosen.delete(option)) chosen.add(option);
      return [...chosen].map(nameOf).join(", ");
    }

    /** @param {Element} list @param {WpEntry} entry */
    function settle(list, entry) {
      if (WpDom.isConnected(list)) journal.amend(entry, { value: chosenIn(list).map(nameOf).join(", ") });
    }

    /** @param {Element} select */
    function selected(select) {
      const { value, value_kind } = WpTarget.valueOf(select);
      const last = journal.last();
      if (last?.element === select && last.step.action === "select") return journal.amend(last, { value, target: described(select, value_kind) });
      const moment = session.press?.control.element === select ? session.press.moment : journal.moment();
      journal.say({ action: "select", element: select, target: described(select, value_kind), value, value_kind, moment });
    }

    /** With the option's own value, which a program needs that chooses it. @param {Element} select @param {string | null | undefined} kind */
    function described(select, kind) {
      const target = session.describe(select);
      const { value, multiple } = /** @type {HTMLSelectElement} */ (select);
      if (target && kind === "option" && !multiple && value.length <= LONGEST_VALUE) target.attributes["data-wp-option"] = value;
      return target;
    }

    /** The option that the keys have come to. @param {Element} element */
    function current(element) {
      if (is(element, "[role=option]")) return element;
      return WpDom.referenced(element, "aria-activedescendant")[0] ?? null;
    }

    /** Keys on an open box choose; keys on a list that stays open choose as they go. @param {Element} element @param {KeyboardEvent} event */
    function keyed(element, event) {
      const isBox = is(element, BOXES);
      const list = closest(element, LIST);
      const option = current(element);
      const moves = /^(?:Arrow|Home|End|Page)/.test(event.key) || event.key.length === 1;
      if (option && is(option, "[role=option]") && (event.key === "Enter" || (event.key === " " && !is(element, "input")))) {
        choose(option, look(option), { target: session.describe(option), moment: journal.moment() });
        return true;
      }
      if (isBox && WpDom.tag(element) !== "input") return true;
      if (!list || !moves) return false;
      const before = chosenIn(list)[0];
      session.later(() => {
        const now = chosenIn(list)[0];
        if (now && now !== before && !boxOf(list)) choose(now, look(now), { target: null, moment: null });
      });
      return true;
    }

    return {
      selected,
      keyed,
      look,
      chosen: (/** @type {WpClick} */ click) => choose(click.control.element, click.choice ?? look(click.control.element), click),
    };
  }

  return { attach };
})();
