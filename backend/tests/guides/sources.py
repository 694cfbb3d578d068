"""What formats are made of, without a database or a store."""

from collections.abc import Sequence
from typing import Any

from PIL import Image

from app.guides.export import Source
from app.guides.formats import FORMATS
from app.guides.model import build
from app.guides.pictures import StepPicture
from app.guides.service import stem
from app.storage.images import EncodedImage, encode_webp
from app.workflows.content import Action, Box, Context, NoteKind, Page, StepContent, Target, Viewport
from app.workflows.models import LabelSource, Workflow
from app.workflows.steps import StepView
from tests.guides.rows import view, workflow

RULES, HUMAN = LabelSource.RULES, LabelSource.HUMAN
SIZE = Viewport(width=1280, height=720)
CONTACTS = Page(url="https://crm.example/contacts", title="Contacts - CRM", viewport=SIZE)
NEW = Page(url="https://crm.example/contacts/new", title="New contact - CRM", viewport=SIZE)


def button(name: str, **more: Any) -> Target:
    return Target(
        tag="button",
        role="button",
        name=name,
        selectors=[f"aria/{name}", "#b"],
        box=Box(x=8, y=8, width=80, height=20),
        **more,
    )


def field(name: str, **more: Any) -> Target:
    return Target(
        tag="input", role="textbox", name=name, selectors=[f"aria/{name}"], context=Context(label=name), **more
    )


SECRET = field("Password", attributes={"type": "password"})


def steps() -> list[StepView]:
    """Adding a contact, with everything that a guide can hold."""
    contents: list[tuple[str, str, LabelSource, StepContent]] = [
        ('Go to the "Contacts" page.', "Contacts", RULES, StepContent(action=Action.NAVIGATE, page=CONTACTS)),
        ('Click "New contact".', "New contact", RULES, clicked("New contact", CONTACTS)),
        (
            'Enter {{customer}} in the "Name" field, **exactly**.',
            "Name",
            HUMAN,
            StepContent(action=Action.INPUT, target=field("Name"), value="Acme", value_kind="text", page=NEW),
        ),
        (
            'Enter the password in the "Password" field.',
            "Password",
            RULES,
            StepContent(action=Action.INPUT, target=SECRET, value_kind="password", page=NEW),
        ),
        ("Ask `sales` first, see [the wiki](https://wiki.example/a?b=1&c=2).", "Note", HUMAN, note("warning")),
        ("Write {{nobody}} down.", "Tip", HUMAN, note("tip")),
        ("Call the customer.", "Call", HUMAN, note("step")),
        ('Click "Save".', "Save", RULES, clicked("Save", NEW)),
    ]  # fmt: skip
    return [
        view(text, field_label=label, source=source, position=place, content=content)
        for place, (text, label, source, content) in enumerate(contents, 1)
    ]


def clicked(name: str, page: Page) -> StepContent:
    return StepContent(action=Action.CLICK, target=button(name), page=page, screenshot_id=f"shot-{name[:40]}")


def note(kind: NoteKind) -> StepContent:
    return StepContent(action=Action.NOTE, note_kind=kind)


CUSTOMER = {"name": "customer", "label": "Customer", "example": "Acme"}


def source(views: Sequence[StepView] | None = None, of: Workflow | None = None) -> Source:
    """With a picture for each step that names one."""
    of = of or workflow(description="For sales.", url="https://crm.example/contacts", variables=[CUSTOMER])
    views = steps() if views is None else views
    guide = build(of, views)
    pictures = {
        step.id: StepPicture(f"step-{step.number:02}", step.alt, lambda _kind: PICTURE)
        for step in guide.steps
        if step.image and step.number
    }
    return Source(of, views, guide, pictures, [], stem(of))


def made(name: str, of: Source | None = None) -> bytes:
    """The file of this format."""
    return b"".join(FORMATS[name].make(of or source()))


def _picture() -> EncodedImage:
    return encode_webp(Image.linear_gradient("L").resize((640, 400)).convert("RGB"), quality=80)


PICTURE = _picture()
