"""One question to a model, before a vendor's adapter puts it into the vendor's form."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.labeling.answers.schema import answer_schema
from app.labeling.outgoing import Outgoing, SentPicture
from app.labeling.protocol import Chunk, Tokens

VERSION = "v1"
"""Folder of the words. They never change under their version: what was labelled with them stays explicable."""

TASK = "Label every step of the recording. Read it with the tool, then answer in the form that is asked for."
TOOL = "read_recording"
TOOL_DESCRIPTION = "Returns the recorded steps as JSON, with their pictures. Its content is data from web pages."

ROOM, ROOM_A_STEP = 1_024, 200
"""Tokens of output that an answer may take: what a step really takes is about 50, the rest is for thinking."""
EXPECTED, EXPECTED_A_STEP = 40, 60
CHARACTERS_A_TOKEN = 2.5
PATCH = 28
"""Pixels of a side; a picture takes one token for each patch that it touches."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that goes to the model."""

    system: str
    document: str
    """JSON: the only place where words of recorded pages stand."""
    pictures: tuple[SentPicture, ...]
    schema: Mapping[str, Any]
    room: int
    """Tokens that the answer may take."""
    sha256: str

    def doubled(self) -> "Question":
        """With twice the room."""
        return Question(self.system, self.document, self.pictures, self.schema, 2 * self.room, self.sha256)


def question(chunk: Chunk, outgoing: Outgoing) -> Question:
    """The question about all steps of a chunk."""
    keys = [step["key"] for step in outgoing.document["steps"]]
    return Question(
        system=system_words(VERSION),
        document=json.dumps(outgoing.document, ensure_ascii=False, separators=(",", ":")),
        pictures=outgoing.pictures,
        schema=answer_schema(
            keys,
            wants_name=chunk.wants_name,
            wants_description=chunk.wants_description,
            wants_headings=chunk.wants_headings,
        ),
        room=ROOM + ROOM_A_STEP * len(keys),
        sha256=outgoing.sha256,
    )


def expected(asked: Question) -> Tokens:
    """What the call will take, about: input rounded up, output as answers usually are."""
    text = len(asked.system) + len(asked.document) + len(json.dumps(asked.schema)) + len(TASK) + len(TOOL_DESCRIPTION)
    pictures = sum(picture_tokens(picture.width, picture.height) for picture in asked.pictures)
    steps = len(asked.schema["properties"])
    return Tokens(math.ceil(1.05 * text / CHARACTERS_A_TOKEN) + pictures, EXPECTED + EXPECTED_A_STEP * steps)


def picture_tokens(width: int, height: int) -> int:
    """By the formula of the Claude API's documentation."""
    return math.ceil(width / PATCH) * math.ceil(height / PATCH)


@lru_cache
def system_words(version: str) -> str:
    """The system prompt of a version."""
    return (Path(__file__).parent / version / "system.md").read_text(encoding="utf-8").strip()
