"""Zips with a guide and its pictures: one that can be imported again, one to read, one for wikis."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from app.guides import as_json, bundle, markdown
from app.guides.bundle import Read
from app.guides.export import Source
from app.guides.pictures import StepPicture, as_png


def round_trip(source: Source) -> Iterator[bytes]:
    """`workflow.json`, which an import takes back with `screenshots/`, and `guide.md` for people."""
    paths = {name: path for name, (path, _) in source.originals}
    of_steps = {step.id: paths[step.image.screenshot_id] for step in source.guide.steps if step.image}
    texts = [
        ("workflow.json", as_json.render(as_json.document(source.workflow, source.views))),
        ("guide.md", markdown.render(source.guide, of_steps)),
    ]
    return bundle.pieces(texts, [picture for _, picture in source.originals])


def reading(source: Source) -> Iterator[bytes]:
    """`guide.md`, and its pictures in a folder beside it."""
    paths = {step_id: f"pictures/{picture.name}.webp" for step_id, picture in source.pictures.items()}
    pictures = [(paths[step_id], webp(picture)) for step_id, picture in source.pictures.items()]
    return bundle.pieces([("guide.md", markdown.render(source.guide, paths))], pictures)


def wiki(source: Source) -> Iterator[bytes]:
    """A page whose name is its title, and pictures to be attached to it.

    Wikis keep all attachments in one place, take PNG everywhere, and stumble over other names than plain ones.
    """
    short = plain_name(source.stem) or f"workflow-{source.workflow.id}"
    paths = {step_id: f"{short}-{picture.name}.png" for step_id, picture in source.pictures.items()}
    pictures = [(paths[step_id], _png(picture)) for step_id, picture in source.pictures.items()]
    page = markdown.render(source.guide, paths, with_title=False)
    return bundle.pieces([(f"{source.stem}.md", page)], pictures)


def plain_name(text: str) -> str:
    """Lower-case letters and digits of ASCII with hyphens between; empty if there are none."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def webp(picture: StepPicture) -> Read:
    """How to read the page's picture as it is kept."""

    def read() -> bytes | None:
        image = picture.read("page")
        return image.data if image else None

    return read


def _png(picture: StepPicture) -> Read:
    def read() -> bytes | None:
        image = picture.read("page")
        return as_png(image) if image else None

    return read
