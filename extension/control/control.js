// @ts-check
"use strict";
/** The control in the page: a small bar in a closed shadow root. What happens to it is settled at the window, before the page can hear of it. */
var WpControl = /** @type {(WpControlApi & { orphaned: () => boolean }) | undefined} */ (globalThis.WpControl);
if (!WpControl || WpControl.orphaned()) WpControl = (() => {
  const STEP_PX = 24;
  const EDGE_PX = 8;
  /** From the frame that was drawn to what is seen. */
  const SCREEN_MS = 250;
  const QUIET = ["click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup", "mousemove", "mouseover", "mouseout",
    "pointerdown", "pointermove", "pointerup", "pointercancel", "pointerover", "pointerout", "touchstart", "touchend", "keydown",
    "keyup", "keypress", "focusin", "focusout", "focus", "blur", "wheel"];
  /** @type {Record<string, [number, number]>} */
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** @type {ReturnType<typeof WpControlView.build> | null} */
  let view = null;
  /** @type {(command: WpCommand) => Promise<unknown>} */
  let send = () => Promise.resolve();
  let state = "recording";
  let small = false;
  let concealed = false;
  /** Counts how often it was concealed or revealed. */
  let turn = 0;
  /** The last turn after which the screen was drawn anew. */
  let drawn = 0;
  /** Its upper left corner, once it was moved. @type {{ x: number, y: number } | null} */
  let place = null;
  /** From the pointer to that corner, while it is dragged. @type {{ x: number, y: number } | null} */
  let held = null;

  const orphaned = () => !chrome.runtime?.id;

  /** @param {Node} node */
  const owns = (node) => view !== null && node === view.host;

  function rect() {
    return view?.bar.getBoundingClientRect() ?? new DOMRect();
  }

  /** Within the window, wherever it was put. */
  function settle() {
    if (!view || !place) return;
    const { width, height } = rect();
    const x = Math.max(EDGE_PX, Math.min(place.x, innerWidth - width - EDGE_PX));
    const y = Math.max(EDGE_PX, Math.min(place.y, innerHeight - height - EDGE_PX));
    place = { x, y };
    view.moveTo(x, y);
  }

  /** @param {string} action */
  function act(action) {
    if (action === "pause") ask({ type: state === "paused" ? "resume" : "pause" });
    else if (action === "undo" || action === "stop") ask({ type: action });
    else if (action === "size") {
      small = !small;
      view?.shrink(small);
      settle();
    }
  }

  /** Not heard: the worker is being replaced; the person sees that nothing changed. @param {WpCommand} command */
  const ask = (command) => void send(command).catch(() => undefined);

  /** Only what the person did themselves: a page can make events, but not trusted ones. @param {Event} event */
  function onEvent(event) {
    if (!view || (event.target !== view.host && !(held && event instanceof PointerEvent))) return;
    event.stopImmediatePropagation();
    if (!event.isTrusted) return event.preventDefault();
    if (orphaned()) return remove();
    if (event.type === "focusin") reveal();
    else if (event instanceof KeyboardEvent && event.type === "keydown") shift(event);
    else if (event instanceof PointerEvent && event.type !== "click") point(event);
    else if (event instanceof MouseEvent && event.type === "click") act(view.actionAt(event));
    // The focus stays where the person works.
    if (event.type === "mousedown") event.preventDefault();
  }

  /** @param {PointerEvent} event */
  function point(event) {
    if (event.type === "pointerdown") grip(event);
    else if (held) drag(event);
  }

  /** @param {PointerEvent} event */
  function grip(event) {
    if (!view || event.button !== 0 || view.actionAt(event) !== "move") return;
    const { x, y } = rect();
    held = { x: x - event.clientX, y: y - event.clientY };
    view.host.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    if (!held) return;
    place = { x: event.clientX + held.x, y: event.clientY + held.y };
    settle();
    if (event.type === "pointerup" || event.type === "pointercancel") held = null;
  }

  /** @param {KeyboardEvent} event */
  function shift(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || view?.focused() !== "move") return;
    const { x, y } = rect();
    place = { x: x + arrow[0] * STEP_PX, y: y + arrow[1] * STEP_PX };
    settle();
    event.preventDefault();
  }

  /** @param {NonNullable<WpStatus["recording"]>} status @param {(command: WpCommand) => Promise<WpAnswer>} through */
  function show(status, through) {
    if (window.parent !== window || document.contentType !== "text/html") return;
    send = through;
    state = status.state;
    view ??= WpControlView.build();
    view.attach();
    view.tell(status);
    settle();
  }

  function remove() {
    view?.host.remove();
    held = null;
  }

  function conceal() {
    if (!view || concealed || view.focused()) return;
    concealed = true;
    view.veil(true);
    const now = ++turn;
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => (drawn = now), SCREEN_MS)));
  }

  function reveal() {
    concealed = false;
    turn++;
    view?.veil(false);
  }

  /** Also while it is concealed but still on the screen, however slow that is. @returns {WpBox | null} */
  function box() {
    if (!view?.host.isConnected || (concealed && drawn === turn)) return null;
    const { x, y, width, height } = rect();
    return width && height ? { x, y, width, height } : null;
  }

  // First of all listeners where it can be: the page's own come later.
  if (window.parent === window) {
    for (const type of QUIET) window.addEventListener(type, onEvent, true);
    window.addEventListener("resize", settle);
  }

  return { show, remove, conceal, reveal, box, owns, orphaned };
})();
