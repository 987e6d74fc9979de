from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.wire.xml_text import NotXml, parse, printable

LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a>",
        b"no xml",
        b"{}",
        LAUGHS,
        b"\xef\xbb\xbf" + LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>&unknown;</a>",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" + b" " * 1_000_000 + b"</a>",
    ],
)
def test_what_is_no_plain_document_is_refused(content: bytes) -> None:
    with pytest.raises(NotXml):
        parse(content)


def test_comments_and_instructions_are_passed_over() -> None:
    root = parse(b"<?xml version='1.0'?><!-- a --><a><?b c?><d/><!-- e --></a>")
    assert [each.tag for each in root.iter()] == ["a", "d"]


@given(st.text())
def test_every_text_can_be_written_and_read_again(text: str) -> None:
    element = etree.Element("a", b=printable(text))
    assert parse(etree.tostring(element, encoding="utf-8")).get("b") == printable(text)


@given(st.binary(max_size=200))
def test_strangers_octets_never_do_more_than_be_refused(content: bytes) -> None:
    try:
        parse(content)
    except NotXml:
        return
