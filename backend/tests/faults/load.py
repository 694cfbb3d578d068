"""Thousands of recordings while something is killed every few seconds: is any lost, is any doubled?

    python -m tests.faults.load [--workflows 2000] [--every 4] [--labeler rules|claude] [--json FILE]

Two APIs, three workers and two beats, each on a machine of its own (see `machines`), with the settings that a real one
has. People upload through both APIs, and send again what was not answered, with the same Idempotency-Key. Meanwhile a
worker's child, a whole worker, an API or a beat that is at work is killed (-9) and started again, and once the broker
is emptied. It is judged from the database, and for a model from the model's own ledger. Ends with 1 if anything was
lost or doubled.
"""

import argparse
import itertools
import json
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx

from app.core.errors import AppError
from tests.doubles.claude import ClaudeDouble
from tests.faults.machines.judging import Judged, judge, open_runs
from tests.faults.machines.site import APIS, BEATS, WORKERS, Site, site
from tests.storage.pictures import encoded, page

STEPS = 3
PEOPLE = 6
WITH_A_PICTURE = 10
"""One of so many recordings has a picture."""
VICTIMS = ("child", "child", "worker", "child", "child", "api", "child", "child", "child", "beat")
"""In turns. What has to be started anew takes seconds of a processor, a child hardly any."""
GIVE_UP_SECONDS = 3_600


class NotAccepted(AppError):
    """A recording was not accepted, however often it was sent."""


@dataclass(slots=True)
class Load:
    """What was done."""

    wanted: int
    accepted: dict[int, str] = field(default_factory=dict)
    """Workflow number → name, of what was answered with 2xx."""
    sent_again: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    connections: Counter[str] = field(default_factory=Counter)
    """The most that were seen."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)


def upload(made: Site, load: Load, number: int, begin: float, per_second: float) -> None:
    """When its turn is; through one API, then the other, until it is accepted."""
    load.over.wait(max(0.0, begin + number / per_second - time.monotonic()))
    name, key = f"Workflow {number}", uuid4().hex
    for attempt in itertools.count():
        if attempt > GIVE_UP_SECONDS or load.over.is_set():
            raise NotAccepted(name)
        try:
            with made.api((number + attempt) % len(APIS), timeout=20) as api:
                workflow_id = _send(api, number, name, key)
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            with load.lock:
                load.accepted[workflow_id] = name
                load.sent_again += attempt
            return


def _send(api: httpx.Client, number: int, name: str, key: str) -> int:
    picture = None
    if number % WITH_A_PICTURE == 0:
        content = encoded(page(200 + number % 400, 150), "PNG")
        picture = api.post("/screenshots", files={"file": ("page.png", content, "image/png")}).raise_for_status()
    common = {"action": "click", "page": {"url": "https://crm.example/", "title": "CRM"}}
    steps = [
        {**common, "target": {"tag": "button", "role": "button", "name": f"{name} {step}"}} for step in range(STEPS)
    ]
    if picture is not None:
        steps[0]["screenshot_id"] = picture.json()["id"]
    answer = api.post("/workflows", json={"name": name, "steps": steps}, headers={"Idempotency-Key": key})
    return int(answer.raise_for_status().json()["id"])


def disturb(made: Site, load: Load, every: float) -> None:
    """Kill something, start it again, until all is over; once in between, empty the broker."""
    dice = random.Random(4)  # noqa: S311 - the same kills in every run
    for turn, victim in enumerate(itertools.cycle(VICTIMS)):
        if load.over.wait(every):
            return
        load.connections |= Counter(made.shared.connections())
        if turn == len(VICTIMS):
            with made.shared.broker() as broker:
                broker.flushall()
            load.kills["FLUSHALL"] += 1
            continue
        among = made.ready({"api": APIS, "beat": BEATS}.get(victim, WORKERS))
        if not among:
            continue  # they are all on their way back
        program = dice.choice(among)
        if victim == "child":
            load.kills["child"] += program.kill_child(dice.randrange(8))
        else:
            program.kill()
            program.start()
            load.kills[victim] += 1


def run(made: Site, load: Load, given: argparse.Namespace) -> tuple[float, float]:
    """Seconds until all were accepted, and until all were labelled."""
    disturber = threading.Thread(target=disturb, args=(made, load, given.every))
    begin = time.monotonic()
    disturber.start()
    try:
        with ThreadPoolExecutor(PEOPLE) as people:
            sent = [people.submit(upload, made, load, n, begin, given.per_second) for n in range(load.wanted)]
            try:
                for future in sent:
                    future.result()
            except BaseException:
                load.over.set()  # nobody need wait for the others' turns
                raise
        accepted = time.monotonic() - begin
        print(f"{len(load.accepted)} accepted after {accepted:.0f} s", flush=True)
        while open_runs(made.engine) and time.monotonic() - begin < accepted + GIVE_UP_SECONDS:
            time.sleep(0.5)
        return accepted, time.monotonic() - begin
    finally:
        load.over.set()
        disturber.join()


def summary(load: Load, judged: Judged, seconds: tuple[float, float], network: str) -> dict[str, object]:
    """What is printed."""
    return {
        "machines": network,
        "recordings": load.wanted,
        "accepted": len(load.accepted),
        "sent again": load.sent_again,
        **{f"killed: {kind}" if kind != "FLUSHALL" else kind: count for kind, count in sorted(load.kills.items())},
        **{f"connections: {part}": count for part, count in load.connections.items()},
        "seconds to accept": round(seconds[0]),
        "seconds to label": round(seconds[1]),
        **{name.replace("_", " "): value for name, value in asdict(judged).items()},
    }


def main() -> int:
    """See `--help`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=2_000)
    parser.add_argument("--every", type=float, default=4, help="seconds between two kills")
    parser.add_argument("--per-second", type=float, default=20, help="recordings sent at the most")
    parser.add_argument("--labeler", choices=("rules", "claude"), default="rules", help="claude: the double of its API")
    parser.add_argument("--json", type=Path, help="where to write the summary, too")
    given = parser.parse_args()
    load = Load(given.workflows)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    with ExitStack() as stack:
        settings: dict[str, str] = {"labeler": given.labeler}
        double = None
        if given.labeler == "claude":
            double = stack.enter_context(ClaudeDouble(host="0.0.0.0"))  # noqa: S104 - machines have their addresses
            settings |= {"anthropic_api_key": double.api_key, "anthropic_base_url": f"http://{{hub}}:{double.port}"}
        made = stack.enter_context(site(concurrency=2, **settings))
        seconds = run(made, load, given)
        calls = None if double is None else [call for call in double.calls() if call.outcome == "answered"]
        judged = judge(made.engine, load.accepted, None if calls is None else len(calls))
        facts = summary(load, judged, seconds, made.network.kind)
    print("\n".join(f"{name:24} {value}" for name, value in facts.items()))
    if given.json:
        given.json.write_text(json.dumps(facts, indent=1) + "\n")
    return int(bool(judged.lost or judged.doubled or len(load.accepted) < load.wanted))


if __name__ == "__main__":
    sys.exit(main())
