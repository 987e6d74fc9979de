"""Where everything stands on a record's two pages, for peers whose user has to work that out."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from app.domain.template import Role
from benchmarks.cards.codes import QUIET, bars
from benchmarks.cards.fitting import STEP, Fitted, Widths, fit
from benchmarks.cards.material import Box, Material
from benchmarks.cards.records import Record


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: the start of its baseline in pt from the page's top-left corner."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Code:
    """A QR: its top-left module's corner, a module's side in pt, and runs of ink in modules."""

    x: float
    y: float
    module: float
    bars: list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A record's lines and code."""

    headline: Line
    message: Fitted
    note: list[Line]
    job_code: Line
    code: Code


class Layout:
    """Lays records out; one for all."""

    def __init__(self, material: Material) -> None:
        self._hand, self._print = Widths(material.font("hand")), Widths(material.font("print"))
        self._frames = {role: material.frame(role) for role in (Role.HEADLINE, Role.MESSAGE, Role.JOB_CODE)}
        self._boxes = {role: material.box(role) for role in (*self._frames, Role.QR)}
        self.signature = _signature_box(material)

    def place(self, record: Record) -> Placed:
        """Everything that differs between records."""
        box = self._boxes[Role.MESSAGE]
        message = self.message(record)
        y = box.y + message.first
        note = [
            Line(text, box.x, y + row * message.leading, message.size)
            for row, text in enumerate(message.lines)
        ]
        return Placed(self._headline(record), message, note, self._job_code(record), self._code(record))

    def message(self, record: Record) -> Fitted:
        """The message alone."""
        return fit(record.message, self._hand, self._frames[Role.MESSAGE], self._boxes[Role.MESSAGE])

    def _headline(self, record: Record) -> Line:
        box, (smallest, largest) = self._boxes[Role.HEADLINE], self._frames[Role.HEADLINE].size
        advance = self._hand.of(record.headline)
        size = min(largest, box.width / advance // STEP * STEP)
        if size < smallest:
            raise ValueError(f"does not fit: {record.headline}")
        middle = box.y + box.height / 2 + (self._hand.ascent - self._hand.descent) * size / 2
        return Line(record.headline, box.x + (box.width - advance * size) / 2, middle, size)

    def _job_code(self, record: Record) -> Line:
        box, size = self._boxes[Role.JOB_CODE], self._frames[Role.JOB_CODE].size[1]
        x = box.x + box.width - self._print.of(record.job_code) * size
        return Line(record.job_code, x, box.y + box.height - self._print.descent * size, size)

    def _code(self, record: Record) -> Code:
        box = self._boxes[Role.QR]
        count, runs = bars(record.url)
        module = box.width / (count + 2 * QUIET)
        return Code(box.x + QUIET * module, box.y + QUIET * module, module, runs)


def _signature_box(material: Material) -> Box:
    """As large as it was written, or as its frame is."""
    box = material.box(Role.SIGNATURE)
    with Image.open(material.signature) as picture:
        ratio = picture.height / picture.width
    width = min(box.width, box.height / ratio)
    return Box(box.x, box.y + (box.height - width * ratio) / 2, width, width * ratio)
