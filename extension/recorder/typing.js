// @ts-check
"use strict";
/** What is typed: one step a field, with its last value, however it got there; none if it was taken back. */
var WpTyping = (() => {
  const PAUSE = 400;
  const FIELD_KINDS = new Set(["text", "picker", "range"]);

  /** @param {WpSession} session @param {{ checks: any, choices: any, uploads: any }} parts */
  function attach(session, parts) {
    const { journal } = session;
    /** @type {WpEdit | null} */
    let edit = null;
    /** @type {KeyboardEvent | null} */
    let pressed = null;
    /** What stood in a field before a person came to it. @type {WeakMap<Element, string | null>} */
    const initials = new WeakMap();
    /** @type {WeakMap<WpEntry, string | null>} */
    const before = new WeakMap();
    /** @type {WeakMap<WpEntry, WpEdit>} */
    const edits = new WeakMap();

    /** @param {Element} element @returns {Element | null} */
    function fieldOf(element) {
      const editor = WpKinds.editorOf(element);
      if (editor) return editor;
      const kind = WpKinds.kindOf(element);
      return kind && FIELD_KINDS.has(kind) && "value" in element ? element : WpDom.tag(element) === "input" && kind === "combobox" ? element : null;
    }

    /** @param {Element} element */
    const read = (element) => WpTarget.valueOf(element).value ?? "";

    /** @param {Element} field @param {string | null} [moment] @returns {WpEdit} */
    function open(field, moment = null) {
      const known = goesOn(field);
      if (known) return known;
      flush();
      const isSecret = WpSecrets.kind(field) !== null;
      const keys = !isSecret && isUnseen(field) ? "" : null;
      const initial = isSecret || keys !== null ? null : initials.get(field) ?? null;
      edit = { element: field, initial, entry: null, dirty: false, isSecret, moment, keys, composed: 0, typed: false, pasted: null };
      return edit;
    }

    /** A page may draw its form anew with every key: the field is another one each time. @param {Element} field */
    function goesOn(field) {
      const entry = journal.last();
      const old = entry && edits.get(entry);
      if (!entry || !old || old.element === field || WpDom.isConnected(old.element) || WpDom.tag(old.element) !== WpDom.tag(field)) return null;
      const { target } = entry.step;
      const now = session.describe(field);
      if (!target || !now || target.name !== now.name || String(target.selectors) !== String(now.selectors)) return null;
      entry.element = old.element = field;
      edit = old;
      return old;
    }

    /** Whether what was typed does not stand in the field. @param {Element} field */
    const isUnseen = (field) => WpDom.hasEditContext(field) || isHidden(field);

    /** A code editor takes the keys in a field that nobody sees. @param {Element} field */
    function isHidden(field) {
      const { width, height } = WpNodes.rect(field);
      return width < 8 || height < 8 || (WpDom.tag(field) === "textarea" && getComputedStyle(field).opacity === "0");
    }

    session.on("pointerdown", (/** @type {Event} */ event) => {
      const element = session.target(event);
      if (!element) return;
      settle();
      remember(element);
    });
    session.on("focusin", (/** @type {Event} */ event) => remember(session.target(event)));

    /** @param {Element | null} element */
    function remember(element) {
      if (!element || edit?.element === element || WpDom.tag(element) !== "input" || !fieldOf(element)) return;
      initials.set(element, WpSecrets.kind(element) ? null : read(element));
    }

    session.on("beforeinput", (/** @type {InputEvent} */ event) => {
      const element = session.target(event);
      const field = element && fieldOf(element);
      if (!field || isFormat(event)) return;
      if (edit?.element !== field) {
        if (!WpSecrets.kind(field) && !isUnseen(field)) initials.set(field, read(field));
        open(field, journal.moment());
      }
      if (WpDom.hasEditContext(field)) typed(field, event); // there is no other event
    });

    session.on("input", (/** @type {InputEvent} */ event) => {
      const element = session.target(event);
      if (!element) return parts.uploads.scripted(event);
      const field = fieldOf(element);
      if (field) return isFormat(event) ? undefined : typed(field, event);
      const kind = WpKinds.kindOf(element);
      if (kind === "checkbox" || kind === "radio" || (kind === "toggle" && "checked" in element)) parts.checks.changed(element);
      if (kind === "select") parts.choices.selected(element);
      if (kind === "file") parts.uploads.chosen(element);
    });

    /** Whether the page took the key is known once it is through. */
    function resolve() {
      const event = pressed;
      pressed = null;
      if (!event?.defaultPrevented || !edit || edit.keys === null) return;
      edit.keys = event.key === "Backspace" ? edit.keys.slice(0, -1) : `${edit.keys}\n`;
      edit.dirty = true;
    }

    /** @param {InputEvent} event */
    const isFormat = (event) => String(event.inputType ?? "").startsWith("format");

    /** @param {Element} field @param {InputEvent} event */
    function typed(field, event) {
      const mine = edit?.element === field ? edit : open(field);
      mine.dirty = true;
      if (event.inputType !== "insertFromPaste") mine.typed = true;
      resolve();
      if (mine.keys !== null) mine.keys = gather(mine, event);
      if (mine.entry) session.later(() => edit === mine && settle(), PAUSE);
      else begin(mine);
    }

    /** @param {WpEdit} mine @param {InputEvent} event */
    function gather(mine, event) {
      const keys = mine.keys ?? "";
      const kind = event.inputType ?? "";
      const start = event.isComposing || kind === "insertCompositionText" ? keys.slice(0, keys.length - mine.composed) : keys;
      mine.composed = event.isComposing ? (event.data ?? "").length : 0;
      if (kind.startsWith("insertLineBreak") || kind === "insertParagraph") return `${start}\n`;
      if (kind.startsWith("delete")) return start.slice(0, -1);
      return start + (event.data ?? "");
    }

    /** @param {WpEdit} mine */
    function begin(mine) {
      const field = mine.element;
      retract(field, mine.keys !== null);
      const group = mine.isSecret || isCell(field) ? WpBoxes.groupOf(field) : null;
      const subject = group?.[0] ?? field;
      const reused = journal.filling(subject, ["input", "paste"]);
      if (reused) {
        mine.entry = reused;
        mine.initial = before.get(reused) ?? mine.initial;
        return settle();
      }
      const moment = mine.moment ?? (session.press?.control.element === field ? session.press.moment : journal.moment());
      const target = session.describe(field);
      if (target && mine.keys !== null) target.box = boxAround(field);
      const name = group && WpBoxes.nameOf(session, group);
      if (target && name) target.name = name;
      mine.entry = journal.say({ action: "input", element: subject, target, moment, ...valueOf(mine) });
      before.set(mine.entry, mine.initial);
      edits.set(mine.entry, mine);
      mine.dirty = false;
      settle();
    }

    /** @param {Element} field */
    const isCell = (field) => /** @type {HTMLInputElement} */ (field).maxLength === 1;

    /** What only made ready for typing is no step. @param {Element} field @param {boolean} isHiddenField */
    function retract(field, isHiddenField) {
      const last = journal.last();
      if (!last?.element) return;
      const { action, value } = last.step;
      const around = isHiddenField ? [...WpNodes.path(field, 5)].at(-1) ?? field : field;
      const isClick = action === "click" && last.element !== field && (WpNodes.holds(last.element, field) || (isHiddenField && WpNodes.holds(around, last.element)));
      if ((isClick && !WpDom.matches(last.element, "button, a, [role=button]")) || (action === "press" && value === "Control+A" && last.element === field)) journal.withdraw(last);
    }

    /** @param {WpEdit} mine @returns {WpValue} */
    function valueOf(mine) {
      const group = mine.isSecret || isCell(mine.element) ? WpBoxes.groupOf(mine.element) : null;
      if (group) return WpBoxes.valueOf(group);
      if (mine.isSecret) return { value: null, value_kind: WpTarget.valueOf(mine.element).value_kind };
      if (mine.keys !== null) return { value: mine.keys, value_kind: "text" };
      return WpTarget.valueOf(mine.element);
    }

    /** Brings the step up to what now stands in the field. */
    function settle() {
      resolve();
      const mine = edit;
      if (!mine?.entry) return;
      if (mine.dirty || mine.pasted !== null) {
        mine.dirty = false;
        const { value, value_kind } = valueOf(mine);
        const isPasted = mine.pasted !== null && !mine.typed;
        if (!mine.isSecret && mine.keys === null && value === mine.initial && value_kind !== "secret") {
          journal.withdraw(mine.entry);
          mine.entry = null;
          return;
        }
        const action = isPasted ? "paste" : "input";
        journal.amend(mine.entry, { action, value: isPasted && mine.initial ? mine.pasted : value, value_kind });
      }
    }

    function flush() {
      settle();
      edit = null;
    }

    /** @param {Element} field */
    function boxAround(field) {
      for (const each of WpNodes.path(field, 8)) {
        const box = WpSession.boxOf(each);
        if (box.width >= 40 && box.height >= 16) return box;
      }
      return null;
    }

    session.on("focusout", (/** @type {FocusEvent} */ event) => {
      const element = session.target(event);
      if (!element) return;
      if (edit && (edit.element === element || WpNodes.holds(edit.element, element))) return flush();
      if (WpDom.matches(element, "input[type=color]") && initials.has(element) && read(element) !== initials.get(element)) {
        open(element).dirty = true;
        if (edit) begin(edit);
        flush();
      }
    });

    journal.before((saying) => {
      if (edit?.entry && saying.element !== edit.element) settle();
      if (edit?.entry && !["input", "select", "check", "uncheck", "toggle"].includes(saying.action)) {
        initials.delete(edit.element);
        edit = null;
      }
    });
    session.atFlush(settle);

    return {
      flush,
      fieldOf,
      /** Whether keys into it are typing. @param {Element} element */
      takes: (element) => Boolean(fieldOf(element)) && !WpDom.matches(element, "[type=range], [readonly]"),
      /** A key that a hidden field's page may deal with by itself. @param {Element} field @param {KeyboardEvent} event */
      keyed(field, event) {
        if (edit?.element !== field || edit.keys === null) return;
        resolve();
        pressed = event;
        session.later(() => edit?.element === field && settle(), PAUSE);
      },
      /** @param {Element} field @param {string | null} text */
      pasted(field, text) {
        const mine = edit?.element === field ? edit : open(field, journal.moment());
        mine.pasted = text ?? "";
      },
    };
  }

  return { attach };
})();
