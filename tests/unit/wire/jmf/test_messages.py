from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from app.wire.jmf.dialect import JMF_NAMESPACE, XJMF_NAMESPACE, Dialect
from app.wire.jmf.messages import Entry, ask_status, remove, respond, submit
from app.wire.jmf.read import read_answer
from app.wire.xml_text import parse

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = Entry(job="0123456789ABC", part="0123456789ABC-0")


def _shape(element: etree._Element) -> list[str]:
    """The names of an element and its descendants, by depth."""
    name = etree.QName(element).localname
    return [name, *(f"  {below}" for each in element for below in _shape(each))]


def _written(dialect: Dialect) -> dict[str, bytes]:
    return {
        "submit": submit(
            dialect, message_id="m1", at=AT, url="cid:a@b", return_to="http://tipin/x", priority=80
        ),
        "status": ask_status(dialect, ENTRY, message_id="m2", at=AT),
        "remove": remove(dialect, "q-7", message_id="m3", at=AT),
        "respond": respond(dialect, "ReturnQueueEntry", refers_to="d9", message_id="m4", at=AT, code=0),
    }


# The order of elements as CIP4's schemas have it: an XJMF message begins with its Header.
SHAPES = {
    (Dialect.JMF, "submit"): ["JMF", "  Command", "    QueueSubmissionParams"],
    (Dialect.JMF, "status"): ["JMF", "  Query", "    QueueFilter"],
    (Dialect.JMF, "remove"): [
        "JMF",
        "  Command",
        "    RemoveQueueEntryParams",
        "      QueueFilter",
        "        QueueEntryDef",
    ],
    (Dialect.JMF, "respond"): ["JMF", "  Response"],
    (Dialect.XJMF, "submit"): [
        "XJMF",
        "  Header",
        "  CommandSubmitQueueEntry",
        "    Header",
        "    QueueSubmissionParams",
    ],
    (Dialect.XJMF, "status"): [
        "XJMF",
        "  Header",
        "  QueryQueueStatus",
        "    Header",
        "    QueueStatusParams",
        "      QueueFilter",
    ],
    (Dialect.XJMF, "remove"): [
        "XJMF",
        "  Header",
        "  CommandModifyQueueEntry",
        "    Header",
        "    ModifyQueueEntryParams",
        "      QueueFilter",
    ],
    (Dialect.XJMF, "respond"): ["XJMF", "  Header", "  ResponseReturnQueueEntry", "    Header"],
}


@pytest.mark.parametrize(("dialect", "what"), SHAPES)
def test_elements_stand_in_the_order_of_the_schema(dialect: Dialect, what: str) -> None:
    root = parse(_written(dialect)[what])
    assert _shape(root) == SHAPES[dialect, what]
    namespace = JMF_NAMESPACE if dialect is Dialect.JMF else XJMF_NAMESPACE
    assert {etree.QName(each).namespace for each in root.iter()} == {namespace}


def test_jmf_carries_what_its_schema_requires() -> None:
    root = parse(_written(Dialect.JMF)["submit"])
    assert {*root.keys()} >= {"SenderID", "TimeStamp", "Version"}
    command = root[0]
    assert (command.get("ID"), command.get("Type")) == ("m1", "SubmitQueueEntry")
    assert command.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "CommandSubmitQueueEntry"


def test_xjmf_carries_what_its_schema_requires() -> None:
    root = parse(_written(Dialect.XJMF)["submit"])
    headers = [each for each in root.iter() if etree.QName(each).localname == "Header"]
    assert all({*each.keys()} >= {"DeviceID", "ID", "Time"} for each in headers)
    assert len({each.get("ID") for each in headers}) == len(headers)


@pytest.mark.parametrize("dialect", Dialect)
def test_the_submission_says_where_the_ticket_is_and_whom_to_tell(dialect: Dialect) -> None:
    (parameters,) = parse(_written(dialect)["submit"]).iter("{*}QueueSubmissionParams")
    assert dict(parameters.attrib) == {"Priority": "80", "ReturnJMF": "http://tipin/x", "URL": "cid:a@b"}


@pytest.mark.parametrize("dialect", Dialect)
def test_the_status_is_asked_by_our_own_names(dialect: Dialect) -> None:
    (wanted,) = parse(_written(dialect)["status"]).iter("{*}QueueFilter")
    assert (wanted.get("JobID"), wanted.get("JobPartID")) == (ENTRY.job, ENTRY.part)


@pytest.mark.parametrize("dialect", Dialect)
def test_an_answer_of_ours_is_one_to_our_own_reader(dialect: Dialect) -> None:
    answer = respond(dialect, "ReturnQueueEntry", refers_to="d9", message_id="m4", at=AT, code=5)
    assert read_answer(answer, refers_to="d9").code == 5
