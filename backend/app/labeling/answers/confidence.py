"""How far a model's label can be trusted, from what the recording bears out. The model's own opinion counts little.

A sum of weights, so that taking evidence away never raises it:

| evidence | weight |
|---|---|
| the control's name stands in the label; less for a name that is less well known | 0.35 |
| its words come from the page | 0.15 |
| the short name agrees with the rules' | 0.10 |
| the verb is the rules' | 0.10 |
| the verb fits the control | 0.05 |
| no other step has the sentence | 0.10 |
| the style linter has nothing to say | 0.10 |
| the model says that it is sure; half if fairly sure | 0.05 |
"""

from dataclasses import dataclass

from app.labeling.answers.schema import SeenIn, Sureness
from app.labeling.rules.names import Evidence

NAMED = 0.35
GROUNDED = 0.15
NAME_AGREES = 0.10
VERB_AGREES = 0.10
VERB_FITS = 0.05
UNIQUE = 0.10
CLEAN = 0.10
SURE = 0.05

_BY_NAME = {
    Evidence.ACCESSIBLE: 1.0,
    Evidence.LABEL: 1.0,
    Evidence.TEXT: 1.0,
    Evidence.ATTRIBUTE: 0.9,
    Evidence.SELECTOR: 0.9,
    Evidence.PLACEHOLDER: 0.8,
    Evidence.COLUMN: 0.7,
    Evidence.IDENTIFIER: 0.5,
    Evidence.NONE: 0.0,
}
_BY_SIGHT: dict[SeenIn, float] = {"name": 0.0, "text": 0.4, "picture": 0.4, "guess": 0.0}
"""Of a control without a name, or whose name the label leaves out."""
_BY_SURENESS: dict[Sureness, float] = {"high": 1.0, "medium": 0.5, "low": 0.0}


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for a label."""

    named: float
    """0–1, see `name_strength`."""
    grounded: bool
    name_agrees: bool
    verb_agrees: bool
    verb_fits: bool
    unique: bool
    clean: bool
    sure: Sureness


def confidence(proof: Proof) -> float:
    """0–1."""
    return round(
        NAMED * proof.named
        + GROUNDED * proof.grounded
        + NAME_AGREES * proof.name_agrees
        + VERB_AGREES * proof.verb_agrees
        + VERB_FITS * proof.verb_fits
        + UNIQUE * proof.unique
        + CLEAN * proof.clean
        + SURE * _BY_SURENESS[proof.sure],
        3,
    )


def name_strength(evidence: Evidence, *, in_label: bool, seen_in: SeenIn) -> float:
    """How well the control's name is known that the label uses: by the recording, else by what the model saw."""
    by_sight = _BY_SIGHT[seen_in]
    return max(_BY_NAME[evidence], by_sight) if in_label else by_sight
