from __future__ import annotations

import itertools
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import SetupError
from app.wire.ipp.client import IppClient
from app.wire.ipp.decode import NotIpp, decode
from app.wire.ipp.encode import encode
from app.wire.ipp.exchange import NoAnswer, Unreached
from app.wire.ipp.message import Message, Value, keyword, name
from app.wire.ipp.tags import Group, Operation, Tag
from tests.programs import need
from tests.raw_server import Answer, raw_server, reply

OK: Message = Message(
    0,
    1,
    (
        (
            Group.OPERATION,
            {
                "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
                "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
            },
        ),
    ),
)


def _asked(request: bytes) -> Message:
    return decode(request.partition(b"\r\n\r\n")[2])


def _says(octets: bytes) -> Answer:
    return lambda connection, _request: connection.sendall(octets)


def _ask(answer: Answer, *, seconds: float = 5.0) -> Message:
    with raw_server(answer) as port:
        return IppClient(f"ipp://127.0.0.1:{port}/ipp/print", seconds=seconds).ask(
            Operation.GET_PRINTER_ATTRIBUTES
        )


def test_a_request_says_its_length_and_what_the_standard_wants_first() -> None:
    seen: list[bytes] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        seen.append(request)
        connection.sendall(reply(encode(OK)))

    assert _ask(answer).code == 0
    headers = seen[0].partition(b"\r\n\r\n")[0].lower()
    assert b"post /ipp/print http/1.1" in headers
    assert b"content-type: application/ipp" in headers
    assert b"transfer-encoding" not in headers
    asked = _asked(seen[0])
    assert list(asked.group(Group.OPERATION)) == [
        "attributes-charset",
        "attributes-natural-language",
        "printer-uri",
    ]


def test_a_document_goes_with_its_length(tmp_path: Path) -> None:
    document = tmp_path / "card.pdf"
    document.write_bytes(bytes(range(256)) * 1000)
    seen: list[bytes] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        seen.append(request)
        connection.sendall(reply(encode(OK)))

    with raw_server(answer) as port, IppClient(f"ipp://127.0.0.1:{port}/ipp/print").line() as line:
        line.ask(
            Operation.PRINT_JOB,
            {"job-name": name("A-0")},
            {"sides": keyword("one-sided")},
            document=document,
        )
    headers, _, body = seen[0].partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in headers.lower()
    asked = decode(body)
    assert asked.data == document.read_bytes()
    assert asked.group(Group.JOB) == {"sides": keyword("one-sided")}


def test_a_printer_of_1_1_is_spoken_to_in_1_1() -> None:
    versions: list[tuple[int, int]] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        asked = _asked(request)
        versions.append(asked.version)
        status = 0 if asked.version == (1, 1) else 0x0503
        connection.sendall(reply(encode(Message(status, asked.request_id, version=(1, 1)))))

    assert _ask(answer).version == (1, 1)
    assert versions == [(2, 0), (1, 1)]


HTML = reply(b"<html>It works!</html>", media_type="text/html; charset=utf-8")
BAD: dict[str, tuple[bytes, str, str]] = {
    "HTML": (HTML, "answers text/html instead of application/ipp", "own address"),
    "HTML that says it is IPP": (reply(b"<html>It works!</html>"), "no IPP message", ""),
    "another version": (reply(encode(Message(0, 1, version=(9, 1)))), "answers in IPP 9.1", ""),
    "the answer to another": (reply(encode(Message(0, 77))), "answers request 77 instead of 1", ""),
    "a redirect": (
        reply(b"", status="307 Temporary Redirect", headers="Location: http://127.0.0.1:1/there\r\n"),
        "redirects to http://127.0.0.1:1/there",
        "really is",
    ),
    "who are you": (
        reply(b"", status="401 Unauthorized", headers="WWW-Authenticate: Basic\r\n"),
        "asks who prints",
        "user and password",
    ),
    "nothing there": (reply(b"", status="404 Not Found"), "nothing under this path", "/ipp/print"),
    "encrypt": (reply(b"", status="426 Upgrade Required"), "encrypted", "ipps://"),
    "broken": (reply(b"", status="500 Oops"), "answers HTTP 500", ""),
    "no media type": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "without a media type", ""),
    "cut in the middle": (reply(encode(OK)[:20]), "ends in the middle", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_says_what_is_wrong_and_the_mend(case: str) -> None:
    octets, told, mend = BAD[case]
    with pytest.raises(NotIpp) as raised:
        _ask(_says(octets))
    assert told in raised.value.detail
    assert mend in raised.value.mend


def _endless(piece: bytes, start: bytes, *, pause: float = 0.0) -> Answer:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(start)
        for _ in itertools.count():
            connection.sendall(piece)
            time.sleep(pause)

    return answer


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_an_endless_body_ends_at_the_limit() -> None:
    with pytest.raises(NotIpp, match="does not end"):
        _ask(_endless(b"10000\r\n" + bytes(65536) + b"\r\n", CHUNKED))


@pytest.mark.parametrize(
    "answer",
    [
        _endless(b"1\r\n\0\r\n", CHUNKED, pause=0.02),
        _endless(b"X-More: 1\r\n", b"HTTP/1.1 200 OK\r\n", pause=0.02),
        _endless(b"HTTP/1.1 100 Continue\r\n\r\n", b"", pause=0.02),
        _endless(b"", b"", pause=0.02),
    ],
    ids=["a dripping body", "dripping headers", "interim answers for ever", "silence"],
)
def test_an_answer_that_takes_too_long_is_cut(answer: Answer) -> None:
    with pytest.raises(NoAnswer, match="no whole answer within") as raised:
        _ask(answer, seconds=0.3)
    assert not raised.value.dropped


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Type: application/ipp\r\n\r\n\1"]
)
def test_a_dropped_connection_is_told_apart_from_a_slow_one(said: bytes) -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(NoAnswer, match="ended the connection") as raised:
        _ask(answer)
    assert raised.value.dropped


