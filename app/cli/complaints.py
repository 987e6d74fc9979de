"""How the command line says what went wrong."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from app.errors import TipinError


def explain(console: Console, error: TipinError | OSError) -> None:
    """What is wrong, where, and the mend."""
    if isinstance(error, OSError):
        console.print(f"[red]{escape(error.strerror or str(error))}[/]: {escape(str(error.filename or ''))}")
        return
    console.print(f"[red]{error.title}[/]: {escape(error.detail)}", highlight=False)
    for violation in error.violations:
        line = f"  {violation.pointer}: {'; '.join(filter(None, [violation.detail, violation.mend]))}"
        console.print(escape(line), highlight=False)
    if error.mend:
        console.print(escape(error.mend), highlight=False)
