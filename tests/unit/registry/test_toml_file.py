from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import SetupError
from app.registry.toml_file import Key, TomlFile

TEXT = '''title = "x"
note = """
sides = 1
[[sides]]
"""

[slots]
a = "text"
"b.c" = 1

[[sides]]
name = "front"
[[sides.frames]]
role = "x"

[[sides]]
name = "back"
art = { first = "a" }
[[sides.frames]]
role = "y"
[[sides.frames]]
role = "z"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 1),
        (("slots", "a"), 8),
        (("slots", "b.c"), 9),
        (("sides", 0, "name"), 12),
        (("sides", 0, "frames", 0, "role"), 14),
        (("sides", 1, "art", "first"), 18),
        (("sides", 1, "frames", 0, "role"), 20),
        (("sides", 1, "frames", 1, "role"), 22),
        (("sides", 1, "frames", 1, "missing"), 21),
    ],
)
def test_a_fault_is_told_with_the_nearest_line(tmp_path: Path, key: Key, line: int) -> None:
    path = tmp_path / "x.toml"
    path.write_text(TEXT, encoding="utf-8")
    file = TomlFile(path)
    file.fault(key, "is wrong", "right it")
    with pytest.raises(
        SetupError, match=rf"x\.toml:{line}: .* is wrong \(right it\)".replace(": .*", ": .+:")
    ):
        file.check()


def test_no_fault_no_error(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(TEXT, encoding="utf-8")
    TomlFile(path).check()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="is missing"):
        TomlFile(tmp_path / "none.toml")


def test_many_faults_are_told_in_short_and_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(TEXT, encoding="utf-8")
    file = TomlFile(path)
    for number in range(40):
        file.fault(("slots", str(number)), "is wrong")
    with pytest.raises(SetupError, match="and 28 more") as caught:
        file.check()
    assert len(caught.value.violations) == 40
