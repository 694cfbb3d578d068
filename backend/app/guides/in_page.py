"""What DevTools' Recorder has no step for, as an expression to wait for: it does it in the page, and is true then.

Whoever reads the flow sees what it does; every recorded text in it is a literal of JSON, which is one of JavaScript.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from app.guides.locators import drag_of
from app.workflows.content import Target
from app.workflows.user_flows import HELPS, INSTEAD

Ways = Sequence[Sequence[str]]
"""Chains of selectors of CSS and XPath, each leading through shadow roots; the first that finds something counts."""

_BY_THE_NAME = re.compile(r"(?:aria|text)/")
_FIND = """const find = (ways) => {
    for (const way of ways) {
      let at = document;
      for (const part of way) {
        const root = at?.shadowRoot ?? at;
        try {
          if (part.startsWith("xpath/")) at = document.evaluate(part.slice(6), root, null, 9, null).singleNodeValue;
          else at = root.querySelector(part.replace(/^(?:pierce|css)\\//, ""));
        } catch {
          at = null;
        }
        if (!at) break;
      }
      if (at) return at;
    }
    return null;
  };"""
_LEAVE = """for (const field of [element, document.activeElement]) field?.blur();
  return true;"""
_EMPTY = """element.focus();
  getSelection().selectAllChildren(element);
  document.execCommand("delete");
  return true;"""
_CLICK = """element.click();
  return true;"""
_SEVERAL = """const wanted = `, ${VALUE}, `;
  for (const option of element.options) option.selected = wanted.includes(`, ${option.label}, `);
  for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
  return true;"""
_OPTIONS = """const options = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.matches("[role=option]")) options.push(each);
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  const wanted = `, ${VALUE}, `;
  const chosen = options.filter((option) => wanted.includes(`, ${option.textContent.trim()}, `));
  for (const option of chosen) option.click();
  return chosen.length > 0;"""
_SLIDE = """const wanted = VALUE;
  const now = () => element.getAttribute("aria-valuenow");
  if (now() === wanted) return true;
  element.focus();
  const key = Number(now()) < Number(wanted) ? "ArrowRight" : "ArrowLeft";
  for (const type of ["keydown", "keyup"]) {
    element.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
  }
  return now() === wanted;"""
_DRAG = """element.scrollIntoView({ block: "nearest" });
  const words = VALUE, way = WAY;
  const says = (each) => each.textContent.trim() === words;
  const said = [...document.querySelectorAll("body *")].filter(says);
  const onto = way ? null : said.find((each) => ![...each.children].some(says));
  if (!way && !onto) return false;
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  const box = element.getBoundingClientRect();
  const from = way ? [box.left + way[0], box.top + way[1]] : middle(box);
  const to = way ? [way[2] - scrollX, way[3] - scrollY] : middle(onto.getBoundingClientRect());
  const common = { bubbles: true, cancelable: true, composed: true };
  if (element.draggable) {
    const dataTransfer = new DataTransfer();
    const drag = (on, type, [clientX, clientY]) => {
      on.dispatchEvent(new DragEvent(type, { ...common, dataTransfer, clientX, clientY }));
    };
    const under = document.elementFromPoint(...to) ?? onto ?? element;
    drag(element, "dragstart", from);
    for (const type of ["dragenter", "dragover", "drop"]) drag(under, type, to);
    drag(element, "dragend", to);
    return true;
  }
  const capture = Element.prototype.setPointerCapture;
  let holder = null;
  Element.prototype.setPointerCapture = function () { holder = this; };
  const move = (kind, on, [clientX, clientY]) => {
    const about = { ...common, clientX, clientY, buttons: kind === "up" ? 0 : 1 };
    const pointer = { ...about, pointerId: 1, pointerType: "mouse", isPrimary: true };
    on.dispatchEvent(new PointerEvent(`pointer${kind}`, pointer));
    on.dispatchEvent(new MouseEvent(`mouse${kind}`, about));
  };
  try {
    move("down", element, from);
    for (let at = 1; at <= 10; at++) {
      const point = from.map((start, axis) => start + (to[axis] - start) * at / 10);
      move("move", holder ?? document.elementFromPoint(...point) ?? element, point);
    }
    move("up", holder ?? document.elementFromPoint(...to) ?? element, to);
  } finally {
    Element.prototype.setPointerCapture = capture;
  }
  return true;"""
_UNTIL_SEEN = """if (element?.checkVisibility()) return true;
  (find(PANE) ?? document.scrollingElement).scrollBy(X, Y);
  return false;"""


def ways(target: Target | None) -> Ways:
    """Those that a page itself can follow; empty if there is none."""
    chains = ([part] if isinstance(part, str) else list(part) for part in (target.selectors if target else ()))
    return [chain for chain in chains if chain and not any(map(_BY_THE_NAME.match, chain))]


def leave(target: Target) -> str | None:
    """Takes the keyboard from a field, if the page has not taken the field away by itself."""
    return _expression(ways(target), _LEAVE, mark=HELPS, must_be_there=False)


def empty(target: Target) -> str | None:
    """Takes the text out of what is written into and is no field."""
    return _expression(ways(target), _EMPTY, mark=HELPS)


def click(target: Target) -> str | None:
    """On what a pointer cannot be brought to."""
    return _expression(ways(target), _CLICK)


def choose_several(target: Target, names: str) -> str | None:
    """Of a `<select>`, or of a list that is open already; `names` with commas between them."""
    body = _SEVERAL if target.tag == "select" else _OPTIONS
    return _expression(ways(target), body, VALUE=names)


def slide(target: Target, value: str) -> str | None:
    """What only looks like a slider, by its keys."""
    return _expression(ways(target), _SLIDE, VALUE=value)


def drag(target: Target, words: str | None) -> str | None:
    """To the same point of the page, or onto what says `words`."""
    way = drag_of(target)
    return _expression(ways(target), _DRAG, VALUE=words, WAY=way) if way or words else None


def scroll_until(wanted: Target, pane: Target | None, by: tuple[int, int]) -> str | None:
    """Until `wanted` is there."""
    literals = {"PANE": ways(pane), "X": by[0], "Y": by[1]}
    return _expression(ways(wanted), _UNTIL_SEEN, mark=HELPS, must_be_there=False, **literals)


def _expression(
    found_by: Ways, body: str, *, mark: str = INSTEAD, must_be_there: bool = True, **literals: Any
) -> str | None:
    """None if a page cannot find the element."""
    if not found_by:
        return None
    if literals:
        body = re.sub(rf"\b(?:{'|'.join(literals)})\b", lambda name: json.dumps(literals[name[0]]), body)
    wait = "if (!element) return false;\n  " if must_be_there else ""
    start = f"{_FIND}\n  const element = find({json.dumps(found_by)});\n  {wait}"
    return f"{mark} (() => {{\n  {start}{body}\n}})()"
