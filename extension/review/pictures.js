// @ts-check
/** Pictures of steps: read from the store when their step comes near the window, and not before. */
import { picture } from "../store.js";

/** @type {Map<string, Promise<string | null>>} */
const addresses = new Map();

/**
 * @param {string} id
 * @returns {Promise<string | null>} A `blob:` address, one for each picture; null: it is gone.
 */
export function addressOf(id) {
  const known = addresses.get(id);
  if (known) return known;
  const read = picture(id).then((found) => (found ? URL.createObjectURL(found.blob) : null));
  addresses.set(id, read);
  return read;
}

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      waiting.get(target)?.();
    }
  },
  { rootMargin: "800px" },
);

/**
 * @param {Element} element
 * @param {() => void} work Done once, when `element` comes near the window.
 */
export function whenNear(element, work) {
  waiting.set(element, work);
  near.observe(element);
}

/**
 * Where a box of the page is in its picture, in percent.
 * @param {WpBox} box
 * @param {{ width: number, height: number }} viewport
 */
export function percent(box, viewport) {
  const part = (/** @type {number} */ value, /** @type {number} */ whole) => (100 * value) / Math.max(whole, 1);
  return {
    left: part(box.x, viewport.width),
    top: part(box.y, viewport.height),
    width: part(box.width, viewport.width),
    height: part(box.height, viewport.height),
  };
}

/**
 * @param {HTMLElement} element
 * @param {WpBox} box
 * @param {{ width: number, height: number }} viewport
 */
export function lay(element, box, viewport) {
  for (const [edge, value] of Object.entries(percent(box, viewport))) element.style.setProperty(edge, `${value}%`);
}
