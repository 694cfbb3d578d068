// @ts-check
"use strict";
/** Turns what a person does in one window into steps. */
var WpRecorder = (() => {
  /** @param {Window} window @param {WpHost} host @returns {WpRecording} */
  function record(window, host) {
    const session = WpSession.create(/** @type {any} */ (window), host);
    WpDom.openWith(host.closedShadowRoot && ((element) => host.closedShadowRoot?.(element) ?? null));
    WpSecrets.watch(session.document);
    WpSurvey.watch(session.document);
    const frames = WpFrames.attach(session);
    const checks = WpChecks.attach(session);
    const choices = WpChoices.attach(session);
    const uploads = WpUploads.attach(session);
    const sliders = WpSliders.attach(session);
    const dragging = WpDragging.attach(session);
    const hovering = WpHovering.attach(session);
    const typing = WpTyping.attach(session, { checks, choices, uploads });
    const clicks = WpClicks.attach(session, { checks, choices, uploads });
    const keys = WpKeys.attach(session, { typing, choices, sliders, clicks });
    WpPointer.attach(session, { clicks, dragging, keys, sliders, hovering, choices });
    WpScrolling.attach(session);
    WpClipboard.attach(session, { typing });
    const masks = () => WpSecrets.masks(session.document);
    session.whenIdle(() => warmUp(session));
    session.on("pointermove", () => WpSurvey.prepare(session.document, session.whenIdle, masks));
    session.on("pagehide", session.flush);
    session.on("beforeunload", session.flush);
    return {
      stop() {
        session.flush();
        session.end();
        WpSecrets.unwatch();
        WpSurvey.unwatch();
      },
      flush: session.flush,
      masks,
      frames: frames.now,
      token: session.token,
    };
  }

  /**
   * The browser compiles what it runs for the first time: not in the first click of a large page.
   * @param {WpSession} session
   */
  function warmUp({ describe, document }) {
    WpSecrets.masks(document);
    const [some] = WpDom.all(document, "button, a");
    if (some) describe(some);
  }

  return { record };
})();
