"""The bench's codes of items are there on their gang sheets, whichever way the pieces lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from app.domain.geometry import Box
from app.domain.product import CodePlace, GangLayout, Panel, Product, Surface
from app.pdf.file.identity import Identity
from app.pdf.imprint import Imprint, Imprinter
from app.pdf.item import ItemPicture, product_profile, write_item
from app.pdf.preflight import preflight
from app.pdf.typefaces import Typefaces
from app.registry.fonts import load_fonts
from app.registry.places import FONTS
from app.services.gang.files import GangFiles, Wish
from tests.barcodes import read_all
from tests.photos import TILE, saved
from tests.sheets import PROFILE, sheet_writer

CODES = ("MR7ZK4Q2M9ABCDE01000ABCD", "MR7ZK4Q2M9ABCDE02000ABCE")
LYING = replace(
    TILE,
    profile=PROFILE.name,
    surface=Surface(shape=TILE.surface.shape, size=(60, 40), bleed=3, safe=4),
    panels=(Panel(name="front", pictures=(Box(-3, -3, 66, 46),)),),
    code=CodePlace(box=Box(3, 43.75, 26, 6.5)),
    gang=GangLayout(sheet=(150, 130), margin=4, gap=13.25),
)
TURNED = replace(LYING, gang=replace(LYING.gang, sheet=(64, 160)))
BACKED = replace(
    LYING,
    panels=(LYING.panels[0], Panel(name="back", pictures=())),
    two_sided=True,
    code=CodePlace(box=Box(20, 20, 26, 6.5), panel="back", on_piece=True),
)


def item(path: Path, product: Product, code: str) -> Path:
    profile = product_profile(product, PROFILE)
    picture = saved(Image.new("CMYK", (780, 540), (30, 20, 10, 0)), "JPEG", quality=90)
    pictures = [
        [ItemPicture(box, picture, 780, 540, 4) for box in panel.pictures] for panel in product.panels
    ]
    identity = Identity(
        standard=profile.standard, key=code, title="Tile", made_at=datetime(2026, 11, 22, tzinfo=UTC)
    )
    imprint = Imprint(texts={}, code=code, name="7ZK4Q2M9ABCDE-1-0")
    printed = Imprinter(Typefaces(load_fonts(FONTS))).set(product, imprint, profile)
    path.write_bytes(write_item(product, pictures, profile, identity, printed))
    return path


@pytest.mark.parametrize("product", [LYING, TURNED, BACKED], ids=["lying", "turned", "backed"])
def test_every_code_is_read_from_the_sheet(product: Product, tmp_path: Path) -> None:
    files = [item(tmp_path / f"{code}.pdf", product, code) for code in CODES]
    gang = GangFiles(profiles={PROFILE.name: PROFILE}, writer=sheet_writer(), preflight=preflight)
    wish = Wish(
        files=files,
        out=tmp_path / "sheet.pdf",
        rejects=tmp_path / "rejects.jsonl",
        positions=tmp_path / "positions.json",
        product=product,
    )
    made = gang(wish)
    assert (made.unfit, made.sheets) == ((), 1)
    assert made.layout is not None
    assert made.layout.turned == (product is TURNED)
    with pypdfium2.PdfDocument(wish.out) as document:
        assert len(document) == 1 + product.two_sided
        pages = [np.asarray(page.render(scale=300 / 72).to_pil().convert("L")) for page in document]
    read = {found.text for page in pages for found in read_all(page)}
    assert set(CODES) <= read
