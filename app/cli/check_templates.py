"""`tipin check-templates`: every sample of every template, rendered and preflighted in every brand's name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from app import occasions
from app.domain.occasion import Occasion, OccasionKind
from app.domain.template import CardTemplate
from app.errors import SetupError, TipinError
from app.pdf.art.check import check_art
from app.pdf.contact_sheet import ContactSheets, SheetCard
from app.pdf.preflight.profiles import open_profiles
from app.pdf.sheet_labels import Labels
from app.registry.designs import FoundDesigns, find_designs
from app.registry.fonts import own_fonts
from app.registry.places import BRANDS, CARDS
from app.registry.plugins import discover
from app.services.check_cards import SHEET_DPI, CheckCards, CheckedCard, Verdict, check_cards
from app.services.sample_cards import SampleCard, sample_cards, unseen_samples, with_paired
from app.settings import Settings
from app.wiring import known_brands, open_products

_MM = 25.4


def check_templates(
    template: Annotated[str, typer.Argument(help="A template's name; all templates if left out.")] = "",
    *,
    brand: Annotated[str, typer.Option(help="Only this brand.")] = "",
    language: Annotated[str, typer.Option(help="Only this language, such as de.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the PDFs, a folder a template, and for contact sheets (PNG)."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    list_templates: Annotated[bool, typer.Option("--list", help="Only name the templates.")] = False,
    list_samples: Annotated[bool, typer.Option("--list-samples", help="Only name the cards.")] = False,
) -> None:
    """Check every sample of the card templates as a finished card, in every wording, language and brand.

    Exits with 0 where all passed, 1 where a card or one of the plant's own files is at fault, and 2 where
    what was asked for is not there.
    """
    console = Console(stderr=True, highlight=False)
    found = _designs(Settings.read(), console)
    if list_templates:
        _say(found.templates)
        _end(found.faults)
        return
    families = _chosen(template, found)
    if brand and brand not in found.brands:
        raise typer.BadParameter(f"use one of: {', '.join(found.brands)}", param_hint="--brand")
    samples = [
        sample for sample in _samples(families, found, brand) if language in {"", sample.card.language}
    ]
    if not samples and not found.faults:
        raise typer.BadParameter("there is no such sample", param_hint="--language")
    if list_samples:
        _say(sample.name for sample in samples)
        _end(found.faults)
        return
    if not (brand or language or found.faults):  # else some are missing for a reason that was told
        for family in families:
            found.faults.extend(_unseen(family, samples, console))
    checked = _check(samples, found, out, workers, console)
    if out is not None:
        _write_sheets(out, families, checked)
    _tell(checked, found.faults, console)
    _end(found.faults or [card for card in checked if card.verdict is Verdict.FAILED])


def _designs(settings: Settings, console: Console) -> FoundDesigns:
    """What the plant has; each fault is told at once."""
    known: dict[str, Occasion] = discover(occasions)
    try:
        profiles, fonts = open_profiles(settings.profiles_dir), own_fonts()
        found = find_designs(
            (CARDS, *filter(None, [settings.cards_dir])),
            (BRANDS, *filter(None, [settings.brands_dir])),
            profiles=profiles,
            typefaces=fonts.typefaces,
            occasions=known,
            recovery={code for code, one in known.items() if one.kind is OccasionKind.RECOVERY},
            targets={target.name for target in settings.targets},
            products=open_products(settings),
        )
    except SetupError as fault:  # without fonts and profiles no template can be judged
        _fault(fault, console)
        raise typer.Exit(1) from fault
    found = _in_force(settings, found)
    try:
        check_art(found.templates, found.brands, profiles)
    except SetupError as fault:
        found.faults.append(fault)
    for one in found.faults:
        _fault(one, console)
    return found


def _in_force(settings: Settings, found: FoundDesigns) -> FoundDesigns:
    """The same with the brands as they are in force; one whose template is at fault has no cards."""
    try:
        brands = known_brands(settings, found.brands)
    except TipinError as error:
        found.faults.append(SetupError(error.detail, mend=error.mend))
        return found
    return replace(
        found, brands={code: one for code, one in brands.items() if one.template in found.templates}
    )


def _fault(fault: SetupError, console: Console) -> None:
    mend = "" if not fault.mend or fault.mend in fault.detail else f" ({fault.mend})"
    for line in f"{fault.detail}{mend}".splitlines():
        console.print(f"[red]✗[/] {escape(line)}", soft_wrap=True)


def _chosen(template: str, found: FoundDesigns) -> list[CardTemplate]:
    if template and template not in found.templates:
        if any(f"/{template}/" in fault.detail for fault in found.faults):
            raise typer.Exit(1)  # it is there, and its faults have been told
        raise typer.BadParameter(f"use one of: {', '.join(found.templates)}", param_hint="TEMPLATE")
    return [family for family in found.templates.values() if template in {"", family.name}]


def _samples(families: Sequence[CardTemplate], found: FoundDesigns, brand: str) -> list[SampleCard]:
    """A template's samples in the name of the brands that use it; one that nobody uses yet in every one's."""
    samples = []
    for family in families:
        brands = found.brands.values()
        using = [one for one in brands if one.template == family.name or family.takes_any_language]
        chosen = [one for one in using or brands if brand in {"", one.code}]
        samples += [sample for one in chosen for sample in with_paired(family, sample_cards(family, one))]
    return samples


def _unseen(family: CardTemplate, samples: Sequence[SampleCard], console: Console) -> list[SetupError]:
    """Samples that no brand's language or no wording brings to paper: a check of them would be a pretence."""
    seen = {sample.record for sample in samples if sample.card.template == family.name}
    faults = list(unseen_samples(family, seen))
    for fault in faults:
        _fault(fault, console)
    return faults


