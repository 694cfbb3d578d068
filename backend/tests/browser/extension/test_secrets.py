"""What is typed into secret fields of every kind is nowhere: not in the store, what is sent, or a picture."""

import json
from pathlib import Path

from playwright.sync_api import Page

from app.core.config import get_settings
from tests.browser.extension.gate import Gate
from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import Site
from tests.browser.extension.test_pictures import COVERED, near, opened, pixel
from tests.services import wait_until

FIELDS = [
    *(
        f'<input type=text autocomplete="{kind}">'
        for kind in (
            "current-password", "new-password", "one-time-code", "cc-number", "cc-csc", "cc-exp", "cc-exp-month",
            "cc-exp-year", "cc-name", "section-a billing cc-number",
        )
    ),
    "<input type=password>",
    "<input type=password name=pin>",
    "<label>Password <input type=password></label>",
    "<input type=text name=password>",
    "<input type=text id=passwd>",
    "<input type=text name=cvv>",
    "<input type=text name=otp inputmode=numeric>",
    "<input type=text name=card-number>",
    "<input type=tel name=cc_number>",
    "<input type=text aria-label='Security code'>",
    "<label>API key <input type=text></label>",
    "<input type=text placeholder='Access token'>",
    "<label>One-time code <input type=text></label>",
    "<input type=text name=ssn>",
    "<textarea data-private></textarea>",
    "<div contenteditable data-private style='min-height:20px;width:150px'></div>",
    "<input type=text data-private>",
    "<input type=text style='-webkit-text-security: disc'>",
    "<input type=text name=secret>",
    "<label>Passphrase <input type=text></label>",
]  # fmt: skip


def canary(nth: int) -> str:
    return f"zq{nth:02}wxcanary"


def test_thirty_canaries_are_nowhere(extension: Extension, tab: Page, site: Site, gate: Gate, token: str) -> None:
    assert len(FIELDS) >= 30
    rows = "".join(f"<div class=field style='height:40px'>{field}</div>" for field in FIELDS)
    site.pages["/"] = f"<title>Secrets</title><body style='margin:0;columns:3'>{rows}<button id=done>Done</button>"
    tab.reload()
    extension.do("start", name="Secrets")
    fields = tab.locator(".field :is(input, textarea, [contenteditable])")
    for nth in range(len(FIELDS)):
        fields.nth(nth).click()
        tab.keyboard.type(canary(nth))
    extension.rest()
    tab.click("#done")
    extension.do("stop")

    everything = json.dumps(extension.dump())
    assert [canary(nth) for nth in range(len(FIELDS)) if canary(nth) in everything] == []
    assert len(extension.steps()) > len(FIELDS) / 2

    last = extension.steps()[-1]
    picture = opened(next(each for each in extension.dump()["pictures"] if each["id"] == last["pictureId"]))
    for nth in range(len(FIELDS)):
        box = fields.nth(nth).bounding_box()
        assert box
        for part in (0.1, 0.3, 0.6):
            assert near(pixel(picture, box["x"] + box["width"] * part, box["y"] + box["height"] / 2), COVERED), FIELDS[
                nth
            ]

    extension.do("connect", server=gate.address, token=token)
    recording_id = extension.recording()["id"]
    extension.do("upload", recordingId=recording_id)
    wait_until(lambda: extension.recording()["state"] == "uploaded", f"uploaded, not {extension.recording()}")
    sent = b"".join(gate.bodies)
    kept = b"".join(path.read_bytes() for path in database_files())
    for nth in range(len(FIELDS)):
        assert canary(nth).encode() not in sent
        assert canary(nth).encode() not in kept


def database_files() -> list[Path]:
    path = Path(get_settings().database_url.removeprefix("sqlite:///"))
    return [each for each in path.parent.glob(f"{path.name}*") if each.is_file()]
