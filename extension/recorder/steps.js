// @ts-check
"use strict";
/** The steps that a stream of messages comes down to. */
var WpSteps = (() => {
  /** @param {Iterable<WpMessage>} messages @returns {{ id: string, moment: string | null, step: WpStep }[]} */
  function steps(messages) {
    /** @type {Map<string, { id: string, moment: string | null, step: WpStep }>} */
    const said = new Map();
    for (const message of messages) {
      if (message.kind === "step") said.set(message.id, { id: message.id, moment: message.moment, step: message.step });
      if (message.kind === "withdraw") said.delete(message.id);
      const known = message.kind === "amend" ? said.get(message.id) : undefined;
      if (known && message.kind === "amend") known.step = message.step;
    }
    return [...said.values()];
  }

  return { steps };
})();
