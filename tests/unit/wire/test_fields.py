from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from app.wire.fields import (
    Currency,
    Language,
    LocalDay,
    LocalPast,
    Name,
    Note,
    Past,
    Quantity,
    Setting,
)

SETTING = Setting(datetime(2025, 11, 3, 9, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
NAME = TypeAdapter[str](Name)
NOTE = TypeAdapter[str](Note)
PAST = TypeAdapter[datetime](Past)
LOCAL_PAST = TypeAdapter[datetime](LocalPast)
LOCAL_DAY = TypeAdapter[datetime](LocalDay)


@pytest.mark.parametrize(
    "name",
    [
        "Jonna Lindqvist",
        "D'Arcy-O\u2019Neill",
        "محمد العربي",
        "\u200fדוד\u200e",
        "李小龍",
        "สมชาย",
        "Anna <3",
        "🌻",
        "",
    ],
)
def test_real_names_pass(name: str) -> None:
    assert NAME.validate_python(name) == name


def test_a_name_is_trimmed_and_composed() -> None:
    assert NAME.validate_python("  Zoe\u0308 ") == "Zo\u00eb"


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "x</b>",
        "<!-- x",
        "a\x00b",
        "a\x1bb",
        "a\nb",
        "a\x85b",
        "Anna\u202egro.elpmaxe",
        "\u2066Anna",
        "a\u2028b",
        "\ud800",
        "x" * 201,
        "x" * 10_000,
    ],
    ids=ascii,
)
def test_hostile_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(name)


def test_a_note_may_break_its_lines_but_no_more() -> None:
    assert NOTE.validate_python("one\r\ntwo\tthree") == "one\ntwo\tthree"
    with pytest.raises(ValidationError):
        NOTE.validate_python("one\x07")


@pytest.mark.parametrize("code", ["eur", " EUR "])
def test_a_currency_is_written_in_capitals(code: str) -> None:
    assert TypeAdapter[str](Currency).validate_python(code) == "EUR"


@pytest.mark.parametrize("code", ["EURO", "XXX", "€", "", "E\x00R"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](Currency).validate_python(code)


@pytest.mark.parametrize("count", [0, -1, 1_000_001, 10**30])
def test_a_negative_or_huge_quantity_is_refused(count: int) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[int](Quantity).validate_python(count)


@pytest.mark.parametrize("tag", ["de", "en-GB", "zh_Hant_TW", "ar"])
def test_a_language_is_a_tag_with_hyphens(tag: str) -> None:
    assert TypeAdapter[str](Language).validate_python(tag) == tag.replace("_", "-")


@pytest.mark.parametrize("tag", ["", "german", "d", "de--x", "../de"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](Language).validate_python(tag)


def test_a_moment_is_read_as_utc() -> None:
    moment = PAST.validate_python("2025-11-03T09:12:00+01:00", context=SETTING)
    assert moment == datetime(2025, 11, 3, 8, 12, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "moment",
    [
        "2025-11-03T09:12:00",
        "2025-11-03",
        "1762161120",
        1762161120,
        None,
        "2025-13-03T09:12:00Z",
        "2025-02-30T09:12:00Z",
        "2025-11-05T09:12:00Z",
        "9999-12-31T23:59:59-12:00",
        "1999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "2025-11-03T09:12:00+99:00",
        "yesterday",
    ],
)
def test_a_moment_that_names_none_or_cannot_have_been_is_refused(moment: object) -> None:
    with pytest.raises(ValidationError):
        PAST.validate_python(moment, context=SETTING)


def test_a_moment_without_a_zone_is_the_brands_where_the_format_says_so() -> None:
    moment = LOCAL_PAST.validate_python("2025-11-03T09:12:00", context=SETTING)
    assert moment == datetime(2025, 11, 3, 8, 12, tzinfo=UTC)


def test_a_bare_promise_lasts_until_the_end_of_its_day() -> None:
    assert LOCAL_DAY.validate_python("2025-11-05", context=SETTING) == datetime(
        2025, 11, 5, 22, 59, 59, tzinfo=UTC
    )
