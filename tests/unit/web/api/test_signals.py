from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.formats.native import EXAMPLE
from app.wire.jmf.dialect import Dialect
from app.wire.jmf.package import Part, address, pack
from app.wire.jmf.read import read_answer
from app.wire.signed_link import name_token
from tests.reception import Reception, open_reception
from tests.returned_tickets import returned_jdf, returned_xjdf

JMF = '<JMF xmlns="http://www.CIP4.org/JDFSchema_1_1" SenderID="rip" TimeStamp="t" Version="1.5">'
XJMF = (
    '<XJMF xmlns="http://www.CIP4.org/JDFSchema_2_0" Version="2.1"><Header DeviceID="rip" ID="h" Time="t"/>'
)
HEADER = '<Header ID="s1"/>'


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        yield reception


@pytest.fixture
def job(reception: Reception) -> str:
    """A job whose card the hot folder has taken."""
    reception.post(EXAMPLE)
    with reception.services.store.transaction() as tx:
        (job,) = tx.session.connection().exec_driver_sql("SELECT job_id FROM inserts").scalars()
        component = tx.components.get(job)
        tx.components.move(component, InsertState.ACCEPTED, target="hot-folder")
    return str(job)


def _returned(status: str, part: str = "") -> bytes:
    named = f'JobPartID="{part}"' if part else ""
    entry = f'<QueueEntry QueueEntryID="q1" Status="{status}" {named}/>'
    return f'{JMF}<Signal ID="s1" Type="QueueStatus"><Queue>{entry}</Queue></Signal></JMF>'.encode()


def _tell(reception: Reception, scope: str, body: bytes, token: str | None = None) -> int:
    secret = reception.services.secret.links
    said = name_token(secret, scope) if token is None else token
    answer = reception.client.post(f"/v1/signals/{scope}/{said}", content=body)
    if answer.status_code == 200:
        assert read_answer(answer.content, refers_to="s1").code == 0
    return int(answer.status_code)


def _state(reception: Reception, job: str) -> InsertState:
    with reception.services.store.reading() as tx:
        return tx.components.get(job).state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Completed", InsertState.DONE_BY_DEVICE),
        ("Aborted", InsertState.UNKNOWN),
        ("Running", InsertState.ACCEPTED),
    ],
)
def test_a_ticket_s_own_address_moves_that_ticket(
    reception: Reception, job: str, status: str, state: InsertState
) -> None:
    assert _tell(reception, f"{job}-0", _returned(status)) == 200
    assert _state(reception, job) is state


def test_a_target_s_address_speaks_of_what_it_has(reception: Reception, job: str) -> None:
    assert _tell(reception, "hot-folder", _returned("Completed", f"{job}-0")) == 200
    assert _state(reception, job) is InsertState.DONE_BY_DEVICE


@pytest.mark.parametrize("part", ["other-0", "{job}-1", "{job}-x", "", "-"])
def test_what_does_not_fit_changes_nothing(reception: Reception, job: str, part: str) -> None:
    assert _tell(reception, "hot-folder", _returned("Completed", part.format(job=job))) == 200
    assert _tell(reception, "other-0", _returned("Completed", f"{job}-0")) == 200
    assert _state(reception, job) is InsertState.ACCEPTED


def test_a_target_speaks_of_nothing_that_another_has(reception: Reception, job: str) -> None:
    with reception.services.store.transaction() as tx:
        tx.components.move(tx.components.get(job), InsertState.ACCEPTED, target="elsewhere")
    assert _tell(reception, "hot-folder", _returned("Completed", f"{job}-0")) == 200
    assert _state(reception, job) is InsertState.ACCEPTED


def test_what_came_to_an_end_stays_there(reception: Reception, job: str) -> None:
    for status in ("Completed", "Aborted", "Completed"):
        _tell(reception, f"{job}-0", _returned(status))
    assert _state(reception, job) is InsertState.DONE_BY_DEVICE


@pytest.mark.parametrize("token", ["0" * 43, "x", "é"])
def test_an_address_that_was_guessed_tells_nothing(reception: Reception, job: str, token: str) -> None:
    assert _tell(reception, f"{job}-0", _returned("Completed"), token) == 403
    assert _state(reception, job) is InsertState.ACCEPTED


@pytest.mark.parametrize("body", [b"", b"{}", b"<JMF/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_message_is_told_so(reception: Reception, job: str, body: bytes) -> None:
    assert _tell(reception, f"{job}-0", body) == 422


@pytest.mark.parametrize(
    ("dialect", "end", "state"),
    [
        (Dialect.XJMF, "Completed", InsertState.DONE_BY_DEVICE),
        (Dialect.XJMF, "Aborted", InsertState.UNKNOWN),
        (Dialect.JMF, "Completed", InsertState.DONE_BY_DEVICE),
        (Dialect.JMF, "Aborted", InsertState.UNKNOWN),
    ],
)
def test_a_returned_ticket_that_comes_along_says_how_it_ended(
    reception: Reception, job: str, dialect: Dialect, end: str, state: InsertState
) -> None:
    part = f"{job}-0"
    ticket = (returned_jdf if dialect is Dialect.JMF else returned_xjdf)(job, part, "Aborted", end)
    url = address(dialect, "back.xml")
    command = f'<ReturnQueueEntryParams QueueEntryID="q1" URL="{url}"/>'
    message = f'{JMF}<Command ID="s1" Type="ReturnQueueEntry">{command}</Command></JMF>'
    if dialect is Dialect.XJMF:
        message = f"{XJMF}<CommandReturnQueueEntry>{HEADER}{command}</CommandReturnQueueEntry></XJMF>"
    back = Part(name="back.xml", media_type=dialect.ticket_type, content=ticket)
    body, kind = pack(dialect, message.encode(), back)
    for scope in ("hot-folder", part):
        said = name_token(reception.services.secret.links, scope)
        answer = reception.client.post(
            f"/v1/signals/{scope}/{said}", content=body, headers={"Content-Type": kind}
        )
        assert read_answer(answer.content, refers_to="s1").code == 0
        assert _state(reception, job) is state


def test_a_returned_ticket_that_lies_elsewhere_is_not_fetched_and_decides_nothing(
    reception: Reception, job: str
) -> None:
    command = '<ReturnQueueEntryParams QueueEntryID="q1" URL="http://127.0.0.1:1/back.xjdf"/>'
    body = f"{XJMF}<CommandReturnQueueEntry>{HEADER}{command}</CommandReturnQueueEntry></XJMF>"
    assert _tell(reception, f"{job}-0", body.encode()) == 200
    assert _state(reception, job) is InsertState.ACCEPTED


def test_a_damaged_package_is_refused(reception: Reception, job: str) -> None:
    assert _tell(reception, f"{job}-0", b"PK\x03\x04 and no more") == 422
