"""Rendered cards before independent readers: syntax, fonts, text in every script, no complaint from any."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from pathlib import Path

import pikepdf
import pytest

from app.domain.card import Card
from app.domain.template import Role
from app.pdf.engine import Renderer
from app.pdf.layout import Compositor
from app.pdf.preflight import preflight
from app.pdf.typefaces import Typefaces
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import own_fonts
from app.registry.places import BRANDS, CARDS, PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import sample_cards
from tests.cards import card, wording
from tests.programs import need

_HEARTH = load_cards(CARDS)["hearth"]
_PUNCTUATION = "()“”„.,،。，।"
"""Poppler puts it at either end of a line that runs against its page."""
_RENDERER = Renderer(fonts=own_fonts(), profiles=load_profiles(PROFILES))
_PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]


def _said(language: str, direction: str, greeting: str, message: str) -> Card:
    said = wording(headline=greeting.split(maxsplit=1)[0], greeting=greeting, message=message)
    return card(template="hearth", language=language, direction=direction, wordings=(said,))


_CARDS = {
    "en": _said(
        "en", "ltr", "Dear Zoë Nuñez-Đặng,", "“Office fjord,” said Łucja, and 23 of us agreed (all)."
    ),
    "de": _said(
        "de", "ltr", "Liebe Käthe Groß,", "„Schön, dass Sie da sind“, sagte Jörg, und packte es ein."
    ),
    "el": _said("el", "ltr", "Αγαπητή Ελένη,", "Σας ευχαριστούμε που γυρίσατε σε εμάς."),
    "ru": _said("ru", "ltr", "Дорогая Наталья,", "Спасибо, что вы снова с нами."),
    "ar": _said("ar", "rtl", "مرحبًا ليلى،", "شكراً لكِ لأنكِ هنا، نغلّفها على الطاولة لا الأرض."),
    "he": _said("he", "rtl", "שלום דוד,", "תודה שחזרת אלינו, ארזנו את זה ליד החלון."),
    "th": _said("th", "ltr", "สวัสดีครับ", "ขอบคุณมากที่กลับมาหาเราอีกครั้ง"),
    "hi": _said("hi", "ltr", "नमस्ते प्रिया,", "हमारे साथ फिर से जुड़ने के लिए धन्यवाद क्षत्रिय।"),
    "ja": _said("ja", "ltr", "山田太郎さん", "いつもありがとうございます。"),
    "zh": _said("zh", "ltr", "你好，李明", "感谢您再次光临我们的小店。"),
    "ko": _said("ko", "ltr", "안녕하세요 민준", "다시 찾아 주셔서 감사합니다."),
}


@pytest.fixture(scope="module", params=list(_CARDS))
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Card, Path]:
    made = _CARDS[request.param]
    path = tmp_path_factory.mktemp(request.param) / "card.pdf"
    path.write_bytes(_RENDERER.render(_HEARTH, made, None))
    return made, path


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def test_qpdf_finds_nothing_wrong(rendered: tuple[Card, Path]) -> None:
    assert "No syntax or stream encoding errors found" in _run(need("qpdf"), "--check", rendered[1]).stdout


def test_every_font_is_embedded_and_a_subset(rendered: tuple[Card, Path]) -> None:
    rows = _run(need("pdffonts"), rendered[1]).stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes ", row), row


def test_text_comes_back_letter_perfect(rendered: tuple[Card, Path]) -> None:
    made, path = rendered
    text = _bare(_run(need("pdftotext"), "-enc", "UTF-8", path, "-").stdout)
    for word in f"{made.wordings[0].greeting} {made.wordings[0].message}".split():
        assert _bare(word).strip(_PUNCTUATION) in text


def _bare(text: str) -> str:
    """Without white space and marks of direction, which a reader of the file adds as it likes."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")


def test_poppler_draws_it_without_complaint(rendered: tuple[Card, Path], tmp_path: Path) -> None:
    done = _run(need("pdftoppm"), "-r", "40", "-png", rendered[1], tmp_path / "page")
    assert not done.stderr
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_mupdf_draws_each_glyph_that_was_shaped(rendered: tuple[Card, Path]) -> None:
    made, path = rendered
    trace = _run(need("mutool"), "trace", path).stdout
    drawn = trace.count(' glyph="')
    shaped = sum(
        len(run.glyphs)
        for side in Compositor(Typefaces(own_fonts())).lay_out(_HEARTH, made)
        for placed in side.texts
        for line in placed.text.lines
        for run in line.runs
    )
    assert drawn == shaped
    assert 'glyph="0"' not in trace


def test_it_passes_its_own_preflight(rendered: tuple[Card, Path]) -> None:
    report = preflight(rendered[1].read_bytes(), _PROFILE)
    failed = [check for check in report.document()["checks"] if not check["passed"]]
    assert not failed


def test_no_name_is_anywhere_but_in_the_text() -> None:
    pdf = _RENDERER.render(_HEARTH, _CARDS["en"], None)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/Title"]) == "Insert card 7ZK4M0QW2B8NT-0"
        assert b"Nu\xc3\xb1ez" not in opened.Root.Metadata.read_bytes()


def test_every_built_in_sample_of_a_signed_brand_is_rendered() -> None:
    brands = load_brands(BRANDS)
    for brand in brands.values():
        samples = list(sample_cards(_HEARTH, brand))
        assert samples
        for sample in samples[::9]:
            pdf = _RENDERER.render(_HEARTH, sample.card, sample.signature)
            assert pdf.endswith(b"%%EOF\n")
            assert sample.card.texts[Role.JOB_CODE] == sample.card.id