def _check(
    samples: Sequence[SampleCard], found: FoundDesigns, out: Path | None, workers: int, console: Console
) -> list[CheckedCard]:
    check = CheckCards(found.templates, open_profiles(Settings.read().profiles_dir), out)
    return list(
        track(
            check_cards(samples, check, workers=workers),
            description="Checking",
            total=len(samples),
            console=console,
        )
    )


def _write_sheets(out: Path, families: Iterable[CardTemplate], checked: Sequence[CheckedCard]) -> None:
    labels = Labels(own_fonts())
    for family in families:
        cards = [_on_sheet(card) for card in checked if card.template == family.name]
        width, height = (round(side / _MM * SHEET_DPI) for side in family.trim)
        trim = " × ".join(f"{side:g}" for side in family.trim)
        subtitle = f"{trim} mm, {family.profile}, {family.stock}: {len(cards)} cards"
        out.mkdir(parents=True, exist_ok=True)
        sheets = ContactSheets(family.title, subtitle, (width, height), labels)
        for number, sheet in enumerate(sheets.of(cards), 1):
            (out / f"{family.name}-{number:02}.png").write_bytes(sheet)


def _on_sheet(card: CheckedCard) -> SheetCard:
    sample = card.sample
    (wording, *_) = sample.card.wordings
    record = f"{sample.record} with a photo" if sample.paired else sample.record
    more = f" and {len(card.faults) - 1} more" if len(card.faults) > 1 else ""
    return SheetCard(
        sides=card.sides,
        words=wording.headline,
        language=sample.card.language,
        caption=f"{record}, {wording.variant}   {sample.card.language}   {sample.brand}",
        tone=card.verdict.value,
        verdict=f"{card.faults[0]}{more}" if card.faults else "passes its preflight profile",
    )


def _tell(checked: Sequence[CheckedCard], faults: Sequence[SetupError], console: Console) -> None:
    for card in checked:
        sign = "[red]✗[/]" if card.verdict is Verdict.FAILED else "[yellow]![/]"
        for fault in card.faults:
            console.print(f"{sign} {escape(card.sample.name)}: {escape(str(fault))}", soft_wrap=True)
    counts = {verdict: sum(card.verdict is verdict for card in checked) for verdict in Verdict}
    wrong = f", {len(faults)} files at fault" if faults else ""
    console.print(
        f"{len(checked)} cards: {counts[Verdict.PASSED]} passed, {counts[Verdict.WARNED]} with warnings, "
        f"{counts[Verdict.FAILED]} failed{wrong}"
    )


def _say(names: Iterable[str]) -> None:
    for name in names:
        typer.echo(name)


def _end(wrong: Sequence[object]) -> None:
    if wrong:
        raise typer.Exit(1)
