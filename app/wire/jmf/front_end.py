"""A front end that takes CIP4's messages over HTTP: asks it, and says what its answers mean."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from app.domain.clock import Clock
from app.domain.ticket import Outcome, Progress
from app.errors import TargetRefused, TargetUnavailable
from app.wire.jmf.dialect import Dialect
from app.wire.jmf.messages import Entry, ask_status, remove
from app.wire.jmf.read import Answer, EntrySeen, NotJmf, read_answer
from app.wire.jmf.return_codes import NOT_LISTED, in_words
from app.wire.posting import LostAnswer, Poster, Reply

Write = Callable[[str, datetime], tuple[bytes, str]]
"""Given a message's id and the time: a body and its media type."""

_HTTP_OK = range(200, 300)
_ELSEWHERE = range(300, 400)
_BUSY = {429: "is asked too often", 503: "is not ready"}
_REFUSES = {
    401: ("asks who prints", "set the options user and password"),
    403: ("does not let this machine print", "allow it at the front end"),
    404: ("has nothing under this path", "correct the path of its address"),
    405: ("does not take messages under this path", "correct the path of its address"),
    413: ("takes no package of this size", "set the option send to link"),
    415: ("takes no package of this kind", "set the option dialect, or send to link"),
}
_NOBODY = Entry(job="tipin-asks", part="tipin-asks")
"""An entry that no queue has: who asks for it learns of the queue alone."""
_DONE = frozenset({"Completed", "PendingReturn"})
_LOST = frozenset({"Aborted", "Removed", "FailedTestRun"})


class FrontEnd:
    """One front end, by its address."""

    def __init__(self, poster: Poster, dialect: Dialect, clock: Clock) -> None:
        self._poster = poster
        self.dialect = dialect
        self._clock = clock

    def ask(self, write: Write) -> Answer:
        """Send a message; its answer, whatever the return code.

        Raises:
            Unreached: nothing was sent.
            LostAnswer: it was sent, and what came back is no answer to it.
            TargetUnavailable: it does not take messages now; this one was not taken.
            TargetRefused: it takes none from us.
        """
        message_id = f"m{secrets.token_hex(8)}"
        body, media_type = write(message_id, self._clock.now())
        reply = self._poster.ask("POST", "", body, {"content-type": media_type})
        self._check(reply)
        try:
            return read_answer(reply.body, refers_to=message_id)
        except NotJmf as error:
            raise LostAnswer(f"{self._poster.url} gave an answer that cannot be read: {error}") from error

    def find(self, entry: Entry) -> EntrySeen | None:
        """The queue entry of a ticket; None where the front end does not list it.

        Raises:
            TargetUnavailable, LostAnswer, TargetRefused: it does not say.
        """
        # The filter is asked for, but not every front end knows it.
        return next((each for each in self._status(entry).entries if each.part == entry.part), None)

    def queue(self) -> str:
        """How its queue is, by CIP4's words; empty where it does not say.

        Raises:
            TargetUnavailable, LostAnswer, TargetRefused: it does not say.
        """
        return self._status(_NOBODY).queue

    def _status(self, entry: Entry) -> Answer:
        answer = self.ask(
            self._plain(lambda name, at: ask_status(self.dialect, entry, message_id=name, at=at))
        )
        if answer.code and answer.code not in NOT_LISTED:
            raise TargetUnavailable(
                f"{self._poster.url} does not tell of its queue: {in_words(answer.code, answer.text)}"
            )
        return answer

    def remove(self, queue_entry: str) -> bool:
        """Take a waiting entry out of the queue; whether that was in time."""
        write = self._plain(lambda name, at: remove(self.dialect, queue_entry, message_id=name, at=at))
        return self.ask(write).code == 0

    def _plain(self, write: Callable[[str, datetime], bytes]) -> Write:
        return lambda name, at: (write(name, at), self.dialect.message_type)

    def _check(self, reply: Reply) -> None:
        if reply.status in _HTTP_OK:
            return
        if reply.status in _BUSY:
            raise TargetUnavailable(f"{self._poster.url} {_BUSY[reply.status]} (HTTP {reply.status})")
        if reply.status in _REFUSES:
            what, mend = _REFUSES[reply.status]
            raise TargetRefused(f"{self._poster.url} {what} (HTTP {reply.status})", mend=mend)
        if reply.status in _ELSEWHERE:
            raise TargetRefused(
                f"{self._poster.url} redirects (HTTP {reply.status})",
                mend="set the target to the address where the front end really is",
            )
        raise LostAnswer(f"{self._poster.url} answers HTTP {reply.status}")


def progress_of(entry: EntrySeen) -> Progress:
    """What a front end tells of a ticket: a hint, for the bench scan is the truth."""
    said = f"{entry.status}: {entry.detail}" if entry.detail else entry.status
    if entry.status in _DONE:
        return Progress(outcome=Outcome.DONE, detail=said, reference=entry.queue_entry)
    outcome = Outcome.LOST if entry.status in _LOST else Outcome.WAITING
    return Progress(outcome=outcome, detail=said, reference=entry.queue_entry)
