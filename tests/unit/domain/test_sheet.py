"""Names and sizes of sheets."""

from __future__ import annotations

import pytest

from app.domain.sheet import sheet_name, sheet_size


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("SRA3", (320, 450)),
        ("sra4", (225, 320)),
        ("A4", (210, 297)),
        ("13x19", (330.2, 482.6)),
        ("300x400", (300, 400)),
        ("300.5 × 400 mm", (300.5, 400)),
        ("450X320".lower(), (450, 320)),
    ],
)
def test_a_sheet_by_its_name_or_size(said: str, size: tuple[float, float]) -> None:
    assert sheet_size(said) == size


@pytest.mark.parametrize("said", ["", "A9", "0x300", "300x99999", "-3x4", "300", "nanxnan", "1e3x300"])
def test_what_is_no_sheet_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="sheet"):
        sheet_size(said)


def test_a_size_is_called_by_its_name() -> None:
    assert sheet_name((450, 320)) == "SRA3"
    assert sheet_name((300, 400)) == "300 × 400 mm"
