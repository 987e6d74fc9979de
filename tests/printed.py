"""Every sample record on paper, for the tests that ask other programs what they see in our files."""

from __future__ import annotations

import hashlib
import io
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import pikepdf

from app.domain.card import Card
from app.domain.profile import PressProfile, Standard
from app.domain.template import CardTemplate
from app.pdf.batch.block import BlockWriter
from app.pdf.batch.book import Book
from app.pdf.batch.numbers import Numbers
from app.pdf.compiled import Look, compile_beginning
from app.pdf.engine import Renderer
from app.pdf.file.fonts import FontUses
from app.pdf.file.identity import Identity
from app.pdf.stamp import Stamper
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import SampleCard, sample_cards
from tests.families import BUILT_IN, BUILT_IN_BRANDS
from tests.programs import need, need_java


@dataclass(frozen=True, slots=True)
class Printed:
    """A sample card's own file."""

    path: Path
    template: CardTemplate
    card: Card
    profile: PressProfile


@dataclass(frozen=True, slots=True)
class Run:
    """Sample cards of a template in one file: side by side by the card, in the order of `cards`."""

    path: Path
    template: CardTemplate
    cards: list[Card]
    profile: PressProfile

    def page_of(self, place: int, side: int) -> int:
        """The page, from 1, of a card's side."""
        return place * len(self.template.sides) + side + 1


def samples_of(template: CardTemplate) -> list[SampleCard]:
    """Each sample record of a template in each brand's name, in the first wording that it fills."""
    found: dict[tuple[str, str], SampleCard] = {}
    for brand in BUILT_IN_BRANDS.values():
        for sample in sample_cards(template, brand):
            record = sample.name.removesuffix(f"-{sample.card.wordings[0].variant}")
            found.setdefault((brand.code, record), sample)
    return list(found.values())


def print_samples(folder: Path, every: int = 1) -> list[Printed]:
    """Sample records of every template, each as a file of its own; `every` takes one of so many."""
    profiles = load_profiles(PROFILES)
    renderer = Renderer(fonts=own_fonts(), profiles=profiles)
    printed: list[Printed] = []
    for template in BUILT_IN.values():
        for sample in samples_of(template)[::every]:
            path = folder / f"{sample.name}.pdf"
            path.write_bytes(renderer.render(template, sample.card, sample.signature))
            printed.append(Printed(path, template, sample.card, profiles[template.profile]))
    return printed


def print_run(folder: Path, template: CardTemplate, standard: Standard, part: slice = slice(None)) -> Run:
    """Every sample record of a template, or a part of them, in one file of a standard.

    Each language is a block, since readers open all fonts of a page's block for each page anew.
    """
    profile = replace(load_profiles(PROFILES)[template.profile], standard=standard)
    samples = sorted(samples_of(template)[part], key=lambda one: one.card.language)
    looks = {Look.of(template, one.card).key: (Look.of(template, one.card), one.signature) for one in samples}
    beginning = compile_beginning(profile, looks.values())
    compiled = dict(zip(looks, beginning.looks, strict=True))
    blocks = [list(group) for _, group in groupby(samples, key=lambda one: one.card.language)]
    numbers = Numbers(
        standard=standard,
        shared=len(beginning.prefix.offsets),
        blocks=len(blocks),
        records=max(map(len, blocks)),
        sides=len(template.sides),
    )
    stamper = Stamper(Typefaces(own_fonts()))
    path = folder / f"{template.name}-{standard.name}-{part.start or 0}.pdf"
    with path.open("wb") as out:
        book = Book(out, io.BytesIO(), beginning, numbers)
        for index, block in enumerate(blocks):
            writer = BlockWriter(numbers.block(index, len(block)), template, parts=numbers.has_parts)
            uses = FontUses(beginning.profile)
            for sample in block:
                look = compiled[Look.of(template, sample.card).key]
                writer.add(sample.card.id, stamper.stamp(sample.card, look, uses))
            book.add(index, writer.finish(uses, [one for look in beginning.looks for one in look.shared]))
        identity = Identity(
            standard=standard, key="samples", title="Samples", made_at=samples[0].card.made_at
        )
        book.finish(identity, None)
    return Run(path, template, [one.card for one in samples], profile)


def said(program: str, *arguments: str | Path) -> str:
    """What a program prints; it must succeed and say nothing on its error stream."""
    done = run(program, arguments)
    assert done.returncode == 0, done.stderr or done.stdout
    assert done.stderr == ""
    return done.stdout


def run(program: str, arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """The finished program, whatever it says; skips the test where it is not installed."""
    command = [need(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)


_NOT_OURS = ("2.", "3.1.11", "5.", "7.")
"""What PDF/A asks and PDF/X does not: RGB, no transparency, a CIDSet, its own annotations and XMP."""


def pdfbox_faults(*paths: Path) -> dict[str, dict[str, str | None]]:
    """What PDFBox has against the fonts, syntax and structure of files: by their names, then by its codes.

    One Java looks at all of them, and compiles no more than it must: it is started for a few seconds.
    """
    java, classes = need_java()
    listed = paths[0].with_suffix(".list")
    listed.write_text("".join(f"{path}\n" for path in paths))
    frugal = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    validator = "org.apache.pdfbox.preflight.Validator_A1b"
    said(java, *frugal, "-cp", classes, validator, "xml", "group", listed)
    told = ET.parse(f"{listed}.preflight.xml").getroot().findall("preflight")
    assert [one.get("name") for one in told] == [path.name for path in paths]
    return {one.get("name", ""): _faults(one) for one in told}


def _faults(told: ET.Element) -> dict[str, str | None]:
    found = {one.findtext("code", ""): one.findtext("details") for one in told.iter("error")}
    assert "2.1.3" in found, "it always finds that the output intent is not for PDF/A"
    return {code: says for code, says in found.items() if not code.startswith(_NOT_OURS)}


def drawings(run: Run) -> list[bytes]:
    """A digest for each card of all that its pages draw and draw with: equal ones are equal byte for byte."""
    known: dict[tuple[int, int], bytes] = {}
    with pikepdf.open(run.path) as pdf:
        pages = [
            _digest(_resources(page.obj), known) + _digest(page.obj.Contents, known) for page in pdf.pages
        ]
    sides = len(run.template.sides)
    return [b"".join(pages[first : first + sides]) for first in range(0, len(pages), sides)]


def _resources(page: pikepdf.Object) -> pikepdf.Object:
    while "/Resources" not in page:
        page = page.Parent
    return page.Resources


def _digest(found: object, known: dict[tuple[int, int], bytes]) -> bytes:
    """Of a PDF object with all that it leads to; `known` keeps those of indirect objects."""
    if not isinstance(found, pikepdf.Object):
        return repr(found).encode()
    if found.is_indirect and found.objgen in known:
        return known[found.objgen]
    digest = hashlib.sha256()
    if isinstance(found, pikepdf.Array):
        for each in found:
            digest.update(_digest(each, known))
    elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        # PDF/VT says of shared objects that they are shared, and of images that they keep their inks.
        for key in sorted(key for key in found.keys() if key != "/Intent" and not key.startswith("/GTS_")):  # noqa: SIM118  no mapping
            digest.update(key.encode() + _digest(found[key], known))
        digest.update(found.read_raw_bytes() if isinstance(found, pikepdf.Stream) else b"")
    else:
        digest.update(found.unparse())
    if found.is_indirect:
        known[found.objgen] = digest.digest()
    return digest.digest()
