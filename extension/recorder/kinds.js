// @ts-check
"use strict";
/** Which control an element belongs to, and how a click on it is to be understood. */
var WpKinds = (() => {
  const { tag, matches: is, parent: up } = WpDom;
  const { attribute, path } = WpNodes;

  /** @type {Record<string, WpKind>} */
  const BY_ROLE = {
    button: "button", link: "button", tab: "button", menuitem: "button", treeitem: "item", gridcell: "item", row: "item",
    columnheader: "cell", rowheader: "cell", cell: "cell", listitem: "cell", checkbox: "toggle", switch: "toggle", radio: "toggle",
    menuitemcheckbox: "toggle", menuitemradio: "toggle", option: "option", combobox: "combobox", textbox: "text",
    searchbox: "text", slider: "slider", spinbutton: "slider", scrollbar: "slider", separator: "slider",
  };
  /** @type {Record<string, WpKind>} */
  const BY_TAG = {
    button: "button", a: "button", area: "button", summary: "button", textarea: "text", select: "select", option: "select",
    optgroup: "select", video: "media", audio: "media", canvas: "canvas", td: "cell", th: "cell", embed: "button", object: "button",
  };
  /** @type {Record<string, WpKind>} */
  const BY_TYPE = {
    checkbox: "checkbox", radio: "radio", file: "file", range: "range", button: "button", submit: "button", reset: "button",
    image: "button", color: "picker", date: "picker", time: "picker", month: "picker", week: "picker", "datetime-local": "picker",
  };
  /** What holds controls takes the focus for them, and is none itself. */
  const CONTAINERS = "html, body, main, dialog, form, [role=dialog], [role=alertdialog], [role=application], [role=document], [role=main], " +
    "[role=region], [role=group], [role=listbox], [role=menu], [role=menubar], [role=grid], [role=table], [role=tree], [role=treegrid], " +
    "[role=tablist], [role=tabpanel], [role=toolbar], [role=radiogroup], [role=feed], [role=log], [role=presentation], [role=none]";
  const WEAK = new Set(["cell", "item", "option"]);

  /** @param {Element} element @returns {WpKind | null} */
  function kindOf(element) {
    const name = tag(element);
    if (name === "input") {
      const { type } = /** @type {HTMLInputElement} */ (element);
      if (type === "hidden") return null;
      if (BY_TYPE[type]) return BY_TYPE[type];
      return attribute(element, "role") === "combobox" ? "combobox" : "text";
    }
    if (name === "a" && !is(element, "[href], [role], [tabindex], [onclick]")) return null;
    const role = (attribute(element, "role") ?? "").trim().split(/\s+/)[0].toLowerCase();
    /** @type {WpKind | null} */
    let kind = (role && BY_ROLE[role]) || BY_TAG[name] || null;
    if (kind === "slider" && role === "separator" && !is(element, "[tabindex], [aria-valuenow]")) kind = null;
    if (kind === "button" && attribute(element, "aria-haspopup") === "listbox") kind = "combobox";
    if (kind) return kind;
    if (is(element, CONTAINERS)) return null;
    const stop = attribute(element, "tabindex");
    return is(element, "[onclick]") || (stop !== null && Number(stop) >= 0) ? "item" : null;
  }

  /** The outermost element of an editor. @param {Element} element */
  function editorOf(element) {
    if (!(/** @type {HTMLElement} */ (element).isContentEditable)) return WpDom.closest(element, WpDom.hasEditContext);
    let editor = element;
    for (const each of path(element, 200)) {
      if (!(/** @type {HTMLElement} */ (each).isContentEditable)) break;
      editor = each;
    }
    return editor === element.ownerDocument.body || tag(editor) === "html" ? element.ownerDocument.body : editor;
  }

  /** The outermost element over which the pointer is a hand; `within` another one. @param {Element} element @param {Element | null} within */
  function handOf(element, within) {
    /** @param {Element} each */
    const hasHand = (each) => getComputedStyle(each).cursor === "pointer";
    if (element === within || !hasHand(element)) return null;
    for (const each of path(element, 12)) {
      const around = up(each);
      if (around === within) return within && hasHand(within) ? null : each;
      if (!around || !hasHand(around)) return each;
    }
    return null;
  }

  /** The part of a picture that has a name of its own, or else the whole. @param {Element} element @param {Element} picture */
  function shapeOf(element, picture) {
    for (const each of path(element, 6)) {
      if (each === picture) break;
      if (is(each, "[id], [role], [aria-label], :has(> title)")) return each;
    }
    return picture;
  }

  /** What is no control by its markup, but may be one by what a page does with it. @param {Element} element @returns {WpControl} */
  function stillOf(element) {
    const picture = /** @type {SVGElement} */ (element).ownerSVGElement;
    const shape = picture ? shapeOf(element, picture) : element;
    const found = shape === picture ? WpControls.of(element) : shape;
    const isBlank = is(found, "html, body") || (!picture && WpNodes.hasElements(found) && !WpNodes.hasOwnText(found));
    return { element: found, kind: isBlank ? "blank" : "still", label: null };
  }

  /** @param {Element} label @returns {WpControl | null} */
  function labelled(label) {
    const control = tag(label) === "label" ? /** @type {HTMLLabelElement} */ (label).control : null;
    const kind = control && kindOf(control);
    return control && kind ? { element: control, kind, label } : null;
  }

  /** The control that a person means who points at the element. @param {Element} element @returns {WpControl} */
  function of(element) {
    const editor = editorOf(element);
    if (editor) return { element: editor, kind: "text", label: null };
    /** @type {WpControl | null} */
    let found = null;
    for (const each of path(element)) {
      const control = labelled(each);
      if (control) return control;
      const kind = kindOf(each);
      if (kind) {
        found = { element: kind === "select" ? WpDom.closest(each, "select") ?? each : each, kind, label: null };
        break;
      }
    }
    if (!found || WEAK.has(found.kind)) {
      const hand = handOf(element, found?.element ?? null);
      if (hand && (found?.kind !== "item" && found?.kind !== "option" || !WpDom.text(hand).trim())) return { element: hand, kind: "item", label: null };
    }
    return found ?? stillOf(element);
  }

  return { of, kindOf, editorOf };
})();
