"""What people did to a workflow, and what a reviewer should look at, in words."""

from collections.abc import Mapping, Sequence

from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.web.wording import status_word
from app.workflows import edits
from app.workflows.models import Edit, Label

MOST_NAMED = 3
"""So many steps are named; of more, their number is said."""


def edit_words(edit: Edit, numbers: Mapping[int, int | None]) -> str:
    """`New words for step 4`. `numbers`: of the steps that the workflow has now, None for a note."""
    if edit.what == "workflow_changed":
        return _change_of_workflow(edit)
    pattern = _patterns().get(edit.what, _("Something else was changed"))
    return pattern % {"steps": _steps(edits.step_ids(edit), numbers)} if "%(steps)s" in pattern else pattern


def _patterns() -> dict[str, str]:
    return {
        "label_changed": _("New words for %(steps)s"),
        "label_confirmed": _("Words confirmed of %(steps)s"),
        "proposal_accepted": _("Proposal accepted for %(steps)s"),
        "proposals_accepted": _("Proposals accepted for %(steps)s"),
        "proposal_rejected": _("Proposal rejected for %(steps)s"),
        "proposals_rejected": _("Proposals rejected for %(steps)s"),
        "step_changed": _("What was recorded changed of %(steps)s"),
        "step_added": _("Added: %(steps)s"),
        "step_removed": _("Removed: %(steps)s"),
        "steps_reordered": _("Steps put in another order"),
        "steps_merged": _("Merged: %(steps)s"),
        "step_duplicated": _("Duplicated: %(steps)s"),
        "workflow_split": _("Split: its last steps became a workflow of their own"),
        "recording_appended": _("Another recording added at the end"),
        "recording_applied": _("Taken over from a new recording: %(steps)s"),
        "heading_changed": _("Heading changed at %(steps)s"),
        "note_changed": _("Note changed: %(steps)s"),
        "variables_changed": _("Variables changed"),
        "picture_redacted": _("Picture redacted of %(steps)s"),
    }


def _change_of_workflow(edit: Edit) -> str:
    before, after = edit.facts["before"], edit.facts["after"]
    if "status" in after:
        return _("State changed from “%(old)s” to “%(new)s”") % {
            "old": status_word(before["status"]),
            "new": status_word(after["status"]),
        }
    if "name" in after:
        return _("Renamed from “%(old)s”") % {"old": before["name"]}
    if "description" in after:
        return _("Purpose changed")
    if "visibility" in after:
        return _("Shown to the team") if after["visibility"] == "team" else _("Made private")
    return _("Details changed")


def _steps(step_ids: Sequence[int], numbers: Mapping[int, int | None]) -> str:
    if len(step_ids) > MOST_NAMED or not step_ids:
        return ngettext("%(num)s step", "%(num)s steps", len(step_ids)) % {"num": len(step_ids)}
    return ", ".join(_step(step_id, numbers) for step_id in step_ids)


def _step(step_id: int, numbers: Mapping[int, int | None]) -> str:
    if step_id not in numbers:
        return _("a step that is gone")
    number = numbers[step_id]
    return _("step %(number)s") % {"number": number} if number else _("a note")


def flag_words(label: Label | None) -> list[str]:
    """Each flag of a label as a sentence for a reviewer."""
    flags = (label and label.flags) or []
    style = any(flag.startswith("style:") for flag in flags)
    said = {
        "not_on_page": _("These words are nowhere on the page."),
        "from_picture": _("The name was read from the picture; the page itself does not say it."),
        "unnamed": _("The control has no name on the page."),
        "verb": _("The verb does not fit what was done."),
        "two_orders": _("It asks for two things in one sentence."),
        "language": _("It is in another language than the page."),
        "duplicate": _("Another step has the same sentence."),
    }
    found = [said[flag] for flag in flags if flag in said]
    return [*found, _("It departs from the house style.")] if style else found


def stale_words(changes: Sequence[str]) -> str:
    """What a newer recording changed, as a sentence for whoever looks after the words."""
    said = {
        "action": _("what is done"),
        "name": _("the name"),
        "control": _("the kind of control"),
        "place": _("the place"),
        "page": _("the page"),
        "value": _("the value"),
    }
    parts = ", ".join(said[change] for change in changes if change in said)
    return _("A newer recording changed %(parts)s: check whether these words still hold.") % {"parts": parts}


def done_words(done: str, number: int | None) -> str | None:
    """What a reviewer just did, to be said aloud; None for what is no such thing."""
    step = _("Step %(number)s") % {"number": number} if number else _("The step")
    pattern = {
        "saved": _("%(step)s saved."),
        "confirmed": _("%(step)s checked."),
        "accepted": _("%(step)s: proposal accepted."),
        "rejected": _("%(step)s: proposal rejected, the words stay."),
        "relabelled": _("%(step)s is being labelled anew."),
        "removed": _("The step was removed."),
        "undone": _("Undone."),
    }.get(done)
    return pattern % {"step": step} if pattern and "%(step)s" in pattern else pattern
