"""What was done, as it is recorded and when it is finished."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from app.browser import journal as journals
from app.browser import storing, uploading
from app.browser.archive import zipped
from app.browser.errors import NothingRecorded
from app.browser.journal import Journal
from app.recordings.masking import mask_step
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows.content import StepContent

Told = Callable[[], None]
"""Told that a step is new, better, or gone."""


@dataclass(frozen=True, slots=True)
class _Kept:
    content: StepContent
    place: int
    picture: str | None = None


class Recording:
    """Steps and pictures. `steps` may be read while it is made; it is complete when its `with` block has ended."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        self.id = uuid4().hex
        self.warnings: list[str] = []
        """What could not be recorded, in words."""
        self._kept: dict[str, _Kept] = {}
        self._pictures: dict[str, bytes] = {}
        self._journal: Journal | None = None
        self._told: Told | None = None

    @property
    def steps(self) -> list[RecordingStep]:
        """In the order in which they happened; what is secret is not in them."""
        return [
            RecordingStep.model_construct(
                kept.content.model_fields_set | {"screenshot_id"},
                **{**dict(kept.content), "screenshot_id": kept.picture},
            )
            for kept in self._in_order()
        ]

    @property
    def pictures(self) -> dict[str, bytes]:
        """PNG by the `screenshot_id` of the steps that show it."""
        shown = {kept.picture for kept in self._kept.values()}
        return {name: data for name, data in self._pictures.items() if name in shown}

    @property
    def content(self) -> RecordingIn:
        """The body of `POST /api/v1/workflows`; its pictures have the names that they have here."""
        steps = self.steps
        if not steps:
            raise NothingRecorded
        start = next((step.page.url for step in steps if step.page.url), None)
        return RecordingIn(name=self.name, starting_url=start, steps=steps)

    def save(self, path: str | Path) -> Path:
        """Write the zip that an import takes; returns its path."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(zipped(self.content, self.pictures))
        return part.replace(path)

    def store(self) -> int:
        """Keep it in the local database, as `workflow-platform import` does; the workflow's number."""
        return storing.store(zipped(self.content, self.pictures))

    def upload(self, server: str, token: str) -> str:
        """Send it to a server; the workflow's address. Again is harmless: it is there once."""
        return uploading.upload(self.content, self.pictures, server=server, token=token, key=self.id)

    def forget_journal(self) -> None:
        """It is kept elsewhere: what was written as it went is not needed any more."""
        if self._journal is not None:
            self._journal.remove()
            self._journal = None

    @property
    def folder(self) -> Path | None:
        """Where it is written as it goes."""
        return self._journal.folder if self._journal else None

    def keep_in(self, journal: Journal) -> None:
        """From now on, what happens is written there."""
        self._journal = journal
        self._write(kind="begin", id=self.id, name=self.name)

    def tell(self, told: Told | None) -> None:
        """From now on, whenever something changes."""
        self._told = told

    def put(self, key: str, step: StepContent) -> None:
        """A step, or a better form of one. Its place is that of its first form."""
        step = mask_step(step)[0]
        known = self._kept.get(key)
        self._kept[key] = replace(known, content=step) if known else _Kept(step, len(self._kept))
        self._write(kind="put", key=key, step=step.model_dump(mode="json", exclude_defaults=True))
        self._tell()

    def withdraw(self, key: str) -> None:
        """It was none after all."""
        if self._kept.pop(key, None) is not None:
            self._write(kind="withdraw", key=key)
            self._tell()

    def show(self, key: str, png: bytes) -> None:
        """The picture of a step. Equal ones are kept once."""
        if key not in self._kept:
            return
        name = hashlib.sha256(png).hexdigest()[:32]
        if name not in self._pictures:
            self._pictures[name] = png
            if self._journal is not None:
                self._journal.picture(name, png)
        self._kept[key] = replace(self._kept[key], picture=name)
        self._write(kind="picture", key=key, picture=name)

    def warn(self, words: str) -> None:
        """Something could not be recorded; said once."""
        if words not in self.warnings:
            self.warnings.append(words)
            self._write(kind="warning", words=words)

    def close(self) -> None:
        """Nothing more will come."""
        if self._journal is not None:
            self._journal.close()

    def content_of(self, key: str) -> StepContent | None:
        """The step as it stands."""
        kept = self._kept.get(key)
        return kept.content if kept else None

    def is_only(self, key: str) -> bool:
        """Whether there is this step and no other."""
        return self._kept.keys() == {key}

    def _in_order(self) -> Sequence[_Kept]:
        long_ago = datetime.min.replace(tzinfo=UTC)
        return sorted(self._kept.values(), key=lambda kept: (kept.content.timestamp or long_ago, kept.place))

    def _write(self, **line: object) -> None:
        if self._journal is not None:
            self._journal.write(line)

    def _tell(self) -> None:
        if self._told is not None:
            self._told()


def resumed(folder: Path) -> Recording:
    """The recording that a program left in `folder` when it ended too early, ready to go on."""
    recording = Recording()
    for line in journals.read(folder):
        _replay(recording, line, folder)
    recording.keep_in(Journal(folder))
    return recording


def _replay(recording: Recording, line: dict[str, Any], folder: Path) -> None:
    key = str(line.get("key"))
    match line.get("kind"):
        case "begin":
            recording.id, recording.name = str(line.get("id")), line.get("name")
        case "put":
            try:
                recording.put(key, StepContent.model_validate(line.get("step")))
            except ValidationError:
                recording.warn("A step in the file is damaged and was left out.")
        case "withdraw":
            recording.withdraw(key)
        case "picture":
            path = folder / f"{line.get('picture')}.png"
            if path.is_file():
                recording.show(key, path.read_bytes())
        case "warning":
            recording.warn(str(line.get("words")))
