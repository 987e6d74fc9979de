"""Books of blocks: pikepdf, which shares no code with the writer, walks both trees and every page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pikepdf
import pytest

from app.domain.profile import PressProfile, Standard
from app.pdf.batch.block import BlockTooSmall, BlockWriter
from app.pdf.batch.book import Book
from app.pdf.batch.numbers import FAN, Numbers
from app.pdf.compiled import Beginning, Look, compile_beginning
from app.pdf.file.fonts import FontUses
from app.pdf.file.identity import Identity
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN, card


@pytest.fixture(scope="module")
def profile() -> PressProfile:
    return load_profiles(PROFILES)[card().profile]


def _book(
    profile: PressProfile, standard: Standard, blocks: Sequence[int], records: int
) -> tuple[bytes, Beginning]:
    """A file of blocks with so many records each; each page says `% BLOCK-RECORD-SIDE`."""
    beginning = compile_beginning(replace(profile, standard=standard), [(Look.of(PLAIN, card()), None)])
    numbers = Numbers(
        standard=standard,
        shared=len(beginning.prefix.offsets),
        blocks=len(blocks),
        records=records,
        sides=2,
    )
    out = io.BytesIO()
    book = Book(out, io.BytesIO(), beginning, numbers)
    for index, count in enumerate(blocks):
        writer = BlockWriter(numbers.block(index), PLAIN, parts=numbers.has_parts)
        for record in range(count):
            writer.add(f"{index}-{record}", [b"%% %d-%d-%d\n" % (index, record, side) for side in range(2)])
        book.add(index, writer.finish(FontUses(beginning.profile), beginning.looks[0].shared))
    identity = Identity(standard=standard, key="k", title="Cards", made_at=card().made_at)
    book.finish(identity, None)
    return out.getvalue(), beginning


def _nodes(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield node
    for kid in node.get("/Kids", []):
        assert kid.Parent.objgen == node.objgen
        yield from _nodes(kid)


_SHAPES = [
    pytest.param([1], 1, id="one card"),
    pytest.param([3, 0, 2], 3, id="a block without records"),
    pytest.param([FAN, 7], FAN, id="blocks with nodes of their own"),
    pytest.param([1] * (FAN + 1), 1, id="nodes over nodes over blocks"),
]


@pytest.mark.parametrize("standard", list(Standard))
@pytest.mark.parametrize(("blocks", "records"), _SHAPES)
def test_every_page_is_found_in_order(
    profile: PressProfile, standard: Standard, blocks: list[int], records: int
) -> None:
    data, _ = _book(profile, standard, blocks, records)
    said = [
        b"%% %d-%d-%d\n" % (block, record, side)
        for block, count in enumerate(blocks)
        for record in range(count)
        for side in range(2)
    ]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.check_pdf_syntax()
        assert [page.Contents.read_bytes() for page in pdf.pages] == said
        nodes = [node for node in _nodes(pdf.Root.Pages) if node.Type == "/Pages"]
        assert max(len(node.Kids) for node in nodes) <= FAN
        for node in nodes:
            assert node.Count == sum(kid.get("/Count", 1) for kid in node.Kids)
        assert all(page.resources.XObject for page in pdf.pages)


@pytest.mark.parametrize(("blocks", "records"), _SHAPES)
def test_the_document_parts_hold_each_page_once_and_in_order(
    profile: PressProfile, blocks: list[int], records: int
) -> None:
    data, _ = _book(profile, Standard.PDF_VT1, blocks, records)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.DPartRoot
        assert root.Type == "/DPartRoot"
        leaves = list(_leaves(root.DPartRootNode, root, 0, int(root.RecordLevel)))
        assert len(root.NodeNameList) == int(root.RecordLevel) + 1
        covered = [page.objgen for leaf in leaves for page in (leaf.Start, leaf.End)]
        assert covered == [page.objgen for page in pdf.pages]
        assert [page.DPart.objgen for page in pdf.pages] == [leaf.objgen for leaf in leaves for _ in range(2)]
        assert [str(leaf.DPM.CIP4_Root.CIP4_Recipient.CIP4_UniqueID) for leaf in leaves] == [
            f"{block}-{record}" for block, count in enumerate(blocks) for record in range(count)
        ]


def _leaves(
    node: pikepdf.Object, above: pikepdf.Object, level: int, deepest: int
) -> Iterator[pikepdf.Object]:
    assert node.is_indirect
    assert node.Type == "/DPart"
    assert node.Parent.objgen == above.objgen
    if "/DParts" not in node:
        assert level == deepest
        yield node
        return
    for array in node.DParts:
        for kid in array:
            yield from _leaves(kid, node, level + 1, deepest)


def test_shared_drawings_of_a_vt_file_say_that_they_may_be_kept(profile: PressProfile) -> None:
    data, beginning = _book(profile, Standard.PDF_VT1, [1], 1)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        hints = [pdf.get_object(art.number, 0) for art in beginning.looks[0].art]
        assert {str(hint.GTS_Scope) for hint in hints} == {"/Global"}
        assert all(bool(hint.GTS_Encapsulated) and str(hint.GTS_Env) for hint in hints)
        assert len({str(hint.GTS_XID) for hint in hints}) == len(hints)
    again, _ = _book(profile, Standard.PDF_VT1, [2], 2)
    assert all(str(hint.GTS_XID).encode() in again for hint in hints)


@pytest.mark.parametrize(
    ("standard", "header", "says"),
    [
        (Standard.PDF_X4, b"%PDF-1.6\n", b"<pdfxid:GTS_PDFXVersion>PDF/X-4<"),
        (Standard.PDF_VT1, b"%PDF-1.6\n", b"<pdfvtid:GTS_PDFVTVersion>PDF/VT-1<"),
        (Standard.PDF_X1A, b"%PDF-1.4\n", b"/GTS_PDFXVersion(PDF/X-1a:2003)"),
    ],
)
def test_a_file_says_its_standard(
    profile: PressProfile, standard: Standard, header: bytes, says: bytes
) -> None:
    data, _ = _book(profile, standard, [1], 1)
    assert data.startswith(header)
    assert says in data
    assert (b"/Metadata" in data) is (standard is not Standard.PDF_X1A)
    assert (b"GTS_Scope" in data) is (standard is Standard.PDF_VT1)


def test_the_id_keeps_one_half_when_the_file_changes(profile: PressProfile) -> None:
    ids = []
    for count in (1, 2):
        data, _ = _book(profile, Standard.PDF_X4, [count], 2)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            ids.append([bytes(half) for half in pdf.trailer.ID])
    assert ids[0][0] == ids[1][0]
    assert ids[0][1] != ids[1][1]


def test_a_block_never_takes_its_neighbours_numbers(profile: PressProfile) -> None:
    numbers = Numbers(standard=profile.standard, shared=1, blocks=2, records=1, sides=2, reserve=-1)
    with pytest.raises(BlockTooSmall):
        BlockWriter(numbers.block(0), PLAIN, parts=False).finish(FontUses(profile), ())
