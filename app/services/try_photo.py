"""Looks how a photo would come out, without keeping anything: for upload forms and for crop handles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.brand import Brand
from app.domain.item import Item
from app.domain.photo import Crop, PhotoWarning, StoredPhoto
from app.errors import ArtworkUnusable, MissingGlyph, NotFound, PhotoUnusable, TextDoesNotFit
from app.registry.customer_words import CustomerWords
from app.services.item_imprint import imprint_of
from app.services.item_words import customer_message
from app.services.keep_photo import MASTER_SUFFIX
from app.services.picture_item import PictureItem
from app.services.preview_card import Draw
from app.services.print_photo import PrintPhoto
from app.store.artifacts import ArtifactStore

_KEY = "try"
_HANDLED = 720
"""Pixels of the longer edge of what is drawn while somebody drags it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a photo suits a product. `reason` is empty where it can be printed."""

    product: str
    ppi: float | None = None
    warnings: tuple[PhotoWarning, ...] = ()
    reason: str = ""
    customer_message: str = ""


class TryPhoto:
    """Tries kept photos."""

    def __init__(
        self, *, artifacts: ArtifactStore, print_photo: PrintPhoto, draw: Draw, words: CustomerWords
    ) -> None:
        self._artifacts = artifacts
        self._print = print_photo
        self._draw = draw
        self._words = words

    def suits(self, photo: StoredPhoto, product: str, languages: Sequence[str] = ()) -> Verdict:
        """How it would come out, by the very steps that print it.

        Args:
            photo: the photo.
            product: its name.
            languages: what its customer reads, best first.

        Raises:
            NotFound: there is no such product.
        """
        try:
            developed = self._print.develop(self._master(photo), product)
        except PhotoUnusable as error:
            said = customer_message(self._words, error, languages)
            return Verdict(product=product, reason=error.detail, customer_message=said)
        return Verdict(product=product, ppi=round(developed.ppi, 1), warnings=developed.warnings)

    def flat(
        self, photo: StoredPhoto, item: Item, crop: Crop | None, brand: Brand, *, now: datetime
    ) -> bytes:
        """A JPEG of an item's first panel with its lines and words, small, for crop handles.

        Words that cannot be printed are left out here: whoever crops it is told of them beside it.

        Raises:
            NotFound: its photo is gone, or its product.
            PhotoUnusable: so near it has too few pixels.
        """
        product = self._print.product(item.product)
        master, words = self._master(photo), imprint_of(replace(item, bench_code=""), brand, None)
        try:
            printed = self._print(master, item.product, key=_KEY, made_at=now, crop=crop, imprint=words)
        except (TextDoesNotFit, MissingGlyph, ArtworkUnusable):
            printed = self._print(master, item.product, key=_KEY, made_at=now, crop=crop)
        return PictureItem(self._draw).flat(printed.pdf, product, _HANDLED)[0]

    def _master(self, photo: StoredPhoto) -> bytes:
        if photo.master is None:
            raise NotFound("the photo is gone", mend="send it again")
        return self._artifacts.read(photo.master, MASTER_SUFFIX)
