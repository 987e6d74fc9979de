"""A card template: what a folder in `print_templates/cards/` says, checked and typed.

A template is a family: the same two sides for every occasion, with the art and the wordings chosen by
occasion. All lengths in mm from the trim's top-left corner, except type sizes (pt) and tracking (1/1000 em).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal

from app.domain.geometry import Box
from app.domain.language import ANY, lookups
from app.domain.policy import Intent
from app.domain.units import millimetres

GENERIC = "generic"
"""The occasion of the wordings that say nothing of the customer's history: every order can have them."""
ANY_OCCASION = "*"
"""Stands for every occasion that has no art of its own."""
GIFT = "gift"
"""The occasion of the wordings that speak to a gift's recipient, of whom nothing but the name is known."""
_LINE_BELOW = 1.3
"""Height of the line of text under a bar code, in type sizes."""
ErrorLevel = Literal["L", "M", "Q", "H"]
"""How much of a QR may be lost: 7, 15, 25, 30 %."""


class Stage(StrEnum):
    """How well the customer and the brand know each other."""

    NEW = "new"
    RETURNING = "returning"
    REGULAR = "regular"


class Role(StrEnum):
    """What a frame holds."""

    # The texts of each card are found by these: a string's own hash takes a tenth of an Enum's.
    __hash__ = str.__hash__

    HEADLINE = "headline"
    """The front's one short line."""
    GREETING = "greeting"
    MESSAGE = "message"
    SIGNATURE = "signature"
    """The signer's scanned signature (or their name in the hand where no scan exists)."""
    SIGNER = "signer"
    """The signer's name and role, in the printed face."""
    FACTS = "facts"
    """One quiet line in the printed face, such as the brand's imprint."""
    QR = "qr"
    QR_LABEL = "qr_label"
    DATA_MATRIX = "data_matrix"
    JOB_CODE = "job_code"
    CODE_128 = "code_128"
    EAN = "ean"
    """An EAN-13, EAN-8 or UPC-A, by how many digits it has."""


CODES: Mapping[Role, str] = {
    Role.QR: "QR code",
    Role.DATA_MATRIX: "Data Matrix",
    Role.CODE_128: "Code 128",
    Role.EAN: "EAN",
}
"""The roles that machines read, with their names for people."""
BAR_CODES = frozenset({Role.CODE_128, Role.EAN})
"""Those of bars, which may have their text below."""


class Align(StrEnum):
    """Horizontal alignment; start and end follow the language's direction."""

    START = "start"
    END = "end"
    CENTRE = "centre"
    JUSTIFY = "justify"
    """Both edges straight, by wider spaces; a paragraph's last line stands at the start."""


class VerticalAlign(StrEnum):
    """Vertical alignment in the frame."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOptions:
    """How a code is made."""

    content: str | None = None
    """An ICU pattern over slots, `url` and `bench_code`; None for the card's link, or its bench code."""
    error: ErrorLevel = "M"
    """Of a QR."""
    quiet: float = 0.0
    """Free modules on each side, where they are more than the code's kind needs."""
    bar_height: float | None = None
    """Of a bar code, in mm; None for all that its frame has."""
    label: bool = True
    """Whether the text stands under the bars."""
    gs1: bool = False
    """Whether a Code 128 says GS1 element strings, such as `(01)09501101530003(10)A1`."""
    check_digit: Literal["given", "added"] = "given"
    """Whether the content of an EAN ends in its check digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where one role stands on a side, and how it is set.

    `typeface` is a role in `fonts/manifest.toml` ("hand", "print", …). `size` is (smallest, largest) in pt:
    text starts at the largest and goes down. `leading` is in mm at the largest size and shrinks with the
    type. `colour` names a palette token. A frame mirrored for right-to-left languages keeps
    its distance from the other edge when `mirror` is set. A frame that `follows` a text moves up with that
    text's last line where the text leaves lines of its own frame free, as a signature stands under a note.
    With `hyphenate` a line may end within a word that is written in lower case; names are never divided.
    """

    role: Role
    box: Box
    typeface: str = "print"
    size: tuple[float, float] = (8.0, 8.0)
    leading: float = 4.5
    tracking: float = 0.0
    colour: str = "ink"
    align: Align = Align.START
    vertical: VerticalAlign = VerticalAlign.TOP
    mirror: bool = True
    follows: Role | None = None
    code: CodeOptions = CodeOptions()
    hyphenate: bool = False

    @property
    def line_below(self) -> float:
        """Height in mm of the line of text under a bar code; 0 where it has none."""
        return _LINE_BELOW * millimetres(self.size[1]) if self.code.label else 0.0


