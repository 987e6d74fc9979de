"""What stands on an item besides its pictures: the order's words, and the code that the bench scans.

Words are set as cards' are: smaller down to their frame's least, and then refused, never cut short. What
belongs to the object turns over with it where the print is laid on face down; a code on what is cut away is
read on the sheet itself, and does not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

from app.domain.geometry import Box
from app.domain.product import BLACK, CodePlace, Cover, Inks, ItemText, Panel, Product, TextFrame
from app.domain.profile import PressProfile
from app.domain.template import Align, VerticalAlign
from app.domain.units import points
from app.errors import MissingGlyph, TextDoesNotFit
from app.pdf.codes.data_matrix import DATA_MATRIX_QUIET_ZONE, data_matrix_modules
from app.pdf.codes.matrix import matrix_codes
from app.pdf.draw import OVERPRINT, shown_operators, text_state
from app.pdf.file.fonts import FontUses
from app.pdf.stamp import check_emoji
from app.pdf.text.area import Area, Measure
from app.pdf.text.clean import clean
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.hand import Hand
from app.pdf.text.paragraph import Setting
from app.pdf.text.place import SetText
from app.pdf.text.setter import Setter
from app.pdf.typefaces import HAND, Typefaces

_APART = 0.8
"""mm between the code and the piece's name."""
_NAME = TextFrame(
    says=ItemText.NAME,
    box=Box(0, 0, 0, 0),
    typeface="print",
    size=(4.0, 5.5),
    leading=2.2,
    tracking=10,
    align=Align.START,
)
"""How the piece's name is set beside its code."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What is to stand on an item.

    `code` is what its Data Matrix says and `name` what people read beside it; without a code there is
    neither. `hand` is the brand's typeface role of handwriting, which `seed` varies.
    """

    texts: Mapping[ItemText, str]
    code: str = ""
    name: str = ""
    language: str = "en"
    hand: str = HAND
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PanelPrint:
    """One panel's: where its picture leaves room, and operators in pt of the page.

    `turning` belongs to the object and `lying` to the sheet; both as they are read.
    """

    covers: tuple[Cover, ...] = ()
    turning: str = ""
    lying: str = ""


@dataclass(frozen=True, slots=True)
class SetImprint:
    """An imprint that is set, with the fonts that it shows."""

    panels: tuple[PanelPrint, ...]
    uses: FontUses


class Imprinter:
    """Sets imprints. One serves a whole process, whatever its threads; what it keeps never changes one."""

    def __init__(self, typefaces: Typefaces) -> None:
        """Fonts are opened on first use."""
        self._typefaces = typefaces
        self._setter = Setter()
        self._turn = Lock()

    def set(self, product: Product, imprint: Imprint, profile: PressProfile) -> SetImprint:
        """Set what an item says; the same input gives the same operators.

        Raises:
            TextDoesNotFit: a text fits its frame at no size, or the product has no frame for it.
            MissingGlyph: a character cannot be drawn.
            ArtworkUnusable: an emoji would be too coarse, or the code too small.
            SetupError: a frame names a typeface that this plant does not have.
        """
        _require_places(product, imprint)
        with self._turn:
            uses = FontUses(profile)
            panels = tuple(self._panel(product, panel, imprint, profile, uses) for panel in product.panels)
        return SetImprint(panels, uses)

    def _panel(
        self, product: Product, panel: Panel, imprint: Imprint, profile: PressProfile, uses: FontUses
    ) -> PanelPrint:
        shown = [(frame, imprint.texts[frame.says]) for frame in panel.texts if imprint.texts.get(frame.says)]
        turning = [self._text(product, frame, said, imprint, profile, uses) for frame, said in shown]
        lying = ""
        if imprint.code and (code := product.code) is not None and code.panel in {"", panel.name}:
            drawn = self._code(product, code, imprint, profile, uses)
            turning, lying = ([*turning, drawn], "") if code.on_piece else (turning, drawn)
        covers = [frame.cover for frame, _ in shown if frame.cover is not None]
        if code_cover := _code_cover(product, panel, imprint):
            covers.append(code_cover)
        return PanelPrint(tuple(covers), "".join(turning), lying)

    def _text(  # noqa: PLR0917 - what a text is set with
        self,
        product: Product,
        frame: TextFrame,
        said: str,
        imprint: Imprint,
        profile: PressProfile,
        uses: FontUses,
    ) -> str:
        place = f"the {frame.says} on {product.title}"
        text = self._set(product, frame, said, imprint, place)
        if text is None:
            raise _too_long(frame, said, place)
        _require_printable(product, text, place)
        check_emoji(text, profile, place)
        return _shown(product, frame, text, profile, uses)

    def _code(
        self, product: Product, code: CodePlace, imprint: Imprint, profile: PressProfile, uses: FontUses
    ) -> str:
        """The Data Matrix, and the piece's name beside or under it, in one line or else in two."""
        box, name_box = _code_boxes(code.box)
        (matrix,) = matrix_codes(
            f"the bench code on {product.title}",
            DATA_MATRIX_QUIET_ZONE,
            [data_matrix_modules(imprint.code)],
        )
        drawn = matrix.operators(_area(product, box), profile).decode("ascii")
        frame = replace(
            _NAME,
            box=name_box,
            align=Align.START if name_box.y == box.y else Align.CENTRE,
            vertical=VerticalAlign.MIDDLE if name_box.y == box.y else VerticalAlign.TOP,
        )
        for said in _broken(imprint.name):
            text = self._set(
                product, frame, said, imprint, "the piece's name", safe=name_box.inset(-_APART / 2)
            )
            if text is not None:
                return drawn + _shown(product, frame, text, profile, uses)
        raise _too_long(frame, imprint.name, f"the piece's name beside the code on {product.title}")

    def _set(
        self,
        product: Product,
        frame: TextFrame,
        said: str,
        imprint: Imprint,
        place: str,
        *,
        safe: Box | None = None,
    ) -> SetText | None:
        surface = product.surface
        cleaned = clean(said, place).strip()
        written = frame.typeface == HAND
        typeface = (
            self._typefaces.written(imprint.hand, imprint.language)
            if written
            else self._typefaces.printed(frame.typeface, imprint.language, frame.tracking)
        )
        if typeface.chain.emoji is not None:
            cleaned = typeface.chain.emoji.settled(cleaned)
        hand = Hand(imprint.seed, frame.says.value) if written else None
        measure = Measure(
            area=_area(product, frame.box),
            safe=_area(product, safe or surface.trim.inset(surface.safe)),
            align=frame.align,
            vertical=frame.vertical,
            smallest=frame.size[0],
            largest=frame.size[1],
            leading=points(frame.leading),
            even=frame.align is Align.CENTRE,
            place=place,
        )
        setting = Setting(typeface, _base(cleaned), hand)
        return self._setter.set_one(Wanted(cleaned, setting, measure, measure.largest))


