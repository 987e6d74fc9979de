"""typst: one compile for all records, which it reads as JSON; codes as pictures of one pixel a module.

Tags are off, which nobody needs on a press and which would cost time.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import typst

from app.domain.template import Role
from benchmarks.cards.codes import QUIET, modules
from benchmarks.cards.fitting import Widths
from benchmarks.cards.layout import Layout
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record


class _Typst(Peer):
    def __init__(self, material: Material, *, alternates: bool = False, sizes: bool = False) -> None:
        self._layout = Layout(material) if sizes else None
        self._folder = material.folder / f"typst-{alternates}-{sizes}"
        self._folder.mkdir(exist_ok=True)
        fonts = self._folder / "fonts"
        fonts.mkdir(exist_ok=True)
        for typeface in ("hand", "print"):
            shutil.copy(material.font(typeface), fonts)
        shutil.copy(Path(__file__).with_name("card.typ"), self._folder)
        shutil.copy(material.picture, self._folder)
        shutil.copy(material.signature, self._folder)
        (self._folder / "material.json").write_text(json.dumps(_material(material, alternates)))
        self._compiler = typst.Compiler(
            self._folder / "card.typ", root=self._folder, font_paths=[fonts], ignore_system_fonts=True
        )

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        codes = [np.pad(modules(record.url), QUIET) for record in records]
        listed = []
        offset = 0
        for record, code in zip(records, codes, strict=True):
            texts = {"headline": record.headline, "message": record.message, "job_code": record.job_code}
            size = self._layout.message(record).size if self._layout else None
            listed.append({**texts, "size": size, "code": offset, "side": len(code)})
            offset += code.size
        pixels = b"".join(np.where(code, 0, 255).astype(np.uint8).tobytes() for code in codes)
        (self._folder / "codes.bin").write_bytes(pixels)
        (self._folder / "records.json").write_text(json.dumps(listed, separators=(",", ":")))
        self._compiler.compile(output=out, format="pdf", pdf_tags=False)


def _material(material: Material, alternates: bool) -> dict[str, Any]:  # noqa: FBT001
    hand = Widths(material.font("hand"))
    frames = {
        role.value: {
            **asdict(material.box(role)),
            "smallest": material.frame(role).size[0],
            "largest": material.frame(role).size[1],
            "leading": material.frame(role).leading / 25.4 * 72,
        }
        for role in (Role.HEADLINE, Role.MESSAGE, Role.QR, Role.JOB_CODE)
    }
    families = {role: material.fonts.typefaces[role][0].family for role in ("hand", "print")}
    return {
        **frames,
        "hand": families["hand"].removesuffix(" Light"),
        "print": families["print"],
        "signature": asdict(Layout(material).signature),
        "page": material.page,
        "ascent": hand.ascent,
        "descent": hand.descent,
        "features": {} if alternates else {"calt": 0},
    }


def make(material: Material) -> _Typst:
    """It breaks and fits the message by itself; every "e" is the same."""
    return _Typst(material)


def make_with_sizes(material: Material) -> _Typst:
    """The message's size is worked out beforehand, as for the libraries; typst breaks the lines."""
    return _Typst(material, sizes=True)


def make_with_alternates(material: Material) -> _Typst:
    """The font's own cycle of alternates (`calt`) makes it look written, as tipin's variation does."""
    return _Typst(material, alternates=True)
