// @ts-check
"use strict";
/**
 * The roots of a page and what stands in them. Finding that means looking at every element, which takes long in a large page, so it is
 * kept for as long as no element comes, goes or is marked otherwise.
 */
var WpSurvey = (() => {
  /** A root that is given to an old element leaves no trace: until something is done in it, it is missed for so long at most. */
  const KEPT_MS = 2_000;
  /** A page that never rests is not gone through again and again. */
  const PAUSE_MS = 1_000;
  const ATTRIBUTE = /\[([\w-]+)/g;

  /** @typedef {{ document: Document, selectors: string[], roots: (Document | ShadowRoot)[], elements: Set<Element>, at: number }} Found */

  const now = performance.now.bind(performance);
  const { apply } = Reflect;
  const { disconnect, takeRecords } = MutationObserver.prototype;
  const observer = new MutationObserver(forget);
  /** @type {Document | null} */
  let watched = null;
  /** @type {Found | null} */
  let kept = null;
  /** Roots in which something was done: those of plain elements that the page keeps closed are found in no other way. @type {WeakRef<ShadowRoot>[]} */
  let met = [];
  let asked = 0;

  /** @param {Document} document @returns {(Document | ShadowRoot)[]} */
  function rootsOf(document) {
    const used = met.flatMap((each) => each.deref() ?? []).filter(WpDom.isConnected);
    return [...new Set([...WpDom.roots(document), ...used])];
  }

  function forget() {
    kept = null;
    apply(disconnect, observer, []);
  }

  /** What is still so. @param {Document} document @returns {Found | null} */
  function current(document) {
    if (kept && (apply(takeRecords, observer, []).length > 0 || now() - kept.at > KEPT_MS)) forget();
    return kept?.document === document ? kept : null;
  }

  /** @param {Document} document @param {string[]} selectors @returns {Found} */
  function found(document, selectors) {
    const before = current(document);
    if (before?.selectors === selectors) return before;
    forget();
    const roots = rootsOf(document);
    const elements = new Set(roots.flatMap((root) => [...WpDom.allOf(root, selectors)]));
    const survey = { document, selectors, roots, elements, at: now() };
    // An element that is still to be defined gets its shadow root without a trace.
    if (document !== watched || roots.some((root) => WpDom.list(root, ":not(:defined)").length > 0)) return survey;
    const attributeFilter = ["class", ...selectors.flatMap((selector) => Array.from(selector.matchAll(ATTRIBUTE), ([, name]) => name))];
    for (const root of roots) observer.observe(root, { subtree: true, childList: true, attributeFilter });
    kept = survey;
    return survey;
  }

  return {
    /** @param {Document} document @param {string[]} selectors The same list each time. @returns {Iterable<Element>} What fits any of them, in no order. */
    elements: (document, selectors) => found(document, selectors).elements,
    /** @param {Document} document @returns {(Document | ShadowRoot)[]} */
    roots: (document) => current(document)?.roots ?? rootsOf(document),
    /**
     * Before it is needed: `work` asks for it.
     * @param {Document} document @param {(run: () => void) => void} whenIdle @param {() => void} work
     */
    prepare(document, whenIdle, work) {
      if (now() - asked < PAUSE_MS || current(document)) return;
      asked = now();
      whenIdle(work);
    },
    /** Something was done in this root. @param {ShadowRoot} root */
    meet(root) {
      met.push(new WeakRef(root));
      if (kept && !kept.roots.includes(root)) forget();
    },
    /** From now on, what is found in it may be kept. @param {Document} document */
    watch(document) {
      watched = document;
    },
    unwatch() {
      watched = null;
      met = [];
      forget();
    },
  };
})();
