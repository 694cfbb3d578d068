// @ts-check
"use strict";
/** Mouse, pen and finger: what was pressed is described before the page can change it, and said when it is let go. */
var WpPointer = (() => {
  /** A hand is not still. */
  const STILL = 5;

  /** @param {WpSession} session @param {{ clicks: any, dragging: any, keys: any, sliders: any, hovering: any, choices: any }} parts */
  function attach(session, parts) {
    /** The control of a label that was clicked in this very task: the browser clicks it too. @type {Element | null} */
    let labelled = null;

    session.on("pointerdown", (/** @type {PointerEvent} */ event) => {
      session.press = null;
      const element = session.target(event);
      if (!element || !event.isPrimary) return;
      const control = WpKinds.of(element);
      const moment = session.journal.moment();
      const point = { x: event.clientX, y: event.clientY };
      const target = session.describe(control, point);
      const keys = held(event);
      if (target && keys) target.attributes["data-wp-keys"] = keys;
      if (target && event.button === 1) target.attributes["data-wp-button"] = "middle";
      session.press = {
        hover: parts.hovering.before(element),
        element, control, moment, point, ...point, button: event.button, touch: event.pointerType === "touch", time: event.timeStamp, way: 0,
        state: WpNodes.attribute(control.element, "aria-checked"), done: false, target,
        choice: control.kind === "option" ? parts.choices.look(control.element) : null,
      };
      parts.sliders.begin(element);
      parts.dragging.begin(session.press);
    });

    session.on("pointermove", (/** @type {PointerEvent} */ event) => {
      const press = session.press;
      if (press && event.isPrimary && event.isTrusted) press.way = Math.max(press.way, Math.hypot(event.clientX - press.x, event.clientY - press.y));
    });

    session.on("pointercancel", () => {
      session.press = null;
    });

    session.on("pointerup", (/** @type {PointerEvent} */ event) => {
      const press = session.press;
      if (!press || !event.isTrusted || !event.isPrimary) return;
      if (parts.sliders.end() || parts.dragging.end(press, event)) press.done = true;
      else if (press.button === 0) session.later(() => unclicked(press, event), press.touch ? 400 : 0);
    });

    /** A page that acted on the press may have left nothing to click on. @param {WpPress} press @param {PointerEvent} event */
    function unclicked(press, event) {
      const { element, kind } = press.control;
      if (press.done || kind === "text" || kind === "blank") return;
      const isGone = !WpNodes.isRendered(element);
      const below = session.document.elementFromPoint(event.clientX, event.clientY);
      const isCovered = !press.touch && press.way < STILL && kind !== "still" && !(below && WpNodes.holds(element, below)) && !isDisabled(element);
      if (isGone || isCovered) act(press);
    }

    /** @param {WpPress} press */
    function act(press) {
      press.done = true;
      parts.hovering.say(press.hover);
      parts.clicks.act(press);
    }

    session.on("click", (/** @type {PointerEvent} */ event) => {
      const element = session.target(event);
      if (!element) return;
      const press = session.press;
      if (event.detail === 0) return keyed(element);
      if (!press || press.done || press.button !== 0) return;
      if (labelled && press.control.element === labelled) return;
      if (press.control.label) {
        labelled = press.control.element;
        session.later(() => (labelled = null));
      }
      const isElsewhere = press.way >= STILL && !WpNodes.holds(press.control.element, element) && WpNodes.isRendered(press.control.element);
      if (isElsewhere && !WpNodes.holds(element, press.control.element)) return;
      if (isElsewhere && !isOver(press.control.element, event)) return void (press.done = true);
      act(press);
    });

    /** @param {Element} element @param {PointerEvent} event */
    function isOver(element, event) {
      const { left, right, top, bottom } = WpNodes.rect(element);
      return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    }

    /** Enter, Space, an access key or a label made this click, no pointer. @param {Element} element */
    function keyed(element) {
      const control = WpKinds.of(element);
      if (labelled && (control.element === labelled || control.label)) return;
      if (session.entering) return session.entering.submit();
      if (session.press && !session.press.done && session.press.control.element === control.element) return;
      parts.clicks.act(parts.keys.activated(control) ?? {
        control, element, target: session.describe(control), moment: session.journal.moment(), state: null, choice: null, point: null,
      });
    }

    session.on("dblclick", (/** @type {MouseEvent} */ event) => {
      const element = session.target(event);
      if (element && session.press) parts.clicks.twice(session.press);
    });

    session.on("auxclick", (/** @type {MouseEvent} */ event) => {
      if (session.target(event) && event.button === 1 && session.press && session.press.control.kind !== "blank") {
        parts.clicks.say(session.press, "click");
      }
    });

    session.on("contextmenu", (/** @type {MouseEvent} */ event) => {
      const element = session.target(event);
      if (!element) return;
      const press = session.press?.button === 2 || session.press?.touch ? session.press : null;
      const control = press?.control ?? WpKinds.of(element);
      if (press) press.done = true;
      parts.clicks.say(
        press ?? { control, target: session.describe(control), moment: session.journal.moment(), element, state: null, choice: null, point: null },
        "right_click",
      );
    });
  }

  /** `Control+Shift`; empty: none. @param {MouseEvent} event */
  function held(event) {
    const keys = [event.ctrlKey && "Control", event.metaKey && "Meta", event.altKey && "Alt", event.shiftKey && "Shift"];
    return keys.filter(Boolean).join("+");
  }

  /** @param {Element} element */
  const isDisabled = (element) => WpDom.matches(element, ":disabled");

  return { attach };
})();
