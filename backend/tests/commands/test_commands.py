"""The command line, as a program would call it."""

import json
import re
import subprocess
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from app.cli import LazyGroup, main
from app.commands.doctor import shown
from app.core.clock import now
from app.core.config import Settings
from app.core.db import make_engine, transaction
from app.labeling.budget import periods
from app.labeling.models import ModelCall, Spend
from tests import forked
from tests.commands.conftest import PATIENCE, PROGRAM, environment

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Calls the command line on a fresh data folder, with a broker that is not there."""
    surroundings = environment(DATA_DIR=str(tmp_path / "data"), REDIS_URL="redis://127.0.0.1:1/0")

    def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return forked.run(["app.cli", *arguments], surroundings | variables, tmp_path, timeout=PATIENCE)

    return call


def the_json(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", LazyGroup.modules)
def test_list_of_commands_says_what_the_commands_say(name: str) -> None:
    module, summary = LazyGroup.modules[name]
    command = import_module(f"app.commands.{module}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert (command.help or "").startswith(summary)


@pytest.mark.parametrize("name", LazyGroup.modules)
def test_every_command_answers_programs(name: str) -> None:
    command = import_module(f"app.commands.{LazyGroup.modules[name][0]}").command
    for one in command.commands.values() if isinstance(command, click.Group) else [command]:
        assert {"as_json", "verbose"} <= {parameter.name for parameter in one.params}


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, app.cli\n"
        "try: app.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'sqlalchemy', 'celery', 'fastapi', 'rich', 'PIL', 'redis'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([PROGRAM[0], "-c", code], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["nonsense"], ["tokens", "create"], ["label", "none"], ["up", "--port"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_error_is_one_line_and_exit_code_1(run: Run) -> None:
    done = run("users", "disable", "nobody@example.com")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: Nobody here has the address nobody@example.com")
    assert done.stderr.count("\n") == 1


def test_error_is_json_for_programs(run: Run) -> None:
    done = run("label", "99", "--json")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"] == "WorkflowNotFound"


def test_unreachable_database_is_one_line(run: Run) -> None:
    done = run("users", "list", DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "doctor" in done.stderr
    assert "Traceback" not in done.stderr


def test_token_stands_alone_on_stdout_and_can_be_revoked(run: Run) -> None:
    created = run("tokens", "create", "--name", "CI", "--scope", "read", "--days", "7")
    assert created.returncode == 0, created.stderr
    assert created.stdout.startswith("wp_")
    assert created.stdout.count("\n") == 1
    (token,) = the_json(run("tokens", "list", "--json"))["items"]
    assert (token["name"], token["scopes"], token["revoked_at"]) == ("CI", ["read"], None)
    assert created.stdout.strip() not in run("tokens", "list").stdout
    assert run("tokens", "revoke", str(token["id"])).returncode == 0
    (token,) = the_json(run("tokens", "list", "--json"))["items"]
    assert token["revoked_at"]


def test_people_are_added_listed_and_shut_out(run: Run) -> None:
    created = the_json(run("users", "create", "Ann@Example.com", "--role", "viewer", "--json"))
    assert created["email"] == "ann@example.com"
    assert "/sign-in/" in created["sign_in"]
    assert run("users", "create", "ann@example.com").returncode == 1
    assert run("users", "reset-password", "ann@example.com", "--password", "short").returncode == 1
    assert run("users", "reset-password", "ann@example.com", "--password", "a long and odd password").returncode == 0
    assert run("users", "disable", "ann@example.com").returncode == 0
    people = the_json(run("users", "list", "--json"))["items"]
    assert [(person["email"], bool(person["disabled_at"])) for person in people] == [
        ("admin@localhost", False),
        ("ann@example.com", True),
    ]


def test_migrate_twice(run: Run) -> None:
    assert the_json(run("migrate", "--json"))["before"] is None
    again = the_json(run("migrate", "--json"))
    assert again["before"] == again["after"]


def test_doctor_names_what_is_missing_and_how_to_mend_it(run: Run) -> None:
    done = run("doctor", "--json", ANTHROPIC_API_KEY="sk-ant-canary", LABELER="rules")
    assert done.returncode == 1
    found = the_json(done)
    state = {check["check"]: check["state"] for check in found["checks"]}
    assert state["data folder"] == "ok"
    assert state["storage"] == "ok"
    assert state["database"] == state["broker"] == state["worker"] == "failed"
    assert all(check["mend"] for check in found["checks"] if check["state"] != "ok")
    assert found["settings"]["LABELER"] == "rules"
    assert "canary" not in done.stdout + done.stderr


def test_doctor_says_how_to_get_what_reads_pictures_once_that_is_wanted(run: Run) -> None:
    checks = {check["check"]: check for check in the_json(run("doctor", "--json", OCR="true"))["checks"]}
    assert checks["ocr"]["state"] == ("ok" if find_spec("rapidocr") else "failed")
    assert checks["ocr"]["state"] == "ok" or "uv pip install" in checks["ocr"]["mend"]
    assert "ocr" not in {check["check"] for check in the_json(run("doctor", "--json"))["checks"]}


def test_doctor_notices_a_data_folder_that_is_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("doctor", "--json", DATA_DIR=str(tmp_path / "file"))
    (check,) = [check for check in the_json(done)["checks"] if check["check"] == "data folder"]
    assert check["state"] == "failed"
    assert "DATA_DIR" in check["mend"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql+psycopg://wp:canary@db.example/wp", "postgresql+psycopg://wp:***@db.example/wp"),
        ("redis://:can@ary@redis.example:6379/0", "redis://:***@redis.example:6379/0"),
        ("redis://redis.example:6379/0", "redis://redis.example:6379/0"),
    ],
)
def test_passwords_in_addresses_are_not_shown(address: str, expected: str) -> None:
    assert shown(Settings(_env_file=None, redis_url=address))["REDIS_URL"] == expected


def test_status_says_what_is_down(run: Run) -> None:
    run("migrate")
    found = the_json(run("status", "--json"))
    assert found["up"] is None
    assert found["parts"]["database"]["state"] == "ok"
    assert found["parts"]["broker"]["state"] == "failed"
    assert found["runs"] == {}


def spend(data_dir: Path, usd: float) -> None:
    """As if labelling had cost this today, in the database of a folder."""
    engine = make_engine(f"sqlite:///{data_dir}/workflow-platform.db")
    with transaction(engine=engine) as session:
        session.add_all(Spend(period=period, usd=usd) for period in periods(now()).values())
        session.add(
            ModelCall(
                workflow_id=7,
                step_ids=[],
                labeler="claude",
                model="claude-haiku-5-5",
                outcome="answered",
                input_tokens=12_680,
                cost_usd=usd,
                reserved_usd=0.5,
            )
        )
    engine.dispose()


@pytest.mark.parametrize(
    ("day", "state", "words"),
    [
        ("0.4", "warning", "$0.20 of $0.40 a day left; that is less than one call"),
        ("0", "warning", "$0.00 of $0.00 a day left"),
        ("9", "ok", "$8.80 of $9.00 a day left"),
        ("", "ok", "unlimited"),
    ],
)
def test_doctor_warns_of_a_budget_that_has_no_room_for_a_call(
    run: Run, tmp_path: Path, day: str, state: str, words: str
) -> None:
    run("migrate")
    spend(tmp_path / "data", 0.2)
    variables = {"LABEL_BUDGET_USD_PER_DAY": day} if day else {}
    found = the_json(run("doctor", "--json", **variables))["checks"]
    (check,) = [check for check in found if check["check"] == "budget"]
    assert check["state"] == state
    assert words in check["found"]
    assert ("LABEL_BUDGET_USD_PER_DAY" in (check["mend"] or "")) == (state == "warning")


def test_status_says_what_is_left_of_a_budget_that_is_set(run: Run, tmp_path: Path) -> None:
    run("migrate")
    assert the_json(run("status", "--json"))["budget"] == {}
    spend(tmp_path / "data", 0.2)
    found = the_json(run("status", "--json", LABEL_BUDGET_USD_PER_MONTH="5"))["budget"]
    assert found == {"month": {"limit_usd": 5, "spent_usd": 0.2, "left_usd": 4.8}}
    assert "$4.80 of $5.00 a month left" in run("status", LABEL_BUDGET_USD_PER_MONTH="5").stdout


def test_usage_is_a_table_for_people_and_the_apis_answer_for_programs(run: Run, tmp_path: Path) -> None:
    wrong = run("usage", "--from", "yesterday")
    assert wrong.returncode == 1
    assert "neither a date" in wrong.stderr
    assert "No model was asked anything." in run("usage").stdout
    spend(tmp_path / "data", 0.2)
    told = run("usage").stdout
    assert re.search(r"claude-haiku-5-5 +1 +12,680 +0 +0 +0\.2000", told)
    assert "deleted (number 7)" in told
    found = the_json(run("usage", "--json"))
    assert (found["calls"], found["cost_usd"], found["by_workflow"][0]["kind"]) == (1, 0.2, "deleted")
    assert set(found) >= {"from", "to", "budget", "by_day"}


def test_file_that_is_no_recording_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{")
    done = run("import", str(tmp_path / "no.json"))
    assert done.returncode == 1
    assert "no.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_recording_over_what_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    file.write_text(json.dumps({"title": "Again", "steps": [{"type": "navigate", "url": "https://crm.example/"}]}))
    done = run("import", str(file), "--over", "7")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert run("import", str(file), str(file), "--over", "7").returncode == 2


def test_a_recording_over_a_workflow_is_compared_with_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    steps = [{"type": "navigate", "url": "https://crm.example/"}]
    click = {"type": "click", "selectors": [["aria/New contact"]], "offsetX": 1, "offsetY": 1}
    file.write_text(json.dumps({"title": "Create a contact", "steps": steps}))
    assert run("import", str(file)).returncode == 0
    file.write_text(json.dumps({"title": "Create a contact", "steps": [*steps, click]}))
    done = the_json(run("import", str(file), "--over", "1", "--json"))
    assert {kind: done[kind] for kind in ("unchanged", "added")} == {"unchanged": 1, "added": 1}
    assert done["url"].endswith("/workflows/1/recordings/1")
    assert "Nothing has changed yet" in run("import", str(file), "--over", "1").stdout


def test_recording_is_imported_without_a_broker(run: Run, tmp_path: Path) -> None:
    steps = [
        {"type": "navigate", "url": "https://crm.example/"},
        {"type": "click", "selectors": [["aria/New contact"]], "offsetX": 1, "offsetY": 1},
    ]
    (tmp_path / "new.json").write_text(json.dumps({"title": "Create a contact", "steps": steps}))
    done = run("import", "--json", str(tmp_path / "new.json"))
    assert done.returncode == 0, done.stderr
    (file,) = the_json(done)["files"]
    assert file["workflows"] == [1]
    assert the_json(run("status", "--json"))["runs"] == {"queued": 1}
    assert run("label", "1").returncode == 0

    guide = tmp_path / "guide.md"
    assert the_json(run("export", "1", "--format", "markdown", "-o", str(guide), "--json"))["path"] == str(guide)
    assert "New contact" in guide.read_text("utf-8")
    assert run("export", "1", "--format", "markdown", "-o", "-").stdout == guide.read_text("utf-8")
    assert run("export", "1", "--format", "markdown", "-o", str(tmp_path / "no" / "guide.md")).returncode == 1
    assert run("export", "1", "--format", "nonsense", "-o", str(guide)).returncode == 2
