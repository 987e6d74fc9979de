"""A message, its ticket and its PDF in one body.

JMF 1.x: multipart/related (RFC 2387), the message first; parts are named by Content-ID and addressed as
`cid:…` (RFC 2392). XJMF 2.x: a zip whose `root.xjmf` is the message (XJDF 2.1, 9.7); parts are addressed by
name.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

from app.wire.jmf.dialect import Dialect

_ZIP_TYPE = "application/vnd.cip4-xjmf+zip"
_ROOT = "root.xjmf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of a package."""

    name: str
    media_type: str
    content: bytes


def address(dialect: Dialect, name: str) -> str:
    """How a part is addressed from within its package."""
    return f"cid:{_content_id(name)}" if dialect is Dialect.JMF else name


def pack(dialect: Dialect, message: bytes, *parts: Part) -> tuple[bytes, str]:
    """A package and its Content-Type. The same parts give the same bytes."""
    if dialect is Dialect.XJMF:
        return _zipped(
            (Part(name=_ROOT, media_type=dialect.message_type, content=message), *parts)
        ), _ZIP_TYPE
    root = Part(name="message.jmf", media_type=dialect.message_type, content=message)
    return _related((root, *parts))


def _content_id(name: str) -> str:
    return f"{name}@tipin"


def _related(parts: tuple[Part, ...]) -> tuple[bytes, str]:
    boundary = _boundary(parts)
    body = bytearray()
    for part in parts:
        head = (
            f"--{boundary}",
            f"Content-Type: {part.media_type}",
            f"Content-ID: <{_content_id(part.name)}>",
            "Content-Transfer-Encoding: binary",
            f'Content-Disposition: attachment; filename="{part.name}"',
        )
        body += "\r\n".join((*head, "", "")).encode() + part.content + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    root = parts[0]
    kind = (
        f'multipart/related; type="{root.media_type}"; start="<{_content_id(root.name)}>"; '
        f'boundary="{boundary}"'
    )
    return bytes(body), kind


def _boundary(parts: tuple[Part, ...]) -> str:
    """A line that stands in no part."""
    seed = b"".join(hashlib.sha256(part.content).digest() for part in parts)
    while True:
        seed = hashlib.sha256(seed).digest()
        boundary = f"=_tipin_{seed[:16].hex()}"
        if not any(boundary.encode() in part.content for part in parts):
            return boundary


def _zipped(parts: tuple[Part, ...]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            # With its default date of 1980 the same parts give the same bytes.
            archive.writestr(zipfile.ZipInfo(part.name), part.content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
