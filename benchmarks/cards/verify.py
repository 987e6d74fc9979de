"""Whether a program made what was asked: a fast card that is not the same card proves nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

from app.domain.template import Role
from benchmarks.cards.material import Material
from benchmarks.cards.records import Record

_DPI = 300
_TOLERANCE = 6.0
"""pt that a letter's tail may reach over its frame: what hands do."""
_FULL = 0.75
"""How much of its frame's height the message must fill: text that is simply small would fit as well."""


class Kind(StrEnum):
    """What a card or file can fall short in."""

    PAGES = "pages are missing or have another size"
    HEADLINE = "a name does not copy out"
    MESSAGE = "a message does not copy out"
    JOB_CODE = "a job code does not copy out"
    FRAME = "text leaves its frame"
    FIT = "text does not fill its frame"
    CODE = "a QR cannot be read"
    FONT = "a font is not embedded, or not subset"
    PICTURE = "the picture is not there just once"


@dataclass(frozen=True, slots=True)
class Fault:
    """A shortcoming; `detail` says where and what."""

    kind: Kind
    detail: str


def faults(file: Path, records: Sequence[Record], material: Material) -> list[Fault]:
    """What is wrong with a file of these records; empty where nothing is."""
    with pdfium.PdfDocument(file) as pdf:
        if len(pdf) != 2 * len(records):
            return [Fault(Kind.PAGES, f"{len(pdf)} pages for {len(records)} cards")]
        found = [
            fault
            for index, record in enumerate(records)
            for fault in _card_faults(pdf[2 * index], pdf[2 * index + 1], record, material)
        ]
    with pikepdf.open(file) as pdf:
        return found + list(_file_faults(pdf, material))


def _card_faults(
    front: pdfium.PdfPage, back: pdfium.PdfPage, record: Record, material: Material
) -> Iterator[Fault]:
    for page in (front, back):
        if any(abs(got - want) > 1 for got, want in zip(page.get_size(), material.page, strict=True)):
            yield Fault(Kind.PAGES, f"a page of {page.get_size()} pt")
    texts = (
        (Kind.HEADLINE, record.headline, front),
        (Kind.MESSAGE, record.message, back),
        (Kind.JOB_CODE, record.job_code, back),
    )
    for kind, wanted, page in texts:
        if wanted not in (said := _text(page)):
            yield Fault(kind, f"no {wanted!r} in {said!r}")
    yield from _frame_faults(back, record, material)
    read = zxingcpp.read_barcodes(back.render(scale=_DPI / 72).to_numpy())
    if [code.text for code in read] != [record.url]:
        yield Fault(Kind.CODE, f"the QR says {[code.text for code in read]}, not {record.url}")


def _text(page: pdfium.PdfPage) -> str:
    return unicodedata.normalize("NFC", " ".join(page.get_textpage().get_text_range().split()))


def _frame_faults(page: pdfium.PdfPage, record: Record, material: Material) -> Iterator[Fault]:
    """The message is in its frame, and fills it."""
    text, box, height = page.get_textpage(), material.box(Role.MESSAGE), material.page[1]
    foot = height - material.box(Role.SIGNATURE).y
    letters = [text.get_charbox(index, loose=False) for index in range(text.count_chars())]
    letters = [each for each in letters if each[1] > foot and each[2] > each[0]]
    if len(letters) < len(record.message.replace(" ", "")):
        yield Fault(Kind.MESSAGE, f"only {len(letters)} letters of the message have a place")
        return
    left, bottom = min(each[0] for each in letters), min(each[1] for each in letters)
    right, top = max(each[2] for each in letters), max(each[3] for each in letters)
    over = max(
        box.x - left, right - box.x - box.width, top - height + box.y, height - box.y - box.height - bottom
    )
    if over > _TOLERANCE:
        yield Fault(Kind.FRAME, f"the message leaves its frame by {over:.1f} pt")
    if (top - bottom) / box.height < _FULL:
        yield Fault(Kind.FIT, f"the message fills only {(top - bottom) / box.height:.0%} of its frame")


def _file_faults(pdf: pikepdf.Pdf, material: Material) -> Iterator[Fault]:
    """Fonts are embedded and subset; the picture is there once."""
    whole = min(material.font(typeface).stat().st_size for typeface in ("hand", "print"))
    with Image.open(material.picture) as picture:
        pixels = picture.size
    pictures = 0
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        kind, subtype = thing.get("/Type"), thing.get("/Subtype")
        if kind == "/FontDescriptor":
            program = thing.get("/FontFile2", thing.get("/FontFile3"))
            if program is None:
                yield Fault(Kind.FONT, f"{thing.get('/FontName')} is not embedded")
            elif len(program.read_raw_bytes()) > whole / 2:
                yield Fault(Kind.FONT, f"{thing.get('/FontName')} is not subset")
        elif subtype == "/Type1" and kind == "/Font" and "/FontDescriptor" not in thing:
            yield Fault(Kind.FONT, f"{thing.get('/BaseFont')} is not embedded")
        elif subtype == "/Image" and (int(thing.Width), int(thing.Height)) == pixels:
            pictures += 1
    if pictures != 1:
        yield Fault(Kind.PICTURE, f"the picture is there {pictures} times")
