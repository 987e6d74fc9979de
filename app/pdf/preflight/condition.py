"""What a file says it is made for."""

from __future__ import annotations

from pathlib import Path

import pikepdf


def output_condition_of(path: Path) -> str | None:
    """The only output intent's `OutputConditionIdentifier`; None where a file has none or cannot be read."""
    try:
        with pikepdf.open(path) as pdf:
            (intent,) = pdf.Root.OutputIntents
            return str(intent.OutputConditionIdentifier)
    except (pikepdf.PdfError, OSError, AttributeError, ValueError, TypeError):
        return None
