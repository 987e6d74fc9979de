from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.wire.signed_link import file_address, file_granted, name_granted, name_token

SECRET = bytes(range(32))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAME = "ab" * 32 + ".pdf"


def _parts() -> tuple[int, str]:
    address = urlsplit(file_address(SECRET, NAME, now=NOW, lasts=timedelta(hours=1)))
    assert address.path == f"/v1/artifacts/{NAME}"
    asked = parse_qs(address.query)
    return int(asked["until"][0]), asked["signature"][0]


def test_an_address_serves_until_its_end_and_not_longer() -> None:
    until, signature = _parts()
    granted = [
        file_granted(SECRET, NAME, until=until, signature=signature, now=NOW + timedelta(minutes=minutes))
        for minutes in (0, 59, 60, 600)
    ]
    assert granted == [True, True, False, False]


@pytest.mark.parametrize(
    ("name", "later", "signature"),
    [
        ("cd" * 32 + ".pdf", 0, None),
        (NAME.replace(".pdf", ".jdf"), 0, None),
        (NAME, 1, None),
        (NAME, 0, ""),
        (NAME, 0, "0" * 64),
        (NAME, 0, "é\udcff\x00"),
    ],
)
def test_nothing_of_it_can_be_changed(name: str, later: int, signature: str | None) -> None:
    until, ours = _parts()
    said = ours if signature is None else signature.encode("utf-8", "replace").decode()
    assert not file_granted(SECRET, name, until=until + later, signature=said, now=NOW)


def test_another_key_grants_nothing() -> None:
    until, signature = _parts()
    assert not file_granted(b"other" * 8, NAME, until=until, signature=signature, now=NOW)


def test_a_token_is_for_one_name() -> None:
    token = name_token(SECRET, "press")
    assert name_granted(SECRET, "press", token)
    assert not name_granted(SECRET, "other", token)
    assert not name_granted(SECRET, "press", token[:-1])
    assert not name_granted(SECRET, "press", "é")
    assert len(token) >= 32
