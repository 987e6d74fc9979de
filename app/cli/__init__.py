"""The command line: `tipin COMMAND`. One command, or one group, a module."""

from __future__ import annotations

import typer

from app.cli import access
from app.cli.check_templates import check_templates
from app.cli.demo import demo
from app.cli.history import history
from app.cli.preflight import preflight_files
from app.cli.serve import serve
from app.cli.tag import tag
from app.cli.webhooks import webhooks
from app.cli.work import work

app = typer.Typer(
    name="tipin",
    help="Personal insert cards for on-demand print plants.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def main() -> None:
    """Personal insert cards for on-demand print plants."""


app.command()(check_templates)
app.command("preflight")(preflight_files)
app.command()(demo)
app.command()(serve)
app.command()(tag)
app.command()(work)
app.add_typer(history, name="history")
app.add_typer(access.keys, name="keys")
app.add_typer(access.hooks, name="hooks")
app.add_typer(access.operators, name="operators")
app.add_typer(webhooks, name="webhooks")
