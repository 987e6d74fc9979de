"""The command line: `tipin COMMAND`. One command, or one group, a module.

A command's module is imported when the command is called: `tipin tag` need not wait for the web server, nor
`tipin keys` for the print engine.
"""

from __future__ import annotations

import importlib
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup
from typer.main import get_command, get_group

from app.cli.complaints import explain
from app.errors import SetupError

COMMANDS = {
    "brand": "brand:brand",
    "check-templates": "check_templates:check_templates",
    "demo": "demo:demo",
    "gang": "gang:gang",
    "history": "history:history",
    "hooks": "access:hooks",
    "keys": "access:keys",
    "operators": "access:operators",
    "photos": "photos:photos",
    "preflight": "preflight:preflight_files",
    "preview": "preview:preview",
    "render": "render:render",
    "serve": "serve:serve",
    "simulate": "simulate:simulate",
    "tag": "tag:tag",
    "webhooks": "webhooks:webhooks",
    "work": "work:work",
}
"""Each command's module in this package, and what it is there: a function, or a `Typer` with several."""


class _Commands(TyperGroup):
    """The commands by name, loaded one by one."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- typer's signature
        """Names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 -- typer's signature
        """The command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command = _command(getattr(importlib.import_module(f"{__name__}.{module}"), attribute))
        command.name = cmd_name
        return command

    def invoke(self, ctx: Any) -> Any:
        """Call the command. What is wrong with the plant's own settings and files is told, not raised.

        Raises:
            typer.Exit: it was.
        """
        try:
            return super().invoke(ctx)
        except SetupError as error:
            explain(Console(stderr=True, soft_wrap=True), error)
            raise typer.Exit(1) from error


def _command(found: Any) -> Any:
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    alone.command()(found)
    return get_command(alone)


app = typer.Typer(
    name="tipin",
    cls=_Commands,
    help="Personal insert cards for on-demand print plants.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def main() -> None:
    """Personal insert cards for on-demand print plants."""
