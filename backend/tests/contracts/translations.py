"""Brings the files of translations up to date with what the pages say: `python -m tests.contracts.translations`.

New messages are added without a translation, those that nobody says any more are taken out. Prints how many of each
language wait for somebody to translate them.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.web.i18n import FOLDER

WEB = FOLDER.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}}


def said() -> Catalog:
    """Every message of the pages."""
    catalog = Catalog(charset="utf-8")
    for file, _line, message, _comments, _context in extract_from_dir(WEB, METHODS, OPTIONS):
        catalog.add(message, locations=[(Path(file).as_posix(), 0)])
    return catalog


def files() -> list[Path]:
    """A file for each language but English."""
    return sorted(FOLDER.glob("*.po"))


def read(path: Path) -> Catalog:
    """What a file holds."""
    with path.open("rb") as file:
        return read_po(file, path.stem)


def fresh(path: Path) -> bytes:
    """The file as it should be: every message of the pages, with the translations that it has."""
    catalog = Catalog(path.stem, charset="utf-8", fuzzy=False, header_comment=f"# The pages in “{path.stem}”.")
    old = read(path)
    for message in messages(said()):
        known = old.get(message.id)
        catalog.add(message.id, known.string if known else None, flags=message.flags)
    written = io.BytesIO()
    write_po(written, catalog, width=120, omit_header=False, sort_output=True, no_location=True)
    return b"\n".join(line for line in written.getvalue().split(b"\n") if not line.startswith(CHANGING))


CHANGING = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Last-Translator', b'"Generated-By', b'"Project-Id-Version')


def messages(catalog: Catalog) -> Iterator[Message]:
    """Without the header."""
    return (message for message in catalog if message.id)


def missing(catalog: Catalog) -> list[Message]:
    """Messages without a translation, or without one for each plural form."""
    return [message for message in messages(catalog) if not _is_whole(message)]


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and bool(strings)


if __name__ == "__main__":
    for path in files():
        path.write_bytes(fresh(path))
        print(f"{path.stem}: {len(missing(read(path)))} of {sum(1 for _ in messages(read(path)))} are not translated")  # noqa: T201
