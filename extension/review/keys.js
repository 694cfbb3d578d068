// @ts-check
/** Keys of the list: `j`/`k` go from step to step, `x` drops or restores one, `h` hides areas of its picture. */

/**
 * @param {HTMLElement} list
 * @param {() => WpStoredStep[]} steps
 * @param {import("./step_card.js").Acts} acts
 */
export function listenToKeys(list, steps, acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement || document.querySelector("dialog[open]")) return;
    const cards = /** @type {HTMLElement[]} */ ([...list.children]);
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const step = steps()[at];
    if (event.key === "j") go(cards[Math.min(at + 1, cards.length - 1)]);
    else if (event.key === "k") go(cards[Math.max(at - 1, 0)]);
    else if (event.key === "x" && step) acts.drop(step);
    else if (event.key === "h" && step) acts.hide(step);
    else return;
    event.preventDefault();
  });
}

/** @param {HTMLElement | undefined} card */
function go(card) {
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
}
