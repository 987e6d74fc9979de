"""A ticket as job attributes, held to what the printer says it supports.

The printer's own check is not enough: with `ipp-attribute-fidelity` set, ippeveprinter 2.4 takes attributes
that it does not support. So everything is looked up in the `*-supported` attributes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.finishing import FINISHINGS, QUALITIES
from app.domain.ticket import Ticket
from app.errors import TargetRefused
from app.wire.ipp.message import Attributes, Range, Values, collection, enum, integer, keyword, text, texts
from app.wire.ipp.printer import dimension, dimensions_in_words

_PRIORITY = "job-priority"
_OPERATOR_MESSAGE = 255
"""Octets: text(255) in PWG 5100.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """How a printer is told which paper to take; empty members are left to it. Sides in mm."""

    type: str = ""
    source: str = ""
    color: str = ""
    size: tuple[float, float] | None = None
    weight: int = 0
    """Grams a square metre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a target is set to ask for beside the ticket."""

    media: Mapping[str, Media] = field(default_factory=dict)
    """By stock; empty: the printer takes what it has loaded."""
    quality: str = ""
    finishings: tuple[str, ...] = ()
    priority: int | None = None
    """1 to 100; None leaves it to the printer."""
    rush_priority: int = 90
    """The same for what is due soon."""
    operator_message: bool = True
    force_front_side: bool = False
    separator: Media | None = None
    """A sheet to put behind each job."""


def job_attributes(ticket: Ticket, wishes: Wishes, printer: Attributes) -> Attributes:
    """The job attributes of a ticket.

    Args:
        ticket: how it is to be printed.
        wishes: how its target is set up.
        printer: the printer's own attributes.

    Raises:
        TargetRefused: the printer cannot do what the ticket needs.
    """
    job: dict[str, Values] = {"copies": _copies(ticket, printer), "sides": _sides(ticket, printer)}
    if wishes.media:
        job["media-col"] = _media_col(ticket, wishes.media, printer)
    quality = ticket.quality or wishes.quality
    if quality:
        job["print-quality"] = _listed("print-quality", quality, enum(QUALITIES[quality]), printer)
    finishings = (*wishes.finishings, *ticket.finishings)
    if finishings:
        job["finishings"] = _finishings(finishings, printer)
    optional = {**_priority(ticket, wishes), **_production(ticket, wishes)}
    return job | {name: values for name, values in optional.items() if _takes(name, printer)}


def not_taken(wishes: Wishes, printer: Attributes) -> tuple[str, ...]:
    """What the target is set to ask for, if the printer knows it, and the printer does not."""
    asked = {
        _PRIORITY: wishes.rush_priority != wishes.priority,
        "job-message-to-operator": wishes.operator_message,
        "force-front-side": wishes.force_front_side,
        "insert-sheet": wishes.separator is not None,
    }
    return tuple(name for name, wanted in asked.items() if wanted and not _takes(name, printer))


def _priority(ticket: Ticket, wishes: Wishes) -> dict[str, Values]:
    """RFC 8011, section 5.2.1: any number of 1 to 100; a printer with fewer levels maps it to one of them."""
    said = wishes.rush_priority if ticket.rush else wishes.priority
    return {} if said is None else {_PRIORITY: integer(said)}


def _copies(ticket: Ticket, printer: Attributes) -> Values:
    ranges = [value.content for value in printer.get("copies-supported", ())]
    if ranges and not any(
        isinstance(each, Range) and each.low <= ticket.copies <= each.high for each in ranges
    ):
        raise _refused(f"{ticket.copies} copies", "copies-supported")
    return integer(ticket.copies)


def _sides(ticket: Ticket, printer: Attributes) -> Values:
    return _listed("sides", ticket.sides, keyword(ticket.sides), printer)


def _listed(name: str, said: str, values: Values, printer: Attributes) -> Values:
    """Values of an attribute, all of which must be in its `-supported` where there is one."""
    supported = {value.content for value in printer.get(f"{name}-supported", ())}
    if supported and not {value.content for value in values} <= supported:
        raise _refused(f"{name} {said!r}", f"{name}-supported")
    return values


