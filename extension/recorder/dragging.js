// @ts-check
"use strict";
var WpDragging = (() => {
  /** @param {WpSession} _session */
  function attach(_session) {
    return { begin() {}, end: () => false };
  }
  return { attach };
})();
