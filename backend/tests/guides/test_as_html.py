"""One HTML file that needs nothing else."""

from html.parser import HTMLParser

import pytest

from tests.guides.rows import view, workflow
from tests.guides.sources import made, source, steps


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(text: bytes) -> Page:
    return Page(text.decode())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://[", "file:///etc/passwd"])
def test_an_address_that_is_none_of_the_web_is_text(url: str) -> None:
    shown = page(made("html", source([view()], workflow(url=url))))
    assert url in shown.text
    assert all((link["href"] or "").startswith(("#", "https://crm.example/")) for link in shown.of("a"))


def test_it_asks_nobody_for_anything() -> None:
    shown = page(made("html"))
    assert {tag for tag, _ in shown.tags} & {"script", "link", "iframe", "object", "form"} == set()
    assert all((image["src"] or "").startswith("data:image/webp;base64,") for image in shown.of("img"))
    policy = next(meta["content"] for meta in shown.of("meta") if meta.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_pictures_have_texts_and_sizes_and_steps_are_found_by_their_address() -> None:
    shown = page(made("html"))
    assert [(image["alt"], image["width"]) for image in shown.of("img")] == [
        ('Step 2: Click "New contact".', "640"),
        ('Step 6: Click "Save".', "640"),
    ]
    anchors = {attributes["id"] for _, attributes in shown.tags if "id" in attributes}
    assert all(
        link["href"] in {f"#{anchor}" for anchor in anchors} for link in shown.of("a") if "#" in str(link["href"])
    )
    assert "step-6" in anchors


def test_all_parts_of_a_sentence_are_shown_and_what_is_not_declared_is_text() -> None:
    text = made("html").decode()
    assert '<span class="variable">Customer</span> in the <b>Name</b> field, <b>exactly</b>.' in text
    assert "<code>sales</code>" in text
    assert '<a href="https://wiki.example/a?b=1&amp;c=2" rel="noreferrer noopener nofollow">the wiki</a>' in text
    assert "Write {{nobody}} down." in text
    assert '<li class="warning">' in text
    assert '<strong class="kind">Tip</strong>' in text


def test_its_own_words_are_in_the_guides_language() -> None:
    text = made("html", source(steps(), workflow(language="de-AT", variables=[]))).decode()
    assert '<html lang="de-AT" dir="ltr">' in text
    assert "Inhalt" in text
    assert '<html lang="ar" dir="rtl">' in made("html", source(steps(), workflow(language="ar"))).decode()
