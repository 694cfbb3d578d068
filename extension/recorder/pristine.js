// @ts-check
"use strict";
/** The built-ins as they were when the page began: a page may replace them, and often does. */
var WpPristine = (() => {
  const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
  const is = Object.is;

  /** `kept` is undefined where there was nothing. @type {{ owner: object, key: PropertyKey, kept: PropertyDescriptor | undefined }[]} */
  const original = [];

  /** @param {object | undefined} owner */
  function keep(owner) {
    if (!owner) return;
    const keys = ownKeys(owner);
    for (let at = 0; at < keys.length; at++) {
      const kept = getOwnPropertyDescriptor(owner, keys[at]);
      if (kept?.configurable) original[original.length] = { owner, key: keys[at], kept };
    }
  }

  /** @param {object} owner @param {string[]} names */
  function keepSome(owner, names) {
    for (let at = 0; at < names.length; at++) {
      const kept = getOwnPropertyDescriptor(owner, names[at]);
      if (kept?.configurable) original[original.length] = { owner, key: names[at], kept };
    }
  }

  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().values(), "".matchAll(/./g)];
  const prototypes = [
    Object, Array, String, RegExp, Map, Set, WeakMap, WeakSet, Function, Number, Date, Promise, EventTarget, Node, Element,
    HTMLElement, Document, DocumentFragment, ShadowRoot, Attr, CharacterData, HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement,
    HTMLOptionElement, HTMLLabelElement, HTMLSlotElement, NodeList, HTMLCollection, DOMTokenList, CSSStyleDeclaration,
    TreeWalker, MutationObserver, DOMRectReadOnly, Event, UIEvent, MouseEvent, KeyboardEvent, InputEvent, URL,
  ];
  for (const one of prototypes) keep(one.prototype);
  for (const one of iterators) keep(Object.getPrototypeOf(one));
  for (const one of [Object, Array, String, Number, Math, JSON, Reflect, Promise]) keep(one);
  keepSome(globalThis, ["getComputedStyle", "CSS", "Map", "Set", "Array", "Object", "String", "RegExp", "URL", "Math", "JSON",
    "parseInt", "parseFloat", "setTimeout", "clearTimeout", "MutationObserver", "performance", "crypto"]);

  // Old libraries add this, and then everything is written as they like it.
  for (const one of [Object, Array, String, Number, Boolean]) original.push({ owner: one.prototype, key: "toJSON", kept: undefined });

  /** @param {PropertyDescriptor | undefined} one @param {PropertyDescriptor | undefined} other */
  const same = (one, other) => is(one?.value, other?.value) && is(one?.get, other?.get) && is(one?.set, other?.set);

  /** @param {object} owner @param {PropertyKey} key @param {PropertyDescriptor | undefined} descriptor */
  const put = (owner, key, descriptor) => (descriptor ? defineProperty(owner, key, descriptor) : deleteProperty(owner, key));

  /**
   * Does the work with the built-ins as they were, and gives the page its own back. Nothing of the page runs in between,
   * so it cannot tell. What the page made unchangeable stays as it is.
   * @template T @param {() => T} work @returns {T}
   */
  function within(work) {
    /** @type {{ owner: object, key: PropertyKey, theirs: PropertyDescriptor | undefined }[]} */
    const changed = [];
    let count = 0;
    for (let at = 0; at < original.length; at++) {
      const { owner, key, kept } = original[at];
      const theirs = getOwnPropertyDescriptor(owner, key);
      if (same(kept, theirs) || theirs?.configurable === false) continue;
      if (put(owner, key, kept)) defineProperty(changed, count++, { value: { owner, key, theirs } });
    }
    try {
      return work();
    } finally {
      for (let at = 0; at < count; at++) {
        const { owner, key, theirs } = changed[at];
        put(owner, key, theirs);
      }
    }
  }

  return { within };
})();
