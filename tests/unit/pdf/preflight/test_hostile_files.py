"""Whatever a file holds, a report comes out: no traceback, no endless work, and never a pass by accident."""

from __future__ import annotations

import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from app.pdf.preflight import limits, preflight
from tests.sound_pdf import PROFILE, append, form, resources, saved, sound


@pytest.mark.parametrize("data", [b"", b"%PDF-1.6", b"hello", b"%PDF-1.6\n" + b"0" * 5000, b"\xff" * 100])
def test_what_is_no_pdf_fails(data: bytes) -> None:
    report = preflight(data, PROFILE)
    assert not report.passed
    assert report.outcomes[0].name == "file-readable"


def test_a_file_that_needs_a_password_fails() -> None:
    encrypted = saved(sound(), pikepdf.Encryption(owner="o", user="u", R=4, metadata=False))
    assert [o.name for o in preflight(encrypted, PROFILE).errors] == ["file-readable"]


def test_a_file_beyond_the_limit_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pdf.preflight.subject.LARGEST_FILE", 1000)
    assert [o.name for o in preflight(saved(sound()), PROFILE).errors] == ["file-readable"]


def test_a_decompression_bomb_is_not_inflated() -> None:
    pdf = sound()
    packed = zlib.compress(b"0 0 m " * (limits.LARGEST_STREAM // 6 + 1000), 1)
    pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)
    assert not preflight(saved(pdf), PROFILE).passed


def test_a_form_that_draws_itself_ends() -> None:
    pdf = sound()
    loop = pdf.make_indirect(form(pdf, b"/Loop Do /Loop Do"))
    loop.Resources = Dictionary(XObject=Dictionary(Loop=loop))
    resources(pdf).XObject.Loop = loop
    append(pdf, b"/Loop Do")
    assert [o.name for o in preflight(saved(pdf), PROFILE).errors] == ["file-readable"]


def test_more_operators_than_are_checked_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pdf.preflight.content.interpreter.MOST_OPERATORS", 100)
    assert [o.name for o in preflight(saved(sound()), PROFILE).errors] == ["file-readable"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("TrimBox", Array([0, 0, 1])),
        ("TrimBox", Name.None_),
        ("Resources", Array()),
        ("Annots", Dictionary()),
        ("Group", Array()),
    ],
)
def test_a_value_of_the_wrong_type_fails_its_check_without_a_traceback(
    key: str, value: pikepdf.Object
) -> None:
    pdf = sound()
    pdf.pages[0].obj[f"/{key}"] = value
    preflight(saved(pdf), PROFILE)


def test_a_document_information_of_the_wrong_type_fails() -> None:
    pdf = sound()
    pdf.trailer.Info = pdf.make_indirect(Array([1]))
    assert "trapped-stated" in {o.name for o in preflight(saved(pdf), PROFILE).errors}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_with_flipped_bytes_never_raises(data: st.DataObject) -> None:
    broken = bytearray(_small())
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    preflight(bytes(broken), PROFILE)


def _small() -> bytes:
    """The sound file without its megabyte of ICC profile, so that the flips hit something."""
    pdf = sound()
    pdf.Root.OutputIntents[0].DestOutputProfile.write(b"short")
    return saved(pdf)
