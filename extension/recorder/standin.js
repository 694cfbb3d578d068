// @ts-check
"use strict";
var WpTarget = (() => ({
  /** @param {any} el @param {any} [_options] @returns {WpTarget} */
  describe(el, _options) {
    const id = el.getAttribute("aria-labelledby");
    const label = el.getAttribute("aria-label") || (id && id.split(" ").map((/** @type {string} */ each) => el.ownerDocument.getElementById(each)?.textContent).join(" ")) || (el.labels && el.labels[0]?.textContent.trim()) || null;
    const text = ["input", "textarea", "select"].includes(el.localName) ? null : el.textContent.trim().slice(0, 200);
    const b = el.getBoundingClientRect();
    const types = /** @type {Record<string,string>} */ ({ checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", search: "searchbox", submit: "button", button: "button" });
    const tags = /** @type {Record<string,string>} */ ({ button: "button", a: "link", textarea: "textbox", select: el.multiple ? "listbox" : "combobox", option: "option", td: "cell" });
    const role = el.getAttribute("role") || (el.localName === "input" ? types[el.type] ?? (el.hasAttribute("list") ? "combobox" : "textbox") : tags[el.localName]) || null;
    return { tag: el.localName, role, name: label || text || null, text, attributes: {}, selectors: [el.id ? "#" + el.id : el.localName],
      box: { x: b.x, y: b.y, width: b.width, height: b.height },
      context: { label: null, placeholder: null, heading: null, section: null, row: null, column: null, nearby: null }, frame: [] };
  },
  /** @param {any} el @returns {WpValue} */
  valueOf(el) {
    const kind = /** @type {Record<string, WpValueKind>} */ ({ password: "password", email: "email", number: "number", range: "number", date: "date", url: "url" })[el.type] ?? "text";
    if (kind === "password") return { value: null, value_kind: kind };
    if (el.localName === "select") return { value: [...el.selectedOptions].map((each) => each.text).join(", "), value_kind: "option" };
    return { value: "value" in el ? el.value : el.innerText, value_kind: kind };
  },
}))();
var WpSecrets = (() => ({
  /** @param {any} el */
  isSecret(el) { return el.type === "password" || el.getAttribute("autocomplete") === "one-time-code"; },
  /** @param {Document} document @returns {WpBox[]} */
  masks(document) { return [...document.querySelectorAll("input[type=password]")].map((el) => el.getBoundingClientRect()); },
}))();
