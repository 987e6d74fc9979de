"""One print-ready PDF an order: milliseconds a card, with text seen before (warm) and never (cold).

Beside tipin stands a reportlab program that draws about the same card the quick way: art as a form, text
already broken into lines, one font, codes as rectangles. It does less (no shaping, fitting, alternates), and
its file is no PDF/X: in the last row pikepdf adds output intent and metadata, as one has to. All take turns,
card by card, so that a busy machine slows them alike.

    .venv/bin/python -m benchmarks.render_one_card [CARDS]
"""

from __future__ import annotations

import io
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import pikepdf
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from rich.console import Console
from rich.table import Table

from app.domain.card import Card, Wording
from app.pdf.codes import data_matrix_modules, merged_rectangles, qr_modules
from app.pdf.engine import Renderer
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import load_fonts
from app.registry.places import BRANDS, CARDS, FONTS, PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import sample_cards
from benchmarks.machine import describe

WORDS = [
    *(
        "thank",
        "you",
        "for",
        "coming",
        "back",
        "this",
        "year",
        "we",
        "packed",
        "it",
        "on",
        "the",
        "long",
        "bench",
    ),
    *(
        "by",
        "window",
        "where",
        "light",
        "is",
        "best",
        "and",
        "somebody",
        "here",
        "said",
        "your",
        "name",
        "because",
    ),
    *(
        "board",
        "again",
        "all",
        "of",
        "us",
        "remembered",
        "last",
        "one",
        "morning",
        "kettle",
        "evening",
        "press",
    ),
]
NAMES = [
    "Ada",
    "Bea",
    "Cem",
    "Dörte",
    "Élise",
    "Fadi",
    "Greta",
    "Hannah",
    "İpek",
    "Joos",
    "Kağan",
    "Łucja",
    "Zoë",
]
PAGE = (111 * mm, 154 * mm)


def new_text(card: Card, rng: random.Random) -> Card:
    """The card with words and a name that were never set before, about 45 of them."""
    message = " ".join(rng.choices(WORDS, k=rng.randint(38, 52))).capitalize() + "."
    name = rng.choice(NAMES) + rng.choice(NAMES).lower()
    said = Wording(variant="new", headline=f"Thank you, {name}", greeting=f"Dear {name},", message=message)
    return replace(card, wordings=(said,), seed=rng.getrandbits(48), id=f"{rng.getrandbits(48):X}-0")


def with_reportlab(card: Card) -> bytes:
    """About the same card, drawn by reportlab."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE, pageCompression=1, initialFontName="Hand", invariant=1)
    said = card.wordings[0]
    canvas.beginForm("art", 0, 0, *PAGE)
    canvas.setFillColorCMYK(0.7, 0.2, 0, 0.4)
    canvas.rect(0, 0, *PAGE, stroke=0, fill=1)
    for ring in range(40):
        canvas.circle(150, 250, 100 - 2 * ring, stroke=1, fill=0)
    canvas.endForm()
    canvas.doForm("art")
    canvas.setFont("Hand", 20)
    canvas.drawCentredString(PAGE[0] / 2, 80, said.headline)
    canvas.showPage()
    canvas.setFont("Hand", 15)
    text = canvas.beginText(30, 330)
    text.setLeading(19)
    text.textLine(said.greeting)
    words = said.message.split()
    for start in range(0, len(words), 6):
        text.textLine(" ".join(words[start : start + 6]))
    canvas.drawText(text)
    for modules, x in ((qr_modules(card.qr), 30), (data_matrix_modules(card.bench_code), 250)):
        path = canvas.beginPath()
        for a, b, width, height in merged_rectangles(modules):
            path.rect(x + a, 80 - b - height, width, height)
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def finished_by_pikepdf(card: Card, icc: bytes) -> bytes:
    """The same, made into about a PDF/X-4 by pikepdf."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(with_reportlab(card))) as pdf:
        profile = pdf.make_stream(icc, N=4)
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent,
            S=pikepdf.Name.GTS_PDFX,
            OutputConditionIdentifier="FOGRA39",
            DestOutputProfile=profile,
        )
        pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])
        with pdf.open_metadata() as xmp:
            xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"
        for page in pdf.pages:
            page.trimbox = pikepdf.Array([3 * mm, 3 * mm, 108 * mm, 151 * mm])
        pdf.save(out, min_version="1.6")
    return out.getvalue()


def timed(work: Callable[..., bytes], *arguments: object) -> float:
    """Milliseconds that the work takes."""
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1000


def main(count: int) -> None:
    """Measure and print the table."""
    template = load_cards(CARDS)["hearth"]
    brand = load_brands(BRANDS)["fernweh"]
    profiles = load_profiles(PROFILES)
    renderer, icc = (
        Renderer(fonts=load_fonts(FONTS), profiles=profiles),
        profiles[template.profile].icc.read_bytes(),
    )
    registerFont(TTFont("Hand", FONTS / "playpen-sans" / "PlaypenSans-Light.ttf"))
    rng = random.Random(1)
    samples = [sample for sample in sample_cards(template, brand) if sample.card.language == "en"]
    for sample in samples:
        renderer.render(template, sample.card, sample.signature)
    taken: dict[str, list[float]] = {
        "tipin, warm text": [],
        "tipin, cold text": [],
        "reportlab": [],
        "reportlab + pikepdf": [],
    }
    for index in range(count):
        seen = samples[index % len(samples)]
        new = new_text(seen.card, rng)
        taken["tipin, warm text"].append(timed(renderer.render, template, seen.card, seen.signature))
        taken["tipin, cold text"].append(timed(renderer.render, template, new, seen.signature))
        taken["reportlab"].append(timed(with_reportlab, new))
        taken["reportlab + pikepdf"].append(timed(finished_by_pikepdf, new, icc))
    report(taken, count)


def report(taken: dict[str, list[float]], count: int) -> None:
    """One row a program; the ratio is of medians, to tipin with cold text."""
    table = Table(title=f"One PDF an order, {count} cards each in turns. {describe()}")
    for column in ("", "p50 ms", "p95 ms", "× tipin cold"):
        table.add_column(column, justify="left" if not column else "right")
    base = statistics.median(taken["tipin, cold text"])
    for name, times in taken.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        table.add_row(name, f"{p50:.2f}", f"{p95:.2f}", f"{p50 / base:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
