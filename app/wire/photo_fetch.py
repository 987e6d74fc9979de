"""Fetches a photo that an order names by its address: guarded, bounded in bytes, time and redirects."""

from __future__ import annotations

from collections.abc import Callable, Collection
from http import HTTPStatus

import httpx

from app.errors import PhotoAway, PhotoUnusable
from app.wire.deadline import deadline_transport
from app.wire.guarded import AddressRefused, GuardedTransport, Resolve, resolve

_MOST_REDIRECTS = 5
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_SECONDS = 30.0
_WAIT = 8.0


class PhotoFetcher:
    """Fetches photos. May be used by several threads."""

    def __init__(
        self,
        *,
        most_bytes: int,
        private_hosts: Collection[str] = (),
        seconds: float = _SECONDS,
        resolver: Resolve = resolve,
        transport: Callable[[float], httpx.BaseTransport] = deadline_transport,
    ) -> None:
        """Nothing is opened yet.

        Args:
            most_bytes: of a photo.
            private_hosts: hosts that may be in the plant's own network; all others must be public.
            seconds: that a photo may take as a whole.
            resolver: finds a host's addresses.
            transport: opens the connections of one photo.
        """
        self._most_bytes = most_bytes
        self._private_hosts = private_hosts
        self._seconds = seconds
        self._resolver = resolver
        self._transport = transport

    def __call__(self, url: str) -> bytes:
        """The bytes behind an address.

        Raises:
            PhotoAway: it cannot be reached now; later it may.
            PhotoUnusable: the address is refused, there is nothing, or it is too large.
        """
        guarded = GuardedTransport(
            private_hosts=self._private_hosts, resolver=self._resolver, inner=self._transport(self._seconds)
        )
        headers = {"user-agent": "tipin", "accept": "image/*", "accept-encoding": "identity"}
        try:
            with (
                httpx.Client(
                    transport=guarded,
                    timeout=_WAIT,
                    follow_redirects=True,
                    max_redirects=_MOST_REDIRECTS,
                    headers=headers,
                    trust_env=False,
                ) as client,
                client.stream("GET", url) as response,
            ):
                return self._read(response)
        except AddressRefused as error:
            raise PhotoUnusable(
                f"the photo's address is not one that is fetched: {error}",
                mend="put it on a public https server; the plant lists its own in TIPIN_PHOTO_HOSTS",
                reason="address_refused",
            ) from error
        except httpx.TooManyRedirects as error:
            raise PhotoUnusable(
                f"the photo's address leads on more than {_MOST_REDIRECTS} times",
                mend="send the last address",
                reason="redirects",
            ) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise PhotoUnusable(
                "the photo's address is none", mend="send an https address", reason="address_refused"
            ) from error
        except httpx.HTTPError as error:
            raise PhotoAway(f"the photo's server does not answer ({type(error).__name__})") from error

    def _read(self, response: httpx.Response) -> bytes:
        status = response.status_code
        if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise PhotoAway(f"the photo's server answers {status}")
        if status != HTTPStatus.OK:
            raise PhotoUnusable(
                f"the photo's server answers {status}",
                mend="check that the address is right, and still open without a password",
                reason="not_there",
            )
        if response.headers.get("content-encoding", "identity") != "identity":
            raise PhotoUnusable("the photo comes packed", mend="serve photos as they are", reason="packed")
        said = response.headers.get("content-length", "")
        if said.isdigit() and int(said) > self._most_bytes:
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        for part in response.iter_raw():
            size += len(part)
            if size > self._most_bytes:
                raise self._too_large()
            parts.append(part)
        return b"".join(parts)

    def _too_large(self) -> PhotoUnusable:
        return PhotoUnusable(
            f"the photo has over {self._most_bytes // 2**20} MB",
            mend="send it as JPEG, or smaller",
            reason="too_large",
        )
