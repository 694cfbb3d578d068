// @ts-check
"use strict";
/** What the page does in answer to something: seen for a short time only, and only as much as is asked about. */
var WpChanges = (() => {
  /** More than this is a change of everything. */
  const MOST = 400;
  const ATTRIBUTES = [
    "class", "style", "hidden", "open", "inert", "checked", "selected", "disabled", "value", "src", "href", "popover",
    "aria-expanded", "aria-hidden", "aria-selected", "aria-checked", "aria-pressed", "aria-current", "aria-sort", "data-state",
  ];
  const SHOWING = new Set(["hidden", "open", "inert", "aria-hidden", "aria-expanded", "data-state"]);
  const STYLES = new Set(["class", "style"]);
  const LIFTED = new Set(["absolute", "fixed"]);

  /** @param {WpSession} session @param {Element | null} near @param {number} milliseconds @returns {WpWatch} */
  function watch(session, near, milliseconds) {
    const address = session.window.location.href;
    /** @type {Map<Node, "added" | "shown" | "styled" | "other">} */
    const changed = new Map();
    let count = 0;
    const observer = new MutationObserver(take);

    /** @param {MutationRecord[]} records */
    function take(records) {
      for (const record of records) {
        if (session.host.isOwn?.(record.target)) continue;
        count += 1;
        if (record.type === "childList") for (const node of record.addedNodes) changed.set(node, "added");
        else if (changed.get(record.target) !== "added") changed.set(record.target, kindOf(record.attributeName ?? ""));
        if (changed.size > MOST) return observer.disconnect();
      }
    }

    function now() {
      take(observer.takeRecords());
      return changed;
    }

    const options = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES };
    observer.observe(session.document, options);
    const root = near && WpDom.root(near);
    if (root && root !== session.document) observer.observe(root, options);
    const stop = () => observer.disconnect();
    session.later(() => {
      now();
      stop();
    }, milliseconds);
    session.atEnd(stop);
    return {
      any: () => now().size > 0 || count > 0 || session.window.location.href !== address,
      holds: (element) => now().size > MOST || [...WpNodes.path(element, 100)].some((each) => changed.has(each)),
      added: (element) => now().size > MOST || [...WpNodes.path(element, 100)].some((each) => changed.get(each) === "added"),
      revealed(element) {
        now();
        let isLifted = false;
        for (const each of WpNodes.path(element, 30)) {
          const kind = changed.get(each);
          if (kind === "added" || kind === "shown") return each;
          if (!kind && !changed.size) return null;
          isLifted ||= LIFTED.has(getComputedStyle(each).position);
          if (kind === "styled" && isLifted) return each;
        }
        return null;
      },
      stop,
    };
  }

  /** @param {string} attribute */
  const kindOf = (attribute) => (SHOWING.has(attribute) ? "shown" : STYLES.has(attribute) ? "styled" : "other");

  return { watch };
})();