def test_a_printer_that_is_off_is_unreached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(Unreached, match="cannot be reached"):
        IppClient(f"ipp://127.0.0.1:{port}/ipp/print").ask(Operation.GET_PRINTER_ATTRIBUTES)


@pytest.mark.parametrize("stays", [True, False])
def test_a_line_knows_whether_it_was_broken(stays: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(reply(encode(Message(0, _asked(request).request_id))))
        if not stays:
            connection.shutdown(socket.SHUT_RDWR)

    with raw_server(answer) as port, IppClient(f"ipp://127.0.0.1:{port}/").line() as line:
        line.ask(Operation.GET_JOBS)
        time.sleep(0.05)
        line.ask(Operation.GET_JOBS)
        assert line.connections == (1 if stays else 2)


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody but itself vouches for."""
    pem = tmp_path_factory.mktemp("tls") / "own.pem"
    subject = ["-subj", "/CN=press", "-addext", "subjectAltName=IP:127.0.0.1"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(pem)]
    certificate = subprocess.run(
        [need("openssl"), "req", "-x509", "-days", "2", *key, *subject], check=True, capture_output=True
    ).stdout
    with pem.open("ab") as file:
        file.write(certificate)
    return pem


@pytest.fixture
def ipps(own_certificate: Path) -> Callable[[], ssl.SSLContext]:
    def context() -> ssl.SSLContext:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(own_certificate)
        return tls

    return context


def test_a_self_signed_certificate_is_refused(ipps: Callable[[], ssl.SSLContext]) -> None:
    with raw_server(_says(reply(encode(OK))), ipps()) as port:
        client = IppClient(f"ipps://127.0.0.1:{port}/ipp/print")
        with pytest.raises(Unreached, match="not trusted: self-signed certificate") as raised:
            client.ask(Operation.GET_PRINTER_ATTRIBUTES)
    assert "ca_file" in raised.value.mend


def test_it_is_taken_where_the_plant_says_so(
    ipps: Callable[[], ssl.SSLContext], own_certificate: Path
) -> None:
    with raw_server(_says(reply(encode(OK))), ipps()) as port:
        client = IppClient(f"ipps://127.0.0.1:{port}/ipp/print", ca_file=own_certificate)
        assert client.ask(Operation.GET_PRINTER_ATTRIBUTES).code == 0


def test_an_encrypted_answer_that_does_not_come_is_cut(
    ipps: Callable[[], ssl.SSLContext], own_certificate: Path
) -> None:
    with raw_server(_endless(b"", b"", pause=0.05), ipps()) as port:
        client = IppClient(f"ipps://127.0.0.1:{port}/", ca_file=own_certificate, seconds=0.3)
        with pytest.raises(NoAnswer, match="no whole answer"):
            client.ask(Operation.GET_PRINTER_ATTRIBUTES)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://press/ipp", "not a printer's address"),
        ("ipp:///ipp", "not a printer's address"),
        ("ipp://press:port/ipp", "not a printer's address"),
        ("ipp://me:secret@press/ipp", "name or password"),
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(address: str, told: str) -> None:
    with pytest.raises(SetupError, match=told) as raised:
        IppClient(address)
    assert "secret" not in raised.value.detail


def test_a_certificate_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"none\.pem"):
        IppClient("ipps://press/ipp", ca_file=tmp_path / "none.pem")
