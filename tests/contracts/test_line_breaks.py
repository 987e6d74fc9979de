"""Where lines may end in scripts that are written without spaces, or with rules of their own."""

from __future__ import annotations

import pytest

from app.pdf.text.breaks import cuts


def _pieces(word: str, language: str) -> list[str]:
    ends = [cut.end for cut in cuts(word, language, None)]
    return [word[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("th", "ขอบคุณ|มาก|ที่|กลับ|มา|หา|เรา|อีก|ครั้ง"),
        ("lo", "ຂອບໃຈ|ຫຼາຍ|ທີ່|ກັບມາ|ຫາ|ພວກ|ເຮົາ"),
        ("km", "សូម|អរគុណ|ដែល|បាន|ត្រឡប់មកវិញ"),
        ("my", "ကျေးဇူးတင်|ပါ|တယ်|ပြန်လာ|တာ|ဝမ်းသာ|တယ်"),
        ("bo", "བཀྲ་|ཤིས་|བདེ་|ལེགས།"),
        ("ko", "감사합니다."),
        ("zh-Hans", "感|谢|您|光|临：|《直》、|骨。"),
        ("ja", "「今|後|と|も」|パー|ティー、|ちょっ|と|東|京|ABC123|円"),
        ("en", "well-|known"),
    ],
)
def test_a_word_is_broken_where_its_script_breaks(language: str, pieces: str) -> None:
    assert _pieces(pieces.replace("|", ""), language) == pieces.split("|")


@pytest.mark.parametrize("character", "。、，．：；！？」』）〉》】ーっゃゅょッャュョァィゥェォ々〻")
def test_no_line_begins_with_what_ends_or_goes_on(character: str) -> None:
    assert all(not piece.startswith(character) for piece in _pieces(f"東京{character}大阪", "ja"))


@pytest.mark.parametrize("character", "「『（〈《【")
def test_no_line_ends_with_what_opens(character: str) -> None:
    assert all(not piece.endswith(character) for piece in _pieces(f"東京{character}大阪", "ja"))


@pytest.mark.parametrize("text", ["น้ำ", "ກຳ", "ក្រុម", "မြန်မာ", "👨‍👩‍👧‍👦", "🇩🇪", "ก็"])
def test_no_break_falls_inside_what_is_one_letter(text: str) -> None:
    language = {"น": "th", "ກ": "lo", "ក": "km", "မ": "my", "ก": "th"}.get(text[0], "en")
    assert _pieces(text, language) == [text]
