from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wire.jmf.dialect import Dialect
from app.wire.jmf.read import Answer, EntrySeen, NotJmf, read_answer, read_told

JMF = (
    '<JMF xmlns="http://www.CIP4.org/JDFSchema_1_1" SenderID="rip" '
    'TimeStamp="2026-03-01T12:00:00Z" Version="1.5">'
)
XJMF = (
    '<XJMF xmlns="http://www.CIP4.org/JDFSchema_2_0" Version="2.1"><Header DeviceID="rip" ID="h" Time="t"/>'
)


def _jmf(inner: str) -> bytes:
    return f"{JMF}{inner}</JMF>".encode()


def _xjmf(inner: str) -> bytes:
    return f"{XJMF}{inner}</XJMF>".encode()


def _response(inner: str, attributes: str = "") -> bytes:
    return _jmf(f'<Response ID="r" {attributes} refID="m1">{inner}</Response>')


def _returned(attributes: str) -> str:
    return f'<ReturnQueueEntryParams {attributes} QueueEntryID="q7" URL="u"/>'


def _command(attributes: str) -> bytes:
    return _jmf(f'<Command ID="c" Type="ReturnQueueEntry">{_returned(attributes)}</Command>')


def _signal(kind: str, inner: str) -> bytes:
    return _jmf(f'<Signal ID="c" Type="{kind}">{inner}</Signal>')


def _new(name: str, inner: str) -> bytes:
    return _xjmf(f'<{name}><Header ID="c"/>{inner}</{name}>')


def test_an_accepted_submission_names_its_entry() -> None:
    entry = '<QueueEntry JobID="J" JobPartID="J-0" QueueEntryID="q7" Status="Waiting"/>'
    expected = Answer(code=0, entries=(EntrySeen(queue_entry="q7", job="J", part="J-0", status="Waiting"),))
    name = "ResponseSubmitQueueEntry"
    new = _xjmf(f'<{name} ReturnCode="0"><Header ID="r" refID="m1"/>{entry}</{name}>')
    old = _response(entry, 'ReturnCode="0"')
    assert read_answer(old, refers_to="m1") == read_answer(new, refers_to="m1") == expected


def test_a_refusal_says_why() -> None:
    comment = '<Comment>no\n  such <b xmlns="">tray</b></Comment>'
    told = f'<Notification Class="Error" TimeStamp="t" Type="Error">{comment}</Notification>'
    answer = read_answer(_response(told, 'ReturnCode="101"'), refers_to="m1")
    assert answer == Answer(code=101, text="no such tray")


def test_the_answer_to_our_message_is_taken_among_others() -> None:
    said = _jmf('<Response ReturnCode="9" refID="m0"/><Response ReturnCode="1" refID="m1"/>')
    assert read_answer(said, refers_to="m1").code == 1


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>Busy</body></html>",
        b"",
        b"{}",
        _jmf(""),
        _jmf('<Response refID="other"/>'),
        _jmf('<Response refID="m1"/><Response refID="m1"/>'),
        _jmf('<Response refID="m1" ReturnCode="no"/>'),
        _jmf('<Response refID="m1" ReturnCode="-1"/>'),
        b'<JMF><Response refID="m1"/></JMF>',
        b'<!DOCTYPE x><JMF xmlns="http://www.CIP4.org/JDFSchema_1_1"><Response refID="m1"/></JMF>',
    ],
)
def test_what_is_no_answer_to_us_is_told_apart(content: bytes) -> None:
    with pytest.raises(NotJmf):
        read_answer(content, refers_to="m1")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (_command('Completed="n"'), "Completed"),
        (_command('Aborted="n"'), "Aborted"),
        (_command(""), ""),
        (_new("CommandReturnQueueEntry", _returned("")), ""),
        (
            _signal("Status", '<DeviceInfo><JobPhase QueueEntryID="q7" Status="InProgress"/></DeviceInfo>'),
            "InProgress",
        ),
        (
            _new("SignalStatus", '<DeviceInfo><JobPhase QueueEntryID="q7" Status="Completed"/></DeviceInfo>'),
            "Completed",
        ),
        (
            _signal("QueueStatus", '<Queue><QueueEntry QueueEntryID="q7" Status="Removed"/></Queue>'),
            "Removed",
        ),
    ],
)
def test_what_a_front_end_tells_is_read_in_either_dialect(content: bytes, status: str) -> None:
    (told,) = read_told(content)
    assert told.message_id == "c"
    assert told.dialect is (Dialect.JMF if content.startswith(b"<JMF") else Dialect.XJMF)
    (entry,) = told.entries
    assert (entry.queue_entry, entry.status) == ("q7", status)


@pytest.mark.parametrize("content", [_jmf(""), _jmf('<Query ID="q" Type="Status"/>'), b"<a/>", b"x"])
def test_what_tells_nothing_is_refused(content: bytes) -> None:
    with pytest.raises(NotJmf):
        read_told(content)


@given(st.data())
@settings(max_examples=50)
def test_a_damaged_message_is_refused_or_read_and_nothing_else(data: st.DataObject) -> None:
    whole = _response('<QueueEntry JobID="J" QueueEntryID="q7"/>', 'ReturnCode="0"')
    cut = data.draw(st.integers(0, len(whole)))
    put = data.draw(st.binary(max_size=3))
    try:
        read_answer(whole[:cut] + put + whole[cut + len(put) :], refers_to="m1")
    except NotJmf:
        return
