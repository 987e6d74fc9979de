"""Reads what a page paints. Importing the operator modules fills the interpreter's table."""

from app.pdf.preflight.content import (
    operators_object,
    operators_path,
    operators_state,
    operators_text,
)

__all__ = ["operators_object", "operators_path", "operators_state", "operators_text"]
