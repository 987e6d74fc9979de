"""White, black and thin things: how inks meet (GWG 2022 in spirit)."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.profile import Severity
from app.pdf.preflight.check import check
from app.pdf.preflight.content.marks import ImageMark, Look, Mark, PathMark, TextMark
from app.pdf.preflight.content.paint import Paint
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Page, Subject

_BLACK_ENOUGH = 0.95
_RICH = 3.0
_ROUNDING = 0.02


def _texts(subject: Subject) -> Iterator[tuple[Page, TextMark]]:
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            if isinstance(mark, TextMark) and mark.filled:
                yield page, mark


def _finding(says: str, mend: str, page: Page, mark: Mark) -> Finding:
    name = f"font {mark.font.name}" if isinstance(mark, TextMark) else mark.inside
    return Finding(says, mend, page.number, page.box(mark.bounds), name)


@check("White does not overprint", content=True)
def white_knocks_out(subject: Subject) -> Iterator[Finding]:
    """An overprinting white vanishes at the press, though screens show it."""
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            if any(paint.white and overprints for paint, overprints in _painted_with(mark)):
                yield _finding("it is white and overprints", "switch overprint off", page, mark)


def _painted_with(mark: Mark) -> Iterator[tuple[Paint, bool]]:
    look = mark.look
    fills = isinstance(mark, PathMark | TextMark) and mark.filled
    if fills or (isinstance(mark, ImageMark) and mark.stencil):
        yield look.fill, look.fill_overprints
    if isinstance(mark, PathMark | TextMark) and mark.stroked:
        yield look.stroke, look.stroke_overprints


def _is_black(paint: Paint) -> bool:
    return paint.measured and (paint.black >= _BLACK_ENOUGH or paint.process_total >= _RICH)


def _small_black(subject: Subject) -> Iterator[tuple[Page, TextMark]]:
    for page, mark in _texts(subject):
        if mark.size < subject.profile.black_text_below - _ROUNDING and _is_black(mark.look.fill):
            yield page, mark


@check("Small black text is black ink alone", content=True)
def black_text_one_ink(subject: Subject) -> Iterator[Finding]:
    """Four inks never meet exactly: small text gets coloured edges."""
    for page, mark in _small_black(subject):
        if not mark.look.fill.pure_black:
            yield _finding(
                f"black text of {mark.size:.1f} pt has more than full black", "use K 100 %", page, mark
            )


@check("Small black text overprints", content=True)
def black_text_overprints(subject: Subject) -> Iterator[Finding]:
    """Else a white edge shows where the sheet is off by a hair."""
    for page, mark in _small_black(subject):
        if mark.look.fill.pure_black and not _overprints_black(mark.look):
            yield _finding(
                f"black text of {mark.size:.1f} pt knocks out",
                "set op true and OPM 1, in DeviceCMYK or a spot Black",
                page,
                mark,
            )


def _overprints_black(look: Look) -> bool:
    """In DeviceCMYK only OPM 1 leaves the other inks alone (ISO 32000-1, 8.6.7); DeviceGray never does."""
    family = look.fill.space.family
    if family == "DeviceCMYK":
        return look.fill_overprints and look.overprint_mode == 1
    return look.fill_overprints and family in ("Separation", "DeviceN")


@check("Dark text does not carry too much ink", Severity.WARNING, content=True)
def heavy_text(subject: Subject) -> Iterator[Finding]:
    """Text with much black over the profile's sum sets off on the next sheet."""
    profile = subject.profile
    for page, mark in _texts(subject):
        paint = mark.look.fill
        heavy = paint.process_total * 100 > profile.heavy_text_ink + _ROUNDING
        if paint.measured and heavy and paint.black * 100 >= profile.heavy_text_black:
            yield _finding(f"text with {paint.process_total * 100:.0f} % ink", "take colour out", page, mark)


def _fills_in(paint: Paint) -> bool:
    """Whether a small thing in this colour closes up or blurs: white on ink, or of several inks."""
    return paint.measured and (paint.white or paint.colours > 1)


@check("White and coloured text is large enough", Severity.WARNING, content=True)
def reversed_text_size(subject: Subject) -> Iterator[Finding]:
    """Under the profile's size, white fills in and several inks blur."""
    smallest = subject.profile.smallest_reversed_text
    for page, mark in _texts(subject):
        if mark.size < smallest - _ROUNDING and _fills_in(mark.look.fill):
            yield _finding(
                f"{mark.size:.1f} pt in white or several inks",
                f"set it in {smallest:g} pt or one ink",
                page,
                mark,
            )


@check("White and coloured lines are thick enough", Severity.WARNING, content=True)
def reversed_line_width(subject: Subject) -> Iterator[Finding]:
    """Under the profile's width, they break up."""
    thinnest = subject.profile.thinnest_reversed_line
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            if not isinstance(mark, PathMark | TextMark) or not mark.stroked:
                continue
            if mark.line_width < thinnest - _ROUNDING / 2 and _fills_in(mark.look.stroke):
                yield _finding(
                    f"{mark.line_width:.2f} pt in white or several inks",
                    f"draw it {thinnest:g} pt thick or in one ink",
                    page,
                    mark,
                )
