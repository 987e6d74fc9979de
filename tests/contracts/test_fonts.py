"""The fonts folder and its manifest agree, and every script that tipin promises can be set."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app.registry.fonts import FALLBACK, FontFile, load_fonts
from app.registry.places import FONTS

_LIBRARY = load_fonts(FONTS)
_EVERY_FONT = pytest.mark.parametrize("font", _LIBRARY.fonts.values(), ids=lambda f: f.name)

_LARGEST_FOLDER = 30_000_000
_FREE = {"OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1", "Apache-2.0": "Apache License"}
_IN_NAME_TABLE = {"OFL-1.1": ("Open Font License", "openfontlicense.org"), "Apache-2.0": ("Apache License",)}
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
}


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
        letters = "".join(c for c in _SAMPLES[script] if c.isalpha())
        assert not _missing(letters, font), script


@pytest.mark.parametrize("typeface", sorted(set(_LIBRARY.typefaces) - {FALLBACK}))
@pytest.mark.parametrize("text", [*_SAMPLES.values(), "Nguyễn Thị Ánh"])
def test_a_typeface_sets_every_script(typeface: str, text: str) -> None:
    assert not _missing(text, *_LIBRARY.chain(typeface))


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
