"""What a front end says: answers to us, and what it tells by itself. Either dialect, whoever sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from app.wire.jmf.dialect import JMF_NAMESPACE, XJMF_NAMESPACE, Dialect
from app.wire.jmf.returned import Returned, read_returned
from app.wire.xml_text import NotXml, parse

FindFile = Callable[[str], bytes | None]
"""A file that came with a message, by the URL that the message names it with; None where none did."""
_ROOTS = {
    f"{{{JMF_NAMESPACE}}}JMF": Dialect.JMF,
    f"{{{XJMF_NAMESPACE}}}XJMF": Dialect.XJMF,
}
_MOST_TEXT = 300
_MOST_MESSAGES = 1_000


class NotJmf(ValueError):
    """What came is no message of CIP4's that is understood here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """A queue entry as a front end tells of it; what it does not tell is empty."""

    queue_entry: str = ""
    job: str = ""
    part: str = ""
    """The ticket's name, where it was ours."""
    status: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to one of our messages: CIP4's return code (0: done), its words, and the entries in it.

    `queue` is the queue's own status, where it says one.
    """

    code: int
    text: str = ""
    queue: str = ""
    entries: tuple[EntrySeen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that a front end sent by itself, and the entries that it tells of."""

    kind: str
    message_id: str
    dialect: Dialect
    entries: tuple[EntrySeen, ...]


def read_answer(content: bytes, *, refers_to: str) -> Answer:
    """The answer to the message with the id `refers_to`.

    Raises:
        NotJmf: it is none.
    """
    root, _ = _root(content)
    found = [each for each in root if _name(each).startswith("Response")]
    ours = [each for each in found if _header(each, "refID") == refers_to] or [
        each for each in found if not _header(each, "refID")
    ]
    if len(ours) != 1:
        raise NotJmf(f"it holds {len(ours)} answers to our message instead of one")
    said = ours[0].get("ReturnCode", "0")
    if not said.strip().isdigit():
        raise NotJmf(f"its return code is {said[:40]!r}")
    queues = [each.get("Status", "") for each in ours[0].iter() if _name(each) == "Queue"]
    return Answer(
        code=int(said[:9]),
        text=_words(ours[0]),
        queue=_short("".join(queues[:1])),
        entries=tuple(_entries(ours[0])),
    )


def read_told(content: bytes, find: FindFile = lambda _url: None) -> tuple[Told, ...]:
    """What a front end tells by itself: signals, and commands such as ReturnQueueEntry.

    Args:
        content: the message.
        find: gives the returned ticket, where it came along, by its URL. One that lies elsewhere is not
            fetched: the queue is asked for the job's end as always.

    Raises:
        NotJmf: it is no message.
    """
    root, dialect = _root(content)
    told = []
    for each in root:
        name = _name(each)
        family = next((family for family in ("Signal", "Command") if name.startswith(family)), None)
        if family is None:
            continue
        told.append(
            Told(
                kind=each.get("Type", "") if name == family else name.removeprefix(family),
                message_id=_header(each, "ID"),
                dialect=dialect,
                entries=tuple(_entries(each, find)),
            )
        )
    if not 0 < len(told) <= _MOST_MESSAGES:
        raise NotJmf("it tells nothing that is understood: a Signal or a ReturnQueueEntry")
    return tuple(told)


def _root(content: bytes) -> tuple[etree._Element, Dialect]:
    try:
        root = parse(content)
    except NotXml as error:
        raise NotJmf(str(error)) from error
    dialect = _ROOTS.get(str(root.tag))
    if dialect is None:
        raise NotJmf(f"its root is {str(root.tag)[:100]!r}, neither JMF nor XJMF")
    return root, dialect


def _entries(message: etree._Element, find: FindFile = lambda _url: None) -> Iterator[EntrySeen]:
    for each in message.iter():
        name = _name(each)
        if name in {"QueueEntry", "JobPhase"}:
            detail = each.get("StatusDetails", "")
            yield _entry(each, status=each.get("Status", ""), detail=detail or _words(message))
        elif name == "ReturnQueueEntryParams":
            yield _returned(each, find, detail=_words(message))


def _entry(element: etree._Element, *, status: str, detail: str) -> EntrySeen:
    return EntrySeen(
        queue_entry=_short(element.get("QueueEntryID", "")),
        job=_short(element.get("JobID", "")),
        part=_short(element.get("JobPartID", "")),
        status=_short(status),
        detail=_short(detail),
    )


def _returned(parameters: etree._Element, find: FindFile, *, detail: str) -> EntrySeen:
    """How a returned job ended: JMF 1.x lists its nodes as completed or aborted, XJMF says it in the XJDF."""
    content = find(parameters.get("URL", ""))
    ticket = (read_returned(content) if content else None) or Returned()
    status = ticket.status
    if parameters.get("Aborted", "").strip():
        status = "Aborted"
    elif parameters.get("Completed", "").strip():
        status = "Completed"
    seen = _entry(parameters, status=status, detail=detail)
    return replace(seen, job=seen.job or _short(ticket.job), part=seen.part or _short(ticket.part))


def _header(message: etree._Element, name: str) -> str:
    """An id of a message: its own attribute in JMF, its Header's in XJMF."""
    if (said := message.get(name)) is not None:
        return _short(said)
    header = next((each for each in message if _name(each) == "Header"), None)
    return "" if header is None else _short(header.get(name, ""))


def _words(message: etree._Element) -> str:
    """What a message's notifications say to people."""
    said = [" ".join("".join(each.itertext()).split()) for each in message.iter() if _name(each) == "Comment"]
    return _short("; ".join(filter(None, said)))


def _name(element: etree._Element) -> str:
    """An element's name, where it is one of CIP4's."""
    name = etree.QName(element)
    return name.localname if name.namespace in {JMF_NAMESPACE, XJMF_NAMESPACE} else ""


def _short(text: str) -> str:
    return text[:_MOST_TEXT]
