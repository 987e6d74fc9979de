"""The fonts folder and its manifest agree, and every script that tipin promises can be set."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fontTools import unicodedata as scripts
from fontTools.ttLib import TTFont

from app.pdf.text.face import is_ignorable
from app.pdf.text.paragraph import Setting, shape_paragraph
from app.pdf.typefaces import Typefaces
from app.registry.fonts import FALLBACK, FontFile, own_fonts
from app.registry.places import FONTS

_LIBRARY = own_fonts()
_EVERY_FONT = pytest.mark.parametrize("font", _LIBRARY.fonts.values(), ids=lambda f: f.name)

_ADDED_LATELY = 0.25
"""Share of a rare script's letters that Unicode added after its font was drawn."""
_LARGEST_FOLDER = 55_000_000
_FREE = {"OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1", "Apache-2.0": "Apache License"}
_IN_NAME_TABLE = {
    "OFL-1.1": ("Open Font License", "openfontlicense.org", "scripts.sil.org/OFL"),
    "Apache-2.0": ("Apache License",),
}
_SAMPLES = {
    "Latn": "Zoë Ångström, Łukasz Çelik, Jürgen Groß, Șerban: „23“ ‘x’ – “y” … €£",
    "Grek": "Αθανάσιος Παπαδόπουλος, Μαΐου",
    "Cyrl": "Дорогая Софія Ґалаґан, Ђорђе, ещё",
    "Arab": "عزيزتي ليلى، أهلًا ٢٣؟ آمنة پژگچ",
    "Hebr": "שלום נעמי ץףךםן",
    "Deva": "प्रिय ऋषिकेश, धन्यवाद २३",
    "Thai": "สวัสดีคุณณัฐพงษ์ ขอบคุณ ๒๓",
    "Hani": "親愛的李雪梅 亲爱的张伟 渡辺直樹 龍門",
    "Hira": "ありがとうございます",
    "Kana": "サクラコーヒーヴ",
    "Hang": "안녕하세요 김지훈 똠방각하",
    "Bopo": "ㄅㄆㄇㄈ",
    "Beng": "প্রিয় অনন্যা, ধন্যবাদ শ্রীমতী ঋতুপর্ণা ২৩",
    "Guru": "ਪਿਆਰੇ ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ, ਧੰਨਵਾਦ ੨੩",
    "Gujr": "પ્રિય હર્ષિદા, આભાર ક્ષમા જ્ઞાન",
    "Orya": "ପ୍ରିୟ ଲକ୍ଷ୍ମୀ, ଧନ୍ୟବାଦ ୨୩",
    "Taml": "அன்புள்ள ஸ்ரீதேவி, நன்றி",
    "Telu": "ప్రియమైన లక్ష్మి, ధన్యవాదాలు",
    "Knda": "ಪ್ರಿಯ ಲಕ್ಷ್ಮೀ, ಧನ್ಯವಾದಗಳು",
    "Mlym": "പ്രിയപ്പെട്ട ലക്ഷ്മി, നന്ദി ൻ ർ ൽ",
    "Sinh": "ආදරණීය ශ්‍රියානි, ස්තුතියි",
    "Laoo": "ສະບາຍດີ ຄຳແພງ, ຂອບໃຈຫຼາຍໆ ໒໓",
    "Khmr": "សួស្តី សុខា, សូមអរគុណ ២៣",
    "Mymr": "မင်္ဂလာပါ ခင်မြတ်နိုး ကျေးဇူးတင်ပါတယ် ၂၃",
    "Tibt": "བཀྲ་ཤིས་བདེ་ལེགས། བསྟན་འཛིན་ལགས།",
    "Geor": "ძვირფასო ნინო, გმადლობთ ᲜᲘᲜᲝ",
    "Armn": "Սիրելի Անահիտ, շնորհակալություն և",
    "Ethi": "ውድ አበበ፣ እናመሰግናለን።",
    "Cher": "ᎣᏏᏲ ᏩᏙ ᏣᎳᎩ ꮳꮃꭹ",
    "Mong": "ᠪᠠᠶᠠᠷᠯᠠᠯᠠᠭ᠎ᠠ ᠮᠣᠩᠭᠣᠯ",
    "Thaa": "އަސްސަލާމް ޢަލައިކުމް",
    "Tfng": "ⴰⵣⵓⵍ ⵜⴰⵏⵎⵎⵉⵔⵜ",
    "Cans": "ᐊᐃ ᓇᑯᕐᒦᒃ ᐃᓄᒃᑎᑐᑦ",
    "Java": "ꦱꦸꦒꦼꦁꦫꦮꦸꦃ",
}
_PEOPLE_TYPE = "€£¥₹₺₽₩₪₫₴₦₱₿ ←→↑↓⇒ ★☆♥♡♪♫☀☎✓✗✿❀①② ½¾ ≈≠≤≥∞√ °№™®© …–—•·«»‹›¿¡ 𝓐𝓷𝓷𝓪 ☺☹"


@dataclass(frozen=True)
class _Says:
    """What a font file says of itself."""

    names: tuple[str | None, ...]
    embedding: int
    characters: frozenset[int]


