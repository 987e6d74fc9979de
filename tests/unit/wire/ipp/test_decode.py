from __future__ import annotations

import random
import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wire.ipp.decode import NotIpp, decode
from app.wire.ipp.encode import encode
from app.wire.ipp.message import (
    Attributes,
    Collection,
    Extended,
    InLanguage,
    Message,
    Range,
    Resolution,
    Value,
    collection,
    enum,
    integer,
    keyword,
    name,
    text,
    uri,
)
from app.wire.ipp.tags import STRINGS, Group, Tag
from tests.ipp_bytes import head, row

PRINTER = "ipp://printer.example.com/ipp/print/pinetree"
FIRST: Attributes = {
    "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
    "attributes-natural-language": (Value(Tag.LANGUAGE, "en-us"),),
}
TWENTY = row(0x21, "copies", 20)

EXAMPLES = {
    "A.1 Print-Job request": (
        head(0x0002)
        + row(0x45, "printer-uri", PRINTER)
        + row(0x42, "job-name", "foobar")
        + row(0x22, "ipp-attribute-fidelity", b"\x01")
        + b"\x02"
        + TWENTY
        + row(0x44, "sides", "two-sided-long-edge")
        + b"\x03"
        + b"%!PDF...",
        Message(
            0x0002,
            1,
            (
                (
                    Group.OPERATION,
                    {
                        **FIRST,
                        "printer-uri": uri(PRINTER),
                        "job-name": name("foobar"),
                        "ipp-attribute-fidelity": (Value(Tag.BOOLEAN, True),),
                    },
                ),
                (Group.JOB, {"copies": integer(20), "sides": keyword("two-sided-long-edge")}),
            ),
            (1, 1),
            b"%!PDF...",
        ),
    ),
    "A.2 Print-Job response (successful)": (
        head(0x0000)
        + row(0x41, "status-message", "successful-ok")
        + b"\x02"
        + row(0x21, "job-id", 147)
        + row(0x45, "job-uri", f"{PRINTER}/147")
        + row(0x23, "job-state", 3)
        + b"\x03",
        Message(
            0x0000,
            1,
            (
                (Group.OPERATION, {**FIRST, "status-message": text("successful-ok")}),
                (
                    Group.JOB,
                    {"job-id": integer(147), "job-uri": uri(f"{PRINTER}/147"), "job-state": enum(3)},
                ),
            ),
            (1, 1),
        ),
    ),
    "A.3 Print-Job response (failure)": (
        head(0x040B) + b"\x05" + TWENTY + row(0x10, "sides", b"") + b"\x03",
        Message(
            0x040B,
            1,
            (
                (Group.OPERATION, FIRST),
                (Group.UNSUPPORTED, {"copies": integer(20), "sides": (Value(Tag.UNSUPPORTED),)}),
            ),
            (1, 1),
        ),
    ),
    "A.4 Print-Job response (success with attributes ignored)": (
        head(0x0001)
        + b"\x05"
        + TWENTY
        + row(0x10, "sides", b"")
        + b"\x02"
        + row(0x21, "job-id", 147)
        + row(0x23, "job-state", 3)
        + b"\x03",
        Message(
            0x0001,
            1,
            (
                (Group.OPERATION, FIRST),
                (Group.UNSUPPORTED, {"copies": integer(20), "sides": (Value(Tag.UNSUPPORTED),)}),
                (Group.JOB, {"job-id": integer(147), "job-state": enum(3)}),
            ),
            (1, 1),
        ),
    ),
    "A.5 Print-URI request": (
        head(0x0003)
        + row(0x45, "printer-uri", PRINTER)
        + row(0x45, "document-uri", "ftp://foo.example.com/foo")
        + row(0x42, "job-name", "foobar")
        + b"\x02"
        + row(0x21, "copies", 1)
        + b"\x03",
        Message(
            0x0003,
            1,
            (
                (
                    Group.OPERATION,
                    {
                        **FIRST,
                        "printer-uri": uri(PRINTER),
                        "document-uri": uri("ftp://foo.example.com/foo"),
                        "job-name": name("foobar"),
                    },
                ),
                (Group.JOB, {"copies": integer(1)}),
            ),
            (1, 1),
        ),
    ),
    "A.6 Create-Job request": (
        head(0x0005) + row(0x45, "printer-uri", PRINTER) + b"\x03",
        Message(0x0005, 1, ((Group.OPERATION, {**FIRST, "printer-uri": uri(PRINTER)}),), (1, 1)),
    ),
    "A.7 Create-Job request with collection attributes": (
        head(0x0005)
        + row(0x45, "printer-uri", PRINTER)
        + b"\x02"
        + row(0x34, "media-col", b"")
        + row(0x4A, "", "media-size")
        + row(0x34, "", b"")
        + row(0x4A, "", "x-dimension")
        + row(0x21, "", 21000)
        + row(0x4A, "", "y-dimension")
        + row(0x21, "", 29700)
        + row(0x37, "", b"")
        + row(0x4A, "", "media-type")
        + row(0x44, "", "stationery")
        + row(0x37, "", b"")
        + b"\x03",
        Message(
            0x0005,
            1,
            (
                (Group.OPERATION, {**FIRST, "printer-uri": uri(PRINTER)}),
                (
                    Group.JOB,
                    {
                        "media-col": collection(
                            {
                                "media-size": collection(
                                    {"x-dimension": integer(21000), "y-dimension": integer(29700)}
                                ),
                                "media-type": keyword("stationery"),
                            }
                        )
                    },
                ),
            ),
            (1, 1),
        ),
    ),
    "A.8 Get-Jobs request": (
        head(0x000A, request_id=123)
        + row(0x45, "printer-uri", PRINTER)
        + row(0x21, "limit", 50)
        + row(0x44, "requested-attributes", "job-id")
        + row(0x44, "", "job-name")
        + row(0x44, "", "document-format")
        + b"\x03",
        Message(
            0x000A,
            123,
            (
                (
                    Group.OPERATION,
                    {
                        **FIRST,
                        "printer-uri": uri(PRINTER),
                        "limit": integer(50),
                        "requested-attributes": keyword("job-id", "job-name", "document-format"),
                    },
                ),
            ),
            (1, 1),
        ),
    ),
    "A.9 Get-Jobs response": (
        head(0x0000, request_id=123)
        + b"\x02"
        + row(0x21, "job-id", 147)
        + row(0x36, "job-name", b"\x00\x05fr-ca\x00\x03fou")
        + b"\x02"
        + row(0x21, "job-id", 148)
        + row(0x36, "job-name", b"\x00\x05de-CH\x00\x10isch guet gange!")
        + b"\x03",
        Message(
            0x0000,
            123,
            (
                (Group.OPERATION, FIRST),
                (
                    Group.JOB,
                    {
                        "job-id": integer(147),
                        "job-name": (Value(Tag.NAME_WITH_LANGUAGE, InLanguage("fr-ca", "fou")),),
                    },
                ),
                (
                    Group.JOB,
                    {
                        "job-id": integer(148),
                        "job-name": (Value(Tag.NAME_WITH_LANGUAGE, InLanguage("de-CH", "isch guet gange!")),),
                    },
                ),
            ),
            (1, 1),
        ),
    ),
}
"""RFC 8010, appendix A: octets and what they mean."""


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_standard_s_examples_are_read_and_written(title: str) -> None:
    octets, message = EXAMPLES[title]
    assert decode(octets) == message
    assert encode(message) == octets


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_NAMES = st.text(st.characters(codec="ascii", categories=["Ll", "Nd"]), min_size=1, max_size=20)
_INTEGERS = st.integers(-(2**31), 2**31 - 1)
_MOMENTS = st.builds(
    lambda moment, tenths, minutes: moment.replace(
        microsecond=tenths * 100_000, tzinfo=timezone(timedelta(minutes=minutes))
    ),
    st.datetimes(),
    st.integers(0, 9),
    st.integers(-11 * 60, 13 * 60),
)
_SIMPLE = st.one_of(
    st.sampled_from(
        [0x10, 0x11, Tag.UNKNOWN, Tag.NO_VALUE, Tag.NOT_SETTABLE, Tag.DELETE_ATTRIBUTE, Tag.ADMIN_DEFINE]
    ).map(Value),
    _INTEGERS.map(lambda number: Value(Tag.INTEGER, number)),
    _INTEGERS.map(lambda number: Value(Tag.ENUM, number)),
    st.booleans().map(lambda truth: Value(Tag.BOOLEAN, truth)),
    st.binary(max_size=60).map(lambda octets: Value(Tag.OCTETS, octets)),
    st.binary(max_size=8).map(lambda octets: Value(0x2A, octets)),
    _MOMENTS.map(lambda moment: Value(Tag.DATE_TIME, moment)),
    st.builds(Resolution, _INTEGERS, _INTEGERS, st.integers(-128, 127)).map(
        lambda value: Value(Tag.RESOLUTION, value)
    ),
    st.builds(Range, _INTEGERS, _INTEGERS).map(lambda value: Value(Tag.RANGE, value)),
    st.builds(Value, st.sampled_from([0x35, 0x36]).map(Tag), st.builds(InLanguage, _NAMES, _WORDS)),
    st.builds(Value, st.sampled_from(sorted(STRINGS)), _WORDS),
    st.builds(Extended, st.integers(0, 2**31), st.binary(max_size=20)).map(
        lambda value: Value(Tag.EXTENSION, value)
    ),
)
_VALUES = st.recursive(
    _SIMPLE,
    lambda inner: st.dictionaries(_NAMES, st.lists(inner, min_size=1, max_size=3).map(tuple), max_size=4).map(
        lambda members: Value(Tag.BEGIN_COLLECTION, Collection(members))
    ),
    max_leaves=12,
)
_GROUPS = st.tuples(
    st.sampled_from([1, 2, 4, 5, 6, 7, 9]),
    st.dictionaries(_NAMES, st.lists(_VALUES, min_size=1, max_size=4).map(tuple), max_size=5),
)
MESSAGES = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.lists(_GROUPS, max_size=4).map(tuple),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.binary(max_size=40),
)


