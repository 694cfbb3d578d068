"""Sets a guide in Typst, as a process of its own: `python typesetting.py FOLDER`, which has `guide.typ` and its data.

Typst holds all pictures unpacked while it works, half a gigabyte for a guide of 200. A server or a worker must not keep
that, nor answer nobody else meanwhile.
"""

import json
import sys
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"


def set_pages(root: Path) -> None:
    """Write `guide.pdf`. PDF/UA allows no sign to be missing: where a font lacks one, the guide says so instead."""
    try:
        _compile(root, ["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        data = json.loads((root / "guide.json").read_text("utf-8"))
        (root / "guide.json").write_text(json.dumps({**data, "lost_signs": True}), "utf-8")
        _compile(root, [])


def _compile(root: Path, standards: "list[typst.PDFStandard]") -> None:
    typst.compile(
        root / "guide.typ",
        root / "guide.pdf",
        root=root,
        font_paths=[FONTS],
        pdf_standards=standards,
        package_path=root,  # nothing is fetched from anywhere
        package_cache_path=root,
    )


if __name__ == "__main__":
    set_pages(Path(sys.argv[1]))
