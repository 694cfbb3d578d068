// @ts-check
"use strict";
/** Checkboxes, radio options and switches, the browser's and made ones: once, with the state that they came to. */
var WpChecks = (() => {
  /** How long a page may take to show the new state. */
  const PATIENCE = 300;

  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;
    /** The click after which a change is the person's own. @type {any} */
    let expected = null;

    /** @param {Element} element @param {boolean} isOn @returns {{ action: WpAction, value: string | null }} */
    function meaning(element, isOn) {
      if (WpNodes.attribute(element, "role") === "switch") return { action: "toggle", value: isOn ? "on" : "off" };
      return { action: isOn ? "check" : "uncheck", value: null };
    }

    /** A native one: the click is followed by its `input` event, or the page refused it. @param {any} click */
    function expect(click) {
      expected = click;
      session.later(() => {
        if (expected !== click) return;
        expected = null;
        journal.say({ action: "click", element: click.control.element, target: click.target, moment: click.moment });
      });
    }

    /** @param {Element} element */
    function changed(element) {
      const input = /** @type {HTMLInputElement} */ (element);
      const click = expected?.control.element === element ? expected : null;
      const isByKeys = !click && !expected && session.active() === element && input.type === "radio";
      if (!click && !isByKeys) return;
      expected = null;
      const target = click?.target ?? session.describe(element);
      journal.say({ element, target, moment: click?.moment ?? journal.moment(), ...meaning(element, input.checked) });
    }

    /** A made one: the state that follows from the one before, put right if the page thinks otherwise. @param {any} click */
    function toggled(click) {
      const { element } = click.control;
      const role = WpNodes.attribute(element, "role");
      const before = click.state ?? WpNodes.attribute(element, "aria-checked");
      if (role === "menuitemradio" || before === null) {
        return void journal.say({ action: "click", element, target: click.target, moment: click.moment });
      }
      const isOn = role === "radio" || before !== "true";
      const entry = journal.say({ element, target: click.target, moment: click.moment, ...meaning(element, isOn) });
      session.later(() => {
        const state = WpDom.isConnected(element) ? WpNodes.attribute(element, "aria-checked") : null;
        if (state !== null && state !== before && (state === "true") !== isOn) journal.amend(entry, meaning(element, state === "true"));
      }, PATIENCE);
    }

    return { expect, changed, toggled };
  }

  return { attach };
})();
