import threading
import time

import pytest

from app.core import asking


def test_what_hangs_is_a_timeout_holds_one_thread_and_keeps_nobody_waiting() -> None:
    gate, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        gate.wait(30)
        return "at last"

    began = time.monotonic()
    for _ in range(3):
        answers = asking.all_of({"hangs": hang, "fails": lambda: 1 / 0, "works": lambda: 7}, 0.1)
        assert isinstance(answers["hangs"], TimeoutError)
        assert isinstance(answers["fails"], ZeroDivisionError)
        assert answers["works"] == 7
    assert time.monotonic() - began < 10
    assert len(asked) == 1, "whoever asks meanwhile waits for the same answer"
    gate.set()
    assert asking.all_of({"hangs": hang}, 10)["hangs"] == "at last"


def test_an_answer_is_not_kept() -> None:
    answers = iter((1, 2))
    assert [asking.all_of({"counts": lambda: next(answers)}, 10)["counts"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_no_time_at_all_is_no_error_of_its_own(seconds: float) -> None:
    gate = threading.Event()
    assert isinstance(asking.all_of({f"slow{seconds}": lambda: gate.wait(30)}, seconds)[f"slow{seconds}"], TimeoutError)
    gate.set()
