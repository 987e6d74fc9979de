"""`tipin brand`: brands, their settings in force, and what was changed when by whom."""

from __future__ import annotations

import getpass
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.complaints import explain
from app.domain.brand_settings import SettingsVersion
from app.errors import TipinError
from app.registry.json_document import pointer
from app.services.brand_desk import BrandDesk
from app.services.show_settings import Origin, show_settings
from app.settings import Settings
from app.wiring import open_brand_desk

brand = typer.Typer(help="Brands and their settings.", no_args_is_help=True)

BrandArgument = Annotated[str, typer.Argument(help="The brand's code.")]
WhyOption = Annotated[str, typer.Option(help="The reason, for the history.")]


@brand.callback()
def about() -> None:
    """Settings override brand.toml; each save is a version, in force at once in every process."""


@brand.command("list")
def list_brands() -> None:
    """List brands with the version of their settings."""
    with _opened() as desk, desk.store.reading() as tx:
        for found in desk.brands.all(tx).values():
            typer.echo(f"{found.code}\t{found.name}\tversion {found.settings_version}")


@brand.command("show")
def show(
    *,
    code: BrandArgument,
    key: Annotated[str, typer.Argument(help="Only what is under this key, such as policy.holdout.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the settings in force, and where each comes from."""
    with _opened() as desk, desk.store.reading() as tx:
        shown = show_settings(tx, desk.brands, code)
    wanted = tuple(key.split(".")) if key else ()
    under = [path for path in shown.origins if path[: len(wanted)] == wanted]
    if not under:
        raise typer.BadParameter(f"there is no {key!r} in the settings", param_hint="KEY")
    if as_json:
        typer.echo(_json(shown.document, indent=1))
        return
    for path in under:
        value: Any = shown.document
        for part in path:
            value = value[part]
        typer.echo(f"{'.'.join(path)} = {_json(value)}  ({_origin(shown.origins[path])})")


@brand.command("set")
def change(
    code: BrandArgument,
    values: Annotated[
        list[str],
        typer.Argument(metavar="KEY=VALUE…", help="Such as policy.holdout=0.2 or policy.milestones=[5,23]."),
    ],
    why: WhyOption = "",
) -> None:
    """Change settings. A value is JSON, or text; null gives it back to brand.toml."""
    patch: dict[str, Any] = {}
    for said in values:
        _put(patch, said)
    with _opened() as desk, desk.store.transaction() as tx:
        onto = desk.brands(tx, code).settings_version
        _tell(onto, desk.save(tx, code, patch, onto=onto, who=_who(), why=why))


@brand.command("history")
def history(
    code: BrandArgument,
    limit: Annotated[int, typer.Option(min=1, help="How many versions, from the latest.")] = 20,
) -> None:
    """Show who changed what, when and why; the latest first."""
    with _opened() as desk, desk.store.reading() as tx:
        versions = tx.settings.page(desk.brands(tx, code).code, limit=limit)
    for version in versions:
        _print_version(version)


@brand.command("revert")
def revert(
    code: BrandArgument,
    version: Annotated[int, typer.Argument(min=0, help="0: brand.toml alone.")],
    why: WhyOption = "",
) -> None:
    """Put an earlier version in force again, as a new version."""
    with _opened() as desk, desk.store.transaction() as tx:
        onto = desk.brands(tx, code).settings_version
        _tell(onto, desk.save.revert(tx, code, version, onto=onto, who=_who(), why=why))


@brand.command("create")
def create(
    code: BrandArgument,
    file: Annotated[
        Path, typer.Argument(help="The brand as in a brand.toml, or as .json.", exists=True, dir_okay=False)
    ],
    why: WhyOption = "",
) -> None:
    """Make a brand that needs no folder, from its document."""
    text = file.read_text(encoding="utf-8-sig")
    try:
        document = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise typer.BadParameter(f"{file}: {error}", param_hint="FILE") from error
    document = json.loads(json.dumps(document, default=str))
    with _opened() as desk, desk.store.transaction() as tx:
        desk.create(tx, code, document, who=_who(), why=why)
    typer.echo(f"{code} is made and takes orders")


@contextmanager
def _opened() -> Iterator[BrandDesk]:
    """The parts; what goes wrong is told, and ends the command."""
    try:
        desk = open_brand_desk(Settings.read())
        try:
            yield desk
        finally:
            desk.store.close()
    except TipinError as error:
        explain(Console(stderr=True, soft_wrap=True), error)
        raise typer.Exit(1) from error


def _put(patch: dict[str, Any], said: str) -> None:
    key, equals, text = said.partition("=")
    if not equals or not all(parts := key.split(".")):
        raise typer.BadParameter(f"{said!r} is no KEY=VALUE")
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = text
    for part in parts[:-1]:
        patch = patch.setdefault(part, {})
        if not isinstance(patch, dict):
            raise typer.BadParameter(f"{key} is within another value that is given")
    patch[parts[-1]] = value


def _tell(before: int, now: int) -> None:
    typer.echo(f"version {now} is in force" if now != before else f"nothing differs from version {before}")


def _print_version(version: SettingsVersion) -> None:
    again = f", as version {version.reverts_to}" if version.reverts_to is not None else ""
    why = f": {version.why}" if version.why else ""
    typer.echo(f"version {version.version}  {version.at:%Y-%m-%d %H:%M} UTC  {version.who}{again}{why}")
    for change in version.changes:
        typer.echo(f"  {pointer(change.path)}: {_json(change.before)} → {_json(change.after)}")


def _origin(origin: Origin) -> str:
    return origin.place if origin.version is None else f"version {origin.version.version}"


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _who() -> str:
    """Whoever is at the command line: their name on this machine."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
