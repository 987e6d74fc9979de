"""The font manifest: what it says is there, and anything else refuses start-up."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.errors import SetupError
from app.registry.fonts import load_fonts

_BYTES = b"not a real font, but a file"


def _manifest(
    folder: Path, *, sha256: str = hashlib.sha256(_BYTES).hexdigest(), more: str = "", tail: str = ""
) -> Path:
    (folder / "a.ttf").write_bytes(_BYTES)
    (folder / "manifest.toml").write_text(
        f"""
        [[fonts]]
        name = "a"
        family = "A"
        file = "a.ttf"
        version = "1"
        source = "https://example.org"
        licence = "OFL-1.1"
        licence_file = "OFL.txt"
        sha256 = "{sha256}"
        scripts = ["Latn"]
        variations = {{ wght = 400 }}
        {more}

        [typefaces]
        hand = ["a"]
        fallback = ["a"]
        {tail}
        """
    )
    return folder


def test_a_typeface_is_its_fonts_then_the_fallback_each_once(tmp_path: Path) -> None:
    library = load_fonts(_manifest(tmp_path))
    own, fallback = library.chain("hand", "en")
    assert [font.name for font in own] == ["a"]
    assert not fallback
    assert library.fonts["a"].variations == {"wght": 400.0}


def test_an_unknown_typeface_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="known are fallback, hand"):
        load_fonts(_manifest(tmp_path)).chain("serif", "en")


def test_a_font_for_some_languages_is_left_out_of_other_cards(tmp_path: Path) -> None:
    library = load_fonts(_manifest(tmp_path, more='languages = ["ja"]'))
    assert not library.chain("hand", "en").own
    assert [font.name for font in library.chain("hand", "ja").own] == ["a"]


def test_another_file_under_that_name_is_refused_when_it_is_read(tmp_path: Path) -> None:
    font = load_fonts(_manifest(tmp_path, sha256="0" * 64)).fonts["a"]
    with pytest.raises(SetupError, match="sha256"):
        font.read()


def test_a_font_that_was_taken_away_is_named_when_it_is_read(tmp_path: Path) -> None:
    font = load_fonts(_manifest(tmp_path)).fonts["a"]
    assert font.read() == _BYTES
    font.path.unlink()
    with pytest.raises(SetupError, match=r"'a'.*cannot be read"):
        font.read()


def test_a_missing_font_refuses_start_up(tmp_path: Path) -> None:
    (_manifest(tmp_path) / "a.ttf").unlink()
    with pytest.raises(SetupError, match=r"a\.ttf is missing"):
        load_fonts(tmp_path)


def test_the_emoji_font_is_one_of_the_listed(tmp_path: Path) -> None:
    assert load_fonts(_manifest(tmp_path)).emoji is None
    emoji = load_fonts(_manifest(tmp_path, tail='[emoji]\nfont = "a"')).emoji
    assert emoji is not None
    assert emoji.name == "a"
    with pytest.raises(SetupError, match=r"\[emoji\] names 'b'"):
        load_fonts(_manifest(tmp_path, tail='[emoji]\nfont = "b"'))


def test_a_typeface_may_only_name_listed_fonts(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="'print' names 'b'"):
        load_fonts(_manifest(tmp_path, tail='print = ["b"]'))


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"manifest\.toml is missing"):
        load_fonts(tmp_path)
