"""What a workflow can be saved as, and what each format is for."""

from dataclasses import dataclass

from app.guides.formats import FORMATS
from app.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Kind:
    """A format as a person chooses it."""

    format: str
    name: str
    use: str

    @property
    def at_once(self) -> bool:
        """Whether it is made while one waits: it has no pictures."""
        return not FORMATS[self.format].pictured


def groups() -> list[tuple[str, list[Kind]]]:
    """All of them, by what they are for."""
    return [
        (
            _("To read and to print"),
            [
                Kind("pdf", _("PDF"), _("To print and to send; searchable, and read aloud by screen readers")),
                Kind("html", _("Web page"), _("One file that opens in every browser, with its pictures")),
                Kind("docx", _("Word"), _("To edit and to put into documents of your own")),
            ],
        ),
        (
            _("For wikis and repositories"),
            [
                Kind("markdown-zip", _("Markdown with pictures"), _("A text and a folder of pictures, in a zip")),
                Kind("wiki", _("Wiki page"), _("A Markdown page and PNG pictures to attach to it, in a zip")),
                Kind("markdown", _("Markdown, text alone"), _("To paste anywhere")),
            ],
        ),
        (
            _("For agents and tests"),
            [
                Kind(
                    "skill", _("Agent skill"), _("SKILL.md with inputs and steps that an AI agent can follow, in a zip")
                ),
                Kind("playwright", _("Playwright test"), _("A script in TypeScript that does the steps in a browser")),
                Kind("devtools", _("DevTools Recorder"), _("A recording that Chrome’s developer tools play")),
            ],
        ),
        (
            _("To keep and to move"),
            [
                Kind("zip", _("Zip"), _("Everything, pictures included; can be imported again")),
                Kind("json", _("JSON"), _("The same without pictures, for programs")),
            ],
        ),
    ]


def names() -> dict[str, str]:
    """What each is called."""
    return {kind.format: kind.name for _title, kinds in groups() for kind in kinds}
