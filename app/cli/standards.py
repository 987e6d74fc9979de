"""The standards by their names on the command line."""

from __future__ import annotations

from enum import StrEnum

from app.domain.profile import Standard


class StandardName(StrEnum):
    """A standard's name on the command line."""

    PDFX4 = "pdfx4"
    PDFVT1 = "pdfvt1"
    PDFX1A = "pdfx1a"

    @property
    def standard(self) -> Standard:
        """The standard itself."""
        return {"pdfx4": Standard.PDF_X4, "pdfvt1": Standard.PDF_VT1, "pdfx1a": Standard.PDF_X1A}[self.value]
