"""tipin itself: `tipin render` for a merged file, and the print engine for a file an order.

The merged file is PDF/VT-1: records are read and checked, cards composed and drawn, each is a document part,
and the structure of the whole file is checked before it gets its name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.domain.card import Card, Wording
from app.domain.profile import Standard
from app.domain.template import GENERIC, Role
from app.pdf.engine import Renderer
from app.pdf.preflight import preflight
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.render_records import RenderRecords, Thoroughness, Wish
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record

_SECRET = b"benchmarks hold no customer's data"
_MADE_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)


class _Tipin(Peer):
    def __init__(self, material: Material, workers: int) -> None:
        self._material, self._template, self._workers = material, material.template, workers
        self._signature = material.signature.read_bytes()
        self._sha256 = hashlib.sha256(self._signature).hexdigest()
        self._profiles = load_profiles(PROFILES)
        self._renderer = Renderer(fonts=material.fonts, profiles=self._profiles)
        brand = material.brand
        self._render_records = RenderRecords(
            brands={brand.code: brand}, fonts=material.fonts, preflight=preflight, secret=_SECRET
        )
        self._file = material.folder / "records.jsonl"

    def take(self, records: Iterable[Record]) -> None:
        """Write them one by one: they may be more than memory holds."""
        with self._file.open("w", encoding="utf-8") as file:
            for record in records:
                slots = {"given_name": record.name, "message": record.message}
                fields = {
                    "id": record.id,
                    "language": "en",
                    "url": record.url,
                    "variant": "note",
                    "slots": slots,
                }
                file.write(json.dumps(fields, ensure_ascii=False) + "\n")

    def merged(self, out: Path) -> None:
        wish = Wish(
            records=self._file,
            template=self._template,
            brand=self._material.brand.code,
            profile=replace(self._profiles[self._template.profile], standard=Standard.PDF_VT1),
            out=out,
            rejects=out.with_suffix(".rejects.jsonl"),
            workers=self._workers,
            thoroughness=Thoroughness.STRUCTURE,
        )
        done = self._render_records(wish, _Silence())
        if done.refused:
            raise RuntimeError(f"{done.refused} records were refused: see {wish.rejects}")

    def single(self, record: Record, out: Path) -> None:
        self._renderer.pieces(self._template, self._card(record), self._signature).save(out)

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        self.take(records)
        self.merged(out)

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


class _Silence:
    def begin(self, what: str, total: int | None) -> None:
        pass

    def advance(self, count: int) -> None:
        pass


def make(material: Material) -> _Tipin:
    """Fonts and profiles found; nothing is set yet."""
    return _Tipin(material, workers=1)


def make_of_two(material: Material) -> _Tipin:
    """The same with two workers."""
    return _Tipin(material, workers=2)
