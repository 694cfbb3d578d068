// @ts-check
"use strict";
/** What the event machine asks of nodes beyond `WpDom`. */
var WpNodes = (() => {
  const clientRects = Element.prototype.getClientRects;
  const boundingRect = Element.prototype.getBoundingClientRect;
  const first = /** @type {() => Element | null} */ (Reflect.getOwnPropertyDescriptor(Element.prototype, "firstElementChild")?.get);

  /** The element and those around it, through shadow roots. @param {Element | null} element @param {number} [most] */
  function* path(element, most = 40) {
    for (let each = element; each && most > 0; each = WpDom.parent(each), most--) yield each;
  }

  /** Through shadow roots. @param {Element} outer @param {Element | null} inner */
  function holds(outer, inner) {
    for (const each of path(inner, 200)) if (each === outer) return true;
    return false;
  }

  /** @param {Element} element @param {string} name @returns {string | null} */
  const attribute = (element, name) => (WpDom.has(element, name) ? WpDom.attr(element, name) : null);

  /** @param {Element} element @returns {DOMRect} */
  const rect = (element) => Reflect.apply(boundingRect, element, []);

  /** @param {Element} element */
  const isRendered = (element) => WpDom.isConnected(element) && Reflect.apply(clientRects, element, []).length > 0;

  /** @param {Element} element */
  const hasElements = (element) => Reflect.apply(first, element, []) !== null;

  /** Whether the element itself, not only what is in it, shows words. @param {Element} element */
  const hasOwnText = (element) => WpDom.nodes(element).some((node) => node.nodeType === Node.TEXT_NODE && WpDom.text(node).trim() !== "");

  return { path, holds, attribute, rect, isRendered, hasElements, hasOwnText };
})();
