// @ts-check
"use strict";
/** One recording of one window: listeners that never throw into the page, timers that end with it, what a person's event was on. */
var WpSession = (() => {
  /** What may have a shadow root of the page's; the browser's own, in an input, are none of our business. */
  const HOSTS = /-|^(?:article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/;

  const LONGEST_NAME = 100;
  /** What comes too often for more than a glance; its handlers keep to what a page cannot break. */
  const FREQUENT = new Set(["pointermove", "pointerover", "scroll", "wheel", "touchmove"]);

  /** @param {Window & typeof globalThis} window @param {WpHost} host @returns {WpSession & { end(): void, flush(): void }} */
  function create(window, host) {
    const { document } = window;
    const token = [...crypto.getRandomValues(new Uint32Array(3))].map((each) => each.toString(36)).join("");
    const ends = new AbortController();
    const [start, cancel] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
    const idle = window.requestIdleCallback?.bind(window);
    /** @type {Set<number>} */
    const timers = new Set();
    /** @type {(() => void)[]} */
    const atEnd = [];
    /** @type {(() => void)[]} */
    const atFlush = [];
    /** @type {[string, (event: any) => void][]} */
    const onRoots = [];
    const known = new WeakSet();
    const told = new Set();

    /** @param {string} what @param {string} detail */
    function cannot(what, detail) {
      if (told.has(what + detail)) return;
      told.add(what + detail);
      host.emit({ kind: "cannot", what, detail });
    }

    /** No rest parameter here: a page may have replaced how arrays are gone through. @param {(event?: any) => void} run @returns {(event?: any) => void} */
    const guarded = (run) => (event) => {
      try {
        run(event);
      } catch (error) {
        try {
          cannot("page", `The recorder stumbled: ${error instanceof Error ? error.message : "unknown"}`);
        } catch {
          return;
        }
      }
    };

    /** @param {(event?: any) => void} run */
    const pristine = (run) => guarded((event) => WpPristine.within(() => run(event)));

    /** @param {string} type @param {(event: any) => void} handler */
    const heard = (type, handler) => (FREQUENT.has(type) ? guarded(handler) : pristine(handler));

    /** Events that do not leave a shadow root are listened to in it. @param {ShadowRoot} root */
    function adopt(root) {
      if (known.has(root)) return;
      known.add(root);
      WpSurvey.meet(root);
      for (const [type, handler] of onRoots) root.addEventListener(type, handler, { capture: true, passive: true, signal: ends.signal });
    }

    /** @param {Node} node @returns {ShadowRoot | null} */
    function shadowOf(node) {
      if (!WpDom.isElement(node)) return null;
      return node.shadowRoot ?? (HOSTS.test(WpDom.tag(node)) ? host.closedShadowRoot?.(node) ?? null : null);
    }

    /** Down into shadow roots that the event's path leaves out. @param {Element} element @param {any} event @returns {Element} */
    function innermost(element, event) {
      let found = element;
      for (let root = shadowOf(found); root; root = shadowOf(found)) {
        adopt(root);
        const isPointed = typeof event.clientX === "number" && event.detail !== 0;
        const inner = isPointed || event.type.startsWith("pointer") ? root.elementFromPoint(event.clientX, event.clientY) : root.activeElement;
        if (!inner || inner === found || WpDom.root(inner) !== root) break;
        found = inner;
      }
      return found;
    }

    /** @param {Event} event @returns {Element | null} */
    function target(event) {
      if (!(host.isTrusted?.(event) ?? event.isTrusted)) return null;
      const path = event.composedPath();
      for (const each of path) if (each instanceof ShadowRoot) adopt(each);
      const first = path.find((each) => each instanceof Element);
      if (!(first instanceof Element) || host.isOwn?.(first)) return null;
      const found = innermost(first, event);
      return host.isOwn?.(found) ? null : found;
    }

    function active() {
      let found = document.activeElement;
      while (found) {
        const inner = shadowOf(found)?.activeElement;
        if (!inner) break;
        found = inner;
      }
      return found;
    }

    /** @param {() => void} run @param {number} [milliseconds] */
    function later(run, milliseconds = 0) {
      if (ends.signal.aborted) return;
      const timer = start(
        pristine(() => {
          timers.delete(timer);
          run();
        }),
        milliseconds,
      );
      timers.add(timer);
    }

    /** Once, when the page has nothing to do. @param {() => void} run */
    const whenIdle = (run) => void idle?.(pristine(() => ends.signal.aborted || run()));

    /** @param {WpControl | Element} what @param {{ x: number, y: number }} [point] @returns {WpTarget | null} */
    function describe(what, point) {
      const control = Object.hasOwn(what, "element") ? /** @type {WpControl} */ (what) : { element: /** @type {Element} */ (what), label: null };
      try {
        const described = WpTarget.describe(control.element, { window, point });
        const label = control.label;
        described.name ??= wordsOf(described);
        if (label && !described.box?.width) described.box = boxOf(label);
        return described;
      } catch (error) {
        cannot("page", `An element could not be described: ${error instanceof Error ? error.message : "unknown"}`);
        return null;
      }
    }

    return {
      window, document, host, token, cannot, active, target, later, whenIdle, describe, shadowOf,
      journal: WpJournal.create(window, host, token),
      press: null,
      entering: null,
      on: (type, handler) => window.addEventListener(type, heard(type, handler), { capture: true, passive: true, signal: ends.signal }),
      onRoot: (type, handler) => void onRoots.push([type, heard(type, handler)]),
      atEnd: (run) => void atEnd.push(run),
      atFlush: (run) => void atFlush.push(run),
      flush: pristine(() => atFlush.forEach((run) => guarded(run)())),
      end() {
        ends.abort();
        timers.forEach((timer) => cancel(timer));
        atEnd.forEach((run) => pristine(run)());
      },
    };
  }

  /** What is no control has no accessible name; a person calls it by its words. @param {WpTarget} target */
  function wordsOf({ text, attributes }) {
    const words = text && text.length <= LONGEST_NAME ? text : null;
    return words ?? attributes.alt ?? attributes.title ?? null;
  }

  /** @param {Element} element @returns {WpBox} */
  function boxOf(element) {
    const { x, y, width, height } = WpNodes.rect(element);
    return { x, y, width, height };
  }

  return { create, boxOf };
})();
