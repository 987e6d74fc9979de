"""Which files may share a sheet, and why the others may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from app.errors import SetupError
from app.services.gang.pieces import Finished, Unfit, look_at, press_for, sort_out
from tests.sheets import MADE_AT, PROFILE, block, piece

_OTHER = replace(PROFILE, name="transfer", output_condition="SUBLIMATION-CMYK")
_PROFILES = {PROFILE.name: PROFILE, _OTHER.name: _OTHER}


def _found(path: Path, **changes: object) -> Finished:
    found = look_at(piece(path, [block("1 0 0 0", 0, 0, 60, 40)] * 2))
    assert isinstance(found, Finished)
    return replace(found, **changes)  # type: ignore[arg-type]  # by name


def test_a_file_says_what_it_is(tmp_path: Path) -> None:
    found = _found(tmp_path / "a.pdf")
    assert (found.condition, found.pages, found.trim, found.bleed) == ("FOGRA39", 2, (60, 40), 3)
    assert found.made_at == MADE_AT


def test_a_turned_page_is_taken_as_it_is_looked_at(tmp_path: Path) -> None:
    path = piece(tmp_path / "a.pdf", [""])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(path)
    found = look_at(path)
    assert isinstance(found, Finished)
    assert found.trim == (40, 60)


def _no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _no_trim(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].TrimBox


def _layer_off(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Notes"))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(Name="D", OFF=[layer]))


def _other_size(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page(page_size=(100, 100)).trimbox = pikepdf.Array([0, 0, 100, 100])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_no_intent, "it does not say which press it is for"),
        (_no_trim, "a page has no TrimBox"),
        (_layer_off, "a layer is switched off"),
        (_other_size, "its pages are of several sizes"),
    ],
)
def test_a_file_that_no_sheet_can_have_says_why(damage: object, reason: str, tmp_path: Path) -> None:
    path = piece(tmp_path / "a.pdf", [""])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        assert callable(damage)
        damage(pdf)
        pdf.save(path)
    found = look_at(path)
    assert isinstance(found, Unfit)
    assert found.reason.startswith(reason)
    assert found.mend


def test_a_locked_file_says_so(tmp_path: Path) -> None:
    path = piece(tmp_path / "a.pdf", [""])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert look_at(path) == Unfit(path, "a", "the file is encrypted", "save it without a password")


def test_mixed_presses_are_refused_by_name(tmp_path: Path) -> None:
    one, other = _found(tmp_path / "a.pdf"), _found(tmp_path / "b.pdf", condition="SUBLIMATION-CMYK")
    with pytest.raises(SetupError, match=r"a\.pdf for FOGRA39, b\.pdf for SUBLIMATION-CMYK"):
        press_for([one, other], _PROFILES, None)
    assert press_for([one, other], _PROFILES, "transfer") is _OTHER
    assert press_for([one], _PROFILES, None) is PROFILE
    fit, unfit = sort_out([one, other], PROFILE)
    assert fit == [one]
    assert unfit[0].reason == "it is for SUBLIMATION-CMYK, and the sheet for FOGRA39 (isocoated-v2-300)"


def test_a_press_that_is_not_here_or_twice_is_named(tmp_path: Path) -> None:
    one = _found(tmp_path / "a.pdf")
    with pytest.raises(SetupError, match="no press profile here is"):
        press_for([one], {"transfer": _OTHER}, None)
    twin = replace(PROFILE, name="twin")
    with pytest.raises(SetupError, match="isocoated-v2-300, twin"):
        press_for([one], {**_PROFILES, "twin": twin}, None)
    with pytest.raises(SetupError, match="there is no press profile 'none'"):
        press_for([one], _PROFILES, "none")


def test_the_size_of_most_is_the_sheets(tmp_path: Path) -> None:
    same = [_found(tmp_path / f"{number}.pdf") for number in range(2)]
    odd = _found(tmp_path / "odd.pdf", trim=(40, 60))
    foreign = _found(tmp_path / "foreign.pdf", icc="0")
    fit, unfit = sort_out([odd, *same, foreign], PROFILE)
    assert fit == same
    assert [one.reason for one in unfit] == [
        "its colour profile is another than that of isocoated-v2-300",
        "it is 40 × 60 mm, and most pieces are 60 × 40 mm",
    ]
