// @ts-check
"use strict";
/** Which fields are never read, told from the field and never from its value, and where they are on the screen. */
var WpSecrets = (() => {
  const FIELDS = ["input", "textarea", "select", "[contenteditable]", "[role=textbox]", "[role=searchbox]", "[role=spinbutton]", "[role=combobox]"];
  const ANY_FIELD = FIELDS.join(", ");
  const HIDDEN = [...FIELDS, ...WpPrivacyMarks.MARKS];
  const NOT_TYPED = /^(?:button|submit|reset|checkbox|radio|range|file|color|image|hidden)$/;
  const TELLING = ["name", "id", "aria-label", "placeholder", "aria-placeholder", "title", "label", "data-testid", "data-test", "data-cy",
    "data-test-id", "formcontrolname"];
  const OF_HOST = ["name", "id", "label", "placeholder", "aria-label"];
  const MOST_MASKS = 200; // that the server takes with a step

  /** Fields that were passwords once: an "eye" button makes them text. @type {WeakSet<Element>} */
  const wasPassword = new WeakSet();
  /** @type {Map<Node, MutationObserver>} */
  const watched = new Map();

  /** @param {MutationRecord[]} records */
  function remember(records) {
    for (const { oldValue, target } of records) {
      if (oldValue?.trim().toLowerCase() === "password") wasPassword.add(/** @type {Element} */ (target));
    }
  }

  /** Notices from now on when a password field of the document or shadow root is turned into text. @param {Node} root */
  function watch(root) {
    if (watched.has(root)) return;
    const observer = new MutationObserver(remember);
    observer.observe(root, { subtree: true, attributes: true, attributeFilter: ["type"], attributeOldValue: true });
    watched.set(root, observer);
  }

  function unwatch() {
    for (const observer of watched.values()) observer.disconnect();
    watched.clear();
  }

  /** @param {Element} element @returns {boolean} */
  function isPassword(element) {
    if (WpDom.attr(element, "type").trim().toLowerCase() === "password") {
      wasPassword.add(element);
      watch(WpDom.root(element));
    }
    for (const observer of watched.values()) remember(observer.takeRecords());
    return wasPassword.has(element);
  }

  /** @param {Element} element @returns {"password" | "secret" | null} */
  function byAutocomplete(element) {
    for (const word of WpDom.attr(element, "autocomplete").toLowerCase().split(/\s+/)) {
      if (word.endsWith("-password")) return "password";
      if (word === "one-time-code" || word.startsWith("cc-")) return "secret";
    }
    return null;
  }

  /** Whether what is typed into it stays there as text. @param {Element} element @returns {boolean} */
  function isTypedInto(element) {
    const tag = WpDom.tag(element);
    if (tag === "input") return !NOT_TYPED.test(WpDom.attr(element, "type").trim().toLowerCase());
    return tag === "textarea" || /^(?:textbox|searchbox|spinbutton|combobox)$/.test(WpDom.attr(element, "role")) || WpDom.isEditable(element) || WpDom.hasEditContext(element);
  }

  /** Everything by which a field says what it takes. @param {Element} element @returns {string[]} */
  function wordsAbout(element) {
    const words = TELLING.map((name) => WpDom.attr(element, name).slice(0, 200));
    for (const label of [...WpDom.labels(element), ...WpDom.referenced(element, "aria-labelledby")]) {
      words.push(WpText.of(label, 200));
    }
    const root = WpDom.root(element);
    if (root instanceof ShadowRoot) words.push(...OF_HOST.map((name) => WpDom.attr(root.host, name)));
    return words;
  }

  /** One of several boxes for one character each, as codes are asked for. @param {Element} element @returns {boolean} */
  function isOneOfSeveralBoxes(element) {
    if (WpDom.attr(element, "maxlength") !== "1" || WpDom.tag(element) !== "input") return false;
    let around = WpDom.parent(element);
    for (let level = 0; around && level < 4; level++, around = WpDom.parent(around)) {
      const boxes = WpDom.all(around, "input[maxlength='1']").length;
      if (boxes >= 4) return boxes <= 12;
    }
    return false;
  }

  /** Text that the browser draws as dots. @param {Element} element @returns {boolean} */
  function isDrawnAsDots(element) {
    const drawn = getComputedStyle(element).getPropertyValue("-webkit-text-security");
    return drawn !== "" && drawn !== "none";
  }

  /**
   * Whether the element's value must not be read, and what it then is.
   * @param {Element} element @returns {"password" | "secret" | null}
   */
  function kind(element) {
    if (isPassword(element)) return "password";
    const declared = byAutocomplete(element);
    if (declared) return declared;
    const around = editingHost(element);
    if (around !== element && isTypedInto(around)) return kind(around);
    if (isTypedInto(element)) {
      const said = WpSecretWords.kind(wordsAbout(element));
      if (said) return said;
      if (isOneOfSeveralBoxes(element) || isDrawnAsDots(element)) return "secret";
    }
    return WpPrivacyMarks.around(element) ? "secret" : null;
  }

  /** The outermost element that is edited as a whole. @param {Element} element @returns {Element} */
  function editingHost(element) {
    if (!WpDom.isEditable(element)) return element;
    let host = element;
    for (let at = WpDom.parent(element); at && WpDom.isEditable(at); at = WpDom.parent(at)) host = at;
    return host;
  }

  /** Whether an element's text is what the page keeps private, or a field's value. @param {Element} element @returns {boolean} */
  const hidesText = (element) => isTypedInto(element) || WpPrivacyMarks.around(element);

  /** The same of an element within a text that may be read. @param {Element} element @returns {boolean} */
  const hidesTextItself = (element) => isTypedInto(element) || WpPrivacyMarks.own(element);

  /** @param {Element} element @param {Window} window @returns {WpBox | null} */
  function shown(element, window) {
    const box = WpDom.box(element);
    const isInside = box.x < window.innerWidth && box.y < window.innerHeight && box.x + box.width > 0 && box.y + box.height > 0;
    return isInside && box.width > 0 && box.height > 0 && WpDom.isVisible(element) ? box : null;
  }

  /**
   * The boxes of all visible secret inputs and private regions, through shadow roots.
   * @param {Document} document @returns {WpBox[]}
   */
  function masks(document) {
    const window = /** @type {Window} */ (document.defaultView);
    /** @type {WpBox[]} */
    const boxes = [];
    for (const element of WpSurvey.elements(document, HIDDEN)) {
      const box = shown(element, window);
      if (box && (WpPrivacyMarks.isRegion(element) || (WpDom.matches(element, ANY_FIELD) && kind(element)))) boxes.push(box);
    }
    return boxes.length <= MOST_MASKS ? boxes : [...boxes.slice(0, MOST_MASKS - 1), around(boxes.slice(MOST_MASKS - 1))];
  }

  /** @param {WpBox[]} boxes @returns {WpBox} */
  function around(boxes) {
    const x = Math.min(...boxes.map((box) => box.x));
    const y = Math.min(...boxes.map((box) => box.y));
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    return { x, y, width: right - x, height: bottom - y };
  }

  return { hidesText, hidesTextItself, isTypedInto, kind, masks, unwatch, watch };
})();
