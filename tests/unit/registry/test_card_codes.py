"""The keys of codes in template.toml: every mistake is told with file, line, key and mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.domain.template import CodeOptions, Role
from app.errors import SetupError
from app.registry.cards import load_card

CODED = Path(__file__).parents[2] / "data" / "code_cards" / "coded"


def test_the_options_are_read() -> None:
    frames = {frame.role: frame.code for frame in load_card(CODED).sides[0].frames}
    assert frames[Role.QR] == CodeOptions(error="Q", quiet=4.5, content="{url}")
    assert frames[Role.DATA_MATRIX] == CodeOptions()
    assert frames[Role.CODE_128] == CodeOptions(content="{order_no}-{batch}", bar_height=11)
    assert frames[Role.EAN] == CodeOptions(content="{gtin}")


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("quiet = 4.5", "quiet = 3", "quiet", "3 modules are too few for a scanner to find the QR code"),
        ('error = "Q"', 'error = "X"', "error", "'L', 'M', 'Q' or 'H'"),
        ('error = "Q"', 'check_digit = "added"', "check_digit", "a qr frame has no check_digit"),
        ('content = "{gtin}"', "", "content", "is missing: what the EAN says"),
        ('content = "{gtin}"', 'content = "{isbn}"', "content", "{isbn} is no slot of the template"),
        ('content = "{gtin}"', 'content = "{pieces}"', "content", "{pieces} is a number"),
        ('content = "{gtin}"', 'content = "{gtin"', "content", "is no ICU MessageFormat pattern"),
        ("bar_height = 11", "bar_height = 15", "bar_height", "15 mm of bars and 3.7 mm of text are more"),
        ("box = [9, 88, 42, 22]", "box = [9, 88, 42, 6]", "box", "leaves 1.9 mm for the bars"),
        ("bar_height = 11", 'error = "L"', "error", "a code_128 frame has no error"),
        ("bar_height = 11", "quiet = 9.5", "quiet", "too few for a scanner to find the Code 128"),
        ('role = "data_matrix"', 'role = "job_code"\nlabel = true', "label", "a job_code frame has no"),
    ],
)
def test_a_mistake_is_told_where_it_is(tmp_path: Path, old: str, new: str, key: str, says: str) -> None:
    folder = Path(shutil.copytree(CODED, tmp_path / "coded"))
    file = folder / "template.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new)
    file.write_text(changed, encoding="utf-8")
    # A key that is missing is told where its frame begins.
    begin = text.index(old) + new.index(f"{key} =") if new else text.index('[[sides.frames]]\nrole = "ean"')
    line = 1 + changed[:begin].count("\n")
    with pytest.raises(SetupError) as caught:
        load_card(folder)
    violation = caught.value.violations[0]
    assert violation.pointer.startswith(f"{file}:{line}: sides.0.frames.")
    assert violation.pointer.endswith(f".{key}")
    assert says in violation.detail
    assert violation.mend


def test_one_code_says_one_thing_on_both_sides(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CODED, tmp_path / "coded"))
    file = folder / "template.toml"
    front = """
[[sides]]
name = "front"
art = { "*" = "art/back.svg" }
[[sides.frames]]
role = "qr"
box = [9, 9, 20, 20]
"""
    file.write_text(file.read_text(encoding="utf-8") + front, encoding="utf-8")
    with pytest.raises(SetupError, match="the QR code says something else on the other side"):
        load_card(folder)
