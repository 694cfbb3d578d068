// @ts-check
"use strict";
/** The recorder's core in this frame, and its way to the service worker: what is said stays here until it is kept there. */
var WpContent = /** @type {{ start: () => void, orphaned: () => boolean } | undefined} */ (globalThis.WpContent);
if (!WpContent || WpContent.orphaned()) WpContent = (() => {
  const RETRY_MS = [50, 100, 200, 400, 800, 1600, 3200];
  const IDLE_MS = 1_200;
  const NEAR_PX = 120;
  const DRAWN_MS = 150;
  const top = window.parent === window;

  /**
   * @typedef {{ recorder: WpRecording, recordingId: string | null, seq: number, unsaid: Set<number>, frame: WpSaid["frame"] | null }} Session
   */

  /** @type {Session | null} The recording that this frame takes part in; its id is null until the worker has said it. */
  let current = null;
  /** @type {Session | null} The one that was told to finish. */
  let finishing = null;
  let lastActivity = "";
  let idle = 0;
  /** @type {{ box: WpBox, at: number } | null} */
  let concealed = null;

  const control = () => (top ? /** @type {{ WpControl?: WpControlApi }} */ (globalThis).WpControl ?? null : null);

  /** Whether the extension that put this script here is still there; after an update it is not. */
  const orphaned = () => !chrome.runtime?.id;

  /** @param {Element} host */
  function closedShadowRoot(host) {
    return host instanceof HTMLElement ? chrome.dom.openOrClosedShadowRoot(host) : null;
  }

  /** @param {Node} node */
  const isOwn = (node) => control()?.owns(node) ?? false;

  /** @param {DOMRect | WpBox} rect */
  const box = ({ x, y, width, height }) => ({ x, y, width, height });

  /**
   * Frames that the core has not heard of: what is in them is unknown, so pictures are painted over there.
   * @param {WpFrame[]} heard
   */
  function silentFrames(heard) {
    const known = new Set(heard.map((frame) => `${Math.round(frame.x)} ${Math.round(frame.y)}`));
    return [...document.querySelectorAll("iframe, frame, object, embed, fencedframe")]
      .map((element) => ({ inner: [element.clientLeft, element.clientTop], rect: element.getBoundingClientRect() }))
      .filter(({ inner: [left = 0, above = 0], rect }) =>
        !known.has(`${Math.round(rect.x + left)} ${Math.round(rect.y + above)}`) &&
        !known.has(`${Math.round(rect.x)} ${Math.round(rect.y)}`))
      .map(({ rect }) => box(rect));
  }

  /** Differs when the page looks different, mostly; costs next to nothing. */
  const shape = () =>
    [document.getElementsByTagName("*").length, scrollX, scrollY, innerWidth, innerHeight, document.title].join(" ");

  /** @returns {WpReport | null} What the worker must know of this frame to take a picture of its page. */
  function report() {
    if (!current) return null;
    const { recorder } = current;
    const frames = recorder.frames();
    const view = window.visualViewport;
    return {
      token: recorder.token,
      title: document.title,
      viewport: { width: innerWidth, height: innerHeight },
      zoom: { scale: view?.scale ?? 1, x: view?.offsetLeft ?? 0, y: view?.offsetTop ?? 0 },
      masks: recorder.masks(),
      frames,
      silent: silentFrames(frames),
      control: controlBox(),
      shape: shape(),
    };
  }

  /** @param {string} token @param {number} seq */
  const laid = (token, seq) => `said ${token} ${seq}`;

  /**
   * Where the worker finds it, should it be ended while it hears this and the page be gone by then.
   * @param {Session} session
   * @param {Pick<WpSaid, "token" | "seq">} whole
   */
  function layDown({ recordingId, frame }, whole) {
    const left = { ...whole, recordingId, frame: frame ?? { tabId: -1, frameId: top ? 0 : -1 } };
    chrome.storage.session.set({ [laid(whole.token, whole.seq)]: left }).catch(() => undefined);
  }

  /**
   * Sends until the worker has it, however often that is stopped and started in between.
   * @param {Session} session
   * @param {Pick<WpSaid, "message" | "hover" | "report">} said
   */
  async function say(session, said) {
    const whole = { type: "said", token: session.recorder.token, seq: ++session.seq, at: Date.now(), ...said };
    session.unsaid.add(whole.seq);
    if (whole.message && whole.message.kind !== "moment") layDown(session, whole);
    for (let tries = 0; !orphaned(); tries++) {
      try {
        const answer = await chrome.runtime.sendMessage({ ...whole, recordingId: session.recordingId });
        if (answer) return heard(session, whole.seq, answer);
      } catch {
        // Nobody was there, or it ended before it answered.
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
    }
    stop();
  }

  /**
   * @param {Session} session
   * @param {number} seq
   * @param {WpHeard} answer
   */
  function heard(session, seq, answer) {
    session.unsaid.delete(seq);
    chrome.storage.session.remove(laid(session.recorder.token, seq)).catch(() => undefined);
    session.recordingId ??= answer.recordingId ?? null;
    session.frame ??= answer.frame ?? null;
    if (session !== current) return;
    if (answer.over) stop();
    else if (answer.status) show(answer.status);
  }

  /** @param {Session} session @param {WpMessage} message */
  function emit(session, message) {
    const moment = message.kind === "moment";
    void say(session, { message, hover: moment && lastActivity === "pointermove", report: moment ? report() : null });
  }

  /** @param {NonNullable<WpStatus["recording"]>} status */
  const show = (status) => control()?.show(status, (command) => chrome.runtime.sendMessage({ ...command }));

  /** @param {PointerEvent} event */
  function near(event) {
    const seen = control()?.box();
    return seen && event.clientX > seen.x - NEAR_PX && event.clientX < seen.x + seen.width + NEAR_PX &&
      event.clientY > seen.y - NEAR_PX && event.clientY < seen.y + seen.height + NEAR_PX;
  }

  /** Where the control may still be seen: what was concealed is on the screen until the next frame is drawn. */
  function controlBox() {
    const seen = control()?.box() ?? null;
    if (seen) return seen;
    return concealed && performance.now() - concealed.at < DRAWN_MS ? concealed.box : null;
  }

  /** The control is out of sight before what is done can be pictured. @param {Event} event */
  function onActivity(event) {
    lastActivity = event.type;
    const shown = control();
    if (!shown || isOwn(/** @type {Node} */ (event.composedPath()[0]))) return;
    if (event instanceof PointerEvent && event.type === "pointermove" && near(event)) return;
    const seen = shown.box();
    if (seen) concealed = { box: seen, at: performance.now() };
    shown.conceal();
    clearTimeout(idle);
    idle = setTimeout(() => shown.reveal(), IDLE_MS);
  }

  const ACTIVITY = ["pointermove", "pointerdown", "keydown", "wheel"];
  const LISTENER = { capture: true, passive: true };

  function start() {
    finishing = null;
    if (current || orphaned()) return;
    for (const type of ACTIVITY) window.addEventListener(type, onActivity, LISTENER);
    window.addEventListener("pageshow", onPageShow);
    /** @type {WpMessage[]} */
    const early = [];
    /** @type {Session | null} */
    let session = null;
    const recorder = WpRecorder.record(window, {
      emit: (message) => (session ? emit(session, message) : early.push(message)),
      closedShadowRoot,
      isOwn,
    });
    current = session = { recorder, recordingId: null, seq: 0, unsaid: new Set(), frame: null };
    hello();
    if (top && document.contentType === "application/pdf") emit(session, { kind: "cannot", what: "protected", detail: "PDF" });
    for (const message of early) emit(session, message);
  }

  const hello = () => current && void say(current, { message: null, hover: false, report: report() });

  /** A page that comes back out of the cache may have missed the end. @param {PageTransitionEvent} event */
  function onPageShow(event) {
    if (event.persisted) hello();
  }

  function stop() {
    current?.recorder.stop();
    current = null;
    for (const type of ACTIVITY) window.removeEventListener(type, onActivity, LISTENER);
    window.removeEventListener("pageshow", onPageShow);
    clearTimeout(idle);
  }

  /** Everything that is held back is said, and kept; then it is over, unless it was started anew meanwhile. */
  async function finish() {
    const session = finishing = current;
    session?.recorder.flush();
    while (session?.unsaid.size && !orphaned()) await new Promise((resolve) => setTimeout(resolve, 10));
    if (session === finishing) stop();
  }

  /**
   * @param {WpAsked} asked
   * @returns {unknown} undefined: not for us.
   */
  function answer(asked) {
    switch (asked.type) {
      case "report":
        return report();
      case "start":
        start();
        return true;
      case "finish":
        return finish().then(() => true);
      case "stop":
        stop();
        return true;
      case "show":
        if (asked.status) show(asked.status);
        else control()?.remove();
        return true;
    }
  }

  chrome.runtime.onMessage.addListener((asked, sender, reply) => {
    if (sender.id !== chrome.runtime.id || sender.tab) return;
    Promise.resolve(answer(asked)).then(reply);
    return true;
  });

  return { start, orphaned };
})();
WpContent.start();
