"""Which printed pieces a rule of the plant's is about: what sorts them to a target or a folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

Size = tuple[float, float]
_SAME_SIZE = 0.5
"""Millimetres by which two sizes may differ and still be one."""
_LARGEST = 5_000
"""Millimetres that no printed piece reaches."""


class PieceKind(StrEnum):
    """What a piece is."""

    INSERT = "insert"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One printed piece, as far as sorting goes. `design` is its card template's name, or its product's.

    `size` is the trim in mm; `spare` the time until it is needed, None where nobody said.
    """

    kind: PieceKind
    design: str
    stock: str
    size: Size
    brand: str
    spare: timedelta | None = None

    @classmethod
    def due(
        cls,
        *,
        kind: PieceKind,
        design: str,
        stock: str,
        size: Size,
        brand: str,
        needed_by: datetime | None,
        now: datetime,
    ) -> Piece:
        """The same, of a piece that is needed at a moment."""
        spare = None if needed_by is None else needed_by - now
        return cls(kind=kind, design=design, stock=stock, size=size, brand=brand, spare=spare)


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceMatch:
    """Which pieces are meant. What is empty asks nothing; what is not must all hold.

    `within` means pieces that are needed in less than that time.
    """

    kinds: frozenset[PieceKind] = frozenset()
    designs: frozenset[str] = frozenset()
    stocks: frozenset[str] = frozenset()
    sizes: frozenset[Size] = frozenset()
    brands: frozenset[str] = frozenset()
    within: timedelta | None = None

    def takes(self, piece: Piece) -> bool:
        """Whether a piece is meant."""
        return (
            (not self.kinds or piece.kind in self.kinds)
            and (not self.designs or piece.design in self.designs)
            and (not self.stocks or piece.stock in self.stocks)
            and (not self.sizes or any(same_size(piece.size, size) for size in self.sizes))
            and (not self.brands or piece.brand in self.brands)
            and (self.within is None or (piece.spare is not None and piece.spare < self.within))
        )

    def covers(self, other: PieceMatch) -> bool:
        """Whether it takes every piece that `other` takes, so that `other` behind it never gets any."""
        if self.within is not None and (other.within is None or other.within > self.within):
            return False
        return all(
            not getattr(self, each.name)
            or (getattr(other, each.name) and getattr(other, each.name) <= getattr(self, each.name))
            for each in fields(self)
            if each.name != "within"
        )

    def in_words(self, piece: Piece) -> str:
        """Why it takes a piece, in words; empty where it asks nothing."""
        asked: Iterable[tuple[object, str]] = (
            (self.kinds, f"it is an {piece.kind}"),
            (self.designs, f"its {_DESIGN[piece.kind]} is {piece.design}"),
            (self.stocks, f"it is on {piece.stock}"),
            (self.sizes, f"it is {size_in_words(piece.size)}"),
            (self.brands, f"its brand is {piece.brand}"),
            (self.within, f"it is needed within {_minutes(self.within)}"),
        )
        return ", ".join(words for holds, words in asked if holds)


_DESIGN = {PieceKind.INSERT: "template", PieceKind.ITEM: "product"}


def same_size(one: Size, other: Size) -> bool:
    """Whether two sizes are one, upright or lying."""
    return all(abs(a - b) <= _SAME_SIZE for a, b in zip(sorted(one), sorted(other), strict=True))


def size_in_words(size: Size) -> str:
    """A size as people write it: `105 x 148 mm`."""
    width, height = size
    return f"{width:g} x {height:g} mm"


def read_size(written: str) -> Size:
    """A size as it is written in settings: `105x148`, in mm.

    Raises:
        ValueError: it is none.
    """
    parts = written.lower().removesuffix("mm").split("x")
    try:
        width, height = (float(part) for part in parts)
    except ValueError:
        raise ValueError(f"{written!r} is no size; write it as 105x148, in mm") from None
    if not (0 < width < _LARGEST and 0 < height < _LARGEST):
        raise ValueError(f"{written!r} is no size of a printed piece in mm")
    return (width, height)


def _minutes(time: timedelta | None) -> str:
    return f"{(time or timedelta(0)).total_seconds() / 60:g} minutes"
