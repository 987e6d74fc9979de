"""Every error that tipin raises on purpose.

TipinError
├── IntakeError            what came in cannot be taken
│   ├── UnknownFormat
│   ├── MalformedOrder
│   ├── MalformedReport
│   ├── BodyTooLarge
│   ├── Unauthenticated
│   ├── Forbidden
│   ├── Conflict
│   ├── IdempotencyMismatch
│   ├── RecordsUnreadable
│   ├── VersionNeeded
│   ├── TooManyRequests
│   ├── SettingsUnusable
│   ├── HistoryUnreadable
│   └── MappingUnusable
├── RenderError            this card cannot be put on paper
│   ├── TextDoesNotFit
│   ├── MissingGlyph
│   ├── ArtworkUnusable
│   ├── PhotoUnusable
│   ├── WordingUnusable
│   ├── RecordUnusable
│   ├── PreflightFailed
│   └── PreviewFailed
├── TargetError            the way to the press
│   ├── TargetUnavailable  try again later
│   │   └── TargetBusy     try again in a moment
│   ├── TargetRefused      stop, an operator must look
│   └── SubmissionUncertain  ask the press before any resend
├── StorageUnavailable     the disk cannot take it now; nothing is lost
├── Overtaken              two changes met in the database; the same again succeeds
├── PhotoAway              its server does not answer; try again later
├── PolicyUnusable         a brand's settings cannot be, or contradict each other
├── RuleUnusable           a brand's own occasion rule cannot be used
├── NeedsConfirmation      it can be done, once somebody has said that they mean it
├── WrongState
├── ChangedMeanwhile       somebody else was faster
├── NotFound
└── SetupError             the plant's own files or settings are wrong

A class's docstring is its title for people; the message is the case at hand, and `mend` tells how to
put it right. `status` is the HTTP status, `retry` whether the same call may succeed later unchanged.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a document: where (RFC 6901 JSON pointer), what, and the mend."""

    pointer: str
    detail: str
    mend: str = ""


class TipinError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    retry: ClassVar[bool] = False
    retry_after: int = 30
    """Seconds after which to try again, where that may help."""

    def __init__(self, detail: str, *, mend: str = "", violations: tuple[Violation, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.mend = mend
        self.violations = violations

    @property
    def title(self) -> str:
        """The class docstring's first line, without its full stop."""
        return (type(self).__doc__ or "").strip().splitlines()[0].rstrip(".")

    @property
    def slug(self) -> str:
        """A stable kebab-case name, used as the last part of a problem's `type`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")

    def document(self) -> dict[str, object]:
        """What people are told, as JSON: title, detail, and where there are any, mend and violations."""
        found: dict[str, object] = {"title": self.title, "detail": self.detail}
        if self.mend:
            found["mend"] = self.mend
        if self.violations:
            found["violations"] = [asdict(violation) for violation in self.violations]
        return found


class IntakeError(TipinError):
    """What came in cannot be taken."""

    status = 422


class UnknownFormat(IntakeError):
    """No known order format recognises this body."""


class MalformedOrder(IntakeError):
    """The order cannot be understood."""


class MalformedReport(IntakeError):
    """What is told of an order or a customer cannot be understood."""


class BodyTooLarge(IntakeError):
    """The body is over the size limit."""

    status = 413


class Unauthenticated(IntakeError):
    """The sender could not be authenticated."""

    status = 401


class Forbidden(IntakeError):
    """The sender is known but may not do this."""

    status = 403


class Conflict(IntakeError):
    """The same order came before with another content."""

    status = 409


class IdempotencyMismatch(IntakeError):
    """This idempotency key was used before with another body."""


class RecordsUnreadable(IntakeError):
    """The file of records cannot be used."""


class TooManyRequests(IntakeError):
    """This caller sends more requests than the plant allows."""

    status = 429
    retry = True

    def __init__(self, detail: str, *, mend: str = "", retry_after: int = 1) -> None:
        """`retry_after` is in seconds."""
        super().__init__(detail, mend=mend)
        self.retry_after = retry_after


class VersionNeeded(IntakeError):
    """The request does not say which version it changes."""

    status = 428


class SettingsUnusable(IntakeError):
    """These settings cannot be used."""


class HistoryUnreadable(IntakeError):
    """The file of past orders cannot be read."""


class MappingUnusable(IntakeError):
    """The mapping of the history file cannot be used."""


class RenderError(TipinError):
    """This card cannot be put on paper."""

    status = 422

    def __init__(
        self, detail: str, *, mend: str = "", violations: tuple[Violation, ...] = (), frame: str = ""
    ) -> None:
        """`frame` is what of the card is at fault, such as "the message on the back", where that is known."""
        super().__init__(detail, mend=mend, violations=violations)
        self.frame = frame


class TextDoesNotFit(RenderError):
    """The text does not fit its frame at its smallest size."""


class MissingGlyph(RenderError):
    """No bundled font has this character."""


class ArtworkUnusable(RenderError):
    """A picture or drawing cannot be used."""


class PhotoUnusable(RenderError):
    """This photo cannot be printed."""

    def __init__(self, detail: str, *, mend: str = "", reason: str = "") -> None:
        """`reason` is a short, steady name for machines and statistics, such as "too_small"."""
        super().__init__(detail, mend=mend)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """It comes out of another process whole."""
        return partial(type(self), self.detail, mend=self.mend, reason=self.reason), ()


class WordingUnusable(RenderError):
    """A wording cannot be set for this order."""


class RecordUnusable(RenderError):
    """This record cannot be made into a card."""


class PreflightFailed(RenderError):
    """The finished file fails its preflight profile."""


class PreviewFailed(RenderError):
    """No picture of this file can be made."""


class TargetError(TipinError):
    """The way to the press failed."""

    status = 502


class TargetUnavailable(TargetError):
    """The target does not answer; it is tried again."""

    status = 503
    retry = True


class TargetBusy(TargetUnavailable):
    """The target is busy; it is tried again in a moment."""


class TargetRefused(TargetError):
    """The target refuses this ticket."""

    def __init__(self, detail: str, *, mend: str = "", elsewhere: bool = True) -> None:
        """`elsewhere` is whether another target may take it; False where the piece itself is at fault."""
        super().__init__(detail, mend=mend)
        self.elsewhere = elsewhere


class SubmissionUncertain(TargetError):
    """The target may or may not have taken the ticket."""


class StorageUnavailable(TipinError):
    """The disk cannot take this file; it is tried again."""

    status = 507
    retry = True


class Overtaken(TipinError):
    """Another change of the same came in between."""

    status = 503
    retry = True
    retry_after = 1


class PhotoAway(TipinError):
    """The photo cannot be fetched now; it is tried again."""

    status = 503
    retry = True


class PolicyUnusable(TipinError):
    """The brand's occasion settings cannot be kept."""

    status = 422


class RuleUnusable(TipinError):
    """The rule cannot be used."""

    status = 422


class NeedsConfirmation(TipinError):
    """This is unusual, and has to be confirmed."""

    status = 409


class WrongState(TipinError):
    """This cannot be done in the present state."""

    status = 409


class ChangedMeanwhile(TipinError):
    """Somebody else changed this meanwhile."""

    status = 412


class NotFound(TipinError):
    """There is no such thing here."""

    status = 404


class SetupError(TipinError):
    """The plant's own files or settings are wrong."""
