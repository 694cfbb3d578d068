"""The few words that an export adds of its own, in the language of its guide where they are known in it."""

from dataclasses import dataclass

from app.workflows.content import NoteKind


@dataclass(frozen=True, slots=True)
class Phrases:
    """In one language."""

    language: str
    contents: str
    steps: str
    start_at: str
    needed: str
    example: str
    note: str
    tip: str
    warning: str
    page: str
    of_pages: str
    lost_signs: str

    def of_note(self, kind: NoteKind | None) -> str:
        """What a note of this kind is called."""
        return {"tip": self.tip, "warning": self.warning}.get(kind or "", self.note)


_ENGLISH = Phrases(
    language="en",
    contents="Contents",
    steps="Steps",
    start_at="Start at",
    needed="What you need",
    example="for example",
    note="Note",
    tip="Tip",
    warning="Warning",
    page="Page",
    of_pages="of",
    lost_signs="Some characters of this guide are in no font of the computer that made this file; they are missing.",
)

_GERMAN = Phrases(
    language="de",
    contents="Inhalt",
    steps="Schritte",
    start_at="Beginnen Sie auf",
    needed="Was Sie brauchen",
    example="zum Beispiel",
    note="Hinweis",
    tip="Tipp",
    warning="Achtung",
    page="Seite",
    of_pages="von",
    lost_signs="Einige Zeichen dieser Anleitung gibt es in keiner Schrift des Rechners, der diese Datei gemacht hat; "
    "sie fehlen hier.",
)

_KNOWN = {phrases.language: phrases for phrases in (_ENGLISH, _GERMAN)}


def of(language: str | None) -> Phrases:
    """For a guide in this language (BCP 47); English where there is nothing closer."""
    return _KNOWN.get((language or "").partition("-")[0].lower(), _ENGLISH)
