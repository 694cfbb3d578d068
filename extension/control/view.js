// @ts-check
"use strict";
/** How the control looks. Its style is a constructed sheet: what a page forbids to itself does not reach it. */
var WpControlView = (() => {
  const STYLE = `
    :host { all: initial !important; position: fixed !important; inset: 0 auto auto 0 !important; z-index: 2147483647 !important;
      width: 0 !important; height: 0 !important; margin: 0 !important; padding: 0 !important; border: 0 !important; overflow: visible !important; background: none !important; }
    .bar { position: fixed; right: 16px; bottom: 16px; display: flex; align-items: center; gap: 2px; padding: 4px; border: 1px solid #3a3d45;
      border-radius: 12px; background: #17181b; color: #ecedf0; box-shadow: 0 0 0 1px rgb(255 255 255 / 45%); color-scheme: dark;
      font: 560 13px/1 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; user-select: none; }
    .veiled { opacity: 0; pointer-events: none; }
    button { display: grid; place-items: center; min-width: 32px; height: 32px; margin: 0; padding: 0 6px; border: 0; border-radius: 8px;
      background: none; color: inherit; font: inherit; cursor: pointer; }
    button:hover { background: #33363d; }
    button:focus-visible { outline: 2px solid #a9acff; outline-offset: -2px; }
    button[data-act="move"] { display: flex; gap: 8px; padding: 0 8px; cursor: grab; touch-action: none; font-variant-numeric: tabular-nums; }
    .light { width: 10px; height: 10px; border-radius: 50%; background: #ff6a4d; }
    .paused .light { border-radius: 2px; background: #a3a7b0; }
    .small button:not([data-act="move"], [data-act="size"]) { display: none; }
    svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; pointer-events: none; }
    .paused .pausing, .bar:not(.paused) .resuming, .small .shrinking, .bar:not(.small) .growing { display: none; }
    .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`;
  const SHAPES = {
    pausing: "M8 6v12M16 6v12",
    resuming: "M8 5l11 7-11 7z",
    undo: "M9 8H4V3M4 8a8.5 8.5 0 1 1-.5 6",
    stop: "M7 7h10v10H7z",
    shrinking: "M5 12h14",
    growing: "M12 5v14M5 12h14",
  };

  /** @param {string} key @param {...string} parts */
  const word = (key, ...parts) => chrome.i18n.getMessage(key, parts);

  /** @param {keyof typeof SHAPES} name */
  function shape(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SHAPES[name]);
    svg.append(path);
    return svg;
  }

  /** @param {string} act @param {...Node} content */
  function button(act, ...content) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset["act"] = act;
    made.append(...content);
    return made;
  }

  /** @param {HTMLElement} element @param {string} text */
  function name(element, text) {
    element.setAttribute("aria-label", text);
    element.title = text;
  }

  function build() {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const bar = document.createElement("div");
    const light = document.createElement("span");
    const count = document.createElement("span");
    const said = document.createElement("span");
    const move = button("move", light, count);
    const pause = button("pause", shape("pausing"), shape("resuming"));
    const undo = button("undo", shape("undo"));
    const stop = button("stop", shape("stop"));
    const size = button("size", shape("shrinking"), shape("growing"));
    bar.className = "bar";
    light.className = "light";
    said.className = "said";
    said.setAttribute("role", "status");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", word("recorder"));
    name(undo, word("undo"));
    name(stop, word("stop"));
    bar.append(move, pause, undo, stop, size, said);
    root.append(bar);

    /** @param {Element | null} element */
    const actionOf = (element) => element?.closest("button")?.dataset["act"] ?? "";

    return {
      host,
      bar,
      attach() {
        if (host.parentNode !== document.documentElement) document.documentElement.append(host);
      },
      /** @param {NonNullable<WpStatus["recording"]>} status */
      tell({ state, steps }) {
        bar.classList.toggle("paused", state === "paused");
        count.textContent = String(steps);
        said.textContent = word(state === "paused" ? "paused" : "recording");
        name(move, word("control_move", String(steps)));
        name(pause, word(state === "paused" ? "resume" : "pause"));
        name(size, word("control_size"));
      },
      /** @param {number} x @param {number} y */
      moveTo(x, y) {
        bar.style.inset = `${y}px auto auto ${x}px`;
      },
      /** @param {boolean} small */
      shrink: (small) => bar.classList.toggle("small", small),
      /** Unseen, and open to clicks on what is below; still there for the keyboard. @param {boolean} on */
      veil: (on) => bar.classList.toggle("veiled", on),
      /** What a click was on: by its place, or, when a key made it, by the focus. @param {MouseEvent} event */
      actionAt: (event) => actionOf(event.detail === 0 && event.type === "click" ? root.activeElement : root.elementFromPoint(event.clientX, event.clientY)),
      focused: () => actionOf(root.activeElement),
    };
  }

  return { build };
})();
