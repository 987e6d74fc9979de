"""The file under preflight: opened once, its parts read when a check first asks."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Self

import pikepdf

from app.domain.geometry import Box
from app.domain.profile import PressProfile
from app.domain.units import millimetres, points
from app.pdf.preflight.bar_codes import bar_codes_of
from app.pdf.preflight.content.interpreter import Budget, Interpreter, TooMuchContent
from app.pdf.preflight.content.marks import Fault, Painted
from app.pdf.preflight.content.matrix import Bounds, grown
from app.pdf.preflight.content.typeface import Typeface
from app.pdf.preflight.icc import IccFacts, icc_facts
from app.pdf.preflight.images import InkImages
from app.pdf.preflight.limits import LARGEST_FILE, MOST_OBJECTS, MOST_PAGES, STRANGE, bound_qpdf
from app.pdf.preflight.matrix_codes import Code, codes_of, ink_around
from app.pdf.preflight.objects import entries, inherited, nested_dictionaries, rectangle, table
from app.pdf.preflight.parts import Tree, read_tree
from app.pdf.preflight.raster import InkRaster
from app.pdf.preflight.report import Finding
from app.pdf.preflight.xmp import Xmp

_NO_BOX: Bounds = (0.0, 0.0, 0.0, 0.0)


class Unreadable(Exception):
    """The file cannot be opened, or is beyond what is checked."""


@dataclass(slots=True)
class Streamed:
    """What was found in a merged file too large to be opened whole, of which the subject is an excerpt."""

    page_numbers: Sequence[int]
    """Of the excerpt's pages, in the whole file."""
    parts: Tree | None = None
    syntax: list[Finding] = field(default_factory=list)
    page_tree: list[Finding] = field(default_factory=list)
    fonts: list[Finding] = field(default_factory=list)


@dataclass
class Page:
    """One page with its boxes in points. `number` counts from 1 in the file that was asked about."""

    number: int
    page: pikepdf.Page
    media: Bounds
    trim: Bounds
    bleed: Bounds
    interpreter: Callable[[Bounds], Interpreter]

    @cached_property
    def painted(self) -> Painted:
        """What its content paints.

        Raises:
            Unreadable: it is more than is checked.
        """
        interpreter = self.interpreter(self.media)
        try:
            interpreter.run_page(self.page)
        except TooMuchContent as error:
            raise Unreadable(f"the content is too much to be checked: {error}") from error
        # The content check reports it; the other checks still run on what was read.
        except STRANGE as error:
            interpreter.painted.faults.append(Fault("content", f"the content cannot be read: {error}"))
        return interpreter.painted

    def box(self, bounds: Bounds) -> Box:
        """Bounds as a box in mm from the trim's top-left corner, y downwards."""
        left, bottom, right, top = bounds
        return Box(
            millimetres(left - self.trim[0]),
            millimetres(self.trim[3] - top),
            millimetres(right - left),
            millimetres(top - bottom),
        )


@dataclass(slots=True)
class PlacedCode:
    """A code, and the ink on it and around it."""

    page: Page
    code: Code
    ink: InkRaster


