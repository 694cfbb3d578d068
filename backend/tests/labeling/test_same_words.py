"""Two chunks of one run that say the same: they were asked for side by side, so neither knew of the other."""

import pytest

from app.core.db import transaction
from app.labeling import chunks, leases
from app.labeling.chunks import Planned
from app.labeling.protocol import ChunkResult, StepLabel, StepResult
from app.labeling.rules.labeler import RuleLabeler
from app.workflows.models import Label, LabelSource
from tests.labeling.recordings import labels_of, record

pytestmark = pytest.mark.usefixtures("settings")

SAID = StepLabel("Save", 'Click "Save".', 0.9)
OTHER = StepLabel("Save", 'Click "Save" again.', 0.6)


class Model(RuleLabeler):
    """Only what it counts as matters here."""

    source = LabelSource.AI


def second_label(rule_label: StepLabel) -> Label:
    """What the second of two chunks shows for its step, whose rule label this is."""
    run = record(["Save", "Save"])
    with transaction() as session:
        lease = leases.claim(session, run.run_id, seconds=60, max_deaths=3)
        assert lease is not None
        planned = chunks.plan(session, lease, labeler="claude", size=lambda _: 1)
    for chunk in planned:
        _commit(lease, chunk, rule_label)
    first, second = (labels_of(step_id)[-1] for step_id in run.step_ids)
    assert (first.instruction, first.flags) == (SAID.instruction, None)
    return second


def _commit(lease: leases.Lease, chunk: Planned, rule_label: StepLabel) -> None:
    (step_id,) = chunk.step_ids
    with transaction() as session:
        result = ChunkResult((StepResult(step_id, SAID),))
        chunks.commit(session, lease, chunk, result, Model(), rule_labels={step_id: rule_label})


def test_where_the_rules_say_the_same_too_it_is_flagged() -> None:
    shown = second_label(SAID)
    assert (shown.instruction, shown.flags) == (SAID.instruction, ["duplicate"])


def test_the_second_takes_the_rules_sentence_if_nobody_else_has_it() -> None:
    shown = second_label(OTHER)
    assert (shown.instruction, shown.flags) == (OTHER.instruction, None)
    assert shown.source == LabelSource.AI