@given(MESSAGES)
@settings(max_examples=60)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert decode(encode(message)) == message


@given(MESSAGES, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_cut_or_changed_message_is_read_or_refused(message: Message, chance: random.Random) -> None:
    octets = bytearray(encode(message))
    for _ in range(chance.randint(1, 4)):
        octets[chance.randrange(len(octets))] = chance.randrange(256)
    for damaged in (bytes(octets), bytes(octets[: chance.randrange(len(octets))])):
        with suppress(NotIpp):
            read = decode(damaged)
            assert decode(encode(read)) == read


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    with suppress(NotIpp):
        assert decode(octets).version == tuple(octets[:2])


def test_every_cut_of_an_answer_is_refused() -> None:
    octets, _ = EXAMPLES["A.9 Get-Jobs response"]
    for length in range(len(octets) - 1):
        with pytest.raises(NotIpp):
            decode(octets[:length])


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"<html><body>It works!</body></html>", "stands where a group"),
        (head(0) + b"\x02" + row(0x21, "", 1) + b"\x03", "before any attribute"),
        (head(0) + b"\x02" + row(0x21, "copies", b"\x01") + b"\x03", "has 1 octets"),
        (head(0) + b"\x02" + row(0x35, "words", b"\x00\x05en") + b"\x03", "has 4 octets"),
        (head(0) + b"\x02" + row(0x35, "words", b"\x00\x02en\x00\x01ab") + b"\x03", "has 8 octets"),
        (head(0) + b"\x02" + row(0x37, "end", b"") + b"\x03", "outside"),
        (head(0) + b"\x02" + row(0x34, "col", b"x") + b"\x03", "octets of its own"),
        (head(0) + b"\x02" + row(0x34, "col", b"") + b"\x03", "does not end"),
        (head(0) + b"\x02" + row(0x34, "col", b"") + row(0x21, "", 1), "before its name"),
        (head(0) + b"\x02" + row(0x34, "col", b"") + row(0x4A, "", "a") + row(0x37, "", b""), "no value"),
        (
            head(0)
            + b"\x02"
            + row(0x34, "col", b"")
            + row(0x4A, "", "")
            + row(0x21, "", 1)
            + row(0x37, "", b""),
            "no name",
        ),
        (head(0) + b"\x02" + row(0x34, "col", b"") + row(0x4A, "x", "a"), "wrong place"),
        (head(0) + b"\x02\x21\xff\xff", "negative"),
    ],
)
def test_what_is_wrong_is_said(octets: bytes, told: str) -> None:
    with pytest.raises(NotIpp, match=told):
        decode(octets)


