"""Who is held out: drawn by a keyed hash of (brand, experiment, customer), before anything is decided.

The draw asks neither the clock nor the rules, so no restart and no edit moves a customer to the other arm; a
larger share only adds customers to those held out.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from app.domain.decision import Arm, Assignment
from app.domain.policy import OccasionPolicy

_DRAW_BYTES = 6
"""48 bits: exact as a float."""


def assign(
    secret: bytes, brand: str, policy: OccasionPolicy, customer: str, *, merged: Iterable[str] = ()
) -> Assignment:
    """The arm of a customer.

    Who was merged is in the arm of the one who remains; that others of them were in the other arm is told, so
    that lift can be measured without them.

    Args:
        secret: the plant's own key for this draw.
        brand: the tenant.
        policy: the brand's; its experiment and share.
        customer: the key of the customer, or of the one who remains of those merged.
        merged: every key that belongs to the customer.
    """

    def draw(key: str) -> float:
        return drawn(secret, brand, policy.experiment, key)

    def arm(drew: float) -> Arm:
        return Arm.HOLDOUT if drew < policy.holdout else Arm.CARDS

    drew = draw(customer)
    own = arm(drew)
    return Assignment(
        experiment=policy.experiment,
        customer=customer,
        arm=own,
        drawn=drew,
        share=policy.holdout,
        crossed=any(arm(draw(key)) is not own for key in merged if key != customer),
    )


def drawn(secret: bytes, *parts: str) -> float:
    """A number in [0, 1), evenly spread over what the parts name, and always the same for the same parts."""
    named = b"".join(len(part).to_bytes(4, "big") + part for part in (text.encode() for text in parts))
    mac = hmac.digest(secret, named, "sha256")
    return int.from_bytes(mac[:_DRAW_BYTES], "big") / (1 << 8 * _DRAW_BYTES)
