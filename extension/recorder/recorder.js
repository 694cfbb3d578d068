// @ts-check
"use strict";
/** Turns what a person does in one window into steps. */
var WpRecorder = (() => {
  /** @param {Window} window @param {WpHost} host @returns {WpRecording} */
  function record(window, host) {
    const session = WpSession.create(/** @type {any} */ (window), host);
    const checks = WpChecks.attach(session);
    const choices = WpChoices.attach(session);
    const uploads = WpUploads.attach(session);
    const sliders = WpSliders.attach(session);
    const dragging = WpDragging.attach(session);
    const hovering = WpHovering.attach(session);
    const typing = WpTyping.attach(session, { checks, choices, uploads });
    const clicks = WpClicks.attach(session, { checks, choices, uploads });
    const keys = WpKeys.attach(session, { typing, choices, sliders, clicks });
    WpPointer.attach(session, { clicks, dragging, keys, sliders, hovering });
    WpClipboard.attach(session, { typing });
    session.on("pagehide", session.flush);
    session.on("beforeunload", session.flush);
    return {
      stop() {
        session.flush();
        session.end();
      },
      flush: session.flush,
      masks: () => WpSecrets.masks(session.document),
      frames: () => [],
      token: session.token,
    };
  }

  return { record };
})();
