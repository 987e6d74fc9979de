"""A press's front end, by CIP4's job messages: JMF 1.5 with a JDF ticket, or XJMF 2.1 with an XJDF one.

A ticket is submitted either as a package that holds everything, or as a bare message whose ticket and PDF the
front end fetches from tipin under signed addresses that end; front ends differ.

Exactly one card, whatever happens on the way. JobID and JobPartID are ours, the part being the ticket's name.
If the answer to a submission is lost, the queue is asked for that part: found, it was taken. Not found
decides nothing, for a front end may still be reading what it was sent: then an operator looks
(SubmissionUncertain).
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from app.domain.clock import SystemClock
from app.domain.ticket import Condition, Outcome, Progress, Receipt, Ticket
from app.errors import SubmissionUncertain, TargetError, TargetRefused, TargetUnavailable
from app.store.artifacts import ArtifactStore
from app.store.secret import load_secret
from app.wire.jmf.dialect import PDF_TYPE, Dialect
from app.wire.jmf.front_end import FrontEnd, progress_of
from app.wire.jmf.jdf import ticket_jdf
from app.wire.jmf.messages import Entry, submit
from app.wire.jmf.package import Part, address, pack
from app.wire.jmf.return_codes import EXISTS, WAIT, in_words
from app.wire.posting import LostAnswer, Poster, transport_to
from app.wire.signed_link import file_address, name_token
from app.wire.stored_pdf import read_stored
from app.wire.xjdf import ticket_xjdf

_LOOKS = 4
_UNREACHED_URL = 120
_SHUT = frozenset({"Blocked", "Closed", "Full"})
_HELD = "Held"
_WAITING = frozenset({"Waiting", _HELD})
"""How an entry is of which nothing was printed yet, as far as a queue tells."""
_LOOPBACK = ("localhost", "127.", "[::1]")


class JmfOptions(BaseModel):
    """What a front end that takes JMF or XJMF can be set to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpUrl = Field(
        HttpUrl("http://localhost:8010/jmf"), description="Where the front end takes messages; http or https."
    )
    dialect: Dialect = Field(Dialect.JMF, description="jmf (1.5, with JDF) or xjmf (2.1, with XJDF).")
    send: str = Field(
        "package",
        pattern="^(package|link)$",
        description="package: ticket and PDF go along. link: the front end fetches them from tipin.",
    )
    tipin_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8000"),
        description="Where the front end reaches tipin: to fetch, and to tell what became of a job.",
    )
    link_hours: float = Field(24.0, gt=0, le=720, description="How long the front end may fetch.")
    told: bool = Field(
        True, description="Whether the front end is asked to tell when a job ended (ReturnJMF)."
    )
    priority: int | None = Field(None, ge=0, le=100, description="Priority in its queue; empty: its own.")
    rush_priority: int = Field(90, ge=0, le=100, description="Priority of what is due soon.")
    user: str = Field("", description="Name to sign in with, where the front end asks for one.")
    password: SecretStr = Field(SecretStr(""), description="Password to sign in with.")
    ca_file: Path | None = Field(
        None, description="PEM file that its certificate is checked with: the authority's, or its own."
    )
    seconds: float = Field(30.0, gt=0, description="How long the front end may take for an answer.")
    look_seconds: float = Field(1.0, ge=0, description="Pause between looks for a job whose answer was lost.")


