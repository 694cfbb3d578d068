"""What a test scripts to go wrong: rules that strike a call by its number, by a text in its body or by chance."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS: dict[str, set[str]] = {
    # instead of an answer
    "rate_limited": {"retry_after"},
    "spend_limit": set(),
    "overloaded": set(),
    "server_error": set(),
    "status": {"status", "type", "message", "error_code", "retry_after"},
    "reset_before": set(),
    "hang": set(),
    # the answer is made, counted and paid for, and then
    "reset_after": set(),
    "wrong_content_type": set(),
    "broken_body": set(),
    "slow": {"seconds"},
    "gate": {"name"},
    # the answer is another one
    "malformed_json": set(),
    "empty_text": set(),
    "missing_keys": {"keys"},
    "extra_keys": {"keys"},
    "says": {"answer"},
    "text": {"text"},
    "refusal": {"category"},
    "truncated": set(),
    "thinking": {"tokens"},
    # of a request in a batch
    "errored": {"type", "message"},
    "expired": set(),
    "canceled": set(),
}
"""Each with the details that it takes."""

BATCH_ONLY = {"errored", "expired", "canceled"}


class BadRule(ValueError):
    """A test scripts something that does not exist."""


@dataclass(slots=True)
class Rule:
    """Strikes a call `on` an endpoint whose raw body contains `matching`: only the `nth` such call (from 1), at most
    `times`, with a `probability` drawn from `seed`."""

    kind: str
    on: str = ""
    times: int | None = None
    nth: int | None = None
    matching: str | None = None
    probability: float | None = None
    seed: int = 0
    details: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    struck: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadRule(f"there is no fault {self.kind!r}; there are: {', '.join(KINDS)}")
        if unknown := set(self.details) - KINDS[self.kind]:
            raise BadRule(f"the fault {self.kind!r} does not take {', '.join(sorted(unknown))}")
        if self.times is None and self.probability is None:
            self.times = 1
        self.on = self.on or ("batch_item" if self.kind in BATCH_ONLY else "message")
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    def strikes(self, on: str, body: bytes) -> bool:
        if on != self.on or (self.matching is not None and self.matching.encode() not in body):
            return False
        self.seen += 1
        if self.nth is not None and self.seen != self.nth:
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self.probability is not None and self.chance.random() >= self.probability:
            return False
        self.struck += 1
        return True


class Struck(Sequence[Rule]):
    """The rules that struck one call."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    def __getitem__(self, index: Any) -> Any:
        return self._rules[index]

    def __len__(self) -> int:
        return len(self._rules)

    def of(self, kind: str) -> dict[str, Any] | None:
        """The details of the first rule of this kind; None: none struck."""
        return next((rule.details for rule in self._rules if rule.kind == kind), None)

    def names(self) -> list[str]:
        return [rule.kind for rule in self._rules]


class Faults:
    """All rules, in the order in which they were scripted."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, kind: str, **options: Any) -> None:
        names = {"on", "times", "nth", "matching", "probability", "seed"}
        given = {name: value for name, value in options.items() if name in names}
        details = {name: value for name, value in options.items() if name not in names}
        self._rules.append(Rule(kind, **given, details=details))

    def strike(self, on: str, body: bytes) -> Struck:
        return Struck([rule for rule in self._rules if rule.strikes(on, body)])

    def clear(self) -> None:
        self._rules.clear()
