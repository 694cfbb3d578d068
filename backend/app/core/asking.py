"""Asking several parts at once, each within a bounded time, whatever hangs."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

_under_way: dict[str, "Future[Any]"] = {}
_lock = threading.Lock()


def all_of(questions: Mapping[str, Callable[[], Any]], seconds: float) -> dict[str, Any]:
    """The answer, or the error (TimeoutError for one that takes longer), of each.

    A part that hangs holds one thread, however often it is asked: whoever asks meanwhile waits for the same answer.
    So the same name has to mean the same question.
    """
    futures = {name: _asked(name, question) for name, question in questions.items()}
    until = time.monotonic() + seconds
    return {name: _answer(future, until - time.monotonic()) for name, future in futures.items()}


def _answer(future: "Future[Any]", seconds: float) -> Any:
    try:
        return future.result(max(0.0, seconds))
    except Exception as error:  # noqa: BLE001 - an error is an answer, and the asker's to judge
        return error


def _asked(name: str, question: Callable[[], Any]) -> "Future[Any]":
    with _lock:
        known = _under_way.get(name)
        if known is not None and not known.done():
            return known
        future: Future[Any] = Future()
        _under_way[name] = future
    threading.Thread(target=_ask, args=(future, question), name=f"ask-{name}", daemon=True).start()
    return future


def _ask(future: "Future[Any]", question: Callable[[], Any]) -> None:
    try:
        answer = question()
    except Exception as error:  # noqa: BLE001 - handed to whoever waits
        future.set_exception(error)
    else:
        future.set_result(answer)
