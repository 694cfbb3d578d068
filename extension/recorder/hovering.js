// @ts-check
"use strict";
var WpHovering = (() => {
  /** @param {WpSession} _session */
  function attach(_session) {
    return { before() {} };
  }
  return { attach };
})();
