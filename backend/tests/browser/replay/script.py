"""Runs an exported Playwright script (TypeScript) in pages of Playwright for Python, whose calls mean the same.

It reads what our exporter writes, and nothing else: any other line fails.
"""

import json
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_INPUT = re.compile(r"^  (?P<name>\w+): process\.env\.\w+ \?\? (?P<value>.*),(?P<secret> // secret: never recorded)?$")
_STATEMENT = re.compile(r"^  await (?P<what>.*);$")
_YES = "  page.context().on('dialog', (dialog) => dialog.accept());"
_OPENING = re.compile(
    r"^  const \[(?P<opened>page\d+)\] = await Promise\.all\("
    r"\[page\d*\.context\(\)\.waitForEvent\('page'\), (?P<what>.*)\]\);$"
)
_PAGE = re.compile(r"page\d*")
_SLIDE = re.compile(
    r"^  for \(let turn = 0; turn < 500 && \(await (?P<now>.*?)\) !== (?P<wanted>inputs\.\w+); turn\+\+\) "
    r"await (?P<found>.*?)\.press\(Number\(await (?P=now)\) < Number\((?P=wanted)\) \? 'ArrowRight' : 'ArrowLeft'\);$"
)
_LOOP = re.compile(r"^  while \(!\(await (?P<until>.*)\)\) \{ await (?P<turn>.*); \}$")
_EACH = re.compile(r"^  for \(const name of inputs\.(?P<values>\w+)\.split\(', '\)\) \{ await (?P<what>.*); \}$")
PATIENCE_SECONDS = 15
_SINGLE = re.compile(r"'([^'\\]*)'")
_WORD = re.compile(r"[A-Za-z_]\w*")
_FUNCTION = re.compile(r"\(\w+: \w+\) => [\w.]+\(\)")
_HAS_NO_CALL = frozenset({"keyboard", "mouse"})


def run(text: str, page: Page, *, files: Path, secrets: Iterable[str] = ()) -> None:
    """`files`: the folder in which uploads find theirs; they are made there. `secrets`: in the order of their use."""
    inputs: dict[str, str] = {}
    pages = {"page": page}
    brought = iter(secrets)
    body = False
    for line in text.splitlines():
        if match := _INPUT.match(line):
            inputs[match["name"]] = json.loads(match["value"].replace("''", '""'))
            if match["secret"]:
                inputs[match["name"]] = next(brought, "")
        elif line == _YES:
            page.context.on("dialog", lambda dialog: dialog.accept())
        elif body and line not in ("", "});") and not line.startswith("  //"):
            _play(line, pages, inputs, files)
        body = body or line.startswith("test(")


Pages = dict[str, Page]
"""By the names that the script gives them."""


def _play(line: str, pages: Pages, inputs: Mapping[str, str], files: Path) -> None:
    if match := _OPENING.match(line):
        with pages["page"].context.expect_page() as opened:
            _Reader(match["what"], pages, inputs, files).run()
        pages[match["opened"]] = opened.value
    elif match := _LOOP.match(line):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _Reader(match["until"], pages, inputs, files).run():
            assert time.monotonic() < deadline, f"never there: {line}"
            for statement in match["turn"].split("; await "):
                _Reader(statement, pages, inputs, files).run()
    elif match := _EACH.match(line):
        for value in inputs[match["values"]].split(", "):
            statement = match["what"].replace("{ name, ", "{ name: inputs.name, ")
            _Reader(statement, pages, {"name": value}, files).run()
    elif match := _SLIDE.match(line):
        _slide(match, pages, inputs, files)
    elif match := _STATEMENT.match(line):
        _Reader(match["what"], pages, inputs, files).run()
    else:
        raise AssertionError(f"what is this? {line}")


def _slide(match: re.Match[str], pages: Pages, inputs: Mapping[str, str], files: Path) -> None:
    wanted = _Reader(match["wanted"], pages, inputs, files).run()
    for _ in range(500):
        now = _Reader(match["now"], pages, inputs, files).run()
        if now == wanted:
            return
        key = "'ArrowRight'" if float(now) < float(wanted) else "'ArrowLeft'"
        _Reader(f"{match['found']}.press({key})", pages, inputs, files).run()
    raise AssertionError(f"never there: {match[0]}")


class _Reader:
    """One expression that begins with `page`, evaluated as it is read."""

    def __init__(self, text: str, pages: Pages, inputs: Mapping[str, str], files: Path) -> None:
        self.text, self.at = text, 0
        self.pages, self.inputs, self.files = pages, inputs, files

    def run(self) -> Any:
        value = self._value()
        assert self.at == len(self.text), f"not understood: {self.text[self.at :]}"
        return value

    def _value(self) -> Any:
        begins = {"page": self._chain, "inputs.": self._input, "`": self._template, "{": self._object}
        begins["new RegExp("] = self._pattern
        for sign, read in begins.items():
            if self.text.startswith(sign, self.at):
                return read()
        return self._literal()

    def _literal(self) -> Any:
        for pattern in (_FUNCTION, _SINGLE):
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                return re.sub(r": \w+", "", match[0]) if pattern is _FUNCTION else match[1]
        value, self.at = json.JSONDecoder().raw_decode(self.text, self.at)
        return value

    def _pattern(self) -> re.Pattern[str]:
        self._expect("new RegExp(")
        text = self._literal()
        self._expect(")")
        return re.compile(text)

    def _input(self) -> Any:
        self._expect("inputs.")
        value = self.inputs[self._word()]
        if not self._take(".split(', ')"):
            return value
        parts = value.split(", ")
        return {"label": parts} if self._take(".map((label) => ({ label }))") else parts

    def _chain(self) -> Any:
        match = _PAGE.match(self.text, self.at)
        assert match
        self.at = match.end()
        found: Any = self.pages[match[0]]
        while self._take("."):
            name = re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", self._word())
            if name in _HAS_NO_CALL:
                found = getattr(found, name)
                continue
            found = self._call(found, name)
        return found

    def _call(self, found: Any, name: str) -> Any:
        self._expect("(")
        given: list[Any] = []
        while not self._take(")"):
            given.append(self._value())
            self._take(", ")
        if name in ("first", "content_frame"):
            return getattr(found, name)
        if name == "set_input_files":
            given[0] = self._made(given[0])
        named = given.pop() if given and isinstance(given[-1], dict) else {}
        return getattr(found, name)(*given, **named)

    def _made(self, names: str | list[str]) -> list[Path]:
        paths = [self.files / Path(name).name for name in ([names] if isinstance(names, str) else names)]
        for path in paths:
            path.write_text("content")
        return paths

    def _object(self) -> dict[str, Any]:
        self._expect("{ ")
        found = {}
        while not self._take(" }"):
            key = re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", self._word())
            self._expect(": ")
            found[key] = self._value()
            self._take(", ")
        return found

    def _template(self) -> str:
        end = re.compile(r"(?<!\\)`").search(self.text, self.at + 1)
        assert end
        inside, self.at = self.text[self.at + 1 : end.start()], end.end()
        filled = re.sub(r"\$\{inputs\.(\w+)\}", lambda match: self.inputs[match[1]], inside)
        return filled.replace("\\`", "`").replace("\\\\", "\\")

    def _word(self) -> str:
        match = _WORD.match(self.text, self.at)
        assert match, self.text[self.at :]
        self.at = match.end()
        return match[0]

    def _take(self, sign: str) -> bool:
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) * there
        return there

    def _expect(self, sign: str) -> None:
        assert self._take(sign), f"{sign!r} expected: {self.text[self.at :]}"
