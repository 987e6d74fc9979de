from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire.jmf.dialect import Dialect
from app.wire.jmf.package import Part, address, pack
from app.wire.jmf.read import NotJmf
from app.wire.jmf.unpack import unpack

CENTRAL = b"PK\x01\x02\x14\x03\x14\x00"
"""A directory's entry up to the flag that its file is encrypted."""
TICKET = Part(name="J-0.xjdf", media_type="application/vnd.cip4-xjdf+xml", content=b"<XJDF/>\r\n\x00\xff")


@pytest.mark.parametrize("dialect", Dialect)
def test_what_is_packed_here_is_unpacked_here(dialect: Dialect) -> None:
    sent = unpack(*pack(dialect, b"<message/>", TICKET))
    assert sent.message == b"<message/>"
    assert sent.find(address(dialect, TICKET.name)) == TICKET.content
    for elsewhere in ("http://rip/J-0.xjdf", "../J-0.xjdf", "/etc/passwd", "", "cid:"):
        assert sent.find(elsewhere) is None


def test_a_bare_message_has_no_files() -> None:
    sent = unpack(b"<JMF/>", "application/vnd.cip4-jmf+xml")
    assert (sent.message, sent.find("J-0.jdf")) == (b"<JMF/>", None)


@pytest.mark.parametrize("way", ["./J-0.xjdf", "J%2D0.xjdf"])
def test_a_file_is_found_as_the_message_writes_it(way: str) -> None:
    body, kind = pack(Dialect.XJMF, b"<XJMF/>", TICKET)
    assert unpack(body, kind).find(way) == TICKET.content


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (_zip(ticket_xjdf=b"<XJDF/>"), "without a message"),
        (_zip(root_xjmf=b"<XJMF/>")[:-10], "damaged zip"),
        (_zip(root_xjmf=b" " * 2_000_000), "more than 1000000 octets"),
        (_zip(root_xjmf=b"<XJMF/>").replace(CENTRAL + b"\x00", CENTRAL + b"\x01"), "is encrypted"),
    ],
    ids=["no message", "cut", "a bomb", "marked as encrypted"],
)
def test_a_hostile_zip_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(NotJmf, match=told):
        unpack(body, "application/vnd.cip4-xjmf+zip")


@pytest.mark.parametrize(
    "kind", ["multipart/related", "multipart/related; boundary=x", 'multipart/related; boundary="\r\nX: y"']
)
def test_a_multipart_without_parts_is_refused(kind: str) -> None:
    with pytest.raises(NotJmf, match="without a part"):
        unpack(b"--y\r\n\r\n<JMF/>", kind)


@given(st.binary(max_size=400), st.sampled_from(["", "multipart/related; boundary=x", "application/zip"]))
def test_any_body_is_unpacked_or_refused(body: bytes, kind: str) -> None:
    for each in (body, b"PK\x03\x04" + body, b"--x\r\n" + body + b"\r\n--x--"):
        try:
            sent = unpack(each, kind)
        except NotJmf:
            continue
        assert isinstance(sent.message, bytes)