def _finishings(names: Iterable[str], printer: Attributes) -> Values:
    unknown = [name for name in names if name not in FINISHINGS]
    if unknown:
        raise TargetRefused(
            f"no finishing is called {unknown[0]!r} in IPP", mend=f"use one of: {', '.join(FINISHINGS)}"
        )
    each = dict.fromkeys(names)
    return _listed("finishings", ", ".join(each), enum(*(FINISHINGS[name] for name in each)), printer)


def _media_col(ticket: Ticket, by_stock: Mapping[str, Media], printer: Attributes) -> Values:
    media = by_stock.get(ticket.stock)
    if media is None:
        raise TargetRefused(
            f"the target does not say which paper {ticket.stock!r} is",
            mend=f"add it to the target's option media; there are: {', '.join(sorted(by_stock))}",
        )
    size = media.size or (ticket.trim[0] + 2 * ticket.bleed, ticket.trim[1] + 2 * ticket.bleed)
    members = {"media-size": _media_size(size, printer), **_paper(media)}
    for name, values in members.items():
        if name != "media-size":
            _listed(name, str(values[0].content), values, printer)
    _known_members(members, printer)
    return collection(members)


def _paper(media: Media) -> dict[str, Values]:
    named = {"media-type": media.type, "media-source": media.source, "media-color": media.color}
    members = {name: keyword(value) for name, value in named.items() if value}
    return members | ({"media-weight-metric": integer(media.weight)} if media.weight else {})


def _media_size(size: tuple[float, float], printer: Attributes) -> Values:
    width, height = (round(side * 100) for side in size)
    supported = printer.get("media-size-supported", ())
    for each in supported:
        across, along = dimension(each, "x-dimension"), dimension(each, "y-dimension")
        if across and along and _within(width, across) and _within(height, along):
            break
    else:
        if supported:
            has = "; ".join(dimensions_in_words(each) for each in supported[:12])
            raise TargetRefused(
                f"the printer takes no sheets of {size[0]:g} × {size[1]:g} mm; it takes {has}",
                mend="set the size of the sheet that is in its tray, in the target's option media",
            )
    return collection({"x-dimension": integer(width), "y-dimension": integer(height)})


def _within(side: int, supported: Range) -> bool:
    """PWG 5100.7: sizes within half a millimetre are the same size."""
    return supported.low - 50 <= side <= supported.high + 50


def _known_members(members: Mapping[str, Values], printer: Attributes) -> None:
    known = texts(printer.get("media-col-supported", ()))
    unknown = [name for name in members if known and name not in known]
    if unknown:
        raise _refused(f"media-col with {unknown[0]}", "media-col-supported")


def _production(ticket: Ticket, wishes: Wishes) -> dict[str, Values]:
    """PWG 5100.3: what the operator reads, which page must be a front, what comes behind."""
    found: dict[str, Values] = {}
    if wishes.operator_message:
        where = f", parcel {ticket.parcel}" if ticket.parcel else ""
        message = f"{ticket.brand}: order {ticket.source_order_id}{where}; {ticket.stock}"
        found["job-message-to-operator"] = text(_short(message))
    if wishes.force_front_side:
        found["force-front-side"] = integer(1)
    if wishes.separator is not None:
        found["insert-sheet"] = collection(
            {
                "insert-after-page-number": integer(ticket.pages),
                "insert-count": integer(1),
                **({"media-col": collection(_paper(wishes.separator))} if _paper(wishes.separator) else {}),
            }
        )
    return found


def _short(message: str) -> str:
    """At most 255 octets, without control characters."""
    plain = "".join(each for each in message if each.isprintable())
    return plain.encode()[:_OPERATOR_MESSAGE].decode(errors="ignore")


def _takes(name: str, printer: Attributes) -> bool:
    return f"{name}-supported" in printer or name in texts(
        printer.get("job-creation-attributes-supported", ())
    )


def _refused(what: str, where: str) -> TargetRefused:
    return TargetRefused(
        f"the printer does not support {what} (its {where})",
        mend="choose another target, or change this one's options",
    )
