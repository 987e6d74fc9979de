"""Fetching photos: what tries to reach the plant's own network, and what never ends."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from app.errors import PhotoAway, PhotoUnusable
from app.wire.deadline import deadline_transport
from app.wire.photo_fetch import PhotoFetcher

PUBLIC = "93.184.215.14"
INSIDE = """127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0.0.0.0 [::1] [::] [::ffff:127.0.0.1]
[::ffff:7f00:1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [2002:7f00:1::] 169.254.169.254 [fd00:ec2::254]
100.100.100.200 10.0.0.8 192.168.0.1 172.16.9.9 [fe80::1] localhost"""


def through(
    answer: Callable[[httpx.Request], httpx.Response], addresses: Callable[[str], list[str]], **bounds: object
) -> PhotoFetcher:
    """A fetcher whose network is `answer`, and whose names are `addresses`."""
    return PhotoFetcher(
        most_bytes=1000,
        resolver=lambda host, _port: addresses(host),
        transport=lambda _seconds: httpx.MockTransport(answer),
        **bounds,  # type: ignore[arg-type]
    )


def public(_host: str) -> list[str]:
    return [PUBLIC]


def test_a_photo_comes_whole() -> None:
    fetch = through(lambda _request: httpx.Response(200, content=iter([b"a photo"])), public)
    assert fetch("https://photos.example/1.jpg") == b"a photo"


@pytest.mark.parametrize("host", INSIDE.split())
def test_no_spelling_of_an_inner_address_is_called(host: str) -> None:
    called: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        called.append(request)
        return httpx.Response(200)

    fetch = PhotoFetcher(most_bytes=1000, transport=lambda _seconds: httpx.MockTransport(answer))
    with pytest.raises((PhotoUnusable, PhotoAway)) as refused:
        fetch(f"http://{host}/1.jpg")
    assert not called
    assert getattr(refused.value, "reason", "") == "address_refused"


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:10.0.0.1"], ["64:ff9b::a9fe:a9fe"], ["169.254.169.254"]],
)
def test_a_name_that_leads_inside_is_refused_even_in_part(addresses: list[str]) -> None:
    fetch = through(lambda _request: httpx.Response(200), lambda _host: addresses)
    with pytest.raises(PhotoUnusable) as refused:
        fetch("https://photos.example/1.jpg")
    assert refused.value.reason == "address_refused"


def test_a_redirect_inside_is_refused() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.host == PUBLIC
        return httpx.Response(302, headers={"location": "http://inside.example/latest/meta-data"})

    fetch = through(answer, lambda host: ["169.254.169.254"] if host.startswith("inside") else [PUBLIC])
    with pytest.raises(PhotoUnusable) as refused:
        fetch("https://photos.example/1.jpg")
    assert refused.value.reason == "address_refused"


def test_the_connection_goes_where_the_look_up_said_so_that_a_second_answer_gains_nothing() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(200, content=iter([b"a photo"]))

    assert through(answer, lambda _host: next(answers))("https://photos.example/1.jpg") == b"a photo"
    assert seen == [PUBLIC]


@pytest.mark.parametrize(
    "scheme", ["file:///etc/passwd", "ftp://photos.example/1", "gopher://x/1", "//x", "x"]
)
def test_only_the_web_is_fetched_from(scheme: str) -> None:
    with pytest.raises(PhotoUnusable) as refused:
        through(lambda _request: httpx.Response(200), public)(scheme)
    assert refused.value.reason == "address_refused"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(404), "not_there"),
        (httpx.Response(403), "not_there"),
        (httpx.Response(204), "not_there"),
        (httpx.Response(200, content=b"x" * 1001), "too_large"),
        (httpx.Response(200, headers={"content-length": "99999999"}, content=iter([b"x"])), "too_large"),
        (httpx.Response(200, content=iter([b"x" * 600] * 2)), "too_large"),
        (httpx.Response(200, headers={"content-encoding": "gzip"}, content=iter([b"x"])), "packed"),
    ],
)
def test_what_will_not_change_is_refused(answer: httpx.Response, reason: str) -> None:
    with pytest.raises(PhotoUnusable) as refused:
        through(lambda _request: answer, public)("https://photos.example/1.jpg")
    assert refused.value.reason == reason


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with pytest.raises(PhotoAway, match=str(status)):
        through(lambda _request: httpx.Response(status), public)("https://photos.example/1.jpg")


def test_redirects_end() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "/again"})

    with pytest.raises(PhotoUnusable) as refused:
        through(answer, public)("https://photos.example/1.jpg")
    assert refused.value.reason == "redirects"


@contextmanager
def dripping(first: bytes) -> Iterator[int]:
    """A server that says `first` and then a byte now and then, for ever; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(4096)
            connection.sendall(first)
            while not ended.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.close()
        thread.join()


@pytest.mark.parametrize(
    "first", [b"HTTP/1.1 200 OK\r\nx-long: ", b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n"]
)
def test_a_slow_drip_ends_at_the_deadline(first: bytes) -> None:
    with dripping(first) as port:
        fetch = PhotoFetcher(
            most_bytes=100_000, private_hosts={"127.0.0.1"}, seconds=0.3, transport=deadline_transport
        )
        began = time.monotonic()
        with pytest.raises(PhotoAway):
            fetch(f"http://127.0.0.1:{port}/1.jpg")
        assert time.monotonic() - began < 10, "it would drip for ever"
