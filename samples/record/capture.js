// What a recorder notes about an element at the moment it is used. `capture(element)` reads the page and changes nothing.
// Field values are not read here: the recorder knows what it entered, and must leave secrets out.
(() => {
  const KEPT_ATTRIBUTES = [
    "id", "name", "type", "href", "title", "alt", "role", "autocomplete", "placeholder", "required",
    "aria-label", "aria-haspopup", "aria-expanded", "aria-selected", "data-testid",
  ];
  const ROLE_OF_INPUT = {
    button: "button", checkbox: "checkbox", image: "button", number: "spinbutton", radio: "radio", range: "slider",
    reset: "button", search: "searchbox", submit: "button",
  };
  const ROLE_OF_TAG = {
    a: "link", button: "button", h1: "heading", h2: "heading", img: "img", option: "option", select: "combobox",
    summary: "button", textarea: "textbox",
  };
  const NOT_READ = "script, style, template, svg, [hidden], [aria-hidden=true], .w-sr-only, .sr-only, .visually-hidden";

  const squeeze = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const orNull = (text) => squeeze(text).slice(0, 200) || null;

  /** Text of an element as a person reads it: without icons, hidden parts and the fields inside a label. */
  function textOf(element, isTarget = false) {
    if (!element || (!isTarget && element.matches(NOT_READ))) return "";
    const parts = [];
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) parts.push(node.data);
      if (node.nodeType === Node.ELEMENT_NODE && !node.matches("input, select, textarea")) {
        const isBlock = !getComputedStyle(node).display.startsWith("inline");
        parts.push(isBlock ? ` ${textOf(node)} ` : textOf(node));
      }
    }
    return squeeze(parts.join(""));
  }

  /** The target's own text; a field has none, for what stands in it is its value. */
  function ownTextOf(element) {
    return element.matches("input, select, textarea") ? "" : textOf(element, true);
  }

  function isVisible(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  }

  function roleOf(element) {
    const tag = element.localName;
    if (element.hasAttribute("role")) return element.getAttribute("role");
    if (tag === "input") return ROLE_OF_INPUT[element.type] ?? "textbox";
    if (tag === "a" && !element.hasAttribute("href")) return null;
    return ROLE_OF_TAG[tag] ?? null;
  }

  const withoutMark = (text) => squeeze(text.replace(/[*:]\s*$/, ""));

  function labelOf(element) {
    return withoutMark([...(element.labels ?? [])].map((label) => textOf(label, true)).join(" "));
  }

  /** What `aria-labelledby` points to, else `aria-label`. */
  function ariaLabelOf(element) {
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const labelled = withoutMark(ids.map((id) => textOf(document.getElementById(id), true)).join(" "));
    return labelled || squeeze(element.getAttribute("aria-label"));
  }

  /** The accessible name, by the sources of the W3C's computation that occur in ordinary pages, in its order. */
  function nameOf(element) {
    const isButtonInput = element.matches("input[type=submit], input[type=button], input[type=reset]");
    return (
      ariaLabelOf(element) ||
      labelOf(element) ||
      (isButtonInput ? squeeze(element.value) : "") ||
      ownTextOf(element) ||
      squeeze(element.getAttribute("alt") ?? element.getAttribute("title") ?? element.getAttribute("placeholder"))
    );
  }

  /** The last visible heading that stands before the element. */
  function headingOf(element) {
    const before = [...document.querySelectorAll("h1, h2, h3, h4, [role=heading]")].filter(
      (heading) => heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING && textOf(heading),
    );
    const shown = before.filter(isVisible);
    return textOf(shown.at(-1));
  }

  /** The nearest named group around the element: a fieldset, a dialog, a tab's panel, a navigation, a region. */
  function sectionOf(element) {
    const groups = "fieldset, dialog, section, nav, aside, form, [role=group], [role=tabpanel], [role=dialog], [role=region]";
    for (let group = element.parentElement?.closest(groups); group; group = group.parentElement?.closest(groups)) {
      const name = group.localName === "fieldset" ? textOf(group.querySelector("legend")) : "";
      const known = withoutMark(name) || ariaLabelOf(group);
      if (known) return known;
    }
    return "";
  }

  /** The title of a table's row is its row header, else its first cell with words that are not the element's own. */
  function rowOf(element) {
    const row = element.closest("tr, [role=row]");
    const cells = [...(row?.querySelectorAll("th, td, [role=rowheader], [role=gridcell]") ?? [])];
    const header = cells.find((cell) => cell.matches("th, [role=rowheader]"));
    return textOf(header ?? cells.find((cell) => textOf(cell)));
  }

  function columnOf(element) {
    const cell = element.closest("td, th");
    const heads = cell?.closest("table")?.tHead?.rows[0]?.cells;
    return textOf(heads?.[cell.cellIndex]);
  }

  /** The nearest visible words before the element, which are neither its own nor its label's. */
  function nearbyOf(element) {
    const own = new Set([nameOf(element), labelOf(element)]);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    walker.currentNode = element;
    while (walker.previousNode()) {
      const parent = walker.currentNode.parentElement;
      const words = withoutMark(walker.currentNode.data);
      if (words.length < 2 || own.has(words) || parent.closest(NOT_READ) || !isVisible(parent)) continue;
      return words.slice(0, 80);
    }
    return "";
  }

  function cssPath(element) {
    const parts = [];
    for (let node = element; node && node !== document.body; node = node.parentElement) {
      if (node.id) return [`#${CSS.escape(node.id)}`, ...parts].join(" > ");
      const twins = [...node.parentElement.children].filter((other) => other.localName === node.localName);
      parts.unshift(twins.length > 1 ? `${node.localName}:nth-of-type(${twins.indexOf(node) + 1})` : node.localName);
    }
    return ["body", ...parts].join(" > ");
  }

  function xpath(element) {
    const parts = [];
    for (let node = element; node?.parentElement; node = node.parentElement) {
      if (node.id && !node.id.includes('"')) return [`xpath///*[@id="${node.id}"]`, ...parts].join("/");
      const twins = [...node.parentElement.children].filter((other) => other.localName === node.localName);
      parts.unshift(twins.length > 1 ? `${node.localName}[${twins.indexOf(node) + 1}]` : node.localName);
    }
    return ["xpath//html", ...parts].join("/");
  }

  const isUnique = (selector) => document.querySelectorAll(selector).length === 1;

  /** Best first: what a person would still recognise after a redesign, then what only the markup knows. */
  function selectorsOf(element) {
    const attribute = (key) => element.getAttribute(key);
    const byTestId = `[data-testid="${CSS.escape(attribute("data-testid") ?? "")}"]`;
    const byFieldName = `${element.localName}[name="${CSS.escape(attribute("name") ?? "")}"]`;
    const ranked = [
      isUnique(byTestId) && byTestId,
      nameOf(element) && `aria/${nameOf(element)}`,
      element.id && `#${CSS.escape(element.id)}`,
      isUnique(byFieldName) && byFieldName,
      ownTextOf(element) && `text/${ownTextOf(element).slice(0, 80)}`,
      cssPath(element),
      xpath(element),
    ];
    return [...new Set(ranked.filter(Boolean))];
  }

  function attributesOf(element) {
    const kept = KEPT_ATTRIBUTES.filter((key) => element.hasAttribute(key));
    return Object.fromEntries(kept.map((key) => [key, element.getAttribute(key)]));
  }

  function boxOf(element) {
    const { x, y, width, height } = element.getBoundingClientRect();
    const round = (value) => Math.round(value * 10) / 10;
    return { x: round(x), y: round(y), width: round(width), height: round(height) };
  }

  window.capture = (element) => ({
    tag: element.localName,
    role: roleOf(element),
    name: orNull(nameOf(element)),
    text: orNull(ownTextOf(element)),
    attributes: attributesOf(element),
    selectors: selectorsOf(element),
    box: boxOf(element),
    context: {
      label: orNull(labelOf(element)),
      placeholder: orNull(element.getAttribute("placeholder")),
      heading: orNull(headingOf(element)),
      section: orNull(sectionOf(element)),
      row: orNull(rowOf(element)),
      column: orNull(columnOf(element)),
      nearby: orNull(nearbyOf(element)),
    },
    frame: [],
  });
})();
