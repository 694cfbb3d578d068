// @ts-check
"use strict";
/** How elements are read: through shadow roots, and never by properties that a form's own fields may hide. */
var WpDom = (() => {
  /**
   * A getter of the platform as a function of the element: `<form><input name=id>` hides `form.id`, not this.
   * @param {object} owner @param {string} key @returns {(of: Node) => any}
   */
  function getter(owner, key) {
    const get = /** @type {() => any} */ (Reflect.getOwnPropertyDescriptor(owner, key)?.get);
    return (of) => Reflect.apply(get, of, []);
  }
  /** @param {object} owner @param {string} key @returns {(of: object, ...rest: any[]) => any} */
  function method(owner, key) {
    const call = /** @type {Record<string, Function>} */ (owner)[key];
    return (of, ...rest) => Reflect.apply(call, of, rest);
  }

  const localName = getter(Element.prototype, "localName");
  const getAttribute = method(Element.prototype, "getAttribute");
  const parentNode = getter(Node.prototype, "parentNode");
  const assignedSlot = getter(Element.prototype, "assignedSlot");
  const openShadow = getter(Element.prototype, "shadowRoot");
  const nodeType = getter(Node.prototype, "nodeType");
  const contains = method(Node.prototype, "contains");
  const rootOf = method(Node.prototype, "getRootNode");
  const rectOf = method(Element.prototype, "getBoundingClientRect");
  const visibility = method(Element.prototype, "checkVisibility");
  const matchesSelector = method(Element.prototype, "matches");
  const isEditable = getter(HTMLElement.prototype, "isContentEditable");
  const textOf = getter(Node.prototype, "textContent");
  const editContextOf = "editContext" in HTMLElement.prototype ? getter(HTMLElement.prototype, "editContext") : () => null;
  const connected = getter(Node.prototype, "isConnected");
  const finders = {
    [Node.ELEMENT_NODE]: method(Element.prototype, "querySelectorAll"),
    [Node.DOCUMENT_NODE]: method(Document.prototype, "querySelectorAll"),
    [Node.DOCUMENT_FRAGMENT_NODE]: method(DocumentFragment.prototype, "querySelectorAll"),
  };
  const childLists = {
    [Node.ELEMENT_NODE]: getter(Element.prototype, "children"),
    [Node.DOCUMENT_NODE]: getter(Document.prototype, "children"),
    [Node.DOCUMENT_FRAGMENT_NODE]: getter(DocumentFragment.prototype, "children"),
  };
  const nodesOf = getter(Node.prototype, "childNodes");
  const position = method(Node.prototype, "compareDocumentPosition");
  const elementBefore = getter(Element.prototype, "previousElementSibling");
  const elementAfter = getter(Element.prototype, "nextElementSibling");
  const nodeBefore = getter(Node.prototype, "previousSibling");
  const lastOf = getter(Node.prototype, "lastChild");

  const walkerOf = method(Document.prototype, "createTreeWalker");
  /** What no custom element is called, the most frequent names first: the browser leaves these out faster than anybody can look at names. */
  const UNUSUAL = ":not(div,span,a,td,li,p,button,path,option,i,svg,input,tr,label,b,img,br,ul,strong,section,g,th,h1,h2,h3,h4,use,em,small)";

  /** @type {((host: Element) => ShadowRoot | null) | null} */
  let opener = null;

  /** @param {Node | null | undefined} node @returns {node is Element} */
  const isElement = (node) => !!node && nodeType(node) === Node.ELEMENT_NODE;

  /** @param {Element} element @param {string} name @returns {string} Empty if there is none. */
  const attr = (element, name) => getAttribute(element, name) ?? "";
  /** @param {Element} element @param {string} name @returns {boolean} */
  const has = (element, name) => getAttribute(element, name) !== null;
  /** @param {Element} element @returns {string} */
  const tag = (element) => localName(element);

  /** @param {Element} element @returns {ShadowRoot | null} */
  function shadow(element) {
    const root = openShadow(element);
    if (root || !opener || !localName(element).includes("-")) return root;
    try {
      return opener(element);
    } catch {
      return null;
    }
  }

  /** The element around, out of shadow roots too. @param {Node} node @returns {Element | null} */
  function parent(node) {
    const around = parentNode(node);
    if (isElement(around)) return around;
    return around && nodeType(around) === Node.DOCUMENT_FRAGMENT_NODE ? (/** @type {ShadowRoot} */ (around).host ?? null) : null;
  }

  /** Where it is drawn: in the slot that takes it, if one does. @param {Element} element @returns {Element | null} */
  const flatParent = (element) => assignedSlot(element) ?? parent(element);

  /** @param {Element} element @param {string} selector @returns {boolean} */
  const matches = (element, selector) => matchesSelector(element, selector);

  /**
   * The nearest element that fits, itself or around it, out of shadow roots too.
   * @param {Element | null} element @param {string | ((element: Element) => boolean)} fits @param {number} [most]
   * @returns {Element | null}
   */
  function closest(element, fits, most = 60) {
    for (let at = element, left = most; at && left > 0; at = parent(at), left--) {
      if (typeof fits === "string" ? matches(at, fits) : fits(at)) return at;
    }
    return null;
  }

  /** @param {Node} root @param {string} selector @returns {ArrayLike<Element>} Empty for a bad selector. Thousands cost little until each is looked at. */
  function list(root, selector) {
    try {
      return finders[/** @type {1} */ (nodeType(root))](root, selector);
    } catch {
      return [];
    }
  }

  /** @param {Node} root @param {string} selector @returns {Element[]} Empty for a bad selector. */
  const all = (root, selector) => Array.from(list(root, selector));

  /**
   * What fits any of the selectors. One search each is several times faster than one for all of them: the browser tries each of them
   * on each element, but knows of a single class or attribute when no element has it.
   * @param {Node} root @param {string[]} selectors @returns {Set<Element>} In no order.
   */
  const allOf = (root, selectors) => new Set(selectors.flatMap((selector) => all(root, selector)));

  /** @param {Node} root @returns {Element[]} */
  const children = (root) => Array.from(childLists[/** @type {1} */ (nodeType(root))](root));

  /** @param {Element} element @param {string} attribute @returns {Element[]} What its ids point to. */
  function referenced(element, attribute) {
    const root = rootOf(element);
    const found = [];
    for (const id of attr(element, attribute).split(/\s+/).slice(0, 10)) {
      if (id) found.push(...all(root, `#${CSS.escape(id)}`).slice(0, 1));
    }
    return found;
  }

  /**
   * The labels of a field. Its own `labels` would be searched for in the whole page, for each field anew.
   * @param {Element} element @returns {Element[]}
   */
  function labels(element) {
    const around = closest(parent(element), "label", 8);
    const id = attr(element, "id");
    const pointing = id ? all(rootOf(element), `label[for="${CSS.escape(id)}"]`).slice(0, 5) : [];
    return around && !has(around, "for") && !pointing.includes(around) ? [around, ...pointing] : pointing;
  }

  /** @param {Element} element @returns {boolean} */
  const isVisible = (element) => visibility(element, { visibilityProperty: true, opacityProperty: true });

  /** @param {Element} element @returns {WpBox} */
  function box(element) {
    const { x, y, width, height } = rectOf(element);
    const round = (/** @type {number} */ value) => Math.round(Math.max(-99_999, Math.min(99_999, value)) * 10) / 10;
    return { x: round(x), y: round(y), width: Math.abs(round(width)), height: Math.abs(round(height)) };
  }

  /** @param {Document | ShadowRoot} root @returns {ShadowRoot[]} Those of its elements whose shadow root only the host can open. */
  function closedWithin(root) {
    const found = [];
    const elements = list(root, UNUSUAL);
    for (let index = 0; index < elements.length; index++) {
      const inner = openShadow(elements[index]) ? null : shadow(elements[index]);
      if (inner) found.push(inner);
    }
    return found;
  }

  /**
   * The document and all shadow roots within, as far as the count of elements allows.
   * @param {Document} root @param {number} [most] elements
   * @returns {(Document | ShadowRoot)[]}
   */
  function roots(root, most = 60_000) {
    /** @type {(Document | ShadowRoot)[]} */
    const found = [root];
    for (let at = 0; at < found.length && found.length < 500; at++) {
      const walker = walkerOf(root, found[at], NodeFilter.SHOW_ELEMENT);
      for (let element = walker.nextNode(); element && most > 0; element = walker.nextNode(), most--) {
        const inner = /** @type {Element} */ (element).shadowRoot; // what hides it is a form's field, and a form has none
        if (inner instanceof ShadowRoot) found.push(inner);
      }
      if (opener) found.push(...closedWithin(found[at]));
    }
    return found;
  }

  return {
    all, allOf, attr, box, children, closest, flatParent, has, isElement, isVisible, labels, list, matches, parent, position, referenced, roots, shadow, tag,
    elementAfter, elementBefore, lastOf, nodeBefore, parentNode,
    /** @param {Node} one @param {Node} other @returns {boolean} */
    contains: (one, other) => contains(one, other),
    /** @param {Node} node @returns {Document | ShadowRoot} */
    root: (node) => rootOf(node),
    /** @param {Node} node @returns {Node[]} */
    nodes: (node) => Array.from(nodesOf(node)),
    /** @param {Node} node @returns {string} */
    text: (node) => textOf(node) ?? "",
    /** @param {Element} element @returns {boolean} */
    isEditable: (element) => element instanceof HTMLElement && isEditable(element) === true,
    /** Whether a script takes what is typed into it, and draws it itself. @param {Element} element @returns {boolean} */
    hasEditContext: (element) => element instanceof HTMLElement && editContextOf(element) !== null,
    /** @param {Node} node @returns {boolean} */
    isConnected: (node) => connected(node),
    /** How closed shadow roots are opened, if the host can. @param {((host: Element) => ShadowRoot | null) | undefined} open */
    openWith(open) {
      opener = open ?? null;
    },
  };
})();
