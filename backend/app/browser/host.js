// @ts-check
"use strict";
/** Stands between the recorder's core and Playwright: what the core says goes to Python as text, with what else a
 * picture of that moment needs. Runs before every script of the page, and leaves nothing that a page could find. */
var WpPlaywright = (() => {
  const LOOK_EVERY_MS = 250;
  const ASK_EVERY_MS = 20;
  const SHARE = 0.05;

  /** Where messages go: to Chrome's binding, which is taken out of the page's sight as soon as it is there. A frame in
   * a process of its own has none, and sends through the page around it.
   * @param {string} binding @param {string} mark */
  function channel(binding, mark) {
    /** @type {((text: string) => void) | null} */
    let send = null;
    /** @type {string[]} */
    let waiting = [];
    const relayed = isForeign();

    function take() {
      const found = send ?? Reflect.get(globalThis, binding);
      if (typeof found !== "function") return;
      Reflect.deleteProperty(globalThis, binding);
      send = found;
      clearInterval(asking);
      const held = waiting;
      waiting = [];
      for (const text of held) found(text);
    }

    /** @param {string} text */
    function say(text) {
      take();
      if (send) send(text);
      else if (relayed) window.top?.postMessage({ [mark]: text }, "*");
      else waiting.push(text);
    }

    const asking = setInterval(take, ASK_EVERY_MS);
    take();
    return say;
  }

  function isForeign() {
    try {
      return !window.top?.location.href;
    } catch {
      return true;
    }
  }

  /** Closed shadow roots can only be seen by who was there when they were made. */
  function keepClosedRoots() {
    const roots = new WeakMap();
    Element.prototype.attachShadow = new Proxy(Element.prototype.attachShadow, {
      apply(original, host, args) {
        const root = Reflect.apply(original, host, args);
        if (root.mode === "closed") roots.set(host, root);
        return root;
      },
    });
    return (/** @type {Element} */ host) => roots.get(host) ?? null;
  }

  /** Chrome does not tell whether the page goes back, or a person does. @param {() => void} told */
  function noticeBack(told) {
    for (const name of /** @type {const} */ (["back", "forward", "go"])) {
      History.prototype[name] = new Proxy(History.prototype[name], {
        apply(original, history, args) {
          told();
          return Reflect.apply(original, history, args);
        },
      });
    }
  }

  /** Playwright itself chooses options by script: an `input` that leaves shadow roots, as a browser's own does, then a `change`. */
  function choosing() {
    /** @type {EventTarget | undefined} */
    let chosen;
    /** @param {Event} event */
    return (event) => {
      const list = event.composedPath()[0];
      if (event.isTrusted || !(list instanceof HTMLSelectElement)) return event.isTrusted;
      const goesOn = event.type === "change" && list === chosen;
      chosen = event.type === "input" && event.composed ? list : undefined;
      return goesOn || chosen === list;
    };
  }

  /** @param {string} binding @param {string} word */
  function begin(binding, word) {
    const Ask = CustomEvent;
    const dispatch = EventTarget.prototype.dispatchEvent.bind(window);
    const isHeard = () => !dispatch(new Ask(word, { detail: "there?", cancelable: true }));
    if (isHeard()) return; // this document is recorded already

    const { stringify } = JSON;
    const clock = performance;
    const now = clock.now.bind(clock);
    const origin = clock.timeOrigin;
    let born = origin + now();
    const out = channel(binding, word);
    const closedShadowRoot = keepClosedRoots();
    /** @type {WpRecording | null} */
    let recorder = null;
    /** The document that it looks at. */
    let recorded = document;
    let known = "";
    /** @type {WpBox[]} */
    let masks = [];
    let seen = -Infinity;
    let cost = 0;

    /** Where secrets are: looked for anew with everything that was done, between that for a share of the page's time.
     * @param {boolean} anew */
    function hidden(anew) {
      const begun = now();
      if (recorder && (anew || begun - seen > cost / SHARE)) {
        masks = recorder.masks();
        seen = now();
        cost = seen - begun;
      }
      return masks;
    }

    /** With the built-ins as they were: a page may have said how arrays are written. @param {WpMessage | { kind: "history" } | null} message */
    const say = (message) => WpPristine.within(() => {
      renew();
      const facts = stringify({
        token: recorder?.token ?? "",
        top: window.top === window,
        masks: hidden(message !== null),
        frames: recorder?.frames() ?? [],
        page: {
          url: location.href.slice(0, 8000),
          title: document.title.slice(0, 500) || null,
          viewport: innerWidth && innerHeight ? { width: innerWidth, height: innerHeight } : null,
        },
        ready: document.readyState !== "loading",
        born,
      });
      if (message === null && facts === known) return;
      known = facts;
      out(stringify({ at: origin + now(), facts, message }));
    });

    /** @param {Event} event */
    function answer(event) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const asked = /** @type {CustomEvent} */ (event).detail;
      if (asked === "there?" || !recorder) return;
      recorder.flush();
      say(null);
      if (asked === "stop") stop();
    }

    /** @param {MessageEvent} event */
    function relay(event) {
      const text = event.data?.[word];
      if (typeof text !== "string") return;
      event.stopImmediatePropagation();
      out(text);
    }

    /** A frame that a script spoke to while it was empty keeps its window, and all that listens there, for the page that comes: nobody tells. */
    function renew() {
      if (document === recorded) return;
      recorder?.stop();
      [recorded, born] = [document, origin + now()];
      start();
      reopened.observe(document, { childList: true });
    }

    const shown = () => say(null);

    const SHOWING = ["readystatechange", "DOMContentLoaded", "load"];

    function start() {
      addEventListener(word, answer, true);
      if (window.top === window) addEventListener("message", relay, true);
      for (const type of SHOWING) addEventListener(type, shown, true);
      try {
        recorder = WpRecorder.record(window, { emit: say, closedShadowRoot, isTrusted: choosing(), framed: shown });
      } catch (error) {
        say({ kind: "cannot", what: "page", detail: `The recorder did not start: ${error}`.slice(0, 500) });
      }
      if (document.documentElement) say(null);
    }

    function stop() {
      clearInterval(looking);
      reopened.disconnect();
      for (const type of SHOWING) removeEventListener(type, shown, true);
      recorder?.stop();
    }

    /** `document.open()` takes every listener off, without a new document that would run this script. */
    const reopened = new MutationObserver(() => {
      if (!isHeard()) start();
    });

    noticeBack(() => say({ kind: "history" }));
    start();
    reopened.observe(document, { childList: true });
    const looking = setInterval(() => say(null), LOOK_EVERY_MS);
  }

  return { begin };
})();
