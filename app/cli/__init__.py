"""The command line: `tipin COMMAND`. One command, or one group, a module."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="tipin",
    help="Personal insert cards for on-demand print plants.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def main() -> None:
    """Personal insert cards for on-demand print plants."""
