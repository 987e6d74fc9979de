"""What a print-ready file must satisfy, line by line, each with the checks that hold files to it."""

from __future__ import annotations

import pytest

from app.domain.profile import Standard
from app.pdf.preflight import all_checks

X4, VT1, X1A = Standard
EVERY = frozenset(Standard)
LATER = frozenset({X4, VT1})

LINES: dict[str, tuple[frozenset[Standard], str]] = {
    # PDF/X-4
    "header 1.6, or 1.4 in PDF/X-1a": (EVERY, "header-version"),
    "the syntax needs no repair": (EVERY, "syntax-sound page-tree-sound content-sound resources-present"),
    "no encryption": (EVERY, "no-encryption"),
    "trailer /ID of two strings": (EVERY, "file-id"),
    "no LZW": (EVERY, "no-lzw content-sound"),
    "no PostScript XObjects": (EVERY, "no-postscript-xobjects"),
    "no /Ref": (EVERY, "no-reference-xobjects no-external-streams"),
    "no OPI": (EVERY, "no-opi"),
    "no JavaScript or actions": (EVERY, "no-actions"),
    "exactly one /OutputIntents entry, S /GTS_PDFX": (EVERY, "output-intent-single"),
    "OutputConditionIdentifier": (EVERY, "output-condition-named"),
    "embedded DestOutputProfile": (EVERY, "output-profile-embedded output-profile-matches"),
    "of class prtr": (EVERY, "output-profile-class"),
    "whose /N equals the ICC channel count": (EVERY, "output-profile-channels"),
    "RegistryName when registered, else Info": (EVERY, "output-condition-described"),
    "XMP stream /Metadata /XML, unfiltered": (LATER, "xmp-readable"),
    "pdfxid:GTS_PDFXVersion": (LATER, "xmp-pdfx-version"),
    "xmpMM:DocumentID, VersionID, RenditionClass": (LATER, "xmp-identifiers"),
    "xmp:CreateDate, ModifyDate, MetadataDate": (LATER, "xmp-dates"),
    "dc:title": (LATER, "xmp-title"),
    "pdf:Trapped; Info /Trapped is the name /True or /False": (EVERY, "trapped-stated"),
    "Info and XMP agree": (EVERY, "info-agrees"),
    "TrimBox xor ArtBox a page": (EVERY, "trim-box-stated"),
    "Trim in Bleed in Media": (EVERY, "boxes-nested"),
    "CropBox absent or equal to MediaBox": (EVERY, "crop-box-is-media-box"),
    "no UserUnit": (EVERY, "no-user-unit"),
    "every font embedded": (EVERY, "fonts-embedded font-widths-agree text-searchable"),
    "no .notdef shown": (EVERY, "no-notdef"),
    "no DeviceRGB, nor in images, groups, shadings": (EVERY, "no-device-rgb"),
    "ExtGState without TR; TR2 only /Default": (EVERY, "no-transfer-functions"),
    "no annotations inside the BleedBox": (EVERY, "no-annotations"),
    "OCG configs have /Name": (LATER, "layer-configurations-named"),
    "OCG configs have no /AS": (LATER, "layers-not-automatic"),
    # PDF/VT-1
    "pdfvtid:GTS_PDFVTVersion, GTS_PDFVTModDate": (frozenset({VT1}), "xmp-pdfvt-version"),
    "catalog /DPartRoot (indirect) with DPartRootNode": (frozenset({VT1}), "dpart-root"),
    "NodeNameList, RecordLevel": (frozenset({VT1}), "dpart-levels"),
    "nodes indirect, with Parent; DParts an array of arrays": (frozenset({VT1}), "dpart-nodes"),
    "leaves cover all pages once, in order": (frozenset({VT1}), "dpart-cover"),
    "each page's /DPart points at its leaf": (frozenset({VT1}), "page-dpart"),
    "shared XObjects carry GTS keys": (frozenset({VT1}), "shared-objects-scoped"),
    "DPM by ISO 21812; no personal data beyond the key": (frozenset({VT1}), "dpart-metadata record-keys"),
    # House rules
    "photo resolution: error, warning": (EVERY, "image-resolution image-sharpness"),
    "ink: mean in any window within the profile's limit": (EVERY, "ink-coverage ink-measured"),
    "text with much black and over 280 % ink": (EVERY, "heavy-text"),
    "white or multi-ink text under 5 pt": (EVERY, "reversed-text-size"),
    "white or multi-ink lines under 0.25 pt": (EVERY, "reversed-line-width"),
    "white never overprints": (EVERY, "white-knocks-out"),
    "black text under 12 pt is K100 and overprints": (EVERY, "black-text-one-ink black-text-overprints"),
    "nothing live outside the safe zone": (EVERY, "safe-zone"),
    "codes K100 on white": (EVERY, "codes-black-on-white codes-readable codes-large-enough"),
    "codes with their quiet zone": (EVERY, "codes-quiet-zone"),
    "spots of processing steps in layers marked so": (LATER, "processing-steps-marked"),
    "a letter is never blank": (EVERY, "no-blank-glyphs"),
    "colours in inks": (LATER, "colours-in-inks"),
    "front and back fit, what bleeds bleeds": (EVERY, "pages-same-trim bleed-wide-enough bleed-filled"),
    # PDF/X-1a:2003
    "PDF/X-1a: named in Info, with title and dates": (frozenset({X1A}), "info-pdfx-version info-complete"),
    "PDF/X-1a: no transparency": (frozenset({X1A}), "no-transparency"),
    "PDF/X-1a: no OCG": (frozenset({X1A}), "no-layers"),
    "PDF/X-1a: nothing later than PDF 1.4": (frozenset({X1A}), "images-of-their-time no-object-streams"),
    "PDF/X-1a: CMYK, gray and spots only": (frozenset({X1A}), "colours-of-the-press"),
}


@pytest.mark.parametrize("line", LINES)
def test_each_line_has_its_checks_in_its_standards(line: str) -> None:
    standards, names = LINES[line]
    checks = {check.name: check for check in all_checks()}
    for name in names.split():
        assert checks[name].standards >= standards, name


def test_each_check_is_of_some_line() -> None:
    named = {name for _, names in LINES.values() for name in names.split()}
    assert {check.name for check in all_checks()} <= named
