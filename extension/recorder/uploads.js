// @ts-check
"use strict";
/** Files that were chosen or dropped: their names only. */
var WpUploads = (() => {
  /** @param {WpSession} session */
  function attach(session) {
    const { journal } = session;
    /** What a person clicked to get the chooser. @type {{ input: Element, target: WpTarget | null, moment: string | null, entry: WpEntry | null } | null} */
    let opener = null;

    /** @param {FileList | null | undefined} files */
    const namesOf = (files) => [...(files ?? [])].map((file) => file.name).join(", ");

    /** @param {Element} element */
    function chosen(element) {
      const value = namesOf(/** @type {HTMLInputElement} */ (element).files);
      const by = opener?.input === element ? opener : null;
      opener = null;
      if (!value) return;
      if (by?.entry) journal.withdraw(by.entry);
      const target = session.describe(element) ?? by?.target ?? null;
      if (target && by?.target && !target.box?.width) target.box = by.target.box;
      // what is not shown has no accessible name: a person knows what was clicked to choose the files
      if (target && !target.name) target.name = (by?.target?.name ?? null) || WpDom.attr(element, "aria-label") || null;
      journal.say({ action: "upload", element, target, value, value_kind: "file", moment: by?.moment ?? journal.moment() });
    }

    session.on("click", (/** @type {Event} */ event) => {
      const element = /** @type {any} */ (event.composedPath()[0]);
      if (event.isTrusted || !WpDom.isElement(element) || !WpDom.matches(element, "input[type=file]")) return;
      const last = journal.last();
      const entry = last?.step.action === "click" ? last : null;
      opener = { input: element, target: entry?.step.target ?? null, moment: entry?.moment ?? null, entry };
    });

    session.on("drop", (/** @type {DragEvent} */ event) => {
      const element = session.target(event);
      const value = namesOf(event.dataTransfer?.files);
      if (!element || !value || WpDom.matches(element, "input[type=file]")) return;
      const control = WpKinds.of(element);
      journal.say({ action: "upload", element: control.element, target: session.describe(control), value, value_kind: "file", moment: journal.moment() });
    });

    return {
      chosen,
      /** @param {Element} input @param {WpClick} click */
      opened(input, { target, moment, control }) {
        const words = control.label && WpText.of(control.label, 200);
        opener = { input, target: target && words && !target.name ? { ...target, name: words } : target, moment, entry: null };
      },
      /** The browser's event may be a script's, but the chooser was opened by a person. @param {Event} event */
      scripted(event) {
        const element = /** @type {any} */ (event.composedPath()[0]);
        if (opener && opener.input === element) chosen(element);
      },
    };
  }

  return { attach };
})();
