"""`{first name}` in other programs' values becomes `{{first_name}}`, a variable of the workflow."""

import re
from typing import Any

from pydantic import ValidationError

from app.core.validation import printable
from app.recordings.formats.cleaning import Notes
from app.recordings.schema import MOST_VARIABLES
from app.workflows.content import Variable

_PLACEHOLDER = re.compile(r"(?<!\{)\{(?P<name>[^{}\n]{1,80})\}(?!\})")
_DOUBLED = re.compile(r"\{\{(?P<name>[^{}\n]{1,80})\}\}")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


class Placeholders:
    """The names that a workflow declares in its `input_schema`, and the variables that stand for them."""

    def __init__(self, schema: Any, notes: Notes) -> None:
        self._notes = notes
        self._names: dict[str, str] = {}
        self.variables: list[Variable] = []
        if schema is not None and not isinstance(schema, list):
            notes.add("The input schema is not a list and was left out.")
        for entry in schema if isinstance(schema, list) else []:
            self._declare(entry)

    def _declare(self, entry: Any) -> None:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name.strip():
            self._notes.add("An entry of the input schema has no name and was left out.")
            return
        if len(self.variables) == MOST_VARIABLES:
            self._notes.add(f"Of the input schema, the first {MOST_VARIABLES} entries were kept.")
            return
        called = _NOT_IN_A_NAME.sub("_", name.lower()).strip("_")[:40].rstrip("_")
        label = self._notes.line(" ".join(re.split(r"[_\s-]+", name)).strip().capitalize(), "input's name", 100)
        if any(variable.name == called for variable in self.variables):
            self._notes.add(f'Two inputs would be called "{printable(called)}"; the first was kept.')
            return
        try:
            self.variables.append(Variable(name=called, label=label or called))
        except ValidationError:
            self._notes.add(f'The input "{printable(name)}" cannot be a variable\'s name and was left out.')
            return
        self._names[name] = called

    def filled_in(self, text: str | None) -> str | None:
        """The text with our sign for a variable in the place of each placeholder that the workflow declares."""
        if not text or "{" not in text or not self._names:
            return text
        return _PLACEHOLDER.sub(self._ours, _DOUBLED.sub(self._ours, text))

    def _ours(self, match: re.Match[str]) -> str:
        called = self._names.get(match["name"])
        return f"{{{{{called}}}}}" if called else match[0]
