"""Makes a customer's photo a print-ready item: developed, written, and past its preflight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from app.domain.photo import Crop
from app.domain.product import Product
from app.domain.profile import PressProfile
from app.errors import NotFound
from app.pdf.file.identity import Identity
from app.pdf.imprint import Imprint, Imprinter
from app.pdf.item import ItemPicture, product_profile, write_item
from app.photo.colour import Press
from app.photo.develop import Developed
from app.services.draw_card import Preflight

NOTHING = Imprint(texts={})
"""No words and no code."""


def known_by(key: str) -> Imprint:
    """What stands on an item that belongs to no order: what its file is known by, for people and scanners."""
    return Imprint(texts={}, code=key, name=key)


class Develops(Protocol):
    """What turns a stranger's photo into pictures in ink; `PhotoLab` does it where it can harm nothing."""

    def develop(self, data: bytes, product: Product, press: Press, crop: Crop | None = None) -> Developed:
        """The pictures of a product; raises PhotoUnusable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A print-ready item with what was found on the way; `report` is its preflight's."""

    pdf: bytes
    developed: Developed
    report: dict[str, Any]


class PrintPhoto:
    """Prints photos on this plant's products."""

    def __init__(
        self,
        *,
        products: Mapping[str, Product],
        profiles: Mapping[str, PressProfile],
        lab: Develops,
        imprinter: Imprinter,
        preflight: Preflight,
    ) -> None:
        self._products = products
        self._profiles = profiles
        self._lab = lab
        self._imprinter = imprinter
        self._preflight = preflight

    def __call__(
        self,
        photo: bytes,
        product: str,
        *,
        key: str,
        made_at: datetime,
        crop: Crop | None = None,
        imprint: Imprint = NOTHING,
    ) -> Item:
        """The item; the same arguments give the same bytes.

        Args:
            photo: the photo's file.
            product: its name.
            key: what the file is known by; it holds no personal data.
            made_at: the moment of first making, aware; it is written into the file.
            crop: a person's; None to choose one.
            imprint: what stands on it besides.

        Raises:
            NotFound: there is no such product.
            PhotoUnusable: the photo cannot be printed on it.
            TextDoesNotFit: its words have no room, or no place.
            MissingGlyph: no font has one of their characters.
            PreflightFailed: the file may not leave.
        """
        wanted = self.product(product)
        profile = product_profile(wanted, self._profiles[wanted.profile])
        # First the words: they cost nothing, and say what they cover.
        printed = self._imprinter.set(wanted, imprint, profile)
        covered = tuple(dict.fromkeys(cover.box for panel in printed.panels for cover in panel.covers))
        developed = self._develop(photo, replace(wanted, covered=covered), crop)
        panels = [
            [ItemPicture(each.box, each.data, each.width, each.height, each.inks) for each in panel]
            for panel in developed.panels
        ]
        identity = Identity(
            standard=profile.standard, key=key, title=f"{wanted.title} {key}", made_at=made_at
        )
        pdf = write_item(wanted, panels, profile, identity, printed)
        report = self._preflight(pdf, profile)
        report.require_passed()
        return Item(pdf=pdf, developed=developed, report=report.document())

    def develop(self, photo: bytes, product: str, crop: Crop | None = None) -> Developed:
        """The pictures alone; arguments and errors as for an item."""
        return self._develop(photo, self.product(product), crop)

    def _develop(self, photo: bytes, product: Product, crop: Crop | None) -> Developed:
        profile = self._profiles[product.profile]
        press = Press(profile.icc, profile.ink_limit, product.inks, product.tone)
        return self._lab.develop(photo, product, press, crop)

    def product(self, name: str) -> Product:
        """A product by its name.

        Raises:
            NotFound: there is none.
        """
        if name not in self._products:
            known = ", ".join(sorted(self._products))
            raise NotFound(f"there is no product {name!r}", mend=f"use one of: {known}")
        return self._products[name]