class Subject:
    """The file and the profile that it is checked against.

    Args:
        data: the whole file.
        profile: the press profile.
        safe: mm inside the trim that live content keeps; the template's own, or the profile's.
        streamed: where `data` are an excerpt of a large file, what was found in the rest.

    Raises:
        Unreadable: it cannot be opened, or is beyond what is checked.
    """

    def __init__(
        self, data: bytes, profile: PressProfile, safe: float, *, streamed: Streamed | None = None
    ) -> None:
        bound_qpdf()
        if len(data) > LARGEST_FILE:
            raise Unreadable(f"the file has {len(data):,} bytes; up to {LARGEST_FILE:,} are checked")
        self.data = data
        self.profile = profile
        self.safe = safe
        self.streamed = streamed
        try:
            self.pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
        except pikepdf.PasswordError as error:
            raise Unreadable("the file is encrypted and cannot be opened") from error
        except STRANGE as error:
            raise Unreadable(f"the file cannot be opened: {error}") from error
        self.painted_pages: list[Page] = []
        """The pages whose content is looked at."""
        self.budget = Budget()
        self.typefaces: dict[tuple[int, int], Typeface] = {}
        self.ink_images = InkImages()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.pdf.close()

    @property
    def root(self) -> pikepdf.Object:
        """The catalogue."""
        return self.pdf.Root

    @cached_property
    def pages(self) -> list[Page]:
        """Every page; what one paints is read when it is first asked for.

        Raises:
            Unreadable: the page tree is broken, or has more pages than are checked.
        """
        try:
            if len(self.pdf.objects) > MOST_OBJECTS or len(self.pdf.pages) > MOST_PAGES:
                raise Unreadable(f"more than {MOST_OBJECTS:,} objects or {MOST_PAGES:,} pages")
            return [self._page(place, page) for place, page in enumerate(self.pdf.pages)]
        except STRANGE as error:
            raise Unreadable(f"the pages cannot be read: {error}") from error

    def _page(self, place: int, page: pikepdf.Page) -> Page:
        media = rectangle(inherited(page, "/MediaBox")) or _NO_BOX
        trim = rectangle(page.obj.get("/TrimBox")) or rectangle(page.obj.get("/ArtBox")) or media
        bleed = rectangle(page.obj.get("/BleedBox")) or trim
        number = place + 1 if self.streamed is None else self.streamed.page_numbers[place]
        return Page(number, page, media, trim, bleed, self._interpreter)

    def _interpreter(self, media: Bounds) -> Interpreter:
        return Interpreter(media, self.budget, self.typefaces)

    def look_at(self, numbers: Collection[int] | None) -> None:
        """Read what these pages paint, all where None; the content checks ask about no others.

        Raises:
            Unreadable: it is more than is checked.
        """
        self.painted_pages = [page for page in self.pages if numbers is None or page.number in numbers]
        for page in self.painted_pages:
            _ = page.painted

    def object_of(self, number: int) -> tuple[int, int] | None:
        """The object of the page of a number."""
        return next((page.page.obj.objgen for page in self.pages if page.number == number), None)

    @cached_property
    def codes(self) -> list[PlacedCode]:
        """Every QR, Data Matrix and bar code of every page."""
        return [
            PlacedCode(page, code, ink_around(code, page.painted.marks))
            for page in self.painted_pages
            for code in (*codes_of(page.painted.marks), *bar_codes_of(page.painted.marks))
        ]

    def safe_area(self, page: Page) -> Bounds:
        """Where live content may stand, in points."""
        return grown(page.trim, -points(self.safe))

    @cached_property
    def parts(self) -> Tree | None:
        """The document parts; None where the catalogue does not lead to them, which has its own check."""
        return read_tree(self.pdf) if self.streamed is None else self.streamed.parts

    @cached_property
    def xmp(self) -> Xmp | None:
        """The document's XMP; None where it is missing or broken, which has its own check."""
        stream = self.root.get("/Metadata")
        if not isinstance(stream, pikepdf.Stream):
            return None
        try:
            return Xmp(stream.read_bytes())
        except ValueError:
            return None

    @cached_property
    def output_intents(self) -> list[pikepdf.Object]:
        """The catalogue's output intents."""
        return entries(self.root.get("/OutputIntents"))

    @cached_property
    def output_profiles(self) -> list[tuple[pikepdf.Stream, IccFacts]]:
        """The ICC profiles embedded for output."""
        embedded = [table(intent).get("/DestOutputProfile") for intent in self.output_intents]
        return [(found, icc_facts(found)) for found in embedded if isinstance(found, pikepdf.Stream)]

    @cached_property
    def dictionaries(self) -> list[tuple[tuple[int, int], pikepdf.Object]]:
        """Every dictionary and stream of the file, nested ones too, with the object that it stands in."""
        return [(top.objgen, inner) for top in self.pdf.objects for inner in nested_dictionaries(top)]
