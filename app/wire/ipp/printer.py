"""What a printer says of itself (Get-Printer-Attributes), for machines and for people."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import TargetUnavailable
from app.wire.ipp.client import Line
from app.wire.ipp.message import (
    Attributes,
    Range,
    Resolution,
    Value,
    first_integer,
    first_text,
    texts,
)
from app.wire.ipp.tags import LAST_SUCCESS, Group, Operation, PrinterState, Tag, status_name

_NEEDS_HANDS = {
    "media-empty": "paper is out",
    "media-needed": "it asks for paper",
    "media-low": "paper is running low",
    "media-jam": "paper is jammed",
    "toner-empty": "toner is out",
    "toner-low": "toner is running low",
    "marker-supply-empty": "ink is out",
    "marker-supply-low": "ink is running low",
    "marker-waste-full": "the waste box is full",
    "door-open": "a door is open",
    "cover-open": "a cover is open",
    "interlock-open": "a safety lock is open",
    "input-tray-missing": "a tray is missing",
    "output-tray-missing": "the output tray is missing",
    "output-area-full": "the output tray is full",
    "paused": "it is paused",
    "moving-to-paused": "it is being paused",
    "shutdown": "it is shut down",
    "offline": "it is offline",
    "stopped-partly": "part of it is stopped",
    "timed-out": "its device does not answer",
    "spool-area-full": "its memory for jobs is full",
    "connecting-to-device": "it is looking for its device",
    "cups-ipp-missing-job-history": "it forgets finished jobs",
}
"""Printer state reasons (RFC 8011, section 5.4.12, and CUPS) in plain words."""
_SEVERITIES = ("-error", "-warning", "-report")


@dataclass(frozen=True, slots=True)
class PrinterSays:
    """One answer to Get-Printer-Attributes."""

    attributes: Attributes

    @property
    def stopped(self) -> bool:
        """Whether it prints nothing at present."""
        return first_integer(self.attributes.get("printer-state", ())) == PrinterState.STOPPED

    @property
    def accepting(self) -> bool:
        """Whether it takes jobs."""
        values = self.attributes.get("printer-is-accepting-jobs", ())
        return not values or values[0].content is not False

    @property
    def model(self) -> str:
        """Maker and model."""
        return first_text(self.attributes.get("printer-make-and-model", ()))

    @property
    def queued(self) -> int | None:
        """How many jobs wait in it, where it says so."""
        return first_integer(self.attributes.get("queued-job-count", ()))

    @property
    def cups(self) -> bool:
        """Whether it is a queue of CUPS rather than a printer."""
        return "cups-version" in self.attributes

    def attention(self) -> tuple[str, ...]:
        """What a person has to do about it, in plain words; empty where nothing."""
        found = [in_words(each) for each in texts(self.attributes.get("printer-state-reasons", ()))]
        if self.stopped:
            found.insert(0, "it is stopped")
        if not self.accepting:
            found.append("it takes no jobs")
        message = first_text(self.attributes.get("printer-state-message", ()))
        needed = [each for each in dict.fromkeys(found) if each]
        return (*needed, message) if needed and message else tuple(needed)

    def capabilities(self) -> dict[str, list[str]]:
        """What it can do, by attribute, as people read it."""
        wanted = {name: self.attributes.get(name, ()) for name in _SHOWN}
        return {name: [_shown(value) for value in values] for name, values in wanted.items() if values}


_SHOWN = (
    "printer-make-and-model",
    "ipp-versions-supported",
    "document-format-supported",
    "media-type-supported",
    "media-source-supported",
    "media-size-supported",
    "sides-supported",
    "print-quality-supported",
    "finishings-supported",
    "copies-supported",
    "printer-resolution-supported",
    "job-creation-attributes-supported",
)


def in_words(reason: str) -> str:
    """A state reason in plain words; empty for `none`."""
    if reason == "none":
        return ""
    bare = next((reason.removesuffix(end) for end in _SEVERITIES if reason.endswith(end)), reason)
    return _NEEDS_HANDS.get(bare, bare.replace("-", " "))


def read_printer(line: Line) -> PrinterSays:
    """Ask a printer what it is.

    Raises:
        TargetUnavailable: it does not answer, or will not say.
    """
    answer = line.ask(Operation.GET_PRINTER_ATTRIBUTES)
    if answer.code > LAST_SUCCESS:
        said = first_text(answer.group(Group.OPERATION).get("status-message", ()))
        raise TargetUnavailable(
            f"the printer does not say what it can do: {status_name(answer.code)} {said}".rstrip(),
            mend="is the path of its address right?",
        )
    return PrinterSays(answer.group(Group.PRINTER))


def _shown(value: Value) -> str:
    content = value.content
    if isinstance(content, Range):
        return f"{content.low} to {content.high}"
    if isinstance(content, Resolution):
        return f"{content.across} × {content.along} {'dpi' if content.unit == 3 else 'dots/cm'}"  # noqa: PLR2004 -- RFC 8010, section 3.9
    if value.tag == Tag.BEGIN_COLLECTION:
        return dimensions_in_words(value)
    return first_text((value,)) or str(content)


def dimensions_in_words(value: Value) -> str:
    """A media-size collection, in millimetres."""
    sides = [dimension(value, name) for name in ("x-dimension", "y-dimension")]
    return " × ".join("?" if side is None else _millimetres(side) for side in sides) + " mm"


def dimension(value: Value, name: str) -> Range | None:
    """A side of a media-size collection in hundredths of a millimetre; fixed ones are ranges of one."""
    members = getattr(value.content, "members", {})
    for each in members.get(name, ()):
        if isinstance(each.content, Range):
            return each.content
        if isinstance(each.content, int):
            return Range(each.content, each.content)
    return None


def _millimetres(side: Range) -> str:
    low, high = f"{side.low / 100:g}", f"{side.high / 100:g}"
    return low if low == high else f"{low} to {high}"
