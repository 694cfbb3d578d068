"use strict";
var WpPristine = { within: (work) => work() };

/** A recorder that knows clicks and fields and nothing else, to try the host alone. */
var WpRecorder = (() => {
  const MARK = "tiny-recorder";

  function record(window, host) {
    const token = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const children = new Map();
    const stopped = new AbortController();
    const on = (type, react) => window.addEventListener(type, react, { capture: true, signal: stopped.signal });
    const box = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    };
    const selector = (element) => (element.id ? `#${element.id}` : element.localName);
    let count = 0;
    let moment = null;
    let field = null;

    const step = (action, element, value) => ({
      action,
      timestamp: new Date().toISOString(),
      target: {
        tag: element.localName, role: null, name: element.textContent.trim() || element.id, text: null, attributes: {},
        selectors: [selector(element)], box: box(element), frame: [],
        context: { label: null, placeholder: null, heading: null, section: null, row: null, column: null, nearby: null },
      },
      value,
      value_kind: value === null ? null : "text",
      page: { url: location.href, title: document.title, viewport: { width: innerWidth, height: innerHeight } },
    });
    const say = (action, element, value = null) =>
      host.emit({ kind: "step", id: `s${(count += 1)}`, moment, step: step(action, element, value) });
    const flush = () => {
      if (field) say("input", field, field.value);
      field = null;
    };

    on("message", (event) => {
      if (!event.data || !event.data[MARK]) return;
      event.stopImmediatePropagation();
      const frame = [...document.querySelectorAll("iframe")].find((each) => each.contentWindow === event.source);
      if (frame) children.set(event.data[MARK], frame);
    });
    on("pointerdown", () => host.emit({ kind: "moment", moment: (moment = `m${(count += 1)}`) }));
    on("click", (event) => say("click", event.composedPath()[0]));
    on("input", (event) => (field = event.target.type === "password" ? null : event.target));
    on("change", flush);
    on("pagehide", flush);
    if (parent !== window) parent.postMessage({ [MARK]: token }, "*");

    return {
      token,
      flush,
      stop: () => stopped.abort(),
      masks: () => [...document.querySelectorAll("input[type=password]")].map(box),
      frames: () => [...children].map(([child, frame]) => ({ token: child, selector: selector(frame), index: 0, ...box(frame) })),
    };
  }

  return { record };
})();
