"""Renders and preflights sample cards, in as many processes as the machine has processors."""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import cast

from PIL import Image

from app.domain.geometry import Box
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.domain.units import MM_PER_INCH
from app.errors import RenderError
from app.pdf.batch.handed import Handed
from app.pdf.engine import Renderer
from app.pdf.preflight import Outcome, preflight
from app.pdf.preview import Wanted, pages
from app.registry.fonts import own_fonts
from app.services.sample_cards import SampleCard

SHEET_DPI = 60
_Parts = tuple[Mapping[str, CardTemplate], Mapping[str, PressProfile], Path | None]
_PPI = 300.0
_INKS = (55, 45, 40, 10)
"""Percent of each ink at the foot of the picture that stands in for a photo."""
_CHUNK = 4
"""Cards that a process takes at once."""


class Verdict(StrEnum):
    """What became of a card."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a card: on which side, what (a preflight check or a frame), and the mend."""

    side: str
    what: str
    says: str
    mend: str

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.side, self.what, self.says) if part)
        return f"{place} ({self.mend})" if self.mend else place


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCard:
    """A sample card with its verdict. `sides` are pictures (PNG) where any were wanted."""

    sample: SampleCard
    template: str
    verdict: Verdict
    faults: tuple[Fault, ...]
    sides: tuple[bytes, ...] = ()


class CheckCards:
    """Checks one card after the other.

    Args:
        templates: by name.
        profiles: by name.
        out: where PDFs go, a folder a template; None for nowhere, and then no pictures are drawn either.
    """

    def __init__(
        self,
        templates: Mapping[str, CardTemplate],
        profiles: Mapping[str, PressProfile],
        out: Path | None = None,
    ) -> None:
        self._templates = templates
        self._profiles = profiles
        self._out = out
        self.parts: _Parts = (templates, profiles, out)
        """What another process needs to make the same."""
        self._renderer = Renderer(fonts=own_fonts(), profiles=profiles)

    def __call__(self, sample: SampleCard) -> CheckedCard:
        """Render and preflight a card; whatever is wrong with it becomes its faults."""
        template = self._templates[sample.card.template]
        looks, photo = template, None
        if sample.paired and template.paired and template.photo:
            looks, photo = template.paired, stand_in(template.photo, self._profiles[template.profile])
        try:
            pdf = self._renderer.render(looks, sample.card, sample.signature, photo)
        except RenderError as error:
            fault = Fault(side="", what=error.frame, says=error.detail, mend=error.mend)
            return CheckedCard(sample=sample, template=template.name, verdict=Verdict.FAILED, faults=(fault,))
        report = preflight(pdf, self._profiles[template.profile], safe=template.safe)
        verdict = Verdict.WARNED if report.warnings else Verdict.PASSED
        return CheckedCard(
            sample=sample,
            template=template.name,
            verdict=verdict if report.passed else Verdict.FAILED,
            faults=tuple(_faults((*report.errors, *report.warnings), template)),
            sides=self._kept(sample, template, pdf),
        )

    def _kept(self, sample: SampleCard, template: CardTemplate, pdf: bytes) -> tuple[bytes, ...]:
        if self._out is None:
            return ()
        folder = self._out / template.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{sample.name}.pdf").write_bytes(pdf)
        # Our own file, in a process of one thread: pdfium may be called right here.
        pictures = pages.draw(pdf, Wanted(dpi=SHEET_DPI, area="trim", file="png"))
        return tuple(picture.content for picture in pictures)


@lru_cache(maxsize=8)
def stand_in(place: Box, profile: PressProfile) -> bytes:
    """A picture in the press's inks where a customer's photo will be: light above, darker below.

    Args:
        place: the photo's, mm.
        profile: of the press; the picture is finer than it warns of.
    """
    dots = max(_PPI, profile.resolution_warning) / MM_PER_INCH
    size = math.ceil(place.width * dots), math.ceil(place.height * dots)
    falling = Image.linear_gradient("L").resize(size)
    inks = [falling.point(lambda value, most=most: value * most // 100) for most in _INKS]
    out = io.BytesIO()
    Image.merge("CMYK", inks).save(out, "JPEG", quality=85, subsampling=0)
    return out.getvalue()


def check_cards(samples: Sequence[SampleCard], check: CheckCards, *, workers: int) -> Iterator[CheckedCard]:
    """Check cards in their order, by `workers` processes; one works in this process."""
    if workers == 1 or len(samples) <= _CHUNK:
        yield from map(check, samples)
        return
    # Started anew rather than forked: nothing of this process's threads or pdfium goes along.
    with (
        Handed(check.parts, Path(tempfile.gettempdir())) as parts,
        ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=_start, initargs=(cast("_Parts", parts),)
        ) as pool,
    ):
        yield from pool.map(_check_here, samples, chunksize=_CHUNK)


def _faults(outcomes: Sequence[Outcome], template: CardTemplate) -> Iterator[Fault]:
    for outcome in outcomes:
        for finding in outcome.findings:
            known = finding.page is not None and finding.page <= len(template.sides)
            side = template.sides[(finding.page or 1) - 1].name if known else ""
            place = f" ({finding.where})" if finding.where else ""
            yield Fault(side=side, what=outcome.name, says=f"{finding.says}{place}", mend=finding.mend)


_checks: list[CheckCards] = []
"""The one of this process, where it is a worker."""


def _start(parts: _Parts) -> None:
    _checks[:] = [CheckCards(*parts)]


def _check_here(sample: SampleCard) -> CheckedCard:
    return _checks[0](sample)
