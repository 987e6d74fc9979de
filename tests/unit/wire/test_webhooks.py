from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
from standardwebhooks import Webhook

from app.wire.webhooks import Answer, WebhookClient, new_secret, signed_headers

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_secret_is_32_random_bytes() -> None:
    secret = new_secret()
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != new_secret()


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9))])
def test_the_receiver_s_library_verifies_it_whatever_our_zone(zone: timezone) -> None:
    secret, body = new_secret(), '{"a":"ü"}'.encode()
    headers = signed_headers(secret, "msg_1", body, datetime.now(zone))
    assert Webhook(secret).verify(body, headers) == {"a": "ü"}


def answer(status: int, **headers: str) -> Answer:
    def reply(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={k.replace("_", "-"): v for k, v in headers.items()})

    client = WebhookClient(transport=httpx.MockTransport(reply), timeout=1)
    try:
        return client.post("https://a.example/", secret=new_secret(), message_id="m", body=b"{}", at=NOW)
    finally:
        client.close()


@pytest.mark.parametrize(
    ("status", "taken"),
    [(200, True), (204, True), (302, False), (404, False), (500, False)],
)
def test_only_2xx_is_taken(status: int, taken: bool) -> None:  # noqa: FBT001 -- a table of cases
    assert answer(status).taken is taken
    assert bool(answer(status).error) is not taken


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("99999999", timedelta(days=1)),
        ("Sun, 01 Mar 2026 12:02:00 GMT", timedelta(minutes=2)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, wait: timedelta | None) -> None:
    assert answer(429, retry_after=header).wait == wait


def test_an_address_that_is_no_url_is_a_reason() -> None:
    client = WebhookClient(transport=httpx.MockTransport(lambda _: httpx.Response(200)), timeout=1)
    told = client.post("http://0177.0.0.1/", secret=new_secret(), message_id="m", body=b"{}", at=NOW)
    client.close()
    assert not told.taken
    assert told.error
