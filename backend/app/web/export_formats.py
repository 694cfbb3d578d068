"""What the formats of exports are called."""

from app.guides import service as guides
from app.web.i18n import gettext as _


def export_formats() -> list[tuple[str, str]]:
    """Each format that there is, and its name."""
    names = {
        "markdown": _("Markdown"),
        "html": _("Web page"),
        "pdf": _("PDF"),
        "docx": _("Word"),
        "zip": _("Zip"),
        "json": _("JSON"),
        "skill": _("Agent skill"),
        "playwright": _("Playwright test"),
        "devtools": _("DevTools recording"),
    }
    return [(format_, names.get(format_, format_)) for format_ in guides.FORMATS]