def test_collections_end_somewhere() -> None:
    deep = row(0x34, "col", b"") + (row(0x4A, "", "in") + row(0x34, "", b"")) * 5_000
    with pytest.raises(NotIpp, match="deep"):
        decode(head(0) + b"\x02" + deep)


def test_values_end_somewhere() -> None:
    many = row(0x21, "many", 1) + row(0x21, "", 1) * 50_001
    with pytest.raises(NotIpp, match="more than"):
        decode(head(0) + b"\x02" + many + b"\x03")


def test_an_attribute_that_is_there_twice_counts_once() -> None:
    octets = head(0) + b"\x02" + row(0x21, "copies", 1) + row(0x21, "copies", 2) + row(0x21, "", 3) + b"\x03"
    assert decode(octets).group(Group.JOB) == {"copies": integer(1)}


def test_a_text_in_another_charset_does_not_spoil_the_answer() -> None:
    octets = head(0) + b"\x04" + row(0x41, "printer-location", b"B\xfcro") + b"\x03"
    assert decode(octets).group(Group.PRINTER) == {"printer-location": text("B\ufffdro")}


@pytest.mark.parametrize(
    ("octets", "moment"),
    [
        (
            struct.pack(">HBBBBBBcBB", 2026, 1, 2, 3, 4, 5, 6, b"+", 0, 0),
            datetime(2026, 1, 2, 3, 4, 5, 600_000, UTC),
        ),
        (
            struct.pack(">HBBBBBBcBB", 2026, 1, 2, 3, 4, 5, 0, b"-", 3, 30),
            datetime(2026, 1, 2, 6, 34, 5, tzinfo=UTC),
        ),
        (bytes(11), bytes(11)),
        (struct.pack(">HBBBBBBcBB", 2026, 1, 2, 3, 4, 60, 0, b"+", 0, 0),) * 2,
    ],
    ids=["UTC", "west", "a clock that was never set", "a leap second"],
)
def test_a_date_that_names_no_moment_stays_as_it_is(octets: bytes, moment: datetime | bytes) -> None:
    message = decode(head(0) + b"\x04" + row(0x31, "printer-current-time", octets) + b"\x03")
    assert message.group(Group.PRINTER)["printer-current-time"][0].content == moment
