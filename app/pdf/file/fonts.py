"""The fonts of one file, or of one block of a file: which glyphs it shows, and the objects that embed them.

A glyph's CID is its own number wherever it says what it always says (`text/glyph.py`). All other pairs of
shape and text are numbered here, in the order in which they are first shown: the same outline may stand for
a space here and a no-break space there, and text extraction gives back exactly what the card says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.profile import PressProfile
from app.errors import RenderError
from app.pdf.file.font_objects import FontObjects, font_objects
from app.pdf.file.objects import ObjectFile
from app.pdf.file.picture_font import write_picture_font
from app.pdf.file.ready_fonts import is_letter, ready_font
from app.pdf.text.columns.arrays import Indices
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import Face, Shape
from app.pdf.text.glyph import Glyph
from app.pdf.text.operators import CLOSE, OPEN, choose_font
from app.pdf.text.place import SetText
from app.pdf.text.run import Run


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

    def entry(self, file: ObjectFile) -> str:
        """Write the font and all below it; gives its entry in the pages' resources."""
        return f"/{self.face.resource} {self._objects(self._shown_glyphs()).write(file)} 0 R"

    def _shown_glyphs(self) -> set[Glyph]:
        return set[Glyph]().union(*(run.glyphs for run in self.shown))

    def _objects(self, shown: Iterable[Glyph]) -> FontObjects:
        by_cid = {glyph.cid or self._give(glyph): glyph for glyph in shown}
        return font_objects(self.face, dict(sorted(by_cid.items())))


def _resource(use: FontUse) -> str:
    return use.face.resource


class ReadyUse(FontUse):
    """The use of a font by one card, for which a ready-made subset does.

    A letter that the font makes of several shapes, as most hands do with their accents, is in none: it looks
    as its neighbours ask. Those shown are in a second, small font, and the text changes fonts for them.
    """

    def __init__(self, face: Face) -> None:
        """Nothing is shown yet."""
        super().__init__(face)
        self._apart: dict[Glyph, int] = {}

    def codes(self, runs: Iterable[Run]) -> tuple[str, ...]:
        """The codes of glyphs to which this file gives their CIDs, with the change of fonts."""
        return tuple(self._code(glyph) for run in runs for glyph in run.late)

    def _code(self, glyph: Glyph) -> str:
        if not is_letter(glyph.text):
            return f"{self._give(glyph):04X}"
        cid = self._apart.setdefault(glyph, len(self._apart) + 1)
        apart, back = choose_font(self.face, self._second), choose_font(self.face)
        return f"{CLOSE}{apart}{OPEN}{cid:04X}{CLOSE}{back}{OPEN}"

    @property
    def _second(self) -> str:
        """What the pages call the second font: no face's own name has a plus sign that is not spelled out."""
        return f"{self.face.resource}+"

    def entry(self, file: ObjectFile) -> str:
        """Write the fonts; gives their entries."""
        shown = self._shown_glyphs() - self._apart.keys()
        font = (ready_font(self.face, shown) or self._objects(shown)).write(file)
        entry = f"/{self.face.resource} {font} 0 R"
        if self._apart:
            letters = {cid: glyph for glyph, cid in self._apart.items()}
            entry += f"/{self._second} {font_objects(self.face, letters).write(file)} 0 R"
        return entry


class PictureUse(FontUse):
    """The use of a font of pictures, whose codes the file gives, in one byte each."""

    digits = 2

    def __init__(self, face: EmojiPage, profile: PressProfile) -> None:
        """`profile` is what the pictures are printed by."""
        super().__init__(face)
        self._page, self._profile = face, profile

    def entry(self, file: ObjectFile) -> str:
        """Write the Type 3 font and its images; gives its entry."""
        font = write_picture_font(file, self._page, list(self._given), self._profile)
        return f"/{self.face.resource} {font} 0 R"


class FontUses:
    """Every font of one file or block."""

    def __init__(self, profile: PressProfile, *, ready: bool = False) -> None:
        """None yet.

        Args:
            profile: what the file is printed by.
            ready: whether ready-made subsets of fonts do, as in a file that shows little of each.
        """
        self._profile = profile
        self._ready = ready
        self._uses: dict[Face, FontUse] = {}
        self.noted: set[SetText] = set()
        """Texts that stand on many cards and are all noted."""
        self.rows: list[Indices] = []
        """Rows of words that are shown (`text/columns/words.py`), and not yet noted as runs."""

    def of(self, face: Face) -> FontUse:
        """The file's use of a font."""
        use = self._uses.get(face)
        if use is None:
            use = self._uses[face] = self._new(face)
        return use

    def _new(self, face: Face) -> FontUse:
        if isinstance(face, EmojiPage):
            return PictureUse(face, self._profile)
        return ReadyUse(face) if self._ready else FontUse(face)

    def note(self, runs: Sequence[Run]) -> None:
        """Note runs that are shown."""
        for face in dict.fromkeys(run.face for run in runs):
            self.of(face).shown.update([run for run in runs if run.face is face])

    def write(self, file: ObjectFile) -> str:
        """Write all fonts; gives the `/Font` entry of the pages' resources, or "" where there are none."""
        uses = sorted(self._uses.values(), key=_resource)
        entries = "".join(use.entry(file) for use in uses)
        return f"/Font<<{entries}>>" if entries else ""
