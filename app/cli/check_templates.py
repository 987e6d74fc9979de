"""`tipin check-templates`: every sample of every template in every wording, rendered or refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from app.domain.template import CardTemplate
from app.errors import RenderError
from app.pdf.contact_sheet import contact_sheet
from app.pdf.engine import Renderer
from app.pdf.preflight.profiles import open_profiles
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import load_fonts
from app.registry.places import BRANDS, CARDS, FONTS
from app.services.sample_cards import SampleCard, sample_cards
from app.settings import Settings

_SHEET = 24
"""Cards on one contact sheet."""
_COLUMNS = 4
_DPI = 60


def check_templates(
    template: Annotated[str, typer.Argument(help="A template's name; all templates if left out.")] = "",
    brand: Annotated[str, typer.Option(help="Only this brand.")] = "",
    language: Annotated[str, typer.Option(help="Only this language, such as de.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the PDFs and contact sheets.")] = None,
    *,
    list_only: Annotated[bool, typer.Option("--list", help="Only name the cards.")] = False,
) -> None:
    """Render every sample record of the card templates in every wording, and say what does not fit."""
    console = Console(stderr=True)
    settings = Settings()
    chosen = [
        (family, sample)
        for family, sample in _samples(settings)
        if template in {"", family.name}
        and (not brand or f"-{brand}-" in sample.name)
        and language in {"", sample.card.language}
    ]
    if list_only:
        typer.echo("\n".join(sample.name for _, sample in chosen))
        return
    done, faults = _render(chosen, settings, console)
    if out is not None:
        _write(out, done)
    for name, fault in faults.items():
        console.print(f"[red]{name}[/red]: {fault.detail}" + (f" ({fault.mend})" if fault.mend else ""))
    console.print(f"{len(done)} rendered, {len(faults)} refused")
    if faults or not chosen:
        raise typer.Exit(1)


def _samples(settings: Settings) -> Iterator[tuple[CardTemplate, SampleCard]]:
    own_cards = (settings.cards_dir,) if settings.cards_dir else ()
    own_brands = (settings.brands_dir,) if settings.brands_dir else ()
    templates = load_cards(CARDS, *own_cards)
    for brand in load_brands(BRANDS, *own_brands).values():
        for family in templates.values():
            if family.name == brand.template or family.takes_any_language:
                for sample in sample_cards(family, brand):
                    yield family, sample


def _render(
    chosen: list[tuple[CardTemplate, SampleCard]], settings: Settings, console: Console
) -> tuple[dict[str, bytes], dict[str, RenderError]]:
    renderer = Renderer(fonts=load_fonts(FONTS), profiles=open_profiles(settings.profiles_dir))
    done: dict[str, bytes] = {}
    faults: dict[str, RenderError] = {}
    for family, sample in track(chosen, description="Rendering", console=console):
        try:
            done[sample.name] = renderer.render(family, sample.card, sample.signature)
        except RenderError as fault:
            faults[sample.name] = fault
    return done, faults


def _write(folder: Path, done: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, pdf in done.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    names = sorted(done)
    for number, start in enumerate(range(0, len(names), _SHEET), start=1):
        pdfs = [done[name] for name in names[start : start + _SHEET]]
        sheet = folder / f"sheet-{number:02}.png"
        sheet.write_bytes(contact_sheet(pdfs, dpi=_DPI, columns=_COLUMNS))
