"""What a front end sends, taken apart: a bare message, or a package of a message and the files it names.

A package is a zip whose root ends in `.xjmf` (XJMF), or multipart/related whose first part is the message
(JMF). Strangers send it, so nothing is unpacked but what is asked for, and that only up to a size.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from urllib.parse import unquote

from app.wire.jmf.read import FindFile, NotJmf

_ZIP = b"PK\x03\x04"
_RELATED = "multipart/related"
_MOST_OCTETS = 1_000_000
"""Of one file, unpacked: messages and tickets are some thousand."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What `zipfile` raises for what is no zip, is encrypted, or packed in a way that it does not know."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The message, and how to find the files that came with it."""

    message: bytes
    find: FindFile


def unpack(body: bytes, media_type: str) -> Unpacked:
    """Take a body apart.

    Args:
        body: as it came.
        media_type: its Content-Type, with parameters.

    Raises:
        NotJmf: it is a package without a message, or a damaged one.
    """
    if body.startswith(_ZIP):
        return _unzipped(body)
    if media_type.partition(";")[0].strip().lower() == _RELATED:
        return _unrelated(body, media_type)
    return Unpacked(body, lambda _url: None)


def _unzipped(body: bytes) -> Unpacked:
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except _DAMAGED as error:
        raise NotJmf(f"it is a damaged zip: {error}") from error
    names = set(archive.namelist())
    root = next((name for name in archive.namelist() if name.lower().endswith(".xjmf")), None)
    if root is None:
        raise NotJmf("it is a zip without a message (root.xjmf)")

    def find(url: str) -> bytes | None:
        name = unquote(url).removeprefix("./")
        return _member(archive, name) if name in names else None

    return Unpacked(_member(archive, root), find)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            content = file.read(_MOST_OCTETS + 1)
    except _DAMAGED as error:
        raise NotJmf(f"its file {name[:80]!r} is damaged: {error}") from error
    if len(content) > _MOST_OCTETS:
        raise NotJmf(f"its file {name[:80]!r} has more than {_MOST_OCTETS} octets")
    return content


def _unrelated(body: bytes, media_type: str) -> Unpacked:
    head = f"Content-Type: {media_type}\r\n\r\n".encode(errors="replace")
    package = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    files: dict[str, bytes] = {}
    parts = [part for part in package.walk() if not part.is_multipart()] if package.is_multipart() else []
    for part in parts:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            files.setdefault(str(part.get("Content-ID", "")).strip(" <>"), content)
    if not files:
        raise NotJmf("it is multipart/related without a part")
    return Unpacked(next(iter(files.values())), lambda url: files.get(unquote(url).removeprefix("cid:")))
