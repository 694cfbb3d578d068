"""Secrets planted in the files of other programs come out nowhere: not from database, store, log or answers."""

import io
import json

import pytest
from sqlalchemy import Engine

from app.core.config import Settings
from tests.api.callers import Caller
from tests.api.test_secrets import IN_ADDRESSES, PASSWORDS, SHAPED, hits, read, stored
from tests.recordings.formats.test_markdown_guide import scribe, tango
from tests.recordings.formats.test_overlay_mvp import step as overlaid
from tests.recordings.formats.test_overlay_mvp import upload
from tests.recordings.formats.test_playwright import act, click, fill, lines
from tests.recordings.formats.test_workflow_use import CLICK, typed, workflow


def of_playwright() -> bytes:
    fields = (
        'internal:role=textbox[name="Password"i]',
        "#one-time-code",
        "input[type=password]",
        "data-testid=api-key",
    )
    return lines(
        *(act("navigate", url=address) for address in IN_ADDRESSES if address.startswith("https")),
        *(fill(field, secret) for field, secret in zip(fields, PASSWORDS, strict=False)),
        *(fill("#a", secret) for secret in SHAPED),
        *(click(f'internal:text="{secret}"i') for secret in (*SHAPED, *PASSWORDS[:4])),
        *(click(f'internal:role=row[name="{secret}"i] >> internal:role=button') for secret in SHAPED),
        act("setInputFiles", selector="#f", files=SHAPED[:3]),
    )


def of_workflow_use() -> bytes:
    fields = ("input[type='password']", "input[name='otp']", "#pin", "input[autocomplete='cc-csc']")
    return workflow(
        *({"type": "navigation", "url": address} for address in IN_ADDRESSES),
        *(typed(secret, cssSelector=field) for field, secret in zip(fields, PASSWORDS, strict=False)),
        *(CLICK | {"elementText": secret, "frameUrl": IN_ADDRESSES[1]} for secret in (*SHAPED, *PASSWORDS[:4])),
        *({"type": "agent", "task": f'Enter "{secret}" as the password'} for secret in PASSWORDS[4:8]),
        name=SHAPED[0],
        description=" ".join(SHAPED),
    )


def of_overlay_mvp() -> bytes:
    metas = [{"type": "password"}, {"label_text": "PIN"}, {"placeholder": "Security code"}, {"label_text": "Token"}]
    return upload(
        *(overlaid("navigate", action_data={"url": address}) for address in IN_ADDRESSES),
        *(
            overlaid("input_commit", element_meta={"tag_name": "input"} | meta, action_data={"value": secret})
            for meta, secret in zip(metas, PASSWORDS, strict=False)
        ),
        *(overlaid(element_meta={"inner_text": secret, "nearby_text": secret}) for secret in (*SHAPED, *PASSWORDS[:4])),
        *(overlaid(selectors={"primary": f"text/{secret}", "stable_attrs": {"title": secret}}) for secret in SHAPED),
        name=SHAPED[1],
        starting_url=IN_ADDRESSES[0],
    )


def written() -> list[str]:
    says = [f'{{}}. Enter the password "{secret}"' for secret in PASSWORDS[:3]]
    says += [f"{{}}. The PIN is {PASSWORDS[3]}", f'{{}}. Type "{PASSWORDS[4]}" in the "API key" field']
    says += [f"{{}}. It is {secret}." for secret in (*SHAPED, *PASSWORDS[:5])]
    says += [f"{{}}. Go to {address} or [there]({address})" for address in IN_ADDRESSES if address.startswith("https")]
    return [words.format(number) for number, words in enumerate(says, 1)]


FILES = {
    "playwright": of_playwright(),
    "workflow-use": of_workflow_use(),
    "overlay-mvp": of_overlay_mvp(),
    "scribe": scribe(" ".join(SHAPED), f"## {SHAPED[2]}", *written(), title=f"# Pay with {SHAPED[0]}"),
    "tango": tango(f"## # [{SHAPED[3]}]({IN_ADDRESSES[0]})", *(f"### {words}" for words in written())),
}


@pytest.mark.parametrize("name", FILES)
def test_planted_secrets_come_out_nowhere(
    name: str, as_owner: Caller, engine: Engine, settings: Settings, log_output: io.StringIO
) -> None:
    plain = FILES[name].decode()
    assert len(hits(json.loads(json.dumps(plain)))) >= 20, "the file holds them"
    answer = as_owner.upload("/imports", FILES[name])
    assert answer.status_code == 201, answer.text
    path = f"/workflows/{answer.json()['workflows'][0]['id']}"
    answers = [
        answer,
        as_owner.get(path),
        *(as_owner.get(f"{path}/export?format={kind}") for kind in ("markdown", "zip")),
    ]
    assert [each.status_code for each in answers[1:]] == [200] * 3
    for each in answers:
        assert hits(read(each)) == [], each.request.url
    for where, content in stored(engine, settings):
        assert hits(content) == [], where
    assert hits(log_output.getvalue()) == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_leaves_nothing_behind(name: str, as_owner: Caller) -> None:
    broken = FILES[name][: len(FILES[name]) // 2] if name not in ("scribe", "tango") else FILES[name] + b"\xff"
    answer = as_owner.upload("/imports", broken)
    assert answer.status_code == 422
    assert as_owner.get("/workflows").json()["items"] == []
