// @ts-check
"use strict";
/** Copying and pasting by a person; a page's "Copy" button is a click. */
var WpClipboard = (() => {
  /** @param {WpSession} session @param {{ typing: any }} parts */
  function attach(session, parts) {
    const { journal } = session;
    let isClicking = false;

    session.on("click", () => {
      isClicking = true;
      session.later(() => (isClicking = false));
    });

    /** @param {Event} event */
    function copied(event) {
      const element = session.target(event);
      if (!element || isClicking) return;
      const field = parts.typing.fieldOf(element);
      const isSecret = field !== null && WpSecrets.kind(field);
      const value = isSecret ? null : selected(field);
      if (!isSecret && !value) return;
      const last = journal.last();
      if (last?.step.action === "press" && last.step.value === "Control+A") journal.withdraw(last);
      const from = field ?? around() ?? element;
      const click = journal.last();
      if (click?.step.action === "click" && click.element === from) journal.withdraw(click);
      const value_kind = isSecret ? "secret" : null;
      journal.say({ action: "copy", element: from, target: session.describe(from), value, value_kind, moment: journal.moment() });
    }

    /** @param {Element | null} field */
    function selected(field) {
      if (field && "selectionStart" in field) {
        const { value, selectionStart, selectionEnd } = /** @type {HTMLInputElement} */ (field);
        return selectionStart === null ? value : value.slice(selectionStart, selectionEnd ?? undefined);
      }
      return session.window.getSelection()?.toString().trim() ?? "";
    }

    /** What the selection lies in. */
    function around() {
      const selection = session.window.getSelection();
      const node = selection?.rangeCount ? selection.getRangeAt(0).commonAncestorContainer : null;
      return node && (WpDom.isElement(node) ? node : WpDom.parent(node));
    }

    session.on("copy", copied);
    session.on("cut", copied);

    session.on("paste", (/** @type {ClipboardEvent} */ event) => {
      const element = session.target(event);
      if (!element || isClicking) return;
      const field = parts.typing.fieldOf(element);
      if (field && WpSecrets.kind(field)) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (field) return parts.typing.pasted(field, text);
      const from = WpDom.matches(element, "html, body") ? null : element;
      journal.say({ action: "paste", element: from, target: from && session.describe(from), value: text || null, value_kind: text ? "text" : null, moment: journal.moment() });
    });
  }

  return { attach };
})();
