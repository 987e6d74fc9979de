"""What may be asked of the preview process, and how question and answer go over its pipe.

The process reads hostile files, so its answers are JSON and pictures, never pickles.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

from app.domain.profile import PressProfile

Area = Literal["bleed", "trim"]
"""What is shown: the whole sheet with its bleed, for overlays, or what is left after cutting."""
AsFile = Literal["jpeg", "png"]
_COUNT = struct.Struct(">I")


class View(StrEnum):
    """The ways to look at a page."""

    PAGE = "page"
    """What stands where, in pdfium's own colours."""
    PROOF = "proof"
    """As the press prints it: the plates through the press's colour profile."""
    SEPARATIONS = "separations"
    """Each plate alone, full ink as black."""
    INK = "ink"
    """The sum of all inks as a map of heat."""


class Intent(StrEnum):
    """What a proof takes for white (ICC.1:2022, 6.2)."""

    ABSOLUTE = "absolute"
    """The paper's own white, as it lies beside other things."""
    RELATIVE = "relative"
    """The screen's white, for eyes that have got used to the paper; with black-point compensation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InkLimit:
    """What the heat map holds the ink to: `percent` as the mean in any window of `window` mm."""

    percent: float = 300.0
    window: float = 15.0

    @classmethod
    def of(cls, profile: PressProfile | None) -> InkLimit:
        """A press profile's own; the usual one where none is known."""
        return cls() if profile is None else cls(percent=profile.ink_limit, window=profile.ink_window)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One question. `pages` counts from 1, empty for all; `inks` narrows proof and separations."""

    view: View = View.PAGE
    dpi: float = 150.0
    area: Area = "bleed"
    file: AsFile = "jpeg"
    pages: tuple[int, ...] = ()
    inks: tuple[str, ...] = ()
    intent: Intent = Intent.ABSOLUTE
    limit: InkLimit = InkLimit()
    icc: bytes = b""
    """The press's profile; empty for the one that the file itself carries."""
    own_first: bool = False
    """Whether that is only for a file that carries none."""

    def pack(self, pdf: bytes) -> bytes:
        """The question about a file, for the pipe."""
        said = asdict(self)
        icc = said.pop("icc")
        return _joined([json.dumps(said).encode(), icc, pdf])

    @classmethod
    def unpack(cls, message: bytes) -> tuple[Wanted, bytes]:
        """The question and the file."""
        head, icc, pdf = _parted(message)
        said: dict[str, Any] = json.loads(head)
        said |= {
            "view": View(said["view"]),
            "intent": Intent(said["intent"]),
            "limit": InkLimit(**said["limit"]),
            "pages": tuple(said["pages"]),
            "inks": tuple(said["inks"]),
        }
        return cls(**said, icc=icc), pdf


@dataclass(frozen=True, slots=True)
class MostInk:
    """The window with the most ink: its mean in percent and its box in mm from the trim's top left corner."""

    percent: float
    x: float
    y: float
    width: float
    height: float
    peak: float
    """The most ink of any single pixel of the page, in percent."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. `page` counts from 1; `ink` names a separation's plate; `most` comes with a heat map."""

    page: int
    content: bytes
    ink: str = ""
    most: MostInk | None = None


def pack_pictures(pictures: Iterable[Picture]) -> bytes:
    """An answer with pictures."""
    pictures = list(pictures)
    heads = [{"page": p.page, "ink": p.ink, "most": p.most and asdict(p.most)} for p in pictures]
    head = json.dumps({"pictures": heads}).encode()
    return _joined([head, *(picture.content for picture in pictures)])


def pack_refusal(reason: str) -> bytes:
    """An answer that says why there are none."""
    return _joined([json.dumps({"refused": reason}).encode()])


def unpack_answer(message: bytes) -> list[Picture] | str:
    """Pictures, or why there are none."""
    head, *contents = _parted(message)
    said = json.loads(head)
    if "refused" in said:
        return str(said["refused"])
    return [
        Picture(int(one["page"]), content, str(one["ink"]), MostInk(**one["most"]) if one["most"] else None)
        for one, content in zip(said["pictures"], contents, strict=True)
    ]


def _joined(parts: list[bytes]) -> bytes:
    sizes = struct.pack(f">{len(parts)}Q", *map(len, parts))
    return _COUNT.pack(len(parts)) + sizes + b"".join(parts)


def _parted(message: bytes) -> list[bytes]:
    (count,) = _COUNT.unpack_from(message)
    sizes = struct.unpack_from(f">{count}Q", message, _COUNT.size)
    position = _COUNT.size + 8 * count
    parts = []
    for size in sizes:
        parts.append(message[position : position + size])
        position += size
    return parts
