"""Ways to find an element again."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.recorder.conftest import Show
from tests.browser.recorder.core import ask


def selectors(page: Page, selector: str = "#x") -> list[Any]:
    found: list[Any] = ask(page, "WpSelectors.of(element)", selector)
    return found


def css_of(found: list[Any]) -> list[str]:
    return [
        one for one in found if isinstance(one, str) and not one.startswith(("aria/", "text/", "xpath/", "pierce/"))
    ]


def test_ways_are_ranked_and_find_the_element_alone(show: Show) -> None:
    page = show("<main><button id=x data-testid=save class='btn primary'>Save</button><button>Other</button></main>")
    found = selectors(page)
    assert found[:4] == ['[data-testid="save"]', "aria/Save", 'aria/Save[role="button"]', "#x"]
    assert "text/Save" in found
    assert 'xpath///*[@id="x"]' in found
    for one in css_of(found):
        assert page.locator(f"css={one}").count() == 1


@pytest.mark.parametrize(
    "made_up",
    [":r1:", "r:1a:", "ember123", "radix-:r3:", "mui-12", "a1b2c3d4e5", "550e8400-e29b-41d4-a716-446655440000",
     "input-4821", "«r5»",
     "headlessui-menu-button-3", "x 1"],
)  # fmt: skip
def test_made_up_ids_are_no_way(show: Show, made_up: str) -> None:
    page = show(f"<p><button id='{made_up}'>Save</button></p>")
    assert not any(made_up in str(one) for one in selectors(page, "button"))


@pytest.mark.parametrize("written", ["save", "new-contact", "id_first_name", "user.email", "step2"])
def test_written_ids_are(show: Show, written: str) -> None:
    page = show(f"<p><button id='{written}'>Save</button></p>")
    assert page.evaluate("id => '#' + CSS.escape(id)", written) in selectors(page, "button")


def test_equal_buttons_have_no_way_by_name_or_text(show: Show) -> None:
    page = show("<ul>" + "<li><button class=del>Delete</button></li>" * 5 + "</ul>")
    found = selectors(page, "li:nth-child(3) button")
    assert not any(str(one).startswith(("aria/", "text/")) for one in found)
    assert css_of(found) == ["body > ul > li:nth-of-type(3) > button"]


def test_same_name_of_another_role_needs_the_role(show: Show) -> None:
    found = selectors(show("<h2>Save</h2><button id=x>Save</button>"))
    assert 'aria/Save[role="button"]' in found
    assert "aria/Save" not in found
    assert "text/Save" not in found


def test_label_makes_a_name_not_unique_too(show: Show) -> None:
    found = selectors(show("<label>City <input id=x></label><label>City <input></label>"))
    assert not any(str(one).startswith("aria/") for one in found)


def test_hidden_twin_does_not_count(show: Show) -> None:
    assert "aria/Save" in selectors(show("<button id=x>Save</button><button style='display:none'>Save</button>"))


def test_way_leads_through_shadow_roots(show: Show) -> None:
    page = show(
        "<p></p><my-a><template shadowrootmode=open><my-b class=inner><template shadowrootmode=open>"
        "<button class=send>Go</button></template></my-b></template></my-a>"
    )
    found = selectors(page, "button")
    chains = [one for one in found if isinstance(one, list)]
    assert chains[0] == ["body > my-a", "my-b.inner", "button.send"]
    assert "pierce/button.send" in found
    assert "aria/Go" in found
    assert not any(str(one).startswith("xpath") for one in found)
    for chain in chains:
        reached = page.evaluate(
            "chain => chain.reduce((root, css) => { const all = (root.shadowRoot ?? root).querySelectorAll(css);"
            " return all.length === 1 ? all[0] : null; }, document)?.localName",
            chain,
        )
        assert reached == "button"


def test_way_through_twins_in_shadow_roots_names_its_host(show: Show) -> None:
    card = "<my-card><template shadowrootmode=open><button>Buy</button></template></my-card>"
    found = selectors(show(f"<div>{card}{card}</div>"), "my-card:nth-of-type(2) button")
    assert found == [["body > div > my-card:nth-of-type(2)", "button"]]


def test_way_by_place_is_anchored_at_what_is_known(show: Show) -> None:
    page = show("<div id=cart><p><b>1</b><i>2</i></p><p><b>1</b><i class=a1>2</i></p></div>")
    assert css_of(selectors(page, "p:nth-child(2) i")) == ["#cart > p:nth-of-type(2) > i"]
    assert 'xpath///*[@id="cart"]/p[2]/i' in selectors(page, "p:nth-child(2) i")


def test_address_with_a_query_and_control_characters_are_no_way(show: Show) -> None:
    page = show("<a href='/go?token=abc'>One</a><a href=/two title='a\x07b' id=x>Two</a>")
    assert "token" not in str(selectors(page, "a"))
    assert "\x07" not in "".join(map(str, selectors(page)))


def test_quotes_are_escaped(show: Show) -> None:
    page = show("<input name='a\"b\\\\c'><input>")
    ways = css_of(selectors(page, "input"))
    assert any(page.locator(f"css={one}").count() == 1 and "name" in one for one in ways)


def test_svg_has_a_path_that_finds_it(show: Show) -> None:
    page = show("<p><svg></svg><svg><path></path></svg></p>")
    xpath = next(one for one in selectors(page, "svg:nth-of-type(2)") if one.startswith("xpath/"))
    assert page.locator(f"xpath={xpath.removeprefix('xpath/')}").count() == 1
