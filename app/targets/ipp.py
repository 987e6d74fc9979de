"""A press, or its front end, by IPP: how it is set up, and what is asked of it and told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from app.domain.finishing import check_finishing, check_quality
from app.domain.ticket import Condition, Outcome, Progress, Receipt, Ticket
from app.wire.ipp.client import IppClient, Line
from app.wire.ipp.job_ticket import Media, Wishes, job_attributes, not_taken
from app.wire.ipp.jobs import JobReference, cancel_job, job_of, progress_of
from app.wire.ipp.print_once import PrintOnce
from app.wire.ipp.printer import PrinterSays, read_printer

_KNOWN_FOR = 600.0
"""Seconds for which what the printer said of itself is believed."""


class MediaOptions(BaseModel):
    """Which paper the printer is to take; what is left out is left to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field("", description="media-type, such as cardstock.")
    source: str = Field("", description="media-source, such as tray-2.")
    color: str = Field("", description="media-color, such as ivory.")
    size: tuple[float, float] | None = Field(
        None, description="Width and height of the sheet in mm; by default the printed piece with its bleed."
    )
    weight: int = Field(0, ge=0, description="Grams a square metre.")

    def as_media(self) -> Media:
        """The same for the ticket."""
        return Media(**self.model_dump())


class IppOptions(BaseModel):
    """What a press that speaks IPP can be set to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    printer: str = Field(
        "ipp://localhost:631/ipp/print",
        description="Its address: ipp://HOST:631/PATH, or ipps://… encrypted with its certificate checked.",
    )
    ca_file: Path | None = Field(
        None, description="PEM file that certificates are checked with: the authority's, or the press's own."
    )
    user: str = Field("", description="Name to sign in with, where the press asks for one.")
    password: SecretStr = Field(SecretStr(""), description="Password to sign in with.")
    media: dict[str, MediaOptions] = Field(
        default_factory=dict,
        description="By stock, as card templates and products name it: the paper. Empty: as loaded.",
    )
    quality: Annotated[str, AfterValidator(check_quality)] = Field(
        "", description="draft, normal or high, where a piece's template or product does not say."
    )
    finishings: tuple[Annotated[str, AfterValidator(check_finishing)], ...] = Field(
        (), description="Finishings of every job, such as trim-after-copies."
    )
    priority: int | None = Field(
        None, ge=1, le=100, description="Its jobs' priority in the press's own queue; empty: the press's own."
    )
    rush_priority: int = Field(90, ge=1, le=100, description="The same of what is due soon.")
    operator_message: bool = Field(
        True, description="Whether order, parcel and stock are sent along to be read at the press."
    )
    force_front_side: bool = Field(False, description="Whether the first page must be a front side.")
    separator: MediaOptions | None = Field(None, description="A sheet to put behind each job.")
    seconds: float = Field(30.0, gt=0, description="How long the press may take for an answer.")
    look_seconds: float = Field(1.0, gt=0, description="Pause between looks for a job whose answer was lost.")

    def wishes(self) -> Wishes:
        """What is asked for beside the ticket."""
        return Wishes(
            media={stock: media.as_media() for stock, media in self.media.items()},
            quality=self.quality,
            finishings=self.finishings,
            priority=self.priority,
            rush_priority=self.rush_priority,
            operator_message=self.operator_message,
            force_front_side=self.force_front_side,
            separator=self.separator.as_media() if self.separator else None,
        )


class IppTarget:
    """A target that is a printer."""

    def __init__(self, client: IppClient, wishes: Wishes, *, look_seconds: float) -> None:
        self._client = client
        self._wishes = wishes
        self._print = PrintOnce(client, look_seconds=look_seconds)
        self._says: PrinterSays | None = None
        self._asked_at = 0.0

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Print a ticket, once."""
        return self._print(
            ticket, pdf, lambda line: job_attributes(ticket, self._wishes, self._printer(line).attributes)
        )

    def progress(self, name: str, reference: str) -> Progress:
        """What the printer says of a job."""
        with self._client.line() as line:
            job = job_of(line, name, JobReference.read(reference))
        if job is None:
            return Progress(outcome=Outcome.LOST, detail="the printer does not know the job any more")
        return progress_of(job)

    def cancel(self, name: str, reference: str) -> bool:
        """Cancel a job that is not over; whether the printer did before it printed."""
        with self._client.line() as line:
            return cancel_job(line, name, JobReference.read(reference))

    def condition(self) -> Condition:
        """What the printer says of itself, and what is wrong with how it is set up."""
        with self._client.line() as line:
            says = self._read(line)
        return Condition(
            attention=says.attention(),
            warnings=tuple(_warnings(says, self._wishes)),
            capabilities=says.capabilities(),
            queued=says.queued,
        )

    def _printer(self, line: Line) -> PrinterSays:
        if self._says is None or time.monotonic() - self._asked_at > _KNOWN_FOR:
            return self._read(line)
        return self._says

    def _read(self, line: Line) -> PrinterSays:
        says = read_printer(line)
        self._says, self._asked_at = says, time.monotonic()
        return says


def _warnings(says: PrinterSays, wishes: Wishes) -> list[str]:
    found = []
    if says.cups and "raw" in says.model.lower():
        found.append("this is a raw queue of CUPS: it loses the paper (media-col); set up the press itself")
    elif says.cups:
        found.append(
            "this is a queue of CUPS: it rewrites PDFs and drops trim and bleed; set up the press itself"
        )
    formats = says.attributes.get("document-format-supported", ())
    if formats and not any(value.content == "application/pdf" for value in formats):
        found.append("it does not say that it takes PDF")
    found += [
        f"it does not know {name}, which this target is set to send"
        for name in not_taken(wishes, says.attributes)
    ]
    if not wishes.media:
        found.append("no paper is set by stock (option media): the press takes what is loaded")
    return found


class IppDriver:
    """Makes targets that are printers."""

    code = "ipp"
    title = "Press by IPP"
    options = IppOptions

    def make(self, options: IppOptions, data_dir: Path) -> IppTarget:  # noqa: ARG002 -- the driver's signature
        """A printer; it is not asked anything yet.

        Raises:
            SetupError: its address or certificate file cannot be used.
        """
        client = IppClient(
            options.printer,
            ca_file=options.ca_file,
            user=options.user,
            password=options.password.get_secret_value(),
            seconds=options.seconds,
        )
        return IppTarget(client, options.wishes(), look_seconds=options.look_seconds)


PLUGIN = IppDriver()
