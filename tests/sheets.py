"""Press sheets for tests: small marked pieces, and a way to look at where they came to stand."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.domain.sheet import CutOrder, Duplex
from app.domain.units import points
from app.flow.queue import GANG
from app.pdf.file.identity import Identity, beginning_of, write_output_intent
from app.pdf.file.streamed import StreamedFile
from app.pdf.impose.layout import Layout, Piece, lay_out
from app.pdf.impose.pages import PageAt
from app.pdf.impose.run import Batch, Record, Run, Sheet
from app.pdf.impose.writer import SheetWriter
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.gang.hand_over_sheet import HandOverSheet
from tests.plant import PlainRenderer, Plant

PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
MADE_AT = datetime(2026, 11, 22, 7, tzinfo=UTC)
PIECE = Piece((60, 40), 3)
SHEET = (225.0, 140.0)
GUTTER = 6.0


def piece(
    path: Path, pages: Sequence[str], *, trim: tuple[float, float] = PIECE.trim, bleed: float = 3.0
) -> Path:
    """A sound file whose pages show some operators, in pt from the trim's bottom-left corner."""
    identity = Identity(standard=PROFILE.standard, key=path.name, title=path.stem, made_at=MADE_AT)
    with path.open("wb") as out:
        beginning = beginning_of(PROFILE.standard)
        intent = write_output_intent(beginning, PROFILE)
        root = beginning.reserve()
        file = StreamedFile(out, io.BytesIO(), beginning)
        width, height, edge = (points(length) for length in (*trim, bleed))
        media = f"0 0 {width + 2 * edge:.3f} {height + 2 * edge:.3f}"
        kids = []
        for content in pages:
            shown = file.add_stream(f"1 0 0 1 {edge:.3f} {edge:.3f} cm\n{content}".encode())
            kids.append(
                file.add(
                    f"<</Type/Page/Parent {root} 0 R/MediaBox[{media}]/BleedBox[{media}]"
                    f"/TrimBox[{edge:.3f} {edge:.3f} {width + edge:.3f} {height + edge:.3f}]"
                    f"/Resources<<>>/Contents {shown} 0 R>>"
                )
            )
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        file.write(root, f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>".encode())
        packet = identity.metadata() or b""
        metadata = file.stretch.add_stream(packet, "/Type/Metadata/Subtype/XML", plain=True)
        info = file.add(identity.info())
        catalog = file.add(
            f"<</Type/Catalog/Pages {root} 0 R/OutputIntents[{intent} 0 R]/Metadata {metadata} 0 R>>"
        )
        file.finish(identity, root=catalog, info=info)
    return path


def block(ink: str, left: float, bottom: float, width: float, height: float) -> str:
    """A rectangle in an ink (CMYK operands), in mm of the trim, upwards."""
    return f"{ink} k {' '.join(f'{points(n):.3f}' for n in (left, bottom, width, height))} re f\n"


def run_of(
    paths: Sequence[Path],
    *,
    sides: int = 2,
    layout: Layout | None = None,
    order: CutOrder = CutOrder.CUT_STACK,
    duplex: Duplex = Duplex.LONG,
    separators: bool = False,
) -> Run:
    """A run of one batch."""
    records = [Record(path.stem, tuple(PageAt(path, side) for side in range(sides))) for path in paths]
    return Run(
        layout=layout or lay_out(SHEET, PROFILE.sheet_margin, PIECE, GUTTER),
        order=order,
        duplex=duplex,
        profile=PROFILE,
        identity=Identity(standard=PROFILE.standard, key="run", title="Sheets", made_at=MADE_AT),
        batches=[Batch("Evening", records)],
        code="TESTSHEET{:04}".format,
        separators=separators,
    )


def sheet_writer() -> SheetWriter:
    """A writer with the plant's fonts."""
    return SheetWriter(Typefaces(own_fonts()))


def write_sheets(run: Run, path: Path, writer: SheetWriter | None = None) -> list[Sheet]:
    """Write a run into a file."""
    with path.open("wb") as out, tempfile.TemporaryFile() as rows:
        return list((writer or sheet_writer()).write(run, out, rows))


class SmallCards(PlainRenderer):
    """Writes real files for cards, small ones; one that is to be broken is no PDF."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / "drawn.pdf"
        self.broken = False

    def render(
        self, _template: object, card: object, _signature: bytes | None, _photo: bytes | None = None
    ) -> bytes:
        """A card with a mark of its own on both sides."""
        if self.broken:
            return b"%PDF-1.6\nnothing follows"
        wide = int(hashlib.sha256(repr(card).encode()).hexdigest()[:4], 16) / 1000
        mark = block("0 0 0 1", 20, 20, wide, 5)
        return piece(self._path, [mark, mark], trim=(105, 148)).read_bytes()


def unchecked(plant: Plant) -> Plant:
    """A plant whose sheets skip their preflight: other tests hold real sheets to it."""
    hand_over = plant.flow.tasks[GANG].run
    assert isinstance(hand_over, HandOverSheet)
    hand_over._make._gang._preflight = None
    return plant
