"""The table of faults."""

import re
from dataclasses import asdict

from tests.faults import document
from tests.faults.record import Faulted, table


def test_tries_of_one_fault_are_one_line_with_the_worst_of_them() -> None:
    first = Faulted(2, "kill -9 of a worker", seconds=3.26)
    second = Faulted(2, "kill -9 of a worker", lost=1, extra_calls=1, seconds=1.0)
    other = Faulted(1, "kill -9 of a child")
    found = [("fault", asdict(fault)) for fault in (first, second, other)]
    assert table([("something else", 1), *found]).splitlines()[2:] == [
        "| 1 | kill -9 of a child | 1 | 0 | 0 | 0 |  |",
        "| 2 | kill -9 of a worker | 2 | 1 | 0 | 1 | 3.3 |",
    ]


def test_the_page_says_what_each_fault_of_its_table_means() -> None:
    before, _, rest = document.DOCUMENT.read_text("utf-8").partition(document.BEGIN)
    shown, end, _ = rest.partition(document.END)
    assert end
    assert {int(row) for row in re.findall(r"^\| (\d+) \|", before, re.MULTILINE)} == set(range(1, 24))
    assert shown == "" or shown.startswith("| # | fault | tries |")
