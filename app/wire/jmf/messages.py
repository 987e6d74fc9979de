"""What is said to a front end: submit an entry, how is it, take it back.

Elements stand in the order of CIP4's schemas: in XJMF each message begins with its Header.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from app.wire.jmf.dialect import JMF_NAMESPACE, XJMF_NAMESPACE, Dialect
from app.wire.xml_text import printable

_SENDER = "tipin"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_VERSIONS = {Dialect.JMF: "1.5", Dialect.XJMF: "2.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A queue entry by our own names: the job's id, and the part's, which is the ticket's name."""

    job: str
    part: str


def submit(
    dialect: Dialect,
    *,
    message_id: str,
    at: datetime,
    url: str,
    return_to: str = "",
    priority: int | None = None,
) -> bytes:
    """SubmitQueueEntry.

    Args:
        dialect: which generation.
        message_id: an XML ID of this message.
        at: now.
        url: where the ticket is: `cid:…`, a name in the package, or http.
        return_to: where the front end tells the end of the job; empty for nowhere.
        priority: 0 to 100; None leaves it to the front end.
    """
    parameters = {"URL": url}
    if return_to:
        parameters["ReturnJMF"] = return_to
    if priority is not None:
        parameters["Priority"] = str(priority)
    root, message = _message(dialect, "Command", "SubmitQueueEntry", message_id, at)
    ET.SubElement(message, "QueueSubmissionParams", dict(sorted(parameters.items())))
    return _document(root)


def ask_status(dialect: Dialect, entry: Entry, *, message_id: str, at: datetime) -> bytes:
    """QueueStatus, for one entry."""
    root, message = _message(dialect, "Query", "QueueStatus", message_id, at)
    names = {"JobID": printable(entry.job), "JobPartID": printable(entry.part)}
    if dialect is Dialect.JMF:
        ET.SubElement(message, "QueueFilter", {**names, "QueueEntryDetails": "Brief"})
    else:
        ET.SubElement(ET.SubElement(message, "QueueStatusParams"), "QueueFilter", names)
    return _document(root)


def remove(dialect: Dialect, queue_entry: str, *, message_id: str, at: datetime) -> bytes:
    """Take an entry out of the queue that does not run yet."""
    if dialect is Dialect.JMF:
        root, message = _message(dialect, "Command", "RemoveQueueEntry", message_id, at)
        parameters = ET.SubElement(message, "RemoveQueueEntryParams")
        ET.SubElement(
            ET.SubElement(parameters, "QueueFilter"),
            "QueueEntryDef",
            {"QueueEntryID": printable(queue_entry)},
        )
    else:
        root, message = _message(dialect, "Command", "ModifyQueueEntry", message_id, at)
        parameters = ET.SubElement(message, "ModifyQueueEntryParams", {"Operation": "Remove"})
        ET.SubElement(parameters, "QueueFilter", {"QueueEntryIDs": printable(queue_entry)})
    return _document(root)


def respond(
    dialect: Dialect, kind: str, *, refers_to: str, message_id: str, at: datetime, code: int
) -> bytes:
    """The answer to a message of the front end's, with CIP4's return code: 0 is "taken".

    Args:
        dialect: which generation the message was of.
        kind: the message's type, such as ReturnQueueEntry.
        refers_to: the message's own id.
        message_id: an XML ID of the answer.
        at: now.
        code: see CIP4's table of return codes.
    """
    root, message = _message(dialect, "Response", kind, message_id, at, refers_to=refers_to)
    message.set("ReturnCode", str(code))
    return _document(root)


def _message(  # noqa: PLR0917 - one call a message, all alike
    dialect: Dialect, family: str, kind: str, message_id: str, at: datetime, refers_to: str = ""
) -> tuple[ET.Element, ET.Element]:
    """An envelope and the message in it."""
    refers = {"refID": printable(refers_to)} if refers_to else {}
    time = at.isoformat(timespec="seconds")
    if dialect is Dialect.JMF:
        root = ET.Element(
            "JMF",
            {
                "xmlns": JMF_NAMESPACE,
                "xmlns:xsi": _XSI,
                "SenderID": _SENDER,
                "TimeStamp": time,
                "Version": _VERSIONS[dialect],
            },
        )
        names = {"ID": message_id, "Type": kind, "xsi:type": family + kind, **refers}
        return root, ET.SubElement(root, family, names)
    root = ET.Element("XJMF", {"xmlns": XJMF_NAMESPACE, "Version": _VERSIONS[dialect]})
    header = {"AgentName": _SENDER, "DeviceID": _SENDER, "Time": time}
    ET.SubElement(root, "Header", {**header, "ID": f"{message_id}.0"})
    message = ET.SubElement(root, family + kind)
    ET.SubElement(message, "Header", {**header, "ID": message_id, **refers})
    return root, message


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n"
