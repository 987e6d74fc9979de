"""`tipin preview`: a file's pages as pictures: as printed, plate by plate, or as a map of its ink."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from app.domain.profile import PressProfile
from app.errors import PreviewFailed, SetupError
from app.pdf.preflight.profiles import open_profiles
from app.pdf.preview import InkLimit, Intent, MostInk, Picture, View, Wanted, draw
from app.settings import Settings


def preview(
    file: Annotated[Path, typer.Argument(help="A PDF file.", exists=True, dir_okay=False)],
    *,
    out: Annotated[Path, typer.Option(help="Folder for the pictures (PNG).")],
    view: Annotated[
        list[View] | None, typer.Option(help="What to draw; may be given several times. [default: proof]")
    ] = None,
    dpi: Annotated[float, typer.Option(min=10, max=600, help="Resolution.")] = 150,
    page: Annotated[
        list[int] | None, typer.Option(min=1, help="Only this page; may be given several times.")
    ] = None,
    ink: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this ink in proof and separations, such as Cyan; may be given several times."
        ),
    ] = None,
    intent: Annotated[
        Intent, typer.Option(help="A proof with the paper's white, or with the screen's.")
    ] = Intent.ABSOLUTE,
    profile: Annotated[
        str | None, typer.Option(help="Press profile for colour and ink limit; else the file's own colour.")
    ] = None,
    trim: Annotated[bool, typer.Option("--trim", help="Cut off the bleed.")] = False,
) -> None:
    """Draw a file's pages. Exits with 1 where one cannot be drawn."""
    console = Console(highlight=False, stderr=True)
    press = None if profile is None else _press(profile)
    limit = InkLimit.of(press)
    icc = b"" if press is None else press.icc.read_bytes()
    out.mkdir(parents=True, exist_ok=True)
    for one in track(view or [View.PROOF], description="Drawing", console=console, transient=True):
        wanted = Wanted(
            view=one,
            dpi=dpi,
            area="trim" if trim else "bleed",
            file="png",
            pages=tuple(page or ()),
            inks=tuple(ink or ()),
            intent=intent,
            limit=limit,
            icc=icc,
        )
        try:
            pictures = draw(file.read_bytes(), wanted)
        except PreviewFailed as failed:
            console.print(f"[red]✗[/] {escape(str(file))}: {escape(failed.detail)}")
            console.print(f"  [dim]→ {escape(failed.mend)}; --page and --dpi draw less of it[/]")
            raise typer.Exit(1) from failed
        for picture in pictures:
            _write(out, file.stem, one, picture, limit)


def _press(name: str) -> PressProfile:
    folder = Settings.read().profiles_dir
    try:
        profiles = open_profiles(folder)
    except SetupError as error:
        raise typer.BadParameter(f"{error.detail}: {error.mend}", param_hint="--profile") from error
    if name not in profiles:
        raise typer.BadParameter(f"use one of: {', '.join(profiles)}", param_hint="--profile")
    return profiles[name]


def _write(folder: Path, stem: str, view: View, picture: Picture, limit: InkLimit) -> None:
    ink = re.sub(r"[^\w-]+", "-", picture.ink)
    path = folder / ("-".join(filter(None, (stem, str(picture.page), view, ink))) + ".png")
    path.write_bytes(picture.content)
    said = "" if picture.most is None else f"  {_most(picture.most, limit)}"
    typer.echo(f"{path}{said}")


def _most(most: MostInk, limit: InkLimit) -> str:
    over = "over" if most.percent > limit.percent else "within"
    return (
        f"{most.percent:.0f} % at most in a square of {limit.window:g} mm, {over} the limit of "
        f"{limit.percent:g} %: {most.x:.1f} mm from the left, {most.y:.1f} mm from the top; "
        f"a single pixel up to {most.peak:.0f} %"
    )
