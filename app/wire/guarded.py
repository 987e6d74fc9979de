"""An HTTP transport that cannot be talked into reaching the plant's own network.

A call-back's address is written by a brand. Its host is resolved here, once; every address that comes back
must be public, and the connection goes to the address that was checked, so that a name that answers
differently the second time gains nothing. Hosts that the operator lists in the settings are exempt.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection

import httpx

Resolve = Callable[[str, int], list[str]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: the last four bytes are an IPv4 address."""


class AddressRefused(httpx.TransportError):
    """The address is not one that tipin may call."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, as text."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError(f"the host {host} has no address") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address is reachable by anyone: not private, loopback, link-local, multicast or reserved.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) counts as itself.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class GuardedTransport(httpx.BaseTransport):
    """Checks each request's host, then sends it through `inner` to the checked address."""

    def __init__(
        self,
        *,
        private_hosts: Collection[str] = (),
        inner: httpx.BaseTransport | None = None,
        resolver: Resolve = resolve,
    ) -> None:
        self._private_hosts = frozenset(host.lower() for host in private_hosts)
        # No proxy and no environment: a proxy would resolve the name again, by itself.
        self._inner = inner or httpx.HTTPTransport(trust_env=False)
        self._resolve = resolver

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            AddressRefused: another scheme, or a host with an address that is not public.
            httpx.TransportError: the host cannot be reached.
        """
        url = request.url
        if url.scheme not in {"http", "https"}:
            raise AddressRefused(
                f"only http and https addresses are called, not {url.scheme}", request=request
            )
        host = url.host.lower()
        addresses = self._resolve(host, url.port or (443 if url.scheme == "https" else 80))
        if host not in self._private_hosts and not all(map(is_public, addresses)):
            raise AddressRefused(f"the host {host} is not a public one", request=request)
        return self._inner.handle_request(self._pinned(request, addresses[0]))

    def close(self) -> None:
        """Close every connection."""
        self._inner.close()

    @staticmethod
    def _pinned(request: httpx.Request, address: str) -> httpx.Request:
        """The same request to a fixed address; Host header and TLS name stay the host's own."""
        return httpx.Request(
            request.method,
            request.url.copy_with(host=address.partition("%")[0]),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
