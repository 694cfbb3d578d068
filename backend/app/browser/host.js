// @ts-check
"use strict";
/** Stands between the recorder's core and Playwright: what the core says goes to Python as text, with what else a
 * picture of this moment needs. Runs before every script of the page, and leaves nothing that the page could find. */
var WpPlaywright = (() => {
  const LOOK_EVERY_MS = 250;
  const quiet = () => {};

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
    return (host) => roots.get(host) ?? null;
  }

  /** Chrome does not tell whether the page goes back, or a person does. @param {() => void} told */
  function noticeBack(told) {
    for (const name of ["back", "forward", "go"]) {
      History.prototype[name] = new Proxy(History.prototype[name], {
        apply(original, history, args) {
          told();
          return Reflect.apply(original, history, args);
        },
      });
    }
  }

  /** @param {string} binding @param {string} word */
  function begin(binding, word) {
    const send = globalThis[binding];
    if (typeof send !== "function") return; // this document is recorded already
    delete globalThis[binding];

    const stringify = JSON.stringify;
    const clock = performance;
    const born = clock.timeOrigin + clock.now();
    const closedShadowRoot = keepClosedRoots();
    let recorder = null;
    let known = "";
    let heard = false;

    function say(message) {
      const facts = stringify({
        token: recorder ? recorder.token : "",
        masks: recorder ? recorder.masks() : [],
        frames: recorder ? recorder.frames() : [],
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
      send(stringify({ at: clock.timeOrigin + clock.now(), facts, message })).then(quiet, quiet);
    }

    function listen() {
      addEventListener(
        word,
        (event) => {
          event.stopImmediatePropagation();
          heard = true;
          const asked = /** @type {CustomEvent} */ (event).detail;
          if (asked === "alive" || !recorder) return;
          recorder.flush();
          say(null);
          if (asked === "stop") stop();
        },
        true,
      );
      addEventListener("DOMContentLoaded", () => say(null), { capture: true, once: true });
      addEventListener("load", () => say(null), { capture: true, once: true });
    }

    function start() {
      listen();
      try {
        recorder = WpRecorder.record(window, { emit: say, closedShadowRoot });
      } catch (error) {
        say({ kind: "cannot", what: "page", detail: `The recorder did not start: ${error}`.slice(0, 500) });
      }
      if (document.documentElement) say(null);
    }

    function stop() {
      clearInterval(looking);
      reopened.disconnect();
      recorder.stop();
    }

    /** `document.open()` takes every listener off, without a new document that would run this script. */
    const reopened = new MutationObserver(() => {
      heard = false;
      dispatchEvent(new CustomEvent(word, { detail: "alive" }));
      if (!heard) start();
    });

    noticeBack(() => say({ kind: "history" }));
    start();
    reopened.observe(document, { childList: true });
    const looking = setInterval(() => say(null), LOOK_EVERY_MS);
  }

  return { begin };
})();
