"""A card, fully resolved: no look-ups are left between this and paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from app.domain.brand import Ink
from app.domain.photo import Crop
from app.domain.template import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one variant with every slot filled: plain text, never markup."""

    variant: str
    headline: str
    greeting: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPhoto:
    """The customer's photo on a card: its id, and the crop that a person chose for its item, if any."""

    id: str
    crop: Crop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything the print engine needs; stored as JSON, so that a re-run gives the same bytes.

    `wordings` are in the order to be tried: the chosen one, then shorter ones should it not fit.
    `texts` holds the other frames' text by role (signer, facts, qr_label, job_code), and what codes say
    where their template words it.
    `signature` is the sha256 of the signature picture in the artifact store, or None.
    `seed` drives the handwriting's variation. `made_at` is the date written into the file.
    """

    id: str
    """Job id and generation, such as `7ZK…-0`; the PDF's record key."""
    template: str
    occasion: str
    language: str
    direction: str
    """`ltr` or `rtl`."""
    wordings: tuple[Wording, ...]
    texts: Mapping[Role, str]
    palette: Mapping[str, Ink]
    hand: str
    """The typeface role of the handwriting."""
    signature: str | None
    signature_width: float
    qr: str
    bench_code: str
    seed: int
    made_at: datetime
    profile: str
    photo: CardPhoto | None = None
    """Drawn on the template's paired side; None for the plain card."""

    def code(self, role: Role) -> str:
        """What a code says: its text, or the card's own link or bench code."""
        own = self.qr if role is Role.QR else self.bench_code if role is Role.DATA_MATRIX else ""
        return self.texts.get(role) or own


_DOCUMENT = TypeAdapter(Card)


def card_document(card: Card) -> dict[str, Any]:
    """The card as JSON values, to be stored; `card_from` makes the same card of them again."""
    document: dict[str, Any] = _DOCUMENT.dump_python(card, mode="json")
    return document


def card_from(document: Mapping[str, Any]) -> Card:
    """The card of a stored document.

    Raises:
        pydantic.ValidationError: it is no card's document.
    """
    return _DOCUMENT.validate_python(document)
