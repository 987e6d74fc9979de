"""Draws one card: composed, rendered, and past its preflight, or refused with the reason."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.domain.brand import Brand
from app.domain.card import Card, CardPhoto
from app.domain.decision import Decision
from app.domain.insert import Insert
from app.domain.order import Order
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import ArtworkUnusable, NotFound
from app.selection.wording import generic_decision
from app.services.brands_in_force import SIGNATURE_SUFFIX
from app.services.compose_card import compose
from app.store.artifacts import ArtifactStore

_Thing = TypeVar("_Thing")


class CardRenderer(Protocol):
    """What puts a card on paper."""

    def render(
        self, template: CardTemplate, card: Card, signature: bytes | None, photo: bytes | None = None
    ) -> bytes:
        """The print-ready PDF; raises RenderError."""
        ...


class Report(Protocol):
    """What the preflight found."""

    def require_passed(self) -> None:
        """Nothing where the file may leave; raises PreflightFailed."""
        ...

    def document(self) -> dict[str, Any]:
        """The report as JSON."""
        ...


class Preflight(Protocol):
    """What a file must pass before it may leave."""

    def __call__(self, pdf: bytes, profile: PressProfile, *, safe: float | None = None) -> Report:
        """Check a file; `safe` is in mm inside the trim."""
        ...


@dataclass(frozen=True, slots=True)
class Paired:
    """A photo for a card: which, and cut for its place as a JPEG in the press's inks."""

    which: CardPhoto
    jpeg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A card that may leave, with its file and the report of its preflight."""

    card: Card
    pdf: bytes
    report: dict[str, Any]


class DrawCard:
    """Draws cards with the plant's templates and profiles."""

    def __init__(
        self,
        *,
        templates: Mapping[str, CardTemplate],
        profiles: Mapping[str, PressProfile],
        renderer: CardRenderer,
        preflight: Preflight,
        artifacts: ArtifactStore,
        bench_secret: bytes,
    ) -> None:
        self._templates = templates
        self._profiles = profiles
        self._renderer = renderer
        self._preflight = preflight
        self._artifacts = artifacts
        self._bench_secret = bench_secret
        self._signatures: dict[Path, tuple[str, bytes]] = {}

    def __call__(
        self, insert: Insert, order: Order, decision: Decision, brand: Brand, photo: Paired | None = None
    ) -> Drawn:
        """Draw a card; the same arguments give the same bytes.

        Args:
            insert: the planned insert.
            order: its order.
            decision: one that chose a card of the insert's template.
            brand: as it was when that was decided.
            photo: the customer's, for the template's paired side; None for the plain card.

        Raises:
            RenderError: this card cannot be put on paper.
            StorageUnavailable: the signature cannot be stored now.
        """
        template = _found(self._templates, "card template", insert.template)
        sha256, signature = self._signature(brand)
        card = compose(
            order,
            decision,
            brand,
            template,
            job_id=insert.job_id,
            generation=insert.generation,
            secret=self._bench_secret,
            signature_sha=sha256,
            made_at=insert.planned_at,
        )
        return self._drawn(template, card, signature, photo)

    def again(self, card: Card, photo: Paired | None = None) -> Drawn:
        """Draw a card that was composed before, as it stands; raises as `__call__` does.

        Where its photo is gone it is the plain card.
        """
        template = _found(self._templates, "card template", card.template)
        return self._drawn(template, card, self._stored_signature(card), photo)

    def generic(
        self,
        insert: Insert,
        order: Order,
        decision: Decision,
        brand: Brand,
        *,
        why: str,
        used: Collection[str],
    ) -> Decision:
        """The decision let down to the brand's generic card, in words that are not among those used.

        Raises:
            ArtworkUnusable: the template is gone.
            SetupError: the template has no generic wording for this order left.
        """
        return generic_decision(
            decision,
            _found(self._templates, "card template", insert.template),
            brand,
            order,
            seed=hmac.digest(self._bench_secret, insert.name.encode(), "sha256"),
            why=why,
            used=used,
        )

    def _drawn(
        self, template: CardTemplate, card: Card, signature: bytes | None, photo: Paired | None
    ) -> Drawn:
        profile = _found(self._profiles, "press profile", template.profile)
        if photo is None or template.paired is None:
            card = replace(card, photo=None)
            pdf = self._renderer.render(template, card, signature)
        else:
            card = replace(card, photo=photo.which)
            pdf = self._renderer.render(template.paired, card, signature, photo.jpeg)
        report = self._preflight(pdf, profile, safe=template.safe)
        report.require_passed()
        return Drawn(card=card, pdf=pdf, report=report.document())

    def _stored_signature(self, card: Card) -> bytes | None:
        """The signature that the card was drawn with, whatever its signer has now."""
        if card.signature is None:
            return None
        try:
            return self._artifacts.read(card.signature, SIGNATURE_SUFFIX)
        except (NotFound, OSError) as error:
            raise ArtworkUnusable(
                "the signature that this card was first printed with is not stored any more"
            ) from error

    def _signature(self, brand: Brand) -> tuple[str | None, bytes | None]:
        path = brand.signer.signature
        if path is None:
            return None, None
        if path not in self._signatures:
            try:
                picture = path.read_bytes()
            except OSError as error:
                raise ArtworkUnusable(f"the signature {path.name} cannot be read") from error
            self._signatures[path] = (self._artifacts.put(picture, SIGNATURE_SUFFIX), picture)
        return self._signatures[path]


def _found(known: Mapping[str, _Thing], what: str, name: str) -> _Thing:
    if name not in known:
        raise ArtworkUnusable(f"the {what} {name!r} is not here any more", mend="put it back")
    return known[name]
