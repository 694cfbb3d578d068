// @ts-check
/** What depends on the step before is done one after the other, in the order in which it was heard. */

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function inTurn(work) {
  const next = last.then(work);
  last = next.catch(() => undefined);
  return next;
}