@cache
def _reads(path: Path) -> _Says:
    with TTFont(path, lazy=True) as opened:
        names = tuple(opened["name"].getDebugName(number) for number in range(15))
        return _Says(names, opened["OS/2"].fsType, frozenset(opened.getBestCmap()))


def _missing(text: str, *fonts: FontFile) -> set[str]:
    known = frozenset().union(*(_reads(font.path).characters for font in fonts))
    return {c for c in text if ord(c) not in known}


@_EVERY_FONT
def test_a_font_is_the_family_and_version_that_the_manifest_names(font: FontFile) -> None:
    says = _reads(font.path)
    assert says.names[1] == font.family
    assert str(says.names[5]).startswith(f"Version {font.version}")


@_EVERY_FONT
def test_a_font_is_free_says_so_itself_and_has_its_licence_beside_it(font: FontFile) -> None:
    assert _FREE[font.licence] in font.licence_file.read_text("utf-8")
    own_words = "{13} {14}".format(*_reads(font.path).names)
    assert any(mark in own_words for mark in _IN_NAME_TABLE[font.licence])


@_EVERY_FONT
def test_a_font_may_be_embedded_without_limits(font: FontFile) -> None:
    assert _reads(font.path).embedding == 0


@_EVERY_FONT
def test_a_font_covers_every_script_that_it_lists(font: FontFile) -> None:
    """Only letters: a face of one script leaves spaces and punctuation to its typeface's first font."""
    for script in font.scripts:
        sample = "".join(c for c in _SAMPLES.get(script, "") if c.isalpha())
        if sample and not font.languages:
            assert not _missing(sample, font), script
        elif not sample:
            letters = _letters(script)
            assert len(_missing(letters, font)) <= _ADDED_LATELY * len(letters), script


def _letters(script: str) -> str:
    """The script's letters in the planes that have any."""
    return "".join(c for c in map(chr, range(0x20000)) if c.isalpha() and scripts.script(c) == script)


@pytest.mark.parametrize("typeface", sorted(set(_LIBRARY.typefaces) - {FALLBACK}))
@pytest.mark.parametrize("text", [*_SAMPLES.values(), "Nguyễn Thị Ánh", _PEOPLE_TYPE])
def test_a_typeface_sets_every_script(typeface: str, text: str) -> None:
    own, fallback = _LIBRARY.chain(typeface, "en")
    shaped = "".join(c for c in text if not is_ignorable(c))
    assert not _missing(shaped, *own, *fallback)


@pytest.mark.parametrize("language", ["ja", "ko", "zh-Hans"])
def test_east_asian_names_are_written_by_hand_in_their_own_language(language: str) -> None:
    text = {"ja": "渡辺直樹さん", "ko": "김지훈 님", "zh-Hans": "亲爱的张伟"}[language]
    assert not _missing(text, *_LIBRARY.chain("hand", language).own)


def test_a_japanese_hand_does_not_write_chinese_names() -> None:
    assert _missing("渡", *_LIBRARY.chain("hand", "zh-Hant").own)


def test_nearly_every_character_of_the_basic_plane_can_be_set() -> None:
    """Emoji apart, what nobody can be called: the few that are missing are rare marks and ideographs."""
    every = [
        c
        for c in map(chr, range(0x20, 0xFFFE))
        if unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs", "Cf"}
    ]
    missing = _missing("".join(every), *(font for font in _LIBRARY.fonts.values() if font != _LIBRARY.emoji))
    assert len(missing) < 0.005 * len(every)


def test_starting_opens_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = FontFile.read

    def noted(font: FontFile) -> bytes:
        read.append(font.name)
        return whole(font)

    monkeypatch.setattr(FontFile, "read", noted)
    typefaces = Typefaces(own_fonts())
    typeface = typefaces.printed("hand", "en", 0)
    assert read == []
    shape_paragraph("Dear Anna, thank you!", Setting(typeface, 0), "the test")
    assert set(read) == {"playpen-sans"}
    shape_paragraph("நன்றி", Setting(typeface, 0), "the test")
    assert "noto-sans-tamil" in read
    assert "noto-sans-cjk" not in read


def test_only_an_unreserved_name_may_be_on_a_changed_font() -> None:
    """OFL 1.1, clause 3: a modified version may not carry a Reserved Font Name."""
    document = tomllib.loads((FONTS / "manifest.toml").read_text("utf-8"))
    for entry in document["fonts"]:
        copyrights = (FONTS / entry["licence_file"]).read_text("utf-8").partition("-----")[0]
        assert "changes" not in entry or "Reserved Font Name" not in copyrights, entry["name"]


def test_the_folder_holds_nothing_else_and_is_small() -> None:
    listed = {f.path for f in _LIBRARY.fonts.values()} | {f.licence_file for f in _LIBRARY.fonts.values()}
    there = {path for path in FONTS.rglob("*") if path.is_file()}
    assert there == listed | {FONTS / "manifest.toml"}
    assert sum(path.stat().st_size for path in there) < _LARGEST_FOLDER
