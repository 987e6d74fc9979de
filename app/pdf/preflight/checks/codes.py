"""QR, Data Matrix and bar codes: whether a phone and the bench's scanner will read them."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.units import millimetres
from app.pdf.preflight.check import check
from app.pdf.preflight.matrix_codes import at_modules, quiet_zone_of
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import PlacedCode, Subject

_FULL, _NOTHING = 0.99, 0.01
_TOLERANCE = 0.005
"""mm."""


def _finding(says: str, mend: str, found: PlacedCode) -> Finding:
    place = found.page.box(found.code.bounds)
    return Finding(says, mend, found.page.number, place, found.code.kind.title)


@check("Codes are full black on white", content=True)
def codes_black_on_white(subject: Subject) -> Iterator[Finding]:
    """Any other ink blurs the edges, or is invisible to a scanner's red light."""
    for found in subject.codes:
        code, ink = found.code, found.ink
        total, black = at_modules(code, ink.total()), at_modules(code, ink.ink("Black"))
        dark_right = (black[code.modules] >= _FULL).all() and (total[code.modules] <= 1 + _NOTHING).all()
        if not dark_right:
            yield _finding("its dark modules are not black ink alone", "draw it in K 100 %", found)
        if (total[~code.modules] > _NOTHING).any():
            yield _finding("there is ink under its light modules", "put it on white paper", found)


@check("Codes have their quiet zone", content=True)
def codes_quiet_zone(subject: Subject) -> Iterator[Finding]:
    """No ink within four modules of a QR, one of a Data Matrix, ten beside a Code 128, 7 to 11 of an EAN."""
    for found in subject.codes:
        code = found.code
        if (quiet_zone_of(code, found.ink) > _NOTHING).any():
            needed = max(code.kind.quiet) * millimetres(code.module)
            mend = "keep that much white paper around it"
            yield _finding(f"there is ink nearer than {needed:.1f} mm", mend, found)


@check("Codes can be read", content=True)
def codes_readable(subject: Subject) -> Iterator[Finding]:
    """Decoded from the modules as drawn."""
    for found in subject.codes:
        if not found.code.reads():
            yield _finding("it cannot be decoded", "make the code anew", found)


@check("Codes are large enough", content=True)
def codes_large_enough(subject: Subject) -> Iterator[Finding]:
    """The profile's smallest module."""
    smallest = subject.profile.smallest_module
    for found in subject.codes:
        size = millimetres(found.code.module)
        if size < smallest - _TOLERANCE:
            says = f"its modules are {size:.3f} mm, {smallest:g} mm are asked for"
            yield _finding(says, "print it larger", found)
