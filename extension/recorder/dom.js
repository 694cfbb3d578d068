// @ts-check
"use strict";
/** Reading the DOM in ways that a page's names, its overridden methods and shadow roots do not mislead. */
var WpDom = (() => {
  const { matches, getAttribute, hasAttribute, getBoundingClientRect, getClientRects } = Element.prototype;
  const { getRootNode, contains } = Node.prototype;

  /**
   * A form's controls hide its properties: `form.parentNode` may be an input of that name.
   * @param {object} prototype @param {string} name @returns {(node: any) => any}
   */
  function getter(prototype, name) {
    const read = Object.getOwnPropertyDescriptor(prototype, name)?.get;
    return (node) => read?.call(node);
  }

  /** @type {(node: Node) => string} */
  const tag = getter(Element.prototype, "localName");
  /** @type {(node: Node) => Node | null} */
  const parentNode = getter(Node.prototype, "parentNode");
  /** @type {(node: Node) => number} */
  const nodeType = getter(Node.prototype, "nodeType");
  /** @type {(node: Node) => boolean} */
  const isConnected = getter(Node.prototype, "isConnected");
  /** @type {(node: Node) => string} */
  const text = getter(Node.prototype, "textContent");
  /** @type {(node: Node) => NodeListOf<ChildNode>} */
  const childNodes = getter(Node.prototype, "childNodes");
  /** @type {(node: Element) => Element | null} */
  const previous = getter(Element.prototype, "previousElementSibling");

  /** @param {any} node @returns {node is Element} */
  const isElement = (node) => Boolean(node) && nodeType(node) === 1;

  /** @param {Element} element @param {string} selector */
  const is = (element, selector) => matches.call(element, selector);

  /** @param {Element} element @param {string} name */
  const attribute = (element, name) => getAttribute.call(element, name);

  /** The element around, through shadow roots. @param {Node} node @returns {Element | null} */
  function up(node) {
    const parent = parentNode(node);
    if (isElement(parent)) return parent;
    const host = parent && /** @type {ShadowRoot} */ (parent).host;
    return isElement(host) ? host : null;
  }

  /** The element and those around it. @param {Element | null} element @param {number} [most] */
  function* path(element, most = 40) {
    for (let each = element; each && most > 0; each = up(each), most--) yield each;
  }

  /** @param {Element | null} element @param {string} selector @param {number} [most] */
  function closest(element, selector, most) {
    for (const each of path(element, most)) if (is(each, selector)) return each;
    return null;
  }

  /** Through shadow roots. @param {Element} outer @param {Element | null} inner */
  function holds(outer, inner) {
    for (const each of path(inner, 200)) if (each === outer) return true;
    return false;
  }

  /** @param {Element} element @returns {DOMRect} */
  const rect = (element) => getBoundingClientRect.call(element);

  /** @param {Element} element */
  const isRendered = (element) => isConnected(element) && getClientRects.call(element).length > 0;

  /** @param {Node} node @returns {Document | ShadowRoot} */
  const rootOf = (node) => /** @type {Document | ShadowRoot} */ (getRootNode.call(node));

  /** Whether the element itself, not only what is in it, shows words. @param {Element} element */
  function hasOwnText(element) {
    for (const node of childNodes(element)) if (nodeType(node) === 3 && text(node).trim()) return true;
    return false;
  }

  /** An element of the same tree by its id. @param {Element} element @param {string | null} id */
  function byId(element, id) {
    return id ? rootOf(element).getElementById?.(id) ?? null : null;
  }

  return {
    tag, text, childNodes, previous, isConnected, isElement, is, attribute, up, path, closest, holds, rect, isRendered, rootOf, hasOwnText,
    byId,
    /** @param {Element} element @param {string} name */
    has: (element, name) => hasAttribute.call(element, name),
    /** @param {Node} outer @param {Node} inner */
    contains: (outer, inner) => contains.call(outer, inner),
  };
})();
