// @ts-check
"use strict";
/** Marks by which a page says that a part of it is private: ours, and those of other recorders. */
var WpPrivacyMarks = (() => {
  const MARKS = [
    "[data-wp-secret]", "[data-private]:not([data-private=false])", "[data-sensitive]:not([data-sensitive=false])", ".private",
    "[data-hj-suppress]", "[data-hj-masked]", ".data-hj-suppress", // Hotjar
    ".rr-mask", ".rr-block", ".rr-ignore", "[data-rr-mask]", "[data-rr-block]", // rrweb
    ".fs-mask", ".fs-exclude", ".fs-block", ".fs-mask-without-consent", "[data-fs-mask]", // Fullstory
    "[data-dd-privacy^=mask]", "[data-dd-privacy=hidden]", "[class*=dd-privacy-mask]", ".dd-privacy-hidden", // Datadog
    ".sentry-mask", ".sentry-block", ".sentry-ignore", "[data-sentry-mask]", "[data-sentry-block]", // Sentry
    ".ph-no-capture", ".ph-mask", ".ph-sensitive", // PostHog
    "[data-clarity-mask=true]", "[data-clarity-mask='']", // Clarity
    "[data-openreplay-masked]", "[data-openreplay-obscured]", "[data-openreplay-hidden]", "[data-lr-hide]", ".lr-hide", ".LR-hide",
    ".smartlook-hide", "[data-recording-sensitive]", "[data-recording-disable]", ".nr-mask", ".nr-block", "[data-nr-mask]",
    "[data-cs-mask]", "[data-heap-redact-text]", "[data-matomo-mask]", ".matomo-mask", ".amp-mask", ".amp-block", ".highlight-mask",
    ".highlight-block", "[data-hl-mask]", "[data-mf-replace]", "[data-qm-encrypt]", "[data-qm-block]", ".ux-mask", "[data-ux-mask]",
  ];
  const UNMARKS = [
    "[data-wp-public]", "[data-private=false]", "[data-sensitive=false]", "[data-hj-allow]", ".fs-unmask", "[data-dd-privacy=allow]",
    ".dd-privacy-allow", ".sentry-unmask", "[data-sentry-unmask]", "[data-clarity-unmask=true]", "[data-clarity-unmask='']",
  ];
  const SELECTOR = MARKS.join(", ");
  const EITHER = [...MARKS, ...UNMARKS].join(", ");

  /** @param {Element} element @returns {boolean} */
  const own = (element) => WpDom.matches(element, SELECTOR);

  /** Whether the nearest mark, its own or around it, says private. @param {Element} element @returns {boolean} */
  function around(element) {
    const marked = WpDom.closest(element, EITHER, 200);
    return marked !== null && own(marked);
  }

  /** A marked part of the page, not the whole of it. @param {Element} element @returns {boolean} */
  const isRegion = (element) => own(element) && !/^(?:html|body)$/.test(WpDom.tag(element));

  return { MARKS, around, isRegion, own };
})();
