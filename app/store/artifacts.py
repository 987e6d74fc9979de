"""Stored files, named by their content, so that writing one again changes nothing."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from app.errors import NotFound


class ArtifactStore:
    """Files in a folder, `ab/cdef….ext` by the sha256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, suffix: str) -> str:
        """Store bytes durably and return their sha256 in hex; the same again is free.

        Args:
            content: the file.
            suffix: the file name's ending with its dot, such as ".pdf".
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256, suffix)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, content)
        return sha256

    def path(self, sha256: str, suffix: str) -> Path:
        """Where a stored file is.

        Raises:
            NotFound: it is not here.
        """
        path = self._path(sha256, suffix)
        if not path.exists():
            raise NotFound(f"the stored file {sha256[:12]}… is missing from {self.folder}")
        return path

    def read(self, sha256: str, suffix: str) -> bytes:
        """The bytes of a stored file."""
        return self.path(sha256, suffix).read_bytes()

    def _path(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256[2:]}{suffix}"


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays there after a power cut.

    A temporary name in the same folder, fsync, rename, fsync of the folder.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