def _require_places(product: Product, imprint: Imprint) -> None:
    for says, said in imprint.texts.items():
        if said.strip() and says not in product.says:
            raise TextDoesNotFit(
                f"the order asks for a {says}, and {product.title} has no place for one",
                mend=f"leave it out, or give the product a frame that says {says}",
                frame=f"the {says} on {product.title}",
            )


def _require_printable(product: Product, text: SetText, place: str) -> None:
    """Refuse emoji where there is one ink: they are pictures in four."""
    if product.inks is Inks.BLACK and any(
        isinstance(run.face, EmojiPage) for line in text.lines for run in line.runs
    ):
        raise MissingGlyph(
            f"{place} has an emoji, and is printed in one tone", mend="take the emoji out", frame=place
        )


def _too_long(frame: TextFrame, said: str, place: str) -> TextDoesNotFit:
    box = frame.box
    return TextDoesNotFit(
        f"{place} has {len(said)} characters, too many for its {box.width:g} × {box.height:g} mm even at "
        f"{frame.size[0]:g} pt",
        mend="shorten it",
        frame=place,
    )


def _shown(product: Product, frame: TextFrame, text: SetText, profile: PressProfile, uses: FontUses) -> str:
    state = text_state(frame.ink, text.size, profile.black_text_below)
    if product.white is not None and frame.ink == BLACK and not state.startswith(f"/{OVERPRINT}"):
        state = f"/{OVERPRINT} gs {state}"  # the white under it is to stay
    return f"q {state}\nBT\n{shown_operators(text, uses)}ET Q\n"


def _area(product: Product, box: Box) -> Area:
    """A box of the trim, in mm downwards, as an area of the page, in pt upwards."""
    media = product.media
    return Area(
        points(box.x - media.x),
        points(media.bottom - box.bottom),
        points(box.right - media.x),
        points(media.bottom - box.y),
    )


def _code_boxes(box: Box) -> tuple[Box, Box]:
    """Where the code stands and where the piece's name, in the box of both."""
    side = min(box.width, box.height)
    if box.width > box.height:
        return Box(box.x, box.y, side, side), Box(
            box.x + side + _APART, box.y, box.width - side - _APART, side
        )
    return Box(box.x, box.y, side, side), Box(box.x, box.y + side, side, box.height - side)


def _code_cover(product: Product, panel: Panel, imprint: Imprint) -> Cover | None:
    """What a code on the piece needs of bare surface, where a picture would be under it."""
    code = product.code
    if not imprint.code or code is None or not code.on_piece or code.panel not in {"", panel.name}:
        return None
    return Cover(box=code.box) if panel.pictures else None


def _broken(name: str) -> Iterator[str]:
    """A name as it may be shown: whole, or in two lines of much the same length."""
    yield name
    half = (len(name) + 1) // 2
    yield f"{name[:half]}\n{name[half:]}"


@lru_cache(maxsize=1024)
def _base(text: str) -> int:
    """The level of a text that comes without a language of its own: as its first letter runs (UAX 9, P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L" or kind in _RIGHT_TO_LEFT:
            return int(kind in _RIGHT_TO_LEFT)
    return 0
