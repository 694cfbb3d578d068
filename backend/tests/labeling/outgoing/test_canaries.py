"""Secrets planted wherever a recording can hold one: none is in what leaves for a model, however it got there."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.labeling import outgoing
from app.workflows.content import StepContent
from tests.labeling.outgoing.chunks import chunk, text_of
from tests.labeling.steps import step

PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEc4naryKEY\n-----END RSA PRIVATE KEY-----"
NOTE = "Please call the c4nary customer back before Friday noon about the broken pump in hall seven"


def seen(text: str) -> list[StepContent]:
    """It stands on the page, in every text that is sent, of a step and of the one behind."""
    everywhere = step(
        "click",
        f"Open {text}",
        tag="a",
        text=f"{text} and more",
        attributes={"title": text, "alt": text, "aria-label": f"x {text}", "placeholder": text, "name": text},
        page=f"{text} | CRM",
        url=f"https://crm.example/{text}/edit",
        label=text,
        placeholder=text,
        heading=text,
        section=text,
        row=text,
        column=text,
        nearby=f"Next to {text}.",
    )
    return [everywhere, everywhere]


def typed(value: str, *echoes: str, action: str = "input", **field: Any) -> list[StepContent]:
    """It is entered in the first step, and stands on the pages of the later ones."""
    first = step(action, "Field", tag="input", value=value, **field)
    return [first, *(content for echo in echoes or (value,) for content in seen(echo))]


def at_address(address: str) -> list[StepContent]:
    return [
        step("click", "Save", url=address, frame=[address], attributes={"href": address, "title": address}),
        step("navigate", url=address, value=address),
    ]


PLANTED: dict[str, tuple[str, Callable[[str], list[StepContent]]]] = {
    "password": ("c4nary-Pa55", lambda one: typed(one, attributes={"type": "password"})),
    "password of a kind": ("hunter22", lambda one: typed(one, value_kind="password")),
    "short pin": ("4711", lambda one: typed(one, label="PIN")),
    "one-time code": ("839211", lambda one: typed(one, attributes={"autocomplete": "one-time-code"})),
    "code on the page": ("839211", lambda one: seen(f"Your verification code is {one}")),
    "card in groups": ("4111 1111 1111 1111", seen),
    "card in a row": ("378282246310005", seen),
    "card with hyphens": ("5500-0000-0000-0004", seen),
    "card with points": ("4111.1111.1111.1111", seen),
    "IBAN": ("DE89 3704 0044 0532 0130 00", seen),
    "token of GitHub": ("ghp_c4naryc4naryc4naryc4naryc4nary012345", seen),
    "token of Amazon": ("AKIAC4NARYC4NARYC4NA", seen),
    "token of Slack": ("xoxb-1234567890-c4narytoken", seen),
    "token of Anthropic": ("sk-ant-api03-C4NARYc4nary0123456789", seen),
    "token in three parts": ("eyJhbGciOiJIUzI1NiJ9.eyJjNG5hcnkiOjF9.c4narysignature", seen),
    "token of nobody, hex": ("9f86d081884c7d659a2feaa0c55ad015", seen),
    "token of nobody, base64": ("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01", seen),
    "token of nobody, UUID": ("550e8400-e29b-41d4-a716-446655440000", seen),
    "private key": ("MIIEc4naryKEY", lambda one: seen(PRIVATE_KEY) + typed(PRIVATE_KEY, one)),
    "user info": ("c4nary-user", lambda one: at_address(f"https://ann:{one}@crm.example/x")),
    "query": ("c4nary-query", lambda one: at_address(f"https://crm.example/x?q={one}")),
    "fragment": ("c4nary-fragment", lambda one: at_address(f"https://crm.example/x#/{one}")),
    "email address": ("c4nary.person@mail.example", seen),
    "email address, typed": ("c4nary@mail.example", lambda one: typed(one, one, one.upper(), f"<{one}>")),
    "phone number": ("+49 (30) 1234-5678", seen),
    "phone number at home": ("030 12345678", seen),
    "phone number, American": ("(555) 010-9876", seen),
    "social security number": ("078-05-1120", seen),
    "account number": ("3141592653", seen),
    "name": ("Cana Rynova", lambda one: typed(one, one, f"{one}'s", "CANA  RYNOVA", "cana-rynova", "Cana%20Rynova")),
    "part of a name": ("Rynova", lambda one: typed(f"Cana {one}", f"Hello {one}!", label="Full name")),
    "name in two forms": ("Café Canary", lambda one: typed(one, "Cafe\u0301 Canary")),
    "name of another script": ("金丝雀太郎", lambda one: typed(one, f"你好{one}先生")),
    "name with unseen characters": ("Canarywoman", lambda one: typed(one, "Cana\u200bry\u00adwo\u2060man")),
    "note": (NOTE, typed),
    "part of a note": ("broken pump in hall seven", lambda _: typed(NOTE, f"Re: {NOTE[:60]}…", f"… {NOTE[-40:]}")),
    "beginning of a word": ("Canaryw", lambda _: typed("Canarywoman", "Canaryw…", "Hello Canaryw...")),
    "number in other groups": ("20261124", lambda _: typed("2026-1124", "20261124")),
    "option": ("Canary Bank", lambda one: [_selected(one), *seen("nothing")]),
    "file": ("canary-tax-return.pdf", lambda one: typed(one, one, f"Remove {one}", action="upload")),
    "selectors": ("c4nary-selector", lambda one: [step("click", "Save", selectors=[f"#{one}", [f"text/{one}"]])] * 2),
    "attributes": ("c4nary-data", lambda one: [step("click", "Save", attributes=_unsent(one))] * 2),
    "password, key by key": ("c4n", lambda one: [step("press", value=letter) for letter in f"{one}x"]),
}  # fmt: skip


def _selected(value: str) -> StepContent:
    return step(
        "select", "Bank", tag="select", value=value, text=value, attributes={"title": f"Now: {value}"}, nearby=value
    )


def _unsent(value: str) -> dict[str, str]:
    return dict.fromkeys(["value", "id", "class", "style", "href", "src", "data-value", "onclick"], value)


def _is_typed_or_seen(canary: str, contents: list[StepContent]) -> bool:
    """Not those that are secret because of the place alone where they stand."""
    first = contents[0]
    if first.action == "select":
        return False
    return first.value == canary if first.value else bool(first.target and canary == first.target.attributes.get("alt"))


def letters(text: str) -> str:
    """What a reader could put together: without case, and without what may stand between."""
    return re.sub(r"[\W_]", "", text).lower()


def test_there_are_enough_canaries() -> None:
    assert len(PLANTED) >= 30


@pytest.mark.parametrize("kind", PLANTED)
def test_no_canary_is_in_what_leaves(kind: str) -> None:
    canary, plant = PLANTED[kind]
    contents = plant(canary)
    for first in range(len(contents)):
        sent = text_of(outgoing.build(chunk(contents, first=first)))
        assert canary.lower() not in sent.lower()
        assert letters(canary) not in letters(sent)


@pytest.mark.parametrize("kind", [kind for kind, (one, plant) in PLANTED.items() if _is_typed_or_seen(one, plant(one))])
def test_no_canary_is_in_the_words_of_a_person(kind: str) -> None:
    canary, plant = PLANTED[kind]
    words = f"Do it with {canary} at once"
    sent = outgoing.build(chunk(plant(canary), goal=words, description=words, first=1))
    assert letters(canary) not in letters(text_of(sent))
    assert sent.document["workflow"]["goal"].startswith("Do it with")


def test_what_is_no_secret_is_sent_as_it_is() -> None:
    contents = [
        step("click", 'Save "draft" 2', tag="button", row="Order 2026-114, $1,250.00", nearby="12 of 340 contacts",
             heading="Create-a-new-contact", attributes={"name": "billingAddressStreetLine1", "type": "submit"},
             url="https://crm.example/contacts/create-a-new-contact-form/17"),
    ]  # fmt: skip
    (sent,) = outgoing.build(chunk(contents)).document["steps"]
    assert sent["target"] == {
        "name": "Save 'draft' 2",
        "tag": "button",
        "attributes": {"type": "submit", "name": "billingAddressStreetLine1"},
        "context": {
            "heading": "Create-a-new-contact",
            "row": "Order 2026-114, $1,250.00",
            "nearby": "12 of 340 contacts",
        },
    }
    assert sent["page"]["address"] == "https://crm.example/contacts/create-a-new-contact-form/17"
