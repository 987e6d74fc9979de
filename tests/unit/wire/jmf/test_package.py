from __future__ import annotations

import io
import zipfile
from email import message_from_bytes, policy

import pytest

from app.wire.jmf.dialect import Dialect
from app.wire.jmf.package import Part, address, pack

MESSAGE = b"<JMF/>"
PARTS = (
    Part(name="A-0.jdf", media_type="application/vnd.cip4-jdf+xml", content=b"<JDF/>"),
    Part(name="A-0.pdf", media_type="application/pdf", content=bytes(range(256)) + b"\r\n--=_tipin\r\n"),
)


def test_a_jmf_package_is_multipart_related_with_the_message_first() -> None:
    body, kind = pack(Dialect.JMF, MESSAGE, *PARTS)
    read = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=policy.HTTP)
    assert read.get_content_type() == "multipart/related"
    assert read["content-type"].params["type"] == "application/vnd.cip4-jmf+xml"
    parts = list(read.iter_parts())
    assert parts[0]["content-id"] == read["content-type"].params["start"]
    assert [each.get_content_type() for each in parts[1:]] == [each.media_type for each in PARTS]
    assert [each["content-id"] for each in parts[1:]] == ["<A-0.jdf@tipin>", "<A-0.pdf@tipin>"]


def test_every_octet_of_a_part_comes_through() -> None:
    body, kind = pack(Dialect.JMF, MESSAGE, *PARTS)
    boundary = kind.split('boundary="')[1].rstrip('"').encode()
    pieces = body.split(b"--" + boundary)
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    contents = [each.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") for each in pieces[1:-1]]
    assert contents == [MESSAGE, *(part.content for part in PARTS)]


def test_a_part_that_holds_the_boundary_gets_another_one() -> None:
    _, kind = pack(Dialect.JMF, MESSAGE)
    boundary = kind.split('boundary="')[1].rstrip('"')
    hostile = Part(name="a", media_type="application/pdf", content=boundary.encode())
    body, other = pack(Dialect.JMF, MESSAGE, hostile)
    assert body.count(other.split('boundary="')[1].rstrip('"').encode()) == 3


def test_an_xjmf_package_is_a_zip_whose_root_is_the_message() -> None:
    body, kind = pack(Dialect.XJMF, MESSAGE, *PARTS)
    assert kind == "application/vnd.cip4-xjmf+zip"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.namelist() == ["root.xjmf", "A-0.jdf", "A-0.pdf"]
        assert archive.read("root.xjmf") == MESSAGE
        assert archive.read("A-0.pdf") == PARTS[1].content


@pytest.mark.parametrize("dialect", Dialect)
def test_the_same_parts_give_the_same_octets(dialect: Dialect) -> None:
    assert pack(dialect, MESSAGE, *PARTS) == pack(dialect, MESSAGE, *PARTS)


def test_parts_are_addressed_as_their_package_says() -> None:
    assert address(Dialect.JMF, "A-0.pdf") == "cid:A-0.pdf@tipin"
    assert address(Dialect.XJMF, "A-0.pdf") == "A-0.pdf"
