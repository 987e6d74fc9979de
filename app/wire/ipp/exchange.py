"""How IPP goes over HTTP (RFC 8010, section 4): addresses, trust, bodies, and what comes instead of them."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx

from app.errors import SetupError, TargetUnavailable
from app.wire.ipp.decode import NotIpp

PORT = 631
MEDIA_TYPE = "application/ipp"
_MOST_OCTETS = 8_000_000
"""Of an answer; 500 jobs are about 100 kB."""
_PIECE = 1 << 16


class Unreached(TargetUnavailable):
    """The printer cannot be reached; nothing was sent."""


class NoAnswer(TargetUnavailable):
    """The printer gave no whole answer."""

    def __init__(self, detail: str, *, mend: str = "", dropped: bool) -> None:
        """`dropped` is whether the other side ended the connection; else the time was over."""
        super().__init__(detail, mend=mend)
        self.dropped = dropped


def http_url(printer: str) -> httpx.URL:
    """Where requests to a printer go, by its `ipp` or `ipps` URI.

    Raises:
        SetupError: it is none, or holds a password.
    """
    mend = "write it as ipp://HOST:631/PATH, or ipps://… for an encrypted connection"
    try:
        url = httpx.URL(printer)
    except httpx.InvalidURL as error:
        raise SetupError(f"{printer!r} is not a printer's address: {error}", mend=mend) from error
    if url.scheme not in {"ipp", "ipps"} or not url.host:
        raise SetupError(f"{printer!r} is not a printer's address", mend=mend)
    if url.userinfo:
        raise SetupError(
            f"the printer's address on {url.host} has a name or password in it",
            mend="give them as the options user and password",
        )
    return url.copy_with(scheme="https" if url.scheme == "ipps" else "http", port=url.port or PORT)


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """What certificates are checked with: a PEM file, or the system's authorities where that is None.

    Raises:
        SetupError: the file cannot be used.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SetupError(
            f"{ca_file} cannot be used to check certificates: {error}",
            mend="give a PEM file with the certificate of the authority, or of the printer itself",
        ) from error


def pieces(head: bytes, document: Path | None) -> Iterator[bytes]:
    """The body of a request: the message, then its document."""
    yield head
    if document is not None:
        with document.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def read_body(response: httpx.Response) -> bytes:
    """The body of a plain answer.

    Raises:
        NotIpp: it is something else than IPP's, or does not end.
    """
    _check_http(response)
    octets = bytearray()
    for piece in response.iter_raw(_PIECE):
        octets += piece
        if len(octets) > _MOST_OCTETS:
            raise NotIpp(f"the answer has more than {_MOST_OCTETS} octets and does not end")
    return bytes(octets)


def _check_http(response: httpx.Response) -> None:
    status = response.status_code
    if response.is_redirect:
        raise NotIpp(
            f"the printer redirects to {response.headers.get('location', '')[:200]}",
            mend="set the target to the address where the printer really is",
        )
    if status in _HTTP_MENDS:
        what, mend = _HTTP_MENDS[status]
        raise NotIpp(f"the printer {what} (HTTP {status})", mend=mend)
    if status != httpx.codes.OK:
        raise NotIpp(f"the printer answers HTTP {status}", mend="look at the printer; is the path right?")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise NotIpp(
            f"the printer answers {media_type[:80] or 'without a media type'} instead of {MEDIA_TYPE}",
            mend="is this the printer's own address, with its path (often /ipp/print)?",
        )


_HTTP_MENDS = {
    401: ("asks who prints", "set the options user and password"),
    403: ("does not let this machine print", "allow it at the printer"),
    404: ("has nothing under this path", "correct the path of its address; often it is /ipp/print"),
    405: ("does not take IPP under this path", "correct the path of its address; often it is /ipp/print"),
    426: ("wants an encrypted connection", "write its address as ipps://…"),
}


def unreached(printer: str, error: Exception) -> Unreached:
    """What it means that no connection came about."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreached(
                f"the certificate of {printer} is not trusted: {cause.verify_message}",
                mend="set the option ca_file to the authority's certificate, or to the printer's own",
            )
        cause = cause.__cause__ or cause.__context__
    return Unreached(
        f"{printer} cannot be reached: {str(error) or type(error).__name__}",
        mend="is it switched on, and its address right?",
    )


def no_answer(printer: str, error: Exception, seconds: float, *, timed_out: bool) -> NoAnswer:
    """What it means that a request was sent, in part or whole, and no whole answer came."""
    if timed_out:
        return NoAnswer(f"{printer} gave no whole answer within {seconds:.0f} s", dropped=False)
    told = str(error) or type(error).__name__
    return NoAnswer(f"{printer} ended the connection before its answer was whole: {told}", dropped=True)
