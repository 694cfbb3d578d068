"""Results as one HTML page that needs nothing beside it: tables, and every step with its picture, gold and label."""

import base64
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.labeling.evaluation import table
from app.labeling.evaluation.metrics import Judged
from app.labeling.evaluation.results import Result
from app.labeling.evaluation.sets import picture


def html(results: Sequence[Result]) -> str:
    """The page. Everything that comes from recorded pages is escaped; its policy lets nothing be loaded or run."""
    return _template().render(
        head=table.HEAD,
        results=[(result.labeler, table.rows(result)) for result in results],
        steps=[
            (judged[0], _outline(judged[0]), list(zip(results, judged, strict=True)), any(map(is_wrong, judged)))
            for judged in zip(*(result.judged for result in results), strict=True)
        ],
        picture=_picture,
        is_wrong=is_wrong,
    )


def is_wrong(one: Judged) -> bool:
    """Whether a person should look at it: more is amiss than a word."""
    return not one.verb or one.named is False or bool(one.problems or one.leaked) or not one.unique


def _outline(one: Judged) -> dict[str, float] | None:
    """Where the control is, in hundredths of the picture."""
    target, viewport = one.step.content.target, one.step.content.page.viewport
    if target is None or target.box is None or viewport is None or one.step.content.screenshot_id is None:
        return None
    box = target.box
    return {
        "left": 100 * box.x / viewport.width,
        "top": 100 * box.y / viewport.height,
        "width": 100 * box.width / viewport.width,
        "height": 100 * box.height / viewport.height,
    }


def _picture(one: Judged) -> str | None:
    data = picture(one.step.content.screenshot_id)
    return None if data is None else f"data:image/webp;base64,{base64.b64encode(data).decode()}"


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html")
