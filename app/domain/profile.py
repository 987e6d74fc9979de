"""A press profile: the standard, colour and limits that a printed file must keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.domain.sheet import SHEETS, Size


class Standard(StrEnum):
    """The file standard that a profile asks for."""

    PDF_X4 = "PDF/X-4"
    PDF_VT1 = "PDF/VT-1"
    """PDF/X-4 of many records, with a tree that says which pages are whose (ISO 16612-2)."""
    PDF_X1A = "PDF/X-1a:2003"
    """For old front ends: PDF 1.4 without transparency and layers (ISO 15930-4)."""

    @property
    def pdf_version(self) -> str:
        """The version that the file's header says."""
        return "1.4" if self is Standard.PDF_X1A else "1.6"

    @property
    def pdfx_version(self) -> str:
        """`GTS_PDFXVersion`: a PDF/VT-1 file says that it is PDF/X-4, and in its own key what else it is."""
        return Standard.PDF_X4.value if self is Standard.PDF_VT1 else self.value


class Severity(StrEnum):
    """What a preflight check's finding means."""

    ERROR = "error"
    """The file is stopped."""
    WARNING = "warning"
    OFF = "off"
    """The check is not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressProfile:
    """What `print_templates/profiles/NAME.toml` says. Lengths in mm, ink in percent, resolution in ppi."""

    name: str
    title: str
    standard: Standard
    icc: Path
    output_condition: str
    """`OutputConditionIdentifier`, such as FOGRA39."""
    registry: str
    """`RegistryName` where the condition is registered, else empty."""
    info: str
    bleed: float
    """Smallest bleed around the trim."""
    safe: float
    """Nothing that must be read stands nearer to the trim; a template may ask for more."""
    ink_limit: float
    """Largest mean sum of inks in any window, in percent."""
    ink_window: float
    """Side of that window in mm."""
    resolution_error: float
    resolution_warning: float
    """Effective resolution of photos, in ppi: under it a warning, under `resolution_error` an error."""
    smallest_reversed_text: float
    """Smallest white or multi-ink text in pt before a warning."""
    thinnest_reversed_line: float
    """Thinnest white or multi-ink line in pt before a warning."""
    black_text_below: float
    """Black text under this size (pt) is one ink and overprints."""
    heavy_text_black: float
    heavy_text_ink: float
    """Text with at least `heavy_text_black` and over `heavy_text_ink` in all process inks: a warning."""
    smallest_module: float
    """Smallest module of a QR or Data Matrix code."""
    sheet: Size = SHEETS["SRA3"]
    """What pieces are ganged on, as it lies in the file."""
    sheet_margin: float = 4.0
    """What the press cannot print at each edge of a sheet."""
    severities: Mapping[str, Severity] = field(default_factory=dict, hash=False)
    """What this plant makes of a check's findings, by the check's name; other checks keep their own."""
