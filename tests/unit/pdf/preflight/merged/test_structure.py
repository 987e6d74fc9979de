"""Faults planted deep in a merged file: each is found by one pass, at its object, by its own check."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.profile import Standard
from app.pdf.preflight import Report, preflight, structure_of
from app.pdf.preflight.merged.excerpt import excerpt
from app.pdf.preflight.merged.mapped import MappedFile
from tests.merged_pdf import MergedPdf, packed_stream
from tests.sound_pdf import LETTER, PROFILE, front, profile_of, text

RECORDS = 12
FAR = 8  # the record that is broken: in the third block of four
VT1 = profile_of(Standard.PDF_VT1)
Plant = Callable[[MergedPdf], int | None]
FAULTS: list[tuple[str, Plant]] = []


def fault(check: str) -> Callable[[Plant], Plant]:
    """The check that must find it alone; the function gives the object that must be named, if one is."""

    def register(plant: Plant) -> Plant:
        FAULTS.append((check, plant))
        return plant

    return register


def checked(tmp_path: Path, pdf: MergedPdf) -> Report:
    path = tmp_path / "merged.pdf"
    path.write_bytes(pdf.bytes())
    return structure_of(path, VT1)


def page(pdf: MergedPdf, side: int = 0) -> int:
    return pdf.pages[2 * FAR + side]


UNREADABLE: list[Plant] = []
"""Faults that leave an object unread, on which others depend."""


# Places and lengths


@fault("syntax-sound")
def the_table_is_off_by_one(pdf: MergedPdf) -> int:
    pdf.moved[page(pdf)] = 1
    return page(pdf)


@fault("syntax-sound")
def two_rows_of_the_table_are_alike(pdf: MergedPdf) -> int:
    offsets = pdf.bytes()
    here, there = (offsets.index(b"\n%d 0 obj" % number) for number in (page(pdf, 1), page(pdf)))
    pdf.moved[page(pdf, 1)] = there - here
    return page(pdf, 1)


UNREADABLE += [the_table_is_off_by_one, two_rows_of_the_table_are_alike]


@fault("syntax-sound")
def a_content_says_it_is_shorter(pdf: MergedPdf) -> int:
    content = pdf.contents[2 * FAR]
    length = pdf.objects[content].split(b"/Length ")[1].split(b">")[0]
    pdf.change(content, b"/Length " + length, b"/Length %d" % (int(length) - 1))
    return content


@fault("syntax-sound")
def a_content_is_cut_off(pdf: MergedPdf) -> int:
    content = pdf.contents[2 * FAR]
    pdf.objects[content] = pdf.objects[content][:-40]
    return content


@fault("syntax-sound")
def something_stands_between_objects(pdf: MergedPdf) -> int:
    pdf.objects[page(pdf)] += b"\nendobj\n% hidden"
    return page(pdf)


@fault("syntax-sound")
def a_content_is_no_stream(pdf: MergedPdf) -> int:
    pdf.objects[pdf.contents[2 * FAR]] = b"<</Nothing true>>"
    return page(pdf)


@fault("syntax-sound")
def a_content_is_not_there(pdf: MergedPdf) -> int:
    del pdf.objects[pdf.contents[2 * FAR]]
    return page(pdf)


@fault("syntax-sound")
def a_block_s_font_is_not_there(pdf: MergedPdf) -> int:
    resources = pdf.nodes[2] + 1
    pdf.change(resources, b"/F1 %d 0 R" % pdf.fonts[2], b"/F1 99999 0 R")
    return resources


@fault("syntax-sound")
def a_page_s_own_resources_are_not_there(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/Contents", b"/Resources 99999 0 R/Contents")
    return page(pdf)


# Fonts, and what else a block has once


@fault("fonts-embedded")
def a_block_s_font_is_not_embedded(pdf: MergedPdf) -> int:
    descriptor = pdf.fonts[2] + 2
    pdf.change(descriptor, b"/FontFile2", b"/FontName2")
    return descriptor


@fault("fonts-embedded")
def a_block_s_font_is_a_base_font(pdf: MergedPdf) -> int:
    pdf.objects[pdf.fonts[2]] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return pdf.fonts[2]


@fault("no-lzw")
def a_content_is_compressed_by_lzw(pdf: MergedPdf) -> int:
    pdf.change(pdf.contents[2 * FAR], b"/FlateDecode", b"/LZWDecode")
    return pdf.contents[2 * FAR]


@fault("no-actions")
def a_block_brings_an_action(pdf: MergedPdf) -> int:
    pdf.change(pdf.nodes[2] + 1, b"<</Font", b"<</Act<</S/JavaScript/JS(x)>>/Font")
    return pdf.nodes[2] + 1


# Boxes and pages


@fault("boxes-nested")
def a_trim_is_over_the_bleed(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"[8.504 8.504 306.142", b"[18.504 8.504 316.142")
    return page(pdf)


@fault("pages-same-trim")
def a_trim_is_smaller(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"306.142 428.031]", b"300.142 428.031]")
    return page(pdf)


@fault("trim-box-stated")
def a_page_has_no_trim(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/TrimBox", b"/TrumBox")
    return page(pdf)


@fault("no-user-unit")
def a_page_is_magnified(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/Contents", b"/UserUnit 2/Contents")
    return page(pdf)


@fault("no-actions")
def a_page_acts_when_it_is_opened(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/Contents", b"/AA<</O<</S/Named/N/NextPage>>>>/Contents")
    return page(pdf)


@fault("page-tree-sound")
def a_page_has_another_parent(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/Parent %d" % pdf.nodes[2], b"/Parent %d" % pdf.nodes[1])
    return page(pdf)


@fault("page-tree-sound")
def a_block_counts_a_page_too_many(pdf: MergedPdf) -> int:
    pdf.change(pdf.nodes[2], b"/Count 6", b"/Count 7")
    return pdf.nodes[2]


@fault("page-tree-sound")
def the_root_counts_a_page_too_few(pdf: MergedPdf) -> int:
    pdf.change(pdf.pages_root, b"/Count 24", b"/Count 23")
    return pdf.pages_root


# Records


@fault("dpart-cover")
def a_record_leaves_out_its_back(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"/End %d" % page(pdf, 1), b"/End %d" % page(pdf))
    # Its page still names it, as it should.
    return pdf.leaves[FAR + 1]


@fault("dpart-cover")
def a_page_is_in_two_records(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR + 1], b"/Start %d" % pdf.pages[2 * FAR + 2], b"/Start %d" % page(pdf, 1))
    # Whose it says it is does not matter any more: the parts must not overlap.
    pdf.change(page(pdf, 1), b"/DPart %d" % pdf.leaves[FAR], b"/DPart %d" % pdf.leaves[FAR + 1])
    return pdf.leaves[FAR + 1]


@fault("dpart-cover")
def a_record_starts_on_no_page(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"/Start %d" % page(pdf), b"/Start %d" % pdf.catalog)
    return pdf.leaves[FAR]


@fault("dpart-nodes")
def a_record_has_another_parent(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"/Parent %d" % pdf.branches[2], b"/Parent %d" % pdf.branches[0])
    return pdf.leaves[FAR]


@fault("dpart-nodes")
def a_record_is_listed_twice(pdf: MergedPdf) -> int:
    pdf.change(pdf.branches[3], b"[[", b"[[%d 0 R " % pdf.leaves[FAR])
    return pdf.leaves[FAR]


@fault("page-dpart")
def a_page_names_the_next_record(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/DPart %d" % pdf.leaves[FAR], b"/DPart %d" % pdf.leaves[FAR + 1])
    return page(pdf)


@fault("page-dpart")
def a_page_names_no_record(pdf: MergedPdf) -> int:
    pdf.change(page(pdf), b"/DPart %d 0 R" % pdf.leaves[FAR], b"")
    return page(pdf)


@fault("record-keys")
def two_records_have_one_key(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"(ORDER-8)", b"(ORDER-3)")
    return pdf.leaves[FAR]


@fault("record-keys")
def a_record_has_no_key(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"<</CIP4_UniqueID(ORDER-8)>>", b"<<>>")
    return pdf.leaves[FAR]


@fault("dpart-metadata")
def a_record_tells_a_name(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"/CIP4_UniqueID", b"/CIP4_FamilyName(Miller)/CIP4_UniqueID")
    return pdf.leaves[FAR]


@fault("dpart-metadata")
def a_record_is_keyed_by_a_name(pdf: MergedPdf) -> int:
    pdf.change(pdf.leaves[FAR], b"(ORDER-8)", b"(Anna Miller)")
    return pdf.leaves[FAR]


@fault("dpart-metadata")
def a_record_is_keyed_by_an_address_beyond_ascii(pdf: MergedPdf) -> int:
    key = "jörg@example.com".encode("utf-16-be").hex().upper().encode()
    pdf.change(pdf.leaves[FAR], b"(ORDER-8)", b"<FEFF%b>" % key)
    return pdf.leaves[FAR]


@fault("dpart-levels")
def a_level_is_not_named(pdf: MergedPdf) -> int:
    pdf.change(pdf.parts_root, b"/Run/Block/Record", b"/Run/Record")
    return pdf.parts_root


# The whole file


@fault("dpart-root")
def the_catalogue_does_not_lead_to_the_records(pdf: MergedPdf) -> None:
    pdf.change(pdf.catalog, b"/DPartRoot %d 0 R" % pdf.parts_root, b"")


@fault("xmp-pdfvt-version")
def the_file_does_not_say_that_it_is_vt(pdf: MergedPdf) -> None:
    pdf.change(pdf.xmp, b'GTS_PDFVTVersion="PDF/VT-1"', b'GTS_PDFVTVersion="PDF/VT-9"')


@fault("shared-objects-scoped")
def the_art_s_scope_is_none(pdf: MergedPdf) -> int:
    pdf.change(pdf.art, b"/GTS_Scope /File", b"/GTS_Scope /Filx")
    return pdf.art


def test_a_sound_merged_file_passes(tmp_path: Path) -> None:
    report = checked(tmp_path, MergedPdf(RECORDS))
    assert [(one.name, one.findings) for one in report.outcomes if one.findings] == []
    assert (report.pages, report.painted) == (2 * RECORDS, 0)


@pytest.mark.parametrize(("check", "plant"), FAULTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_fault_in_one_record_is_found_by_its_own_check_alone(
    tmp_path: Path, check: str, plant: Plant
) -> None:
    pdf = MergedPdf(RECORDS)
    named = plant(pdf)
    report = checked(tmp_path, pdf)
    found = {one.name: one.findings for one in report.outcomes if one.findings}
    # Of a page that cannot be found, the tree of pages and that of records speak as well.
    assert check in found if plant in UNREADABLE else list(found) == [check], found
    assert not report.passed
    if named is not None:
        assert (named, 0) in [finding.id for finding in found[check]], found


def test_a_page_of_a_fault_is_told_by_its_number_in_the_whole_file(tmp_path: Path) -> None:
    pdf = MergedPdf(RECORDS)
    a_trim_is_over_the_bleed(pdf)
    (outcome,) = checked(tmp_path, pdf).errors
    assert [finding.page for finding in outcome.findings] == [2 * FAR + 1]


def with_tiny_text(tmp_path: Path) -> Path:
    pdf = MergedPdf(RECORDS)
    small = front() + b"q /Over gs 0.5 0.4 0.4 1 k " + text(20, 40, codes=(LETTER,)) + b"Q"
    pdf.objects[pdf.contents[2 * FAR]] = packed_stream(zlib.compress(small))
    path = tmp_path / "merged.pdf"
    path.write_bytes(pdf.bytes())
    return path


def test_the_content_of_all_pages_is_looked_at_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pdf.preflight.subject.MOST_PAGES", 2 * RECORDS - 1)  # more than opened at once
    report = preflight(with_tiny_text(tmp_path), VT1, at_once=5)
    assert {one.name: [f.page for f in one.findings] for one in report.errors} == {
        "black-text-one-ink": [2 * FAR + 1]
    }
    assert report.painted == report.pages == 2 * RECORDS


@pytest.mark.parametrize(("pages", "passed"), [((1, 2, 10), True), ((2 * FAR + 1,), False), ((), True)])
def test_the_content_of_chosen_pages_is_looked_at(
    tmp_path: Path, pages: tuple[int, ...], *, passed: bool
) -> None:
    report = preflight(with_tiny_text(tmp_path), VT1, pages=pages, at_once=5)
    assert report.passed == passed
    assert report.painted == len(pages)


def test_in_parts_as_in_one(tmp_path: Path) -> None:
    path = with_tiny_text(tmp_path)
    in_parts, in_one = preflight(path, VT1, at_once=5), preflight(path.read_bytes(), VT1)
    assert {(o.name, o.severity, o.findings) for o in in_parts.outcomes} == {
        (o.name, o.severity, tuple(f for f in o.findings)) for o in in_one.outcomes
    }


def test_a_file_that_is_written_otherwise_is_read_in_one(tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    path.write_bytes(MergedPdf(RECORDS).bytes().replace(b"1 0 obj\n", b"1 0 obj ", 1))
    report = structure_of(path, VT1)
    assert report.passed, report.errors
    assert report.pages == 2 * RECORDS


@pytest.mark.parametrize("data", [b"", b"%PDF-1.6\n", b"hello" * 1000])
def test_what_is_no_pdf_fails(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "no.pdf"
    path.write_bytes(data)
    assert [one.name for one in structure_of(path, VT1).errors] == ["file-readable"]


def test_a_large_file_written_otherwise_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pdf.preflight.LARGEST_FILE", 1000)
    path = tmp_path / "other.pdf"
    path.write_bytes(MergedPdf(2).bytes().replace(b"1 0 obj\n", b"1 0 obj ", 1))
    assert [one.name for one in structure_of(path, VT1).errors] == ["file-readable"]


def test_an_excerpt_is_a_sound_file_of_the_chosen_pages(tmp_path: Path) -> None:
    pdf = MergedPdf(RECORDS)
    path = tmp_path / "merged.pdf"
    path.write_bytes(pdf.bytes())
    with MappedFile(path) as file:
        small = excerpt(file, [pdf.pages[3], pdf.pages[17]])
    report = preflight(small, PROFILE)
    assert report.passed, report.errors
    assert report.pages == 2
    assert len(small) < len(pdf.bytes())


def test_many_shapes_of_pages_are_each_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pdf.preflight.merged.walk._MOST_SHAPES", 6)
    pdf = MergedPdf(RECORDS)
    for at, number in enumerate(pdf.pages):
        pdf.change(number, b"/Contents", b"/Rotate 0/Tag%d true/Contents" % at)
    assert "syntax-sound" in {one.name for one in checked(tmp_path, pdf).errors}
