"""`tipin photos`: photos as print-ready items of a product."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from app.cli.complaints import explain
from app.domain.english import plural
from app.domain.photo import LARGEST_ZOOM, STEEPEST, ChosenBy, Crop, PhotoWarning, crop_asked
from app.domain.product import ItemText, Product
from app.errors import NotFound, SetupError, TipinError
from app.pdf.preflight.profiles import open_profiles
from app.photo.lab import PhotoLab
from app.services.gang.event_queue import EventQueue
from app.services.gang.files import Wish
from app.services.print_photo import Item, PrintPhoto, known_by
from app.settings import Settings
from app.store.artifacts import write_durably
from app.wiring import event_queue, file_ganger, item_pictures, open_products, photo_printer

_LOOK_EVERY = 0.5
"""Seconds."""
_CHOSEN: Mapping[ChosenBy, str] = {
    ChosenBy.PERSON: "as asked",
    ChosenBy.FACES: "around the faces",
    ChosenBy.SALIENCY: "around what stands out",
    ChosenBy.CENTRE: "the middle",
}
_WARNINGS: Mapping[PhotoWarning, str] = {
    PhotoWarning.FACE_CUT: "a face is cut off or too near the edge: choose the crop yourself",
    PhotoWarning.SOFT: "fewer pixels than the product wants: it will look a little soft",
    PhotoWarning.OUT_OF_GAMUT: "many of its colours are stronger than the press can print",
    PhotoWarning.FACES_UNKNOWN: "faces were not looked for (no finder for this machine): look at the crop",
}


def photos(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Photos.", metavar="PHOTO…", exists=True, dir_okay=False)
    ] = None,
    *,
    product: Annotated[str, typer.Option(help="What they are printed on; see --list.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the PDFs.", file_okay=False)] = None,
    focus: Annotated[
        str | None,
        typer.Option(help="Point that stands in the middle: X,Y from 0,0 (top left) to 1,1.", metavar="X,Y"),
    ] = None,
    zoom: Annotated[
        float | None,
        typer.Option(min=1, max=LARGEST_ZOOM, help="How much nearer than it could be."),
    ] = None,
    turn: Annotated[
        int | None, typer.Option(min=0, max=3, help="Quarter turns, clockwise.", metavar="QUARTERS")
    ] = None,
    straighten: Annotated[
        float | None, typer.Option(min=-STEEPEST, max=STEEPEST, help="Degrees, clockwise.")
    ] = None,
    caption: Annotated[str, typer.Option(help="Words on each, where the product has a place.")] = "",
    name: Annotated[str, typer.Option(help="A name on each, where the product has a place.")] = "",
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Also a flat proof of each panel, and a mock-up, as JPEG.")
    ] = False,
    gang: Annotated[
        bool,
        typer.Option("--gang", help="Also sheets of them, as the product lays them out."),
    ] = False,
    watch: Annotated[
        Path | None,
        typer.Option(help="Take photos as they come into this folder, and make sheets.", file_okay=False),
    ] = None,
    sheet_after: Annotated[
        float, typer.Option(min=0, help="Seconds that the first photo of a sheet waits for others.")
    ] = 30.0,
    workers: Annotated[int, typer.Option(min=1, help="Photos at once.")] = 2,
    list_only: Annotated[bool, typer.Option("--list", help="Only name the products.")] = False,
) -> None:
    """Print photos on a product: one print-ready PDF each, named as its photo.

    The crop keeps faces whole unless --focus, --zoom, --turn or --straighten say what is seen. Exits with 0
    where every photo became an item, 1 where some were refused, 2 where nothing could be done. With --watch
    it goes on until it is interrupted.
    """
    console = Console(highlight=False, stderr=True, soft_wrap=True)
    settings = Settings.read()
    try:
        products = open_products(settings)
        if list_only:
            _list(products)
            return
        if (not files and watch is None) or out is None or not product:
            raise typer.BadParameter(
                "name photos (or --watch), --product and --out; --list names the products"
            )
        crop = _crop(focus, zoom, turn, straighten)
        with PhotoLab(workers) as lab:
            printer = photo_printer(products, open_profiles(settings.profiles_dir), lab)
            wanted = printer.product(product)
            if watch is not None:
                after = timedelta(seconds=sheet_after)
                _watch(console, event_queue(settings, wanted, printer, watch, out, after), watch)
                return
            named = _named(files or [], out, product)
            words = {ItemText.CAPTION: caption, ItemText.NAME: name}
            refused = _print(console, printer, named, product, crop, words, workers)
            if pictures:
                _picture(wanted, named.values())
            if gang:
                _gang(console, settings, wanted, out, [pdf for pdf in named.values() if pdf.exists()])
    except (SetupError, NotFound, OSError) as error:
        explain(console, error)
        raise typer.Exit(2) from error
    if refused:
        console.print(f"{plural(refused, 'photo')} of {len(named)} refused")
        raise typer.Exit(1)


def _crop(focus: str | None, zoom: float | None, turn: int | None, straighten: float | None) -> Crop | None:
    """A person's crop; None where none of it is said."""
    return crop_asked(None if focus is None else _point(focus), zoom, turn, straighten)


