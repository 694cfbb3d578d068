"""How many steps a second the rules label on one core, beside the simplest sentence that could be made.

`python -m benchmarks.rules`
"""

import argparse
import time
from collections.abc import Callable, Sequence

from app.labeling.rules.derive import derive_labels
from app.recordings.masking import mask_step
from app.workflows.content import Action, Box, Context, Page, StepContent, Target, Viewport
from benchmarks import report
from benchmarks.report import Row

STEPS = 20
SECONDS = 2.0

_KINDS: tuple[tuple[Action, str, str, str | None], ...] = (
    (Action.CLICK, "button", "button", None),
    (Action.INPUT, "input", "textbox", "Quarterly report"),
    (Action.SELECT, "select", "combobox", "Administrator"),
    (Action.CHECK, "input", "checkbox", None),
    (Action.CLICK, "a", "link", None),
)


def rich_workflow(number: int) -> list[StepContent]:
    """Twenty steps as a recorder sends them: about 1.5 KB of text each, some names used more than once."""
    return [_step(number, at) for at in range(STEPS)]


def _step(number: int, at: int) -> StepContent:
    action, tag, role, value = _KINDS[at % len(_KINDS)]
    name = f"Field {at} of form {number}" if at % 4 else "Save"
    attributes: dict[str, str | None] = {
        "id": f"form-{number}-field-{at}",
        "class": "btn btn-primary d-flex align-items-center justify-content-between",
        "name": f"field_{at}",
        "aria-label": name,
        "data-testid": f"contact-form-field-{at}",
        "type": "checkbox" if role == "checkbox" else "text",
        "autocomplete": "off",
        "style": "width: 100%; margin-top: 8px",
    }
    if tag == "a":
        attributes["href"] = f"/contacts/{number}/edit"
    return StepContent(
        action=action,
        target=Target(
            tag=tag,
            role=role,
            name=name,
            text=name if tag != "input" else None,
            attributes=attributes,
            selectors=[
                f"aria/{name}",
                f"#form-{number}-field-{at}",
                f"main > div:nth-child(3) > form > div.row:nth-child({at}) > div > {tag}",
                f"//html/body/div[1]/main/div[3]/form/div[{at}]/div/{tag}",
                f"text/{name}",
            ],
            box=Box(x=100 + at, y=20 * at, width=120, height=32),
            context=Context(
                label=name,
                heading="Create a contact",
                section="Billing address" if at % 2 else "Shipping address",
                nearby="Search contacts by name, company or city",
            ),
        ),
        value=value,
        value_kind="option" if action is Action.SELECT else "text" if value else None,
        page=Page(
            url=f"https://crm.example/contacts/{number}/edit",
            title=f"Contact {number} | Example CRM",
            viewport=Viewport(width=1280, height=720),
        ),
        screenshot_id="0b6f3c9c2d9e4e0f8a4f7d6c5b4a3928",
    )


def trivial(steps: Sequence[StepContent]) -> list[str]:
    """The baseline: the event and the name."""
    return [f"{step.action} {step.target.name if step.target else ''}" for step in steps]


def steps_a_second(
    work: Callable[[list[StepContent]], object], workflows: list[list[StepContent]], seconds: float
) -> float:
    """By processor time; the best of five rounds, which is the one that others on the machine disturbed least."""
    best = 0.0
    for _ in range(5):
        began = time.process_time()
        done = 0
        while time.process_time() - began < seconds / 5:
            for steps in workflows:
                work(steps)
            done += len(workflows) * STEPS
        best = max(best, done / (time.process_time() - began))
    return best


def measure(given: argparse.Namespace) -> list[Row]:
    """Labels and masks, each beside the trivial sentence."""
    workflows = [rich_workflow(number) for number in range(20)]
    size = sum(len(step.model_dump_json()) for step in workflows[0])
    print(f"rules: workflows of {STEPS} steps, {size / 1000:.1f} KB")
    seconds = SECONDS / 10 if given.quick else SECONDS
    trivially = steps_a_second(trivial, workflows, seconds)
    labelled = steps_a_second(derive_labels, workflows, seconds)
    masked = steps_a_second(lambda steps: [mask_step(step) for step in steps], workflows, seconds)
    return [
        Row("rules: steps labelled a second", labelled, "/s", trivially, at_least=10_000, of="ours"),
        Row("rules: steps masked a second", masked, "/s", trivially, at_least=20_000, of="ours"),
    ]


def main() -> None:
    """On one core."""
    report.run(measure, report.parser(__doc__).parse_args())


if __name__ == "__main__":
    main()
