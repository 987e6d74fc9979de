"""The fonts of one file, or of one block of a file: which glyphs it shows, and the objects that embed them.

A glyph's CID is its own number wherever it says what it always says (`text/glyph.py`). All other pairs of
shape and text are numbered here, in the order in which they are first shown: the same outline may stand for
a space here and a no-break space there, and text extraction gives back exactly what the card says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import numpy as np

from app.domain.profile import PressProfile
from app.errors import RenderError
from app.pdf.file.objects import ObjectFile
from app.pdf.file.picture_font import write_picture_font
from app.pdf.file.syntax import number
from app.pdf.file.to_unicode import to_unicode
from app.pdf.file.truetype import font_program
from app.pdf.text.columns.arrays import Indices
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import Face, Shape
from app.pdf.text.glyph import Glyph
from app.pdf.text.place import SetText
from app.pdf.text.run import Run

_SYMBOLIC = 4
_shape = attrgetter("shape")


class FontUse:
    """One font of one file. CID 0 is `.notdef`, which is never shown."""

    digits = 4
    """Hexadecimal digits of a code."""

    def __init__(self, face: Face) -> None:
        """Nothing is shown yet."""
        self.face = face
        self.shown: set[Run] = set()
        self._given: dict[tuple[Shape, str], int] = {}

    def code(self, run: Run) -> str:
        """The run's code, with the CIDs that this file gives put in."""
        return run.code % self.codes((run,)) if run.late else run.code

    def codes(self, runs: Iterable[Run]) -> tuple[str, ...]:
        """The codes of those glyphs of runs to which this file gives their CIDs."""
        return tuple(f"{self._give(glyph):0{self.digits}X}" for run in runs for glyph in run.late)

    def _give(self, glyph: Glyph) -> int:
        key = (glyph.shape, glyph.text)
        cid = self._given.get(key)
        if cid is None:
            cid = self._given[key] = self.face.glyphs.first_free + len(self._given)
            if cid >= 1 << 4 * self.digits:
                raise RenderError(
                    f"{self.face.name} would show more than {len(self._given):,} combinations of letters",
                    mend="write fewer records into one file",
                )
        return cid

    def write(self, file: ObjectFile) -> int:
        """Write the Type0 font (ISO 32000-2, 9.7.6) and all below it; gives its object number."""
        face, glyphs = self.face, self._glyphs()
        shapes = dict.fromkeys([0, *map(_shape, glyphs.values())])
        place = {shape: index for index, shape in enumerate(shapes)}
        program = font_program(face, list(shapes))
        said = to_unicode(self._said(glyphs), digits=self.digits)
        widths = _widths(glyphs)
        font_name = f"{_tag(face, said, widths)}+{face.postscript_name}"
        embedded = file.add_stream(program.data, f"/Length1 {len(program.data)}")
        cids = list(glyphs)
        mapping = np.zeros(cids[-1] + 1, dtype=">u2")
        mapping[cids] = [place[glyph.shape] for glyph in glyphs.values()]
        cid_to_gid = file.add_stream(mapping.tobytes())
        unicode_map = file.add_stream(said)
        per_mille = 1000 / face.units
        box = " ".join(number(corner * per_mille) for corner in program.box)
        ascent, descent, cap = (number(length * per_mille) for length in face.vertical_metrics)
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName/{font_name}/Flags {_SYMBOLIC}/FontBBox[{box}]"
            f"/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight {cap}/StemV 80"
            f"/FontFile2 {embedded} 0 R>>"
        )
        descendant = file.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font_name}"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/CIDToGIDMap {cid_to_gid} 0 R"
            f"/DW {number(face.advance(0) * per_mille)}/W[{widths}]>>"
        )
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{font_name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode_map} 0 R>>"
        )

    def _said(self, glyphs: Mapping[int, Glyph]) -> Iterator[tuple[str, str]]:
        """Each code, and what it says; a glyph's own code is spelled out already."""
        for cid, glyph in glyphs.items():
            yield glyph.code if glyph.cid else f"{cid:04X}", glyph.unicode

    def _glyphs(self) -> dict[int, Glyph]:
        """What is shown by CID, in the order of the CIDs."""
        shown = set[Glyph]().union(*(run.glyphs for run in self.shown))
        by_cid = {glyph.cid or self._give(glyph): glyph for glyph in shown}
        return dict(sorted(by_cid.items()))


def _resource(use: FontUse) -> str:
    return use.face.resource


def _tag(face: Face, said: bytes, widths: str) -> str:
    """Six capitals that name this subset by what its codes say and their widths (ISO 32000-2, 9.9.2)."""
    digest = hashlib.blake2b(said + f"{face.name} {widths}".encode("ascii"), digest_size=6).digest()
    return "".join(chr(65 + byte % 26) for byte in digest)


def _widths(glyphs: dict[int, Glyph]) -> str:
    """The entries of `W`: each CID that follows the one before shares its list."""
    parts: list[str] = []
    last = -2
    for cid, glyph in glyphs.items():
        parts.append(f" {glyph.width}" if cid == last + 1 else f"]{cid}[{glyph.width}")
        last = cid
    return "".join(parts)[1:] + "]"


class PictureUse(FontUse):
    """The use of a font of pictures, whose codes the file gives, in one byte each."""

    digits = 2

    def __init__(self, face: EmojiPage, profile: PressProfile) -> None:
        """`profile` is what the pictures are printed by."""
        super().__init__(face)
        self._page, self._profile = face, profile

    def write(self, file: ObjectFile) -> int:
        """Write the Type 3 font and its images; gives its object number."""
        return write_picture_font(file, self._page, list(self._given), self._profile)


class FontUses:
    """Every font of one file or block."""

    def __init__(self, profile: PressProfile) -> None:
        """None yet. `profile` is what the file is printed by."""
        self._profile = profile
        self._uses: dict[Face, FontUse] = {}
        self.noted: set[SetText] = set()
        """Texts that stand on many cards and are all noted."""
        self.rows: list[Indices] = []
        """Rows of words that are shown (`text/columns/words.py`), and not yet noted as runs."""

    def of(self, face: Face) -> FontUse:
        """The file's use of a font."""
        use = self._uses.get(face)
        if use is None:
            use = PictureUse(face, self._profile) if isinstance(face, EmojiPage) else FontUse(face)
            self._uses[face] = use
        return use

    def note(self, runs: Sequence[Run]) -> None:
        """Note runs that are shown."""
        for face in dict.fromkeys(run.face for run in runs):
            self.of(face).shown.update([run for run in runs if run.face is face])

    def write(self, file: ObjectFile) -> str:
        """Write all fonts; gives the `/Font` entry of the pages' resources, or "" where there are none."""
        uses = sorted(self._uses.values(), key=_resource)
        entries = "".join(f"/{use.face.resource} {use.write(file)} 0 R" for use in uses)
        return f"/Font<<{entries}>>" if entries else ""
