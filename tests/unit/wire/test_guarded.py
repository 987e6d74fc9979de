from __future__ import annotations

import socket

import httpx
import pytest

from app.wire.guarded import AddressRefused, GuardedTransport, is_public, resolve

PRIVATE = """127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1
255.255.255.255 198.18.0.1 192.0.2.1 240.0.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00::1 ff02::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2001:db8::1"""
PUBLIC = "93.184.215.14 8.8.8.8 2606:4700:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_these_addresses_are_not_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_these_are(address: str) -> None:
    assert is_public(address)


class Wire:
    """Records what would go out."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return httpx.Response(200)


def post(url: str, addresses: list[str], private_hosts: frozenset[str] = frozenset()) -> Wire:
    wire = Wire()
    guarded = GuardedTransport(
        inner=httpx.MockTransport(wire),
        resolver=lambda _host, _port: addresses,
        private_hosts=private_hosts,
    )
    with httpx.Client(transport=guarded) as client:
        client.post(url, content=b"{}")
    return wire


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    (request,) = post("https://sender.example:8443/hook?a=1", ["93.184.215.14"]).sent
    assert str(request.url) == "https://93.184.215.14:8443/hook?a=1"
    assert request.headers["host"] == "sender.example:8443"
    assert request.extensions["sni_hostname"] == "sender.example"


def test_an_ipv6_address_is_written_in_brackets() -> None:
    (request,) = post("https://sender.example/", ["2606:4700:4700::1111"]).sent
    assert request.url.netloc == b"[2606:4700:4700::1111]"


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::ffff:192.168.0.1"]])
def test_one_private_address_is_enough_to_refuse(addresses: list[str]) -> None:
    with pytest.raises(AddressRefused, match=r"sender\.example"):
        post("https://sender.example/", addresses)


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0x7f.1/", "http://0177.1/", "http://[::1]/"])
def test_loopback_in_disguise_is_refused(url: str) -> None:
    with httpx.Client(transport=GuardedTransport()) as client, pytest.raises(httpx.TransportError):
        client.get(url)


def test_a_host_that_the_operator_lists_is_called() -> None:
    assert post("http://Plant.internal/", ["10.0.0.1"], frozenset({"plant.internal"})).sent


def test_other_schemes_are_refused() -> None:
    with pytest.raises((AddressRefused, httpx.UnsupportedProtocol)):
        post("ftp://sender.example/", ["93.184.215.14"])


def test_a_host_without_an_address_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_named: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(httpx.ConnectError, match=r"nowhere\.example"):
        resolve("nowhere.example", 443)
