from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.wire.signed_link import file_address
from tests.reception import Reception, open_reception

PDF = b"%PDF-1.6 a card"
NAME = hashlib.sha256(PDF).hexdigest() + ".pdf"
HOUR = timedelta(hours=1)


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        reception.services.artifacts.put(PDF, ".pdf")
        yield reception


def _address(reception: Reception, name: str = NAME, lasts: timedelta = HOUR) -> str:
    services = reception.services
    return file_address(services.secret.links, name, now=services.clock.now(), lasts=lasts)


def test_a_signed_address_gives_its_file_without_a_key(reception: Reception) -> None:
    answer = reception.client.get(_address(reception))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert reception.client.head(_address(reception)).headers["content-length"] == str(len(PDF))


def test_a_part_of_it_can_be_fetched(reception: Reception) -> None:
    answer = reception.client.get(_address(reception), headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"%PDF")


def test_an_address_ends(reception: Reception) -> None:
    address = _address(reception)
    reception.clock.advance(HOUR)
    answer = reception.client.get(address)
    assert answer.status_code == 403
    assert "link_hours" in answer.json()["mend"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (NAME, "0" * 64 + ".pdf"),
        (".pdf", ".jdf"),
        ("signature=", "signature=0"),
        ("until=1", "until=2"),
        (NAME, "..%2F..%2Fsecret.key"),
    ],
)
def test_a_changed_address_gives_nothing(reception: Reception, old: str, new: str) -> None:
    assert reception.client.get(_address(reception).replace(old, new, 1)).status_code in {403, 404, 422}


def test_a_file_that_was_erased_is_not_there(reception: Reception) -> None:
    reception.services.artifacts.remove(NAME.partition(".")[0], ".pdf")
    assert reception.client.get(_address(reception)).status_code == 404
