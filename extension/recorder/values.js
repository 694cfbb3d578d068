// @ts-check
"use strict";
/** What stands in a field. A secret's value is not read: not even to be masked. */
var WpValues = (() => {
  /** @type {Record<string, WpValueKind>} */
  const KINDS = {
    email: "email", number: "number", range: "number", url: "url", file: "file", date: "date", "datetime-local": "date", time: "date", month: "date", week: "date",
  };
  const MOST_CHOSEN = 20;

  /** @param {HTMLSelectElement} element @returns {WpValue} */
  function chosen(element) {
    const names = [...element.selectedOptions].slice(0, MOST_CHOSEN).map((option) => WpText.clean(WpDom.attr(option, "label") || WpDom.text(option), 200));
    return { value: names.join(", "), value_kind: "option" };
  }

  /** @param {HTMLInputElement} element @returns {WpValue} */
  function ofInput(element) {
    const type = element.type;
    if (type === "file") return { value: [...(element.files ?? [])].slice(0, MOST_CHOSEN).map((file) => WpText.clean(file.name, 200)).join(", "), value_kind: "file" };
    if (/^(?:checkbox|radio|button|submit|reset|image|hidden)$/.test(type)) return { value: null, value_kind: null };
    return { value: WpText.value(element.value), value_kind: KINDS[type] ?? "text" };
  }

  /** Of an element that its role makes a field. @param {Element} element @returns {WpValue} */
  function ofRole(element) {
    const role = WpRoles.of(element);
    if (role === "slider" || role === "spinbutton" || role === "scrollbar") {
      return { value: WpText.clean(WpDom.attr(element, "aria-valuetext") || WpDom.attr(element, "aria-valuenow"), 200) || null, value_kind: "number" };
    }
    if (role === "combobox" || role === "listbox") {
      const names = WpDom.all(element, "[aria-selected=true]").slice(0, MOST_CHOSEN).map((option) => WpText.of(option, 200));
      return { value: names.join(", ") || WpText.clean(WpDom.text(element), 200) || null, value_kind: "option" };
    }
    if (WpDom.isEditable(element) || role === "textbox" || role === "searchbox") {
      const text = element instanceof HTMLElement ? element.innerText : WpDom.text(element);
      return { value: WpText.value(text.trim()), value_kind: "text" };
    }
    return { value: null, value_kind: null };
  }

  /** @param {Element} element @returns {WpValue} */
  function of(element) {
    const kind = WpSecrets.kind(element);
    if (kind) return { value: null, value_kind: kind };
    if (element instanceof HTMLInputElement) return ofInput(element);
    if (element instanceof HTMLTextAreaElement) return { value: WpText.value(element.value), value_kind: "text" };
    if (element instanceof HTMLSelectElement) return chosen(element);
    return ofRole(element);
  }

  return { of };
})();
