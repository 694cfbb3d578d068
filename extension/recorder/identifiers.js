// @ts-check
"use strict";
/** Which ids, classes and attributes somebody wrote, and which a program made up and will make up anew. */
var WpIdentifiers = (() => {
  const TEST_IDS = ["data-testid", "data-test-id", "data-test", "data-cy", "data-qa", "data-automation-id"];
  const GENERATED = [
    /^:?[a-z]*:?r[\da-z]{0,4}:/i, /:r[\da-z]+:/, /«[^»]*»/, // React
    /^(?:ember|ext-gen|ext-comp|yui|gwt-uid|isc_|uid|dijit_|react-select-\d|mui-|mat-|cdk-|radix-|headlessui-|downshift-|reach-|tippy-|popper-|floating-ui|ng-|chakra-|rc[-_]|jss|css-|sc-|svelte-|v-|input-\d|field-\d)[-_:]*[\da-z]*/i,
    /[\da-f]{8}-[\da-f]{4}-/i, /(?:^|[-_])(?=[a-z]*\d)(?=\d*[a-f])[\da-f]{6,}(?:$|[-_])/i, // hashes
    /\d{4,}/, /(?:^|[-_])(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{6,}$/,
    /[bcdfghjklmnpqrstvwxz]{6,}/i,
  ];
  const STATES = /^(?:active|selected|open|opened|closed|focus|focused|hover|hovered|disabled|checked|current|show|shown|hidden|visible|is-|has-|ng-|in$|on$|off$)/;

  /** @param {string} text @returns {boolean} */
  const isWritten = (text) => text !== "" && text.length <= 60 && WpText.isClean(text) && !/\s/.test(text) && !GENERATED.some((one) => one.test(text));

  return {
    TEST_IDS,
    isWritten,
    /** @param {Element} element @returns {string} Its id, if somebody wrote it. */
    id(element) {
      const id = WpDom.attr(element, "id");
      return isWritten(id) ? id : "";
    },
    /** @param {Element} element @returns {string[]} Those of its classes that say what it is, not how it looks or in what state it is. */
    classes: (element) =>
      WpDom.attr(element, "class").split(/\s+/).filter((name) => /^[a-z]{3,}(?:[-_]{1,2}[a-z]{2,})*$/i.test(name) && isWritten(name) && !STATES.test(name)).slice(0, 4),
  };
})();
