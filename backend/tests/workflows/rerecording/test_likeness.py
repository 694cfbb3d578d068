"""What makes two steps the same one, and what does not."""

import pytest

from app.workflows.content import Box, StepContent
from app.workflows.rerecording.likeness import ENOUGH, changes, likeness, traits
from tests.workflows.rerecording.recorded import recorded


def alike(old: StepContent, new: StepContent) -> float:
    return likeness(traits(old), traits(new))


NOT_THE_SAME = {
    "another name, nothing else known": (recorded(name="Save"), recorded(name="Cancel")),
    "something else done": (recorded(name="Email"), recorded("input", name="Email")),
    "another key": (recorded("press", value="Enter"), recorded("press", value="Escape")),
    "another page gone to": (
        recorded("navigate", title="Contacts"),
        recorded("navigate", url="https://crm.example/deals", title="Deals"),
    ),
    "only a made-up id in common": (
        recorded(name="Save", selectors=["#ember1234", "[id=':r1a:']", "div:nth-child(3)"]),
        recorded(name="Cancel", selectors=["#ember1234", "[id=':r1a:']", "div:nth-child(3)"]),
    ),
    "no name at two places": (recorded(section="Billing"), recorded(section="Team")),
}


@pytest.mark.parametrize("what", NOT_THE_SAME)
def test_what_is_not_the_same_step(what: str) -> None:
    old, new = NOT_THE_SAME[what]
    assert alike(old, new) < ENOUGH


SAME = {
    "nothing but its place on the screen": (
        recorded(name="Save", box=Box(x=1, y=2, width=30, height=40)),
        recorded(name="Save", box=Box(x=900, y=2, width=30, height=40)),
        [],
    ),
    "a counter and its case": (recorded(name="Inbox (3)"), recorded(name="inbox (12):"), []),
    "the page of another customer": (
        recorded(name="Save", url="https://crm.example/contacts/17?tab=1"),
        recorded(name="Save", url="https://crm.example/contacts/4711#top"),
        [],
    ),
    "an id that the page makes up": (
        recorded(name="Save", selectors=["#ember1234"]),
        recorded(name="Save", selectors=["#ember9876"]),
        [],
    ),
    "a new name, the same id": (
        recorded(name="Save", attributes={"id": "save"}),
        recorded(name="Store the changes", attributes={"id": "save"}),
        ["name"],
    ),
    "a name that grew": (recorded(name="New contact"), recorded(name="Add new contact"), ["name"]),
    "another row": (recorded(name="Delete", row="Bolts"), recorded(name="Delete", row="Nuts"), ["place"]),
    "a link now": (recorded(name="Save"), recorded(name="Save", role="link"), ["control"]),
    "sent by the button": (recorded(name="Save"), recorded("submit", name="Save"), ["action"]),
    "another value": (
        recorded("input", name="Email", value="a@crm.example"),
        recorded("input", name="Email", value="b@crm.example"),
        ["value"],
    ),
    "moved to another page": (
        recorded(name="New contact", attributes={"id": "new"}),
        recorded(name="New contact", attributes={"id": "new"}, url="https://crm.example/people"),
        ["page"],
    ),
    "the page's title": (recorded("navigate", title="Contacts"), recorded("navigate", title="All people"), ["name"]),
}


@pytest.mark.parametrize("what", SAME)
def test_what_is_the_same_step(what: str) -> None:
    old, new, differ = SAME[what]
    assert alike(old, new) >= ENOUGH
    assert changes(traits(old), traits(new)) == differ


def test_the_more_alike_the_nearer() -> None:
    old = recorded(name="Delete", row="Bolts", selectors=["#delete"])
    same, elsewhere = old, recorded(name="Delete", row="Nuts", selectors=["#delete"])
    renamed = recorded(name="Remove", row="Nuts", selectors=["#delete"])
    assert alike(old, same) == 1 > alike(old, elsewhere) > alike(old, renamed) > ENOUGH
