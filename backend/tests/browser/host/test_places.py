"""Where frames are, and what in them must not be seen."""

from app.browser.messages import ChildFrame, Facts
from app.browser.places import Places
from app.workflows.content import Box, Page

SECRET = Box(x=1, y=2, width=30, height=10)


def facts(token: str, *children: tuple[str, float, float], top: bool = False, masks: tuple[Box, ...] = ()) -> Facts:
    frames = [
        ChildFrame(token=name, selector=f"#{name}", index=at, x=x, y=y, width=9, height=9)
        for at, (name, x, y) in enumerate(children)
    ]
    return Facts(token=token, top=top, masks=list(masks), frames=frames, page=Page(title=token), ready=True, born=0)


def test_nobody_has_said_where_it_is() -> None:
    places = Places()
    assert places.place("child", 0) is None
    places.add(1, facts("child"))
    assert places.place("child", 1) is None
    assert places.latest() is None


def test_a_frame_in_a_frame() -> None:
    places = Places()
    places.add(5, facts("page", ("beside", 0, 0), ("outer", 10, 20), top=True))
    places.add(1, facts("inner"))
    places.add(9, facts("outer", ("inner", 3, 4)))
    place = places.place("inner", 1)
    assert place is not None
    assert (place.x, place.y, place.way, place.root) == (13, 24, ("#outer", "#inner"), "page")
    assert place.indexes == (1, 0)


def test_frames_that_claim_to_be_in_each_other_end_the_search() -> None:
    places = Places()
    places.add(1, facts("one", ("other", 1, 1)))
    places.add(1, facts("other", ("one", 1, 1)))
    assert places.place("one", 1) is None
    assert places.masks("one", 0, 9) == []


def test_it_is_where_it_was_then() -> None:
    places = Places()
    places.add(1, facts("child"))
    for at, x in ((10, 100), (20, 200), (30, 300)):
        places.add(at, facts("page", ("child", x, 0), top=True))
    assert [place.x for at in (5, 10, 25, 99) if (place := places.place("child", at))] == [100, 100, 200, 300]


def test_all_that_was_secret_in_the_meantime_is_hidden() -> None:
    places = Places()
    places.add(1, facts("child", masks=(SECRET,)))
    places.add(1, facts("page", ("child", 10, 0), top=True))
    places.add(5, facts("page", ("child", 20, 0), top=True))
    places.add(9, facts("page", top=True))
    hidden = places.masks("page", 2, 6)
    assert hidden is not None
    assert {(box.x, box.y) for box in hidden} == {(11, 2), (21, 2)}
    assert places.masks("page", 10, 20) == []


def test_a_secret_of_a_frame_that_nobody_can_place_is_told() -> None:
    places = Places()
    places.add(1, facts("page", top=True))
    places.add(1, facts("lost", masks=(SECRET,)))
    assert places.masks("page", 0, 9) is None
