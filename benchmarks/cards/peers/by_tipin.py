"""tipin itself: cards as its print engine takes them, a file an order or all in one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.domain.card import Card, Wording
from app.domain.template import GENERIC, Role
from app.pdf.engine import Renderer
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record

_MADE_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)


class _Tipin(Peer):
    def __init__(self, material: Material) -> None:
        self._material, self._template = material, material.template
        self._signature = material.signature.read_bytes()
        self._sha256 = hashlib.sha256(self._signature).hexdigest()
        self._renderer = Renderer(fonts=material.fonts, profiles=load_profiles(PROFILES))

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        with out.open("wb") as file:
            for record in records:
                file.write(self._renderer.render(self._template, self._card(record), self._signature))

    def _card(self, record: Record) -> Card:
        brand = self._material.brand
        said = Wording(variant="note", headline=record.headline, greeting="", message=record.message)
        return Card(
            id=record.job_code,
            template=self._template.name,
            occasion=GENERIC,
            language="en",
            direction="ltr",
            wordings=(said,),
            texts={Role.JOB_CODE: record.job_code},
            palette=brand.palette,
            hand="hand",
            signature=self._sha256,
            signature_width=brand.signer.signature_width,
            qr=record.url,
            bench_code="",
            seed=int(hashlib.blake2b(record.id.encode(), digest_size=6).hexdigest(), 16),
            made_at=_MADE_AT,
            profile=self._template.profile,
        )


def make(material: Material) -> _Tipin:
    """Fonts and profiles found; nothing is set yet."""
    return _Tipin(material)
