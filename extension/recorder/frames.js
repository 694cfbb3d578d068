// @ts-check
"use strict";
/**
 * Which child frame is where. Each frame's recorder tells its parent a random token; where the message came from cannot be forged,
 * so that the token belongs to the frame element whose window sent it.
 */
var WpFrames = (() => {
  const MARKER = "workflow-platform-recorder";
  const FRAMES = "iframe, frame, object, embed";
  const TOKEN = /^[a-z0-9]{6,40}$/;
  /** A frame that goes to another page says hello again; so may a script in it, with tokens that mean nothing. */
  const MOST_TOKENS = 8;
  /** How long a frame may take to answer, once a person uses it. */
  const PATIENCE = 600;

  /** @param {WpSession} session */
  function attach(session) {
    const { window, document } = session;
    /** @type {Map<Element, string[]>} */
    const tokens = new Map();

    window.addEventListener("message", heard, { capture: true });
    session.atEnd(() => window.removeEventListener("message", heard, { capture: true }));

    /** @param {MessageEvent} event */
    function heard(event) {
      try {
        const said = event.data?.[MARKER];
        if (typeof said !== "string" || !event.source) return;
        event.stopImmediatePropagation();
        if (said === "who") {
          if (event.source === window.parent) hello();
          return;
        }
        const frame = TOKEN.test(said) ? frameOf(event.source) : null;
        if (!frame) return;
        learn(frame, said);
        session.host.framed?.();
      } catch {
        return;
      }
    }

    /** The first to use a token keeps it. @param {Element} frame @param {string} token */
    function learn(frame, token) {
      for (const [each, known] of tokens) {
        if (!WpDom.isConnected(each)) tokens.delete(each);
        else if (known.includes(token)) return;
      }
      tokens.set(frame, [...(tokens.get(frame) ?? []), token].slice(-MOST_TOKENS));
    }

    /** @param {MessageEventSource} source */
    function frameOf(source) {
      for (const frame of framesIn(document)) if (windowOf(frame) === source) return frame;
      for (const root of rootsIn(document)) {
        for (const frame of framesIn(root)) if (windowOf(frame) === source) return frame;
      }
      return null;
    }

    /** @param {Element} frame @returns {unknown} */
    const windowOf = (frame) => /** @type {any} */ (frame).contentWindow;

    /** @param {Document | ShadowRoot} root */
    const framesIn = (root) => root.querySelectorAll(FRAMES);

    /** Walks the whole page, and so only where a frame is not in the document itself. @param {Document | ShadowRoot} root @returns {Generator<ShadowRoot>} */
    function* rootsIn(root) {
      for (const element of root.querySelectorAll("*")) {
        const inner = session.shadowOf(element);
        if (!inner) continue;
        yield inner;
        yield* rootsIn(inner);
      }
    }

    function hello() {
      if (window.parent !== window) window.parent.postMessage({ [MARKER]: session.token }, "*");
    }

    /** @param {Element} frame */
    function ask(frame) {
      /** @type {any} */ (frame).contentWindow?.postMessage({ [MARKER]: "who" }, "*");
    }

    /** Someone works in a frame of which nothing is heard. @param {Element | null} frame */
    function missed(frame) {
      if (!frame || !WpDom.matches(frame, FRAMES) || tokens.has(frame) || session.host.isOwn?.(frame)) return;
      ask(frame);
      session.later(() => {
        if (!tokens.has(frame) && WpNodes.isRendered(frame)) session.cannot("frame", titleOf(frame));
      }, PATIENCE);
    }

    /** @param {Element} frame */
    function titleOf(frame) {
      const address = WpNodes.attribute(frame, "src") ?? WpNodes.attribute(frame, "data") ?? "";
      const title = WpNodes.attribute(frame, "title") ?? WpNodes.attribute(frame, "name") ?? "";
      return title || (URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).host : "") || "a frame";
    }

    session.on("blur", (/** @type {Event} */ event) => {
      if (event.target === window) session.later(() => missed(session.active()));
    });

    hello();
    for (const frame of framesIn(document)) ask(frame);

    return {
      /** @returns {WpFrame[]} */
      now() {
        const found = [];
        for (const [frame, known] of tokens) {
          if (!WpDom.isConnected(frame)) tokens.delete(frame);
          else found.push(...known.map((token) => ({ token, selector: selectorOf(frame), index: indexOf(frame), ...contentOf(frame) })));
        }
        return found;
      },
    };

    /** As players count them: those in shadow roots, which a window does not count, come later. @param {Element} frame */
    function indexOf(frame) {
      const own = windowOf(frame);
      for (let at = 0; at < window.length; at++) if (/** @type {any} */ (window)[at] === own) return at;
      return window.length + [...tokens.keys()].filter((each) => each.getRootNode() !== document).indexOf(frame);
    }

    /** @param {Element} frame */
    function selectorOf(frame) {
      const selectors = session.describe(frame)?.selectors ?? [];
      const chain = selectors.find((each) => typeof each !== "string" || !/^(?:aria|xpath|text|pierce)\//.test(each)) ?? selectors[0] ?? WpDom.tag(frame);
      return typeof chain === "string" ? chain : chain.join(" >>> ");
    }
  }

  /** Where a frame's own viewport begins, and how large it is: inside its border and padding. @param {Element} frame @returns {WpBox} */
  function contentOf(frame) {
    const outer = WpNodes.rect(frame);
    const style = getComputedStyle(frame);
    const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (frame);
    const across = offsetWidth ? outer.width / offsetWidth : 1;
    const down = offsetHeight ? outer.height / offsetHeight : 1;
    /** @param {string} side */
    const inset = (side) => parseFloat(style.getPropertyValue(`border-${side}-width`)) + parseFloat(style.getPropertyValue(`padding-${side}`));
    return {
      x: outer.x + inset("left") * across,
      y: outer.y + inset("top") * down,
      width: Math.max(0, outer.width - (inset("left") + inset("right")) * across),
      height: Math.max(0, outer.height - (inset("top") + inset("bottom")) * down),
    };
  }

  return { attach };
})();
