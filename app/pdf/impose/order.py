"""Which record stands where on the sheets of one run (one pile under the guillotine)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.sheet import CutOrder


@dataclass(frozen=True, slots=True)
class Stacking:
    """`count` records, in packing order, on sheets of `places` each.

    Cut and stack: place `p` of all sheets is stack `p`, its top on sheet 0. The stacks' heights differ by one
    at most, so that only the last sheet has empty places, its last ones: a white piece lies under a whole
    stack, and is thrown away before the next one goes under it.
    """

    count: int
    places: int
    order: CutOrder

    @property
    def sheets(self) -> int:
        """How many there are."""
        return -(-self.count // self.places)

    def on(self, sheet: int) -> tuple[int | None, ...]:
        """The record on each place of a sheet (both from 0), or None where it stays empty."""
        return tuple(self._record(sheet, place) for place in range(self.places))

    def stack(self, place: int) -> range:
        """The records that lie at one place, from the first sheet to the last."""
        if self.order is CutOrder.SEQUENCE:
            return range(place, self.count, self.places)
        whole, more = divmod(self.count, self.places)
        start = place * whole + min(place, more)
        return range(start, start + whole + (place < more))

    def _record(self, sheet: int, place: int) -> int | None:
        records = self.stack(place)
        return records[sheet] if sheet < len(records) else None
