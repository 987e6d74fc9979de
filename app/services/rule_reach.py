"""How many of a brand's recent orders a rule matches: what its owner is asked to confirm rests on it."""

from __future__ import annotations

from dataclasses import dataclass

_FEW = 20
"""Orders below which a share says nothing."""
_MOST = 0.5
"""A card that most orders get marks no occasion."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Of `orders` recent ones, `matched` match."""

    orders: int
    matched: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 without orders."""
        return self.matched / self.orders if self.orders else 0.0

    @property
    def concern(self) -> str:
        """What the owner should confirm; empty where there is nothing."""
        if self.orders < _FEW:
            return f"only {self.orders} recent orders are there to try the rule on: too few to tell"
        if self.matched == self.orders:
            return f"the rule matches every one of the last {self.orders:,} orders (100 %)"
        if self.share > _MOST:
            return f"the rule matches {self.matched:,} of the last {self.orders:,} orders ({self.share:.0%})"
        return ""
