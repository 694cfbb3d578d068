from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.labeling.answers.confidence import Proof, confidence, name_strength
from app.labeling.answers.schema import Sureness
from app.labeling.rules.names import Evidence

ALL = Proof(
    named=1, grounded=True, name_agrees=True, verb_agrees=True, verb_fits=True, unique=True, clean=True, sure="high"
)
NONE = Proof(
    named=0,
    grounded=False,
    name_agrees=False,
    verb_agrees=False,
    verb_fits=False,
    unique=False,
    clean=False,
    sure="low",
)
SIGNS = ("grounded", "name_agrees", "verb_agrees", "verb_fits", "unique", "clean")
_less: dict[Sureness, Sureness] = {"high": "medium", "medium": "low", "low": "low"}

proofs = st.builds(
    Proof, named=st.floats(0, 1), sure=st.sampled_from(["high", "medium", "low"]), **dict.fromkeys(SIGNS, st.booleans())
)


def without(proof: Proof, sign: str) -> Proof:
    facts: dict[str, Any] = {sign: False}
    return replace(proof, **facts)


def test_it_reaches_from_nothing_to_one() -> None:
    assert (confidence(NONE), confidence(ALL)) == (0, 1)


@given(proofs)
def test_taking_evidence_away_never_raises_it(proof: Proof) -> None:
    all_ = confidence(proof)
    for sign in SIGNS:
        assert confidence(without(proof, sign)) <= all_
    assert confidence(replace(proof, named=proof.named / 2)) <= all_
    assert confidence(replace(proof, sure=_less[proof.sure])) <= all_


@pytest.mark.parametrize("sign", SIGNS)
def test_every_evidence_counts(sign: str) -> None:
    assert confidence(without(ALL, sign)) < 1
    assert confidence(replace(ALL, named=0.9)) < 1
    assert confidence(replace(ALL, sure="medium")) < 1


def test_the_models_own_opinion_weighs_least() -> None:
    kept = confidence(replace(ALL, sure="low"))
    assert all(confidence(without(ALL, sign)) <= kept for sign in SIGNS)


def test_a_name_only_seen_in_the_picture_is_known_less_well_than_one_that_was_recorded() -> None:
    seen = name_strength(Evidence.NONE, in_label=True, seen_in="picture")
    assert 0 < seen < name_strength(Evidence.IDENTIFIER, in_label=True, seen_in="guess")
    assert name_strength(Evidence.ACCESSIBLE, in_label=False, seen_in="name") == 0
    assert name_strength(Evidence.NONE, in_label=False, seen_in="guess") == 0
