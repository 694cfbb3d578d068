"""The Markdown that Scribe and Tango export. What a person wrote there stays a person's words."""

import re
import textwrap
from typing import Any

from app.core.config import Settings
from app.recordings.formats import facts, prose
from app.recordings.formats.cleaning import Notes
from app.recordings.formats.facts import WrittenPicture
from app.recordings.formats.imported import ImportedRecording, ImportTooLarge
from app.recordings.formats.json_text import in_utf8
from app.recordings.formats.markdown_parts import Pages, Part, guides
from app.recordings.formats.markdown_text import plain
from app.recordings.schema import GivenLabel, RecordingIn, RecordingStep
from app.workflows.content import Action, Page, Target
from app.workflows.errors import TooManySteps

MOST_GUIDES = 50
_PICTURE = re.compile(rb"data:image/[a-zA-Z0-9.+-]{1,40};base64,([A-Za-z0-9+/=]*)")
_OF_SCRIBE_OR_TANGO = re.compile(
    r"scribehow\.com|with \[?scribe\b|colony-recorder|tango\.(?:us|ai)|!\[step \d+ screenshot", re.I
)
_CLICK = re.compile(
    r"(?P<how>double|right)?[- ]?(?:click|tap|klicken sie|haga clic)(?: on| auf| en)?(?: the)? "
    r"(?:[\"“„](?P<quoted>[^\"“”]{1,200})[\"”“](?: \w+)?|(?P<bare>[^\"“”.,:;]{1,60}))\.?",
    re.IGNORECASE,
)
_CLICKS = {"double": Action.DOUBLE_CLICK, "right": Action.RIGHT_CLICK}
_POINTING = re.compile(r"(?:here|this|that|it|these|those|next|where)\b", re.IGNORECASE)
_GO = re.compile(r"(?:navigate|go|browse|open|visit|navegar?|gehen sie|öffnen)\b.{0,40}https?://\S+", re.IGNORECASE)
_SHORT_NAME = 60


def text_of(data: bytes, *, limits: Settings) -> str | None:
    """The text of the file, if it is one; its pictures do not count as text."""
    size = len(data)
    if size > limits.max_request_bytes:
        size -= sum(len(match[1]) for match in _PICTURE.finditer(data))
    if size > limits.max_request_bytes:
        raise ImportTooLarge(
            f"The file has {size:,} bytes of text; at most {limits.max_request_bytes:,} are taken (MAX_REQUEST_BYTES)."
        )
    try:
        text = in_utf8(data).decode()
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def recognises(text: str) -> bool:
    """Whether one of the two programs wrote it: they name themselves, or where their pictures lie."""
    return _OF_SCRIBE_OR_TANGO.search(text) is not None


def read(text: str, *, limits: Settings) -> list[ImportedRecording]:
    """A recording for each guide in the text that has steps. What cannot be taken over becomes a warning."""
    found: list[ImportedRecording] = []
    for guide in guides(text):
        if len(found) == MOST_GUIDES:
            raise ImportTooLarge(f"The file holds more than {MOST_GUIDES} guides: split it into several files.")
        if len(guide.parts) > limits.max_steps:
            raise TooManySteps(
                f"The guide has {len(guide.parts):,} steps; at most {limits.max_steps:,} are taken (MAX_STEPS)."
            )
        found.append(_Guide(guide, Notes(limits)).recording())
    return found


