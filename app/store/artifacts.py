"""Stored files, named by their content, so that writing one again changes nothing."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from app.errors import NotFound, StorageUnavailable


class ArtifactStore:
    """Files in a folder, `ab/cdef….ext` by the sha256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, suffix: str) -> str:
        """Store bytes durably and return their sha256 in hex; the same again is free.

        Args:
            content: the file.
            suffix: the file name's ending with its dot, such as ".pdf".

        Raises:
            StorageUnavailable: the disk is full, read-only or gone.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256, suffix)
        if path.exists():
            return sha256
        try:
            make_folder(path.parent)
            write_durably(path, content)
        except OSError as error:
            raise StorageUnavailable(
                f"{self.folder} cannot be written: {error.strerror or type(error).__name__}",
                mend="make room on the disk, or mount it again; the work goes on by itself",
            ) from error
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

    def remove(self, sha256: str, suffix: str) -> None:
        """Delete a stored file for good; one that is not there is no fault."""
        path = self._path(sha256, suffix)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def incoming(self) -> Path:
        """A folder on the same disk for what is still coming in."""
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _path(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256[2:]}{suffix}"


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays there after a power cut.

    A temporary name in the same folder, fsync, rename, fsync of the folder.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    write_new(temporary, content)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet and bring its content to the disk; on failure nothing is left.

    Its name is durable only after `sync_folder` of its folder.
    """
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they stay there after a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
