"""Which frame of the screencast shows a moment."""

import pytest

from app.browser import film as films
from app.browser.film import Film, Shot


def shot(at: float) -> Shot:
    return Shot(at, f"{at:g}".encode(), 600)


def shown(film: Film) -> float | None:
    found = film.picture("m")
    return found.at if found else None


def test_without_frames_there_is_no_picture() -> None:
    film = Film()
    film.mark("m", 100, born=0)
    assert shown(film) is None
    assert film.picture("never marked") is None


@pytest.mark.parametrize("marked_after", range(5))
def test_it_is_the_last_before_whenever_we_hear_of_it(marked_after: int) -> None:
    film = Film()
    for place, at in enumerate([90, 100, 99, 101]):
        if place == marked_after:
            film.mark("m", 100, born=0)
        film.add(shot(at))
    if marked_after == 4:
        film.mark("m", 100, born=0)
    assert shown(film) == 100
    assert film.settled("m")


def test_a_frame_of_the_page_before_is_the_last_resort() -> None:
    film = Film()
    film.mark("m", 100, born=50)
    film.add(shot(40))
    assert shown(film) == 40
    film.add(shot(140))
    assert shown(film) == 140
    film.add(shot(60))
    assert shown(film) == 60


def test_it_waits_for_frames_that_are_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    film = Film()
    film.add(shot(90))
    film.mark("m", 100, born=0)
    assert not film.settled("m")
    monkeypatch.setattr(films, "SETTLED_MS", -1)
    assert film.settled("m")


def test_old_frames_and_moments_are_forgotten_but_not_their_pictures() -> None:
    film = Film()
    film.add(shot(1))
    film.mark("m", 2, born=0)
    for at in range(3, films.KEPT + 10):
        film.add(shot(at))
    film.add(shot(1_000_000))
    assert shown(film) == 1
    for number in range(films.MOST_MOMENTS):
        film.mark(str(number), 1, born=0)
    assert shown(film) is None