class JmfTarget:
    """A target that is a front end."""

    def __init__(
        self, front_end: FrontEnd, options: JmfOptions, artifacts: ArtifactStore, secret: bytes
    ) -> None:
        self._front_end = front_end
        self._options = options
        self._artifacts = artifacts
        self._secret = secret
        self._tipin = str(options.tipin_url).rstrip("/")

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Submit a ticket, once."""
        if ticket.sent_before:
            return self._look(ticket, "it may have been sent before", looks=1)
        content = read_stored(ticket, pdf)
        try:
            answer = self._front_end.ask(lambda name, at: self._submission(ticket, content, name, at))
        except LostAnswer as error:
            return self._look(ticket, error.detail)
        if answer.code == 0:
            entry = answer.entries[0].queue_entry if answer.entries else ""
            return Receipt(reference=entry or ticket.name, followed=True)
        said = in_words(answer.code, answer.text)
        if answer.code == EXISTS:
            return self._look(ticket, said)
        if answer.code in WAIT:
            raise TargetUnavailable(f"the front end does not take it now: {said}")
        mend = (
            f"check that the front end reaches tipin at {self._tipin}"
            if answer.code == _UNREACHED_URL
            else "see to it at the front end, then print it anew"
        )
        raise TargetRefused(f"the front end does not take it: {said}", mend=mend)

    def progress(self, name: str, reference: str) -> Progress:  # noqa: ARG002 -- the part's name is ours
        """What the front end's queue says of a ticket."""
        try:
            entry = self._front_end.find(_entry(name))
        except (SubmissionUncertain, TargetRefused) as error:
            raise TargetUnavailable(error.detail, mend=error.mend) from error
        if entry is None:
            return Progress(outcome=Outcome.LOST, detail="the front end does not list the job any more")
        return progress_of(entry)

    def cancel(self, name: str, reference: str) -> bool:
        """Take a waiting job out of the queue; whether it was waiting still."""
        try:
            entry = self._front_end.find(_entry(name))
            # A queue forgets entries that are printed by the same message, and calls that a success.
            if entry is None or entry.status not in _WAITING:
                return False
            return self._front_end.remove(entry.queue_entry or reference)
        except (SubmissionUncertain, TargetRefused) as error:
            raise TargetUnavailable(error.detail, mend=error.mend) from error

    def condition(self) -> Condition:
        """Whether the front end answers, and whether its queue takes and prints what comes."""
        try:
            queue = self._front_end.queue()
        except (SubmissionUncertain, TargetRefused) as error:
            raise TargetUnavailable(error.detail, mend=error.mend) from error
        if queue in _SHUT:
            raise TargetUnavailable(f"the front end takes nothing: its queue is {queue.lower()}")
        attention = (f"its queue is {queue.lower()}",) if queue == _HELD else ()
        return Condition(attention=attention, warnings=tuple(self._warnings()))

    def _warnings(self) -> list[str]:
        here, there = str(self._options.tipin_url), str(self._options.url)
        if (self._options.send == "link" or self._options.told) and _is_local(here) and not _is_local(there):
            return [f"the front end is on another machine and cannot reach tipin at {here}: set tipin_url"]
        return []

    def _look(self, ticket: Ticket, why: str, *, looks: int = _LOOKS) -> Receipt:
        """The receipt of a ticket that the front end has; for one that it does not list nobody knows."""
        for turn in range(looks):
            if turn:
                time.sleep(self._options.look_seconds)
            try:
                entry = self._front_end.find(_entry(ticket.name))
            except TargetError as error:
                raise _uncertain(ticket, f"{why}; then {error.detail}") from error
            if entry is not None:
                return Receipt(reference=entry.queue_entry or ticket.name, followed=True)
        raise _uncertain(ticket, f"{why}; its queue does not list the job")

    def _submission(self, ticket: Ticket, content: bytes, message_id: str, at: datetime) -> tuple[bytes, str]:
        """The body that submits a ticket, and its media type."""
        dialect, options = self._front_end.dialect, self._options
        pdf_name, ticket_name = f"{ticket.name}.pdf", f"{ticket.name}{dialect.ticket_suffix}"
        linked = options.send == "link"
        pdf_url = self._link(f"{ticket.sha256}.pdf", at) if linked else address(dialect, pdf_name)
        written = (ticket_jdf if dialect is Dialect.JMF else ticket_xjdf)(ticket, url=pdf_url)
        if linked:
            stored = self._artifacts.put(written, dialect.ticket_suffix)
            ticket_url = self._link(f"{stored}{dialect.ticket_suffix}", at)
        else:
            ticket_url = address(dialect, ticket_name)
        message = submit(
            dialect,
            message_id=message_id,
            at=at,
            url=ticket_url,
            return_to=self.signals_to(ticket.name) if options.told else "",
            priority=options.rush_priority if ticket.rush else options.priority,
        )
        if linked:
            return message, dialect.message_type
        return pack(
            dialect,
            message,
            Part(name=ticket_name, media_type=dialect.ticket_type, content=written),
            Part(name=pdf_name, media_type=PDF_TYPE, content=content),
        )

    def _link(self, name: str, at: datetime) -> str:
        lasts = timedelta(hours=self._options.link_hours)
        return self._tipin + file_address(self._secret, name, now=at, lasts=lasts)

    def signals_to(self, name: str) -> str:
        """Where the front end may tell of everything that it does for this target (Status, QueueStatus)."""
        return f"{self._tipin}/v1/signals/{quote(name, safe='')}/{name_token(self._secret, name)}"


def _entry(name: str) -> Entry:
    """A ticket's entry: its record is the job, its name the part."""
    return Entry(job=name.partition("-")[0], part=name)


def _uncertain(ticket: Ticket, why: str) -> SubmissionUncertain:
    return SubmissionUncertain(
        f"whether the front end has {ticket.name} is not known: {why}",
        mend="look at its queue; then mark the piece as printed or print it anew",
    )


def _is_local(url: str) -> bool:
    return url.partition("://")[2].startswith(_LOOPBACK)


class JmfDriver:
    """Makes targets of front ends."""

    code = "jmf"
    title = "JMF or XJMF"
    options = JmfOptions

    def make(self, options: JmfOptions, data_dir: Path) -> JmfTarget:
        """A front end; nothing is sent yet."""
        poster = Poster(
            str(options.url),
            transport=transport_to(options.ca_file),
            seconds=options.seconds,
            user=options.user,
            password=options.password.get_secret_value(),
        )
        return JmfTarget(
            FrontEnd(poster, options.dialect, SystemClock()),
            options,
            ArtifactStore(data_dir / "artifacts"),
            load_secret(data_dir).links,
        )


PLUGIN = JmfDriver()