class _Guide:
    """One guide becoming a recording."""

    def __init__(self, guide: Pages, notes: Notes) -> None:
        self._guide = guide
        self._notes = notes
        self._echoes: set[str] = set()
        self._page = Page()
        self._in_secret_field = False
        self._pictures: dict[str, WrittenPicture] = {}
        self._remote: list[int] = []
        self._elsewhere: list[int] = []

    def recording(self) -> ImportedRecording:
        """Read in order, then without anywhere what was hidden somewhere."""
        about = self._said("\n".join(self._guide.about), "description", 5_000, one_line=False)
        title = self._said(self._guide.title or "", "title", 200)
        steps = [self._step(index, part) for index, part in enumerate(self._guide.parts, 1)]
        self._notes.step = None
        self._say_what_is_lost()
        recording = RecordingIn(
            name=title and prose.without(self._echoes, title),
            description=about and prose.without(self._echoes, about),
            starting_url=next((step.page.url for step in steps if step.page.url), None),
            steps=[self._without_echoes(step) for step in steps],
        )
        return ImportedRecording(recording, screenshots=self._pictures, warnings=self._notes.warnings)

    def _say_what_is_lost(self) -> None:
        notes, guide = self._notes, self._guide
        if self._remote:
            notes.add(f"The picture of {facts.listed(self._remote)} lies on the web and was not fetched.")
        if self._elsewhere:
            notes.add(f"The picture of {facts.listed(self._elsewhere)} is not in the file.")
        if guide.pictures_before:
            notes.add("A picture above the first step was left out.")
        if guide.heading_left:
            notes.add("A heading below which no step stands was left out.")
        if guide.has_origin:
            notes.add("Who made the guide, when, and with which program was left out.")

    def _step(self, index: int, part: Part) -> RecordingStep:
        self._notes.step = part.number or self._notes.step
        if part.page:
            title, address = part.page
            self._page = Page(
                url=self._notes.text(address, "page's address", 8_000),
                title=self._notes.line(title, "page's title", 500),
            )
        words = self._said(" ".join(part.lines), "step's text", 1_000) or f"Step {part.number}"
        made = self._action(part, words)
        name = made["target"].name if made.get("target") else None
        label = GivenLabel(field_label=name or _short(words), instruction=words)
        heading = self._said(part.heading or "", "heading", 200)
        picture = self._picture(index, part)
        return RecordingStep(**made, label=label, heading=heading, screenshot_id=picture, page=self._page)

    def _said(self, text: str, what: str, most: int, *, one_line: bool = True) -> str | None:
        """Plain words without secrets; what was hidden is looked for in all the other texts, too."""
        lines = [plain(line) for line in ([text] if one_line else text.split("\n"))]
        if lost := [address for line in lines for address in line.lost]:
            self._notes.add(
                f"{len(lost)} links that do not lead to the web were left out."
                if len(lost) > 1
                else "A link that does not lead to the web was left out."
            )
        words = prose.with_clean_addresses("\n".join(line.text for line in lines if line.text))
        words, hidden = prose.without_secrets(words, after_secret_field=self._in_secret_field)
        self._echoes.update(hidden)
        if hidden:
            self._notes.add(f"What the {what} says is entered into a secret field was hidden.")
        return self._notes.line(words, what, most) if one_line else self._notes.text(words, what, most)

    def _action(self, part: Part, words: str) -> dict[str, Any]:
        """A click on something named and a page to go to are told by the words; all else is something to do."""
        self._in_secret_field = part.aside is None and prose.leads_into_a_secret_field(words)
        if part.aside:
            return {"action": Action.NOTE, "note_kind": part.aside, "value": words}
        if _GO.match(words) and (address := prose.first_address(words)):
            self._page = Page(url=self._notes.text(address, "address", 8_000))
            return {"action": Action.NAVIGATE}
        match = _CLICK.fullmatch(words)
        name = (match["quoted"] or match["bare"]) if match else None
        if match and name and not _POINTING.match(name):
            action = _CLICKS.get((match["how"] or "").lower(), Action.CLICK)
            return {"action": action, "target": Target(name=self._notes.line(name, "name", 200))}
        return {"action": Action.NOTE, "note_kind": "step", "value": words}

    def _picture(self, index: int, part: Part) -> str | None:
        """The first picture that stands in the file; nothing is ever fetched."""
        kept: str | None = None
        number = part.number or 0
        for source in part.pictures:
            if not source.lower().startswith("data:"):
                lies = self._remote if source.lower().startswith(("http:", "https:", "//")) else self._elsewhere
                if number not in lies:
                    lies.append(number)
            elif kept is not None:
                self._notes.add("Of several pictures the first was kept.")
            elif found := facts.picture(source, self._notes):
                kept = str(index)
                self._pictures[kept] = found
        return kept

    def _without_echoes(self, step: RecordingStep) -> RecordingStep:
        update: dict[str, Any] = {}
        if not self._echoes or step.label is None:
            return step
        texts = {key: prose.without(self._echoes, text) for key, text in step.label.__dict__.items()}
        update["label"] = step.label.model_copy(update=texts)
        for key in ("value", "heading"):
            if text := getattr(step, key):
                update[key] = prose.without(self._echoes, text)
        if step.target and step.target.name:
            name = prose.without(self._echoes, step.target.name)
            update["target"] = step.target.model_copy(update={"name": name})
        return step.model_copy(update=update)


def _short(words: str) -> str:
    return textwrap.shorten(words, _SHORT_NAME, placeholder="…") or words[:_SHORT_NAME]