Focus = tuple[float, float]
"""The point of a picture that stays in view where its edges are cut off: 0 to 1 from its top-left corner."""
CENTRE: Focus = (0.5, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG in a box of a side, over the side's art and under its texts. It fills the box."""

    path: Path
    box: Box
    focus: Focus = CENTRE


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a card: its art, by occasion ("*" for all others), its pictures and its frames.

    `art` maps an occasion's code to one of these.

    - An SVG whose coordinates are mm over the bleed box (origin at the bleed's top-left). Its classes
      `fill-TOKEN` and `stroke-TOKEN` name palette tokens.
    - A PDF of one page in inks of its own, as large as the trim with its bleed.
    - A JPEG in CMYK or grey, which fills the bleed box around `focus`.
    """

    name: str
    art: Mapping[str, Path]
    frames: tuple[Frame, ...]
    focus: Focus = CENTRE
    pictures: tuple[Picture, ...] = ()
    photo: Box | None = None
    """Where the customer's own photo stands, over all else but the texts; None where it has no place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One wording: ICU MessageFormat patterns over typed slots.

    `requires` names slots that must be present and not empty; without them the variant is not eligible. The
    greeting may name `given_name` besides: without a name `greeting_unnamed` stands in.
    `stages` limits it to relationship stages (new, returning, regular); empty means all. `shorter` is the id
    of a shorter wording to fall back to when this one does not fit. A wording in `ANY` language has no words
    of its own: whole sentences come with the record, in the record's language. `intents` says what it wants
    of its reader; more than one only where the brand allows that.
    """

    id: str
    occasion: str
    language: str
    headline: str
    greeting: str
    message: str
    requires: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    shorter: str | None = None
    intents: frozenset[Intent] = frozenset({Intent.NOTE})
    greeting_unnamed: str = ""
    """Greets where no name is known, so that every wording can do without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample record: slot values with the language and occasion that they go with."""

    name: str
    occasion: str
    language: str
    slots: Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTemplate:
    """A whole template. `slot_types` maps a slot's name to "text" or "number"."""

    name: str
    title: str
    folder: Path
    trim: tuple[float, float]
    bleed: float
    safe: float
    grid: float
    profile: str
    stock: str
    sides: tuple[Side, ...]
    slot_types: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    """Language → label name (such as `qr_label`, `signer`) → pattern."""
    variants: tuple[Variant, ...]
    samples: tuple[Sample, ...]
    quality: str = ""
    """What its cards are printed with: see `domain.finishing`. Empty: as the target is set."""
    finishings: tuple[str, ...] = ()
    """What the press does to each card beside what the target asks for."""
    paired: CardTemplate | None = None
    """The same card with the customer's photo on it: other art and frames, the same words."""
    _own: Mapping[str, tuple[Variant, ...]] = field(init=False, repr=False, compare=False)
    """The wordings by the language that they were written in."""

    def __post_init__(self) -> None:
        """Sort the wordings once: each order asks for those of its language several times."""
        own = {
            language: tuple(v for v in self.variants if v.language == language) for language in self.languages
        }
        object.__setattr__(self, "_own", own)

    @property
    def trim_box(self) -> Box:
        """The trim in its own coordinates."""
        return Box(0.0, 0.0, *self.trim)

    @property
    def photo(self) -> Box | None:
        """Where the customer's photo stands on its paired card; None where it has none."""
        sides = self.paired.sides if self.paired else ()
        return next((side.photo for side in sides if side.photo is not None), None)

    @property
    def languages(self) -> frozenset[str]:
        """Languages that have wordings of their own; `ANY` where words come with the record."""
        return frozenset(v.language for v in self.variants)

    @property
    def takes_any_language(self) -> bool:
        """Whether it has wordings whose words come with each record."""
        return ANY in self.languages

    def speaks(self, language: str) -> bool:
        """Whether a card can be made in a language."""
        return language in self.languages or self.takes_any_language

    def speaking(self, language: str) -> tuple[Variant, ...]:
        """The wordings for cards in a language: its own, or those that take their words from the record."""
        own = self._own.get(language)
        return own or tuple(replace(v, language=language) for v in self._own.get(ANY, ()))

    def variant(self, variant_id: str, language: str) -> Variant:
        """The wording of that id for cards in that language.

        Raises:
            KeyError: the template has none.
        """
        for candidate in self.speaking(language):
            if candidate.id == variant_id:
                return candidate
        raise KeyError(f"{self.name} has no wording {variant_id!r} in {language!r}")

    def label(self, name: str, language: str) -> str | None:
        """A label's pattern in a language, or the one for any language; None where nothing is to be said."""
        return next((said for tag in lookups(language) if (said := self.labels.get(tag, {}).get(name))), None)
