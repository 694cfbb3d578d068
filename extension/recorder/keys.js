// @ts-check
"use strict";
/** Keys that mean something by themselves: shortcuts, Enter, Escape; not those that type, move the focus or pass over choices. */
var WpKeys = (() => {
  const { closest, matches: is } = WpDom;
  const { attribute } = WpNodes;
  const PATIENCE = 400;
  const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock", "Dead", "Process", "Unidentified"]);
  /** What the browser itself does with Ctrl. */
  const BROWSERS = /^(?:[RTNWLDJHUE0-9+\-=]|Tab|PageUp|PageDown|F\d+)$/;
  /** What belongs to typing, and to the clipboard, which tells of itself. */
  const TYPING = /^(?:[CXVZY]|Backspace|Delete|Home|End|Insert|Arrow\w+)$/;
  const MOVES = /^(?:Arrow\w+|Home|End|PageUp|PageDown)$/;
  const COMPOSITES = "[role=listbox], [role=menu], [role=menubar], [role=grid], [role=treegrid], [role=tree], [role=radiogroup], [role=tablist], [role=toolbar], select";

  /** @param {KeyboardEvent} event */
  function nameOf(event) {
    const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const held = [event.ctrlKey && "Control", event.altKey && "Alt", event.shiftKey && (event.key.length > 1 || event.ctrlKey || event.altKey || event.metaKey) && "Shift", event.metaKey && "Meta"];
    return [...held.filter(Boolean), key].join("+");
  }

  /** @param {WpSession} session @param {{ typing: any, choices: any, sliders: any, clicks: any }} parts */
  function attach(session, parts) {
    const { journal } = session;
    /** A control on which Enter or Space went down. @type {any} */
    let activation = null;
    /** A key that is a step if the page answers it. @type {{ saying: WpSaying, event: KeyboardEvent, watch: WpWatch | null, also?: () => boolean } | null} */
    let pending = null;

    function settle() {
      const mine = pending;
      pending = null;
      if (!mine) return;
      const isAnswered = mine.event.defaultPrevented || mine.watch?.any() || mine.also?.();
      mine.watch?.stop();
      const last = journal.last();
      if (!isAnswered || (last?.element === mine.saying.element && last?.step.action === "input" && last.step.timestamp > (mine.saying.timestamp ?? ""))) return;
      if (mine.saying.value === "Escape" && last?.opens) return journal.withdraw(last);
      journal.say(mine.saying);
    }

    /** What the page made of an Enter in a text, to be looked at once. @type {(() => void) | null} */
    let answered = null;

    /** @param {KeyboardEvent} event @param {Element} element @returns {WpSaying} */
    const press = (event, element) => ({
      action: "press", element, value: nameOf(event), timestamp: WpJournal.now(), moment: journal.moment(),
      target: is(element, "html, body") ? null : session.describe(element),
    });

    /** @param {KeyboardEvent} event @param {Element} element @param {boolean} isWatched @param {number} [patience] */
    function await_(event, element, isWatched, patience = PATIENCE) {
      settle();
      const mine = (pending = { saying: press(event, element), event, watch: isWatched ? WpChanges.watch(session, element, patience) : null });
      session.later(() => pending === mine && settle(), isWatched ? patience : 0);
    }

    session.on("keydown", (/** @type {KeyboardEvent} */ event) => {
      answered?.(); // a busy page gets the next key before any timer
      const element = session.target(event);
      if (!element || event.isComposing || event.keyCode === 229 || MODIFIERS.has(event.key)) return;
      if (pending && !pending.watch) settle();
      if (event.key !== " " && event.key !== "Enter") activation = null;
      const isTyping = parts.typing.takes(element);
      const isText = event.getModifierState("AltGraph") || (isTyping && event.altKey && !event.ctrlKey && event.key.length === 1);
      if ((event.ctrlKey || event.metaKey || event.altKey) && !isText) return event.repeat ? undefined : shortcut(event, element, isTyping);
      if (event.key === "Enter") return enter(event, element, isTyping);
      if (event.key === "Escape") return event.repeat ? undefined : await_(event, element, true);
      if (isTyping) return inField(event, element);
      if (parts.sliders.keyed(element) || parts.choices.keyed(element, event)) return;
      if (event.key === " ") return activate(element);
      if (event.key === "Tab" || is(element, "input, select, video, audio") || event.repeat) return;
      if (MOVES.test(event.key)) return moved(event, element);
      if (closest(element, COMPOSITES) && event.key.length === 1) return;
      await_(event, element, !/^F\d+$/.test(event.key));
    });

    /** @param {KeyboardEvent} event @param {Element} element @param {boolean} isTyping */
    function shortcut(event, element, isTyping) {
      const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
      const isRich = WpKinds.editorOf(element) !== null;
      if (TYPING.test(key) && (isTyping || !MOVES.test(key)) && !(key === "Backspace" && !isTyping)) return;
      if (key === "A" && isTyping && !isRich) return;
      const field = isTyping ? parts.typing.fieldOf(element) : element;
      const isBrowsers = BROWSERS.test(key) || MOVES.test(key) || (key === "A" && !isTyping) || (event.altKey && !event.ctrlKey);
      if (isBrowsers) return await_(event, field, false);
      parts.typing.flush();
      journal.say(press(event, field));
    }

    /** @param {KeyboardEvent} event @param {Element} element @param {boolean} isTyping */
    function enter(event, element, isTyping) {
      if (parts.choices.keyed(element, event)) return;
      const isLine = WpDom.tag(element) === "input" && !["button", "submit", "reset", "image", "file"].includes(/** @type {HTMLInputElement} */ (element).type);
      if (isLine) return inLine(event, element);
      if (isTyping) return inText(event, element);
      if (!event.repeat) activate(element);
    }

    /** Enter in a line of text: it sends the form, or whatever the page makes of it. @param {KeyboardEvent} event @param {Element} element */
    function inLine(event, element) {
      settle();
      parts.typing.flush();
      const saying = press(event, element);
      const { form } = /** @type {HTMLInputElement} */ (element);
      let isSent = false;
      const entering = {
        field: element,
        submit() {
          if (!isSent) journal.say({ ...saying, action: "submit", value: null });
          isSent = true;
        },
      };
      session.entering = entering;
      const mine = (pending = { saying, event, watch: null, also: () => !isSent && !form && WpKinds.kindOf(element) !== "checkbox" });
      session.later(() => {
        session.entering = null;
        if (pending === mine) settle();
      });
    }

    /** Enter in a text of several lines: a new line, unless the page took the text away. @param {KeyboardEvent} event @param {Element} element */
    function inText(event, element) {
      const field = parts.typing.fieldOf(element);
      parts.typing.keyed(field, event);
      if (event.repeat || WpDom.hasEditContext(field) || !contentOf(field)) return;
      if (event.shiftKey) return inCell(event, field);
      parts.typing.flush();
      const look = (answered = () => {
        if (answered === look) answered = null;
        if (!event.defaultPrevented) return;
        settle();
        const mine = (pending = { saying: press(event, field), event: /** @type {any} */ ({}), watch: null, also: () => !contentOf(field) });
        session.later(() => pending === mine && settle(), 100);
      });
      session.later(() => answered === look && look());
    }

    /** Shift and Enter where the page makes no new line of it, as in a notebook's cell, which it runs. @param {KeyboardEvent} event @param {Element} field */
    function inCell(event, field) {
      settle();
      const before = shapeOf(field);
      const isRun = () => {
        if (!event.defaultPrevented || shapeOf(field) !== before) return false;
        parts.typing.flush();
        return true;
      };
      const mine = (pending = { saying: press(event, field), event: /** @type {any} */ ({}), watch: null, also: isRun });
      session.later(() => pending === mine && settle(), 100);
    }

    /** Differs when a line was added, also an empty one. @param {Element} field */
    const shapeOf = (field) => ("value" in field ? String(field.value) : `${field.getElementsByTagName("*").length} ${field.textContent}`);

    /** @param {Element} field */
    const contentOf = (field) => ("value" in field ? String(field.value) : WpDom.text(field)).trim();

    /** @param {KeyboardEvent} event @param {Element} element */
    function inField(event, element) {
      if (event.key !== "Backspace") return;
      parts.typing.keyed(parts.typing.fieldOf(element), event);
    }

    /** The browser clicks its own controls, a page must do it for those that it made. @param {Element} element */
    function activate(element) {
      const control = WpKinds.of(element);
      const isMade = !is(control.element, "button, a[href], input, summary, select, area, video, audio");
      const mine = (activation = {
        control, element, target: session.describe(control), moment: journal.moment(), state: attribute(control.element, "aria-checked"),
        choice: null, point: null,
      });
      if (!isMade || control.kind === "blank" || control.kind === "text") return;
      session.later(() => {
        if (activation !== mine) return;
        activation = null;
        parts.clicks.act(mine);
      });
    }

    /** @param {KeyboardEvent} event @param {Element} element */
    function moved(event, element) {
      const expanded = attribute(element, "aria-expanded");
      if (!is(element, "[role=tab], [role=treeitem]")) return closest(element, COMPOSITES) ? undefined : await_(event, element, false);
      session.later(() => {
        const now = session.active();
        const isOpened = now === element && attribute(element, "aria-expanded") !== expanded;
        const isTab = now && now !== element && is(now, "[role=tab][aria-selected=true]");
        if (now && (isOpened || isTab)) journal.say({ action: "click", element: now, target: session.describe(now), moment: journal.moment() });
      });
    }

    for (const on of [session.on, session.onRoot]) on("submit", (event) => void (event.isTrusted && session.entering?.submit()));
    journal.before(settle);
    session.atFlush(settle);

    return {
      /** What was seen of the control before its key was pressed. @param {WpControl} control */
      activated(control) {
        const mine = activation;
        activation = null;
        return mine?.control.element === control.element ? mine : null;
      },
    };
  }

  return { attach };
})();
