"""The page with pictures: whatever recorded pages say stays text."""

from html.parser import HTMLParser

from app.labeling.evaluation import sets
from app.labeling.evaluation.labelers import label_by_rules
from app.labeling.evaluation.page import html
from app.labeling.evaluation.results import evaluate
from app.labeling.protocol import StepLabel
from tests.labeling.evaluation.test_metrics import saying, workflow

NASTY = "<script>alert(1)</script><img src=https://x.example/ onerror=alert(1)>"


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_markup_of_recorded_pages_stays_text() -> None:
    page = html([evaluate(NASTY, saying((NASTY, NASTY)), [workflow(NASTY)])])
    tags = {tag for tag, _ in Elements(page).found}
    assert not tags & {"script", "img"}
    assert "&lt;script&gt;" in page


def test_page_needs_nothing_from_elsewhere() -> None:
    workflows = [one for one in sets.load().workflows if one.kind in {"samples", "dragging"}]
    elements = Elements(html([evaluate("rules", label_by_rules, workflows)])).found
    sources = [attributes["src"] or "" for tag, attributes in elements if tag == "img"]
    assert sources
    assert all(source.startswith("data:image/webp;base64,") for source in sources)
    assert not [tag for tag, attributes in elements if tag in {"script", "link", "iframe"} or "href" in attributes]


def test_what_a_person_should_look_at_is_marked() -> None:
    good = html([evaluate("a", saying(("Save", 'Click "Save".')), [workflow("Save")])])
    bad = html([evaluate("a", saying(("Other", 'Click "Other".')), [workflow("Save")])])
    assert ("<li>" in good, '<li class="wrong">' in good) == (True, False)
    assert ("<li>" in bad, '<li class="wrong">' in bad) == (False, True)


def test_labelers_stand_side_by_side() -> None:
    mine = StepLabel("Save", 'Click "Save".')
    results = [
        evaluate("first", lambda _: [mine], [workflow("Save")]),
        evaluate("second", saying(("Save", 'Press "Save".')), [workflow("Save")]),
    ]
    page = html(results)
    assert page.count('class="shot') == 1
    assert "<dt>first</dt>" in page
    assert "<dt>second</dt>" in page
