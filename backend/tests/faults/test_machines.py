"""Nothing is tied to one host: APIs, workers and beats that share a database, a broker and a bucket, and no folder."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.core.clock import db_now
from app.core.db import transaction
from app.core.singleton import NamedLease
from app.labeling import runs
from app.labeling.models import LabelingRun, RunState
from tests.doubles.claude import ClaudeDouble
from tests.doubles.latency import Latency
from tests.faults.machines.site import BEATS, Site, site
from tests.faults.record import Faulted, Record
from tests.labeling.recordings import store
from tests.services import wait_until
from tests.storage.pictures import encoded, page

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost", "10.213.0.0/16"])

IN_FLIGHT = 2


@pytest.fixture
def claude() -> Iterator[ClaudeDouble]:
    """Reached by every machine."""
    with ClaudeDouble(host="0.0.0.0") as double:  # noqa: S104 - machines have addresses of their own
        yield double


@pytest.fixture
def machines(claude: ClaudeDouble) -> Iterator[Site]:
    """Workers that label with the double, one step a call."""
    with site(
        concurrency=2,
        labeler="claude",
        anthropic_api_key=claude.api_key,
        anthropic_base_url=f"http://{{hub}}:{claude.port}",
        label_chunk_steps="1",
        label_quick_chunk_steps="1",
        label_calls_in_flight=str(IN_FLIGHT),
        reconcile_seconds="1",
    ) as running:
        yield running


@pytest.mark.long
def test_what_came_in_at_one_machine_is_everywhere(claude: ClaudeDouble, machines: Site, faulted: Record) -> None:
    """One story, because starting so many programs takes most of its time."""
    seen_elsewhere(claude, machines)
    one_limiter(claude, machines)
    one_reconciler(machines)
    lost = left_alone(machines)
    faulted(Faulted(2, "kill -9 of every machine but one worker", lost=lost))
    assert lost == 0
    assert [call.error for call in claude.calls() if call.outcome == "refused"] == []


def seen_elsewhere(claude: ClaudeDouble, machines: Site) -> None:
    """Uploaded through one API, read and watched through the other, labelled by a worker that has neither's folder."""
    claude.fault("gate", name="first", nth=1)
    with machines.api(0) as here, machines.api(1) as there:
        sent = encoded(page(), "PNG")
        picture = here.post("/screenshots", files={"file": ("page.png", sent, "image/png")}).json()["id"]
        made = here.post("/workflows", json=recording("Seen elsewhere", 2, picture)).json()
        read = there.get(f"/workflows/{made['id']}").json()
        assert [step["id"] for step in read["steps"]] == [step["id"] for step in made["steps"]]
        for size in ("original", "thumb"):  # the small one is drawn there and fetched from here
            pictures = [api.get(f"/screenshots/{picture}", params={"size": size}) for api in (there, here)]
            assert {answer.headers["content-type"] for answer in pictures} == {"image/webp"}
            assert pictures[0].content == pictures[1].content
        claude.wait(gate="first")
        events = watch(there, made["id"], lambda: claude.open("first"))
    assert events[-1][0] == "done"
    assert events[-1][1]["state"] == "succeeded"
    labelled = {data["step_id"] for kind, data in events if kind == "step" and data["label"]["source"] == "ai"}
    assert labelled == {step["id"] for step in made["steps"]}
    assert any(call.pictures for call in claude.calls()), "the worker fetched the picture from the bucket"


def one_limiter(claude: ClaudeDouble, machines: Site) -> None:
    """All workers together keep to the number of calls that may be under way."""
    claude.set_latency(Latency(first_token_seconds=0.05))
    before = len(claude.calls())
    for number in range(12):
        with machines.api(number % 2) as api:
            assert api.post("/workflows", json=recording(f"Limited {number}", 3)).status_code == 201
    wait_until(lambda: all_over(machines) == 13, "twelve more runs are over")
    calls = claude.calls()[before:]
    assert len(calls) == 36
    assert max(call.in_flight for call in calls) == IN_FLIGHT
    busy = [worker.name for worker in machines.workers() if '"labeling_begins"' in worker.log.read_text()]
    assert len(busy) > 1, "more than one worker had a part in it"


def one_reconciler(machines: Site) -> None:
    """Seven programs look; each run without a message is sent one."""
    before = pushed(machines)
    waiting = without_message(machines, 20)
    wait_until(lambda: all_over(machines, waiting) == 20, "all were found")
    assert pushed(machines) - before == 20
    with transaction(engine=machines.engine, read_only=True) as session:
        assert session.scalars(select(NamedLease.name).where(NamedLease.name == "reconciler")).all() == ["reconciler"]
        attempts = session.scalars(select(LabelingRun.attempts).where(LabelingRun.id.in_(waiting))).all()
    assert attempts == [1] * 20


def left_alone(machines: Site) -> int:
    """Any of them can do it alone; runs that were not labelled by the last worker."""
    *gone, last = machines.workers()
    for program in [*gone, *(machines.programs[name] for name in ("api1", "api2", *BEATS))]:
        program.kill()
    waiting = without_message(machines, 3)
    wait_until(lambda: all_over(machines, waiting) == 3, "found by the one that is left")
    assert machines.alive() == [last.name]
    return 3 - all_over(machines, waiting)


def recording(name: str, steps: int, picture: str | None = None) -> dict[str, Any]:
    """As a recorder sends it."""
    common = {"action": "click", "page": {"url": "https://crm.example/", "title": "CRM"}}
    return {
        "name": name,
        "steps": [
            {**common, "target": {"tag": "button", "role": "button", "name": f"{name} {number}"}}
            | ({"screenshot_id": picture} if picture else {})
            for number in range(steps)
        ],
    }


def watch(api: Any, workflow_id: int, begin: Any) -> list[tuple[str, dict[str, Any]]]:
    """Every event until the end; `begin` is called at the first."""
    events: list[tuple[str, dict[str, Any]]] = []
    kind = ""
    with api.stream("GET", f"/workflows/{workflow_id}/labeling/events") as answer:
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            if line.startswith("data: "):
                events.append((kind, json.loads(line.removeprefix("data: "))))
                if len(events) == 1:
                    begin()
                if kind == "done":
                    break
    return events


def all_over(machines: Site, among: list[int] | None = None) -> int:
    """How many runs succeeded."""
    count = select(func.count()).where(LabelingRun.state == RunState.SUCCEEDED)
    if among is not None:
        count = count.where(LabelingRun.id.in_(among))
    with transaction(engine=machines.engine, read_only=True) as session:
        return session.scalar(count) or 0


def without_message(machines: Site, count: int) -> list[int]:
    """Runs as an API leaves them that is killed before it can publish."""
    found = []
    with transaction(engine=machines.engine) as session:
        for number in range(count):
            workflow_id, _ = store(session, [f"Save {number}"])
            run = runs.queue(session, workflow_id, total_steps=1, published=False)
            found.append(run.id)
        session.execute(update(LabelingRun).where(LabelingRun.id.in_(found)).values(due_at=db_now(-1)))
    return found


def pushed(machines: Site) -> int:
    """Messages that the broker ever got."""
    with machines.shared.broker() as broker:
        return int(broker.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))
