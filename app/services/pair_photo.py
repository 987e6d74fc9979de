"""The customer's photo on the front of their card: whether there is one yet, and how it is cut for its place.

A card is never late for its photo, and never printed with one that a person should look at first: then it is
the plain card, which says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.card import CardPhoto
from app.domain.geometry import Box
from app.domain.insert import Insert, InsertState
from app.domain.product import GangLayout, Inks, Panel, Product, Resolution, Shape, Surface, Tone
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import NotFound, PhotoUnusable
from app.photo.colour import Press
from app.services.draw_card import Paired
from app.services.item_words import held_because
from app.services.keep_photo import MASTER_SUFFIX
from app.services.print_photo import Develops
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction

_LONGEST_WAIT = timedelta(hours=1)
"""Where the order says no time."""
_GONE = frozenset({InsertState.FAILED, InsertState.CANCELLED})
_SAFE = 2.0
"""mm from the picture's edge in which no face stands."""
_RESOLUTION = 300.0


@dataclass(frozen=True, slots=True)
class Found:
    """A photo that is here: which, and the SHA-256 of its file."""

    which: CardPhoto
    master: str


@dataclass(frozen=True, slots=True)
class Unpaired:
    """That a card is printed without the photo that its order asked for, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Waits:
    """That the photo may still come, and until when the card has time for it."""

    until: datetime


class PairPhoto:
    """Finds and cuts the photos of cards."""

    def __init__(
        self,
        *,
        templates: Mapping[str, CardTemplate],
        profiles: Mapping[str, PressProfile],
        artifacts: ArtifactStore,
        lab: Develops,
    ) -> None:
        self._templates = templates
        self._profiles = profiles
        self._artifacts = artifacts
        self._lab = lab

    def wanted(self, tx: Transaction, insert: Insert, now: datetime) -> Found | Unpaired | Waits | None:
        """Which photo a card is to show; None where its order asks for none.

        Args:
            tx: the transaction.
            insert: the card, which is not drawn yet.
            now: to know whether it can wait.
        """
        asked = [item for item in tx.items.of_order(insert.order_id) if item.on_card]
        template = self._templates.get(insert.template)
        if insert.further or not asked or template is None:
            return None
        if template.photo is None:
            return Unpaired(f"the template {template.title} has no place for a photo")
        waiting = [item for item in asked if item.state not in _GONE]
        kept = next((item for item in waiting if item.source.photo), None)
        if kept is not None:
            return self.found(tx, insert, CardPhoto(id=kept.source.photo, crop=kept.crop))
        until = wait_until(insert)
        if any(item.state is InsertState.PLANNED for item in waiting) and now < until:
            return Waits(until)
        return Unpaired("its photo did not come in time" if waiting else "its photo cannot be used")

    @staticmethod
    def found(tx: Transaction, insert: Insert, photo: CardPhoto) -> Found | Unpaired:
        """A photo that a card shows, or was to show, where it is still kept."""
        try:
            master = tx.photos.get(insert.brand, photo.id).master
        except NotFound:
            master = None
        return Unpaired("its photo is gone") if master is None else Found(photo, master)

    def cut(self, insert: Insert, found: Found) -> Paired | Unpaired:
        """The photo as it is printed on the card; what a person should look at first is not printed.

        It takes a while: outside of any transaction.
        """
        try:
            master = self._artifacts.read(found.master, MASTER_SUFFIX)
            return self._developed(master, self._templates[insert.template], found.which)
        except PhotoUnusable as error:
            return Unpaired(f"its photo cannot be printed there: {error.detail}")
        except (KeyError, NotFound):
            return Unpaired("its photo is gone")

    def _developed(self, master: bytes, template: CardTemplate, photo: CardPhoto) -> Paired | Unpaired:
        profile = self._profiles[template.profile]
        place = _as_product(template, profile)
        press = Press(profile.icc, profile.ink_limit, Inks.CMYK, Tone.NONE)
        developed = self._lab.develop(master, place, press, photo.crop)
        if reason := held_because(developed.warnings, chosen=photo.crop is not None):
            return Unpaired(f"its photo should be looked at first: {reason}")
        ((picture,),) = developed.panels
        return Paired(photo, picture.data)


def wait_until(insert: Insert) -> datetime:
    """How long a card waits for its photo: half of the time until another card would be made instead."""
    latest = insert.personal_until or insert.needed_by
    if latest is None:
        return insert.planned_at + _LONGEST_WAIT
    return insert.planned_at + max(timedelta(), (latest - insert.planned_at) / 2)


def _as_product(template: CardTemplate, profile: PressProfile) -> Product:
    """A card's photo place as what the photo lab knows: a surface of its size."""
    box = template.photo or template.trim_box
    surface = Surface(shape=Shape.RECTANGLE, size=(box.width, box.height), bleed=0.0, safe=_SAFE)
    return Product(
        name=template.name,
        title=f"the card {template.title}",
        profile=profile.name,
        substrate=template.stock,
        surface=surface,
        panels=(Panel(name="photo", pictures=(Box(0.0, 0.0, box.width, box.height),)),),
        inks=Inks.CMYK,
        tone=Tone.NONE,
        resolution=Resolution(
            target=max(_RESOLUTION, profile.resolution_warning),
            warning=profile.resolution_warning,
            error=profile.resolution_error,
        ),
        gang=GangLayout(sheet=surface.size, margin=0.0, gap=0.0),
        contour=False,
    )
