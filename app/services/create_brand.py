"""Makes a new brand from its document, without a folder: a plant takes on a brand while it runs."""

from __future__ import annotations

import re

from app.domain.brand_settings import Document, SettingsVersion, changes
from app.domain.clock import Clock
from app.errors import Violation, WrongState
from app.registry.brand_document import whole_document
from app.registry.json_document import unusable
from app.services.brands_in_force import BrandsInForce
from app.services.save_settings import LONGEST_WHY, SaveSettings
from app.store.database import Transaction

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_CODE = 40


class CreateBrand:
    """Makes brands. Their first settings are version 1."""

    def __init__(self, *, brands: BrandsInForce, save: SaveSettings, clock: Clock) -> None:
        self._brands = brands
        self._save = save
        self._clock = clock

    def __call__(self, tx: Transaction, code: str, document: Document, *, who: str, why: str = "") -> None:
        """Make a brand.

        Args:
            tx: a transaction that may write.
            code: its code: lower-case letters, digits and hyphens.
            document: all of it, by the keys of brand.toml.
            who: who makes it, as history shows it.
            why: their reason, if they give one.

        Raises:
            WrongState: there is a brand of that code.
            SettingsUnusable: with every fault of the document.
        """
        tx.settings.one_at_a_time("")  # for all brands: no two may take the same key at once
        tx.settings.one_at_a_time(code)
        others = self._brands.all(tx)
        if code in others:
            raise WrongState(f"there is a brand {code!r} already", mend="choose another code")
        if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
            mend = f"use a-z, 0-9 and hyphens, at most {_LONGEST_CODE}, such as maple-row"
            raise unusable([Violation("/code", "is no code", mend)])
        brand = self._brands.read(code, document, 1)
        taken = [
            Violation("/key", f"{brand.key} is the key of {other.name}", "choose two other characters")
            for other in others.values()
            if other.key == brand.key
        ]
        self._save.check(tx, brand, faults=taken)
        tx.settings.add(
            SettingsVersion(
                brand=code,
                version=1,
                at=self._clock.now(),
                who=who,
                why=why.strip()[:LONGEST_WHY],
                settings=dict(document),
                changes=changes({}, whole_document(brand.document)),
            )
        )
