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

  /** @param {WpSession} session @param {Element | null} near @param {number} milliseconds @returns {WpWatch} */
  function watch(session, near, milliseconds) {
    const address = session.window.location.href;
    /** @type {Set<Node>} */
    const changed = new Set();
    let count = 0;
    const observer = new MutationObserver(take);

    /** @param {MutationRecord[]} records */
    function take(records) {
      for (const record of records) {
        if (session.host.isOwn?.(record.target)) continue;
        if (record.type === "childList" && !record.addedNodes.length && !record.removedNodes.length) continue;
        count += 1;
        if (record.type === "childList") for (const node of record.addedNodes) changed.add(node);
        else changed.add(record.target);
        if (changed.size > MOST) return observer.disconnect();
      }
    }

    const options = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES };
    observer.observe(session.document, options);
    const root = near && WpDom.rootOf(near);
    if (root && root !== session.document) observer.observe(root, options);
    const stop = () => observer.disconnect();
    session.later(() => {
      take(observer.takeRecords());
      stop();
    }, milliseconds);
    session.atEnd(stop);
    return {
      any() {
        take(observer.takeRecords());
        return count > 0 || session.window.location.href !== address;
      },
      holds(element) {
        take(observer.takeRecords());
        if (changed.size > MOST) return true;
        for (const each of WpDom.path(element, 100)) if (changed.has(each)) return true;
        return false;
      },
      stop,
    };
  }

  return { watch };
})();
