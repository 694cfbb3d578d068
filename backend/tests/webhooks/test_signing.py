import base64

from app.webhooks import signing


def test_signatures_are_those_of_the_specification() -> None:
    """The example that implementations of Standard Webhooks are tested with."""
    found = signing.headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert found == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_has_the_specified_form_and_is_new_each_time() -> None:
    first, second = signing.new_secret(), signing.new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert 24 <= len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) <= 64


def test_the_same_payload_is_always_the_same_bytes() -> None:
    assert signing.body_of({"name": "Größe"}) == '{"name":"Größe"}'.encode()
