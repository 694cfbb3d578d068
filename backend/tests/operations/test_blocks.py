"""How commands are found in a document, and how their outcome is judged."""

import os
from pathlib import Path

import pytest

from tests.operations.blocks import Block, UnknownMark, read
from tests.operations.running import Failed, Shell, mismatch

DOCUMENT = """\
Text.

    redis-cli PING     # → PONG

<!-- runs until stopped; says: ready. -->

    celery worker

<!-- not run here: needs root -->

```
sudo systemctl restart it
```

    >>> 1 + 1
    2
"""


def test_blocks_are_found_with_their_marks() -> None:
    blocks = read(DOCUMENT)
    assert [block.kind for block in blocks] == ["shell", "server", "elsewhere", "python"]
    assert [block.line for block in blocks] == [3, 7, 11, 15]
    assert blocks[0].expected == ["PONG"]
    assert [block.says for block in blocks[1:3]] == ["ready.", "needs root"]


@pytest.mark.parametrize("comment", ["not run: because", "not run here:", "says: ready"])
def test_a_mark_that_nobody_knows_is_no_mark(comment: str) -> None:
    with pytest.raises(UnknownMark):
        read(f"<!-- {comment} -->\n\n    true\n")


def test_a_mark_without_a_block_is_an_error() -> None:
    with pytest.raises(UnknownMark):
        read("<!-- not run here: needs root -->\n\nText.\n")


def test_what_cannot_be_run_here_needs_a_mark() -> None:
    assert read("    sudo reboot\n")[0].needs_a_mark
    assert not read("    redis-cli PING\n")[0].needs_a_mark


def test_a_word_that_is_not_printed_is_noticed() -> None:
    assert mismatch("one\ntwo\nthree", ["one", "three"]) is None
    assert mismatch("one\ntwo", ["two", "one"]) == "one"
    assert mismatch("one", ["tw…"]) == "tw…"


@pytest.mark.parametrize(
    "block",
    [
        Block(1, "shell", "false\n"),
        Block(1, "shell", "false\ntrue\n"),
        Block(1, "shell", "echo one # → two\n"),
        Block(1, "python", ">>> 1 + 1\n3\n"),
        Block(1, "server", "echo nothing\n", "ready."),
        Block(1, "server", """sh -c 'trap "exit 3" TERM; echo ready.; sleep 60 & wait'\n""", "ready."),
    ],
)
def test_a_command_that_fails_is_noticed(block: Block, tmp_path: Path) -> None:
    with pytest.raises(Failed):
        Shell(dict(os.environ), 8000, tmp_path).run(block)