def _point(said: str) -> tuple[float, float]:
    try:
        x, y = map(float, said.split(","))
    except ValueError:
        x = y = -1.0
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise typer.BadParameter(f"{said!r} is no point; write such as 0.5,0.4", param_hint="--focus")
    return x, y


def _print(  # noqa: PLR0917 - one call
    console: Console,
    printer: PrintPhoto,
    files: Mapping[Path, Path],
    product: str,
    crop: Crop | None,
    words: Mapping[ItemText, str],
    workers: int,
) -> int:
    """Print all photos into the files that are named for them; gives how many were refused."""
    printer.product(product)
    made_at = datetime.now(UTC)
    refused = 0

    def one(path: Path) -> Item:
        data = path.read_bytes()
        key = hashlib.sha256(data).hexdigest()[:12]
        imprint = replace(known_by(key), texts={says: said for says, said in words.items() if said.strip()})
        return printer(data, product, key=key, made_at=made_at, crop=crop, imprint=imprint)

    with ThreadPoolExecutor(workers) as pool:
        waiting: list[tuple[Path, Future[Item]]] = [(path, pool.submit(one, path)) for path in files]
        for path, item in track(waiting, description="Printing", console=console, transient=True):
            try:
                made = item.result()
            except TipinError as error:
                refused += 1
                console.print(f"[red]✗[/] {escape(str(path))}")
                explain(console, error)
                continue
            files[path].parent.mkdir(parents=True, exist_ok=True)
            write_durably(files[path], made.pdf)
            _tell(console, path, files[path], made)
    return refused


def _picture(product: Product, made: Iterable[Path]) -> None:
    """Draw the pictures of those files that were made, beside them."""
    draw = item_pictures()
    for pdf in made:
        if not pdf.exists():
            continue
        content = pdf.read_bytes()
        for panel, flat in zip(product.panels, draw.flat(content, product), strict=True):
            write_durably(pdf.with_name(f"{pdf.stem}-{panel.name}.jpg"), flat)
        write_durably(pdf.with_name(f"{pdf.stem}-mock-up.jpg"), draw.mock_up(content, product))


def _gang(console: Console, settings: Settings, product: Product, out: Path, made: list[Path]) -> None:
    """Put finished items on sheets."""
    if not made:
        return
    sheets = out / f"{product.name}-sheets.pdf"
    wish = Wish(
        files=made,
        out=sheets,
        rejects=sheets.with_suffix(".rejects.jsonl"),
        positions=sheets.with_suffix(".positions.json"),
        product=product,
    )
    done = file_ganger(settings)(wish)
    for one in done.unfit:
        console.print(f"[red]✗[/] {escape(str(one.path))}: {escape(one.reason)}; {escape(one.mend)}")
    pieces, count = plural(done.pieces, "piece"), plural(done.sheets, "sheet")
    console.print(f"{pieces} on {count} in {escape(str(sheets))}")


def _watch(console: Console, queue: EventQueue, folder: Path) -> None:
    """Look at the folder again and again, until somebody interrupts."""
    console.print(f"Watching {escape(str(folder))}; Ctrl-C stops, and what waits then stays in the folder.")
    waiting = 0
    try:
        while True:
            seen = queue.tick()
            for path, reason in seen.refused:
                console.print(f"[red]✗[/] {escape(path.name)}: {escape(reason)}")
            for sheet in seen.sheets:
                console.print(f"[green]✓[/] {escape(str(sheet))}")
            if seen.waiting != waiting:
                waiting = seen.waiting
                console.print(f"[dim]{plural(waiting, 'photo')} waiting for a sheet[/]")
            sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        console.print(f"Stopped; {plural(waiting, 'photo')} left in the folder.")


def _named(photos: list[Path], out: Path, product: str) -> dict[Path, Path]:
    """The file of each photo, never the same for two."""
    named: dict[Path, Path] = {}
    for path in photos:
        pdf, again = out / f"{path.stem}-{product}.pdf", 2
        while pdf in named.values():
            pdf, again = out / f"{path.stem}-{again}-{product}.pdf", again + 1
        named[path] = pdf
    return named


def _tell(console: Console, path: Path, pdf: Path, made: Item) -> None:
    found = made.developed
    seen = f"{_CHOSEN[found.chosen_by]}, {found.ppi:.0f} ppi"
    console.print(f"[green]✓[/] {escape(str(path))} → {escape(str(pdf))}  [dim]{seen}[/]")
    for warning in found.warnings:
        console.print(f"  [yellow]![/] {_WARNINGS[warning]}")


def _list(products: Mapping[str, Product]) -> None:
    table = Table(title="Products", title_justify="left", box=SIMPLE)
    for column in ("name", "what it is", "size, mm", "press profile"):
        table.add_column(column, no_wrap=column != "what it is")
    for name, product in products.items():
        width, height = product.surface.size
        table.add_row(name, product.title, f"{width:g} × {height:g}", product.profile)
    Console(highlight=False).print(table)
