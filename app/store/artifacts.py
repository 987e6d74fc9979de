"""Stored files, named by their content, so that writing one again changes nothing."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

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
        try:
            if path.exists():
                path.touch()  # young again: nobody may take it for one that was left behind
                return sha256
            make_folder(path.parent)
            write_durably(path, content)
        except OSError as error:
            raise StorageUnavailable(
                f"{self.folder} cannot be written: {error.strerror or type(error).__name__}",
                mend="make room on the disk, or mount it again; the work goes on by itself",
            ) from error
        return sha256

    def has(self, sha256: str, suffix: str) -> bool:
        """Whether a file is here."""
        return self._path(sha256, suffix).exists()

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

    def untouched_since(self, moment: float, suffixes: Collection[str]) -> Iterator[tuple[str, str]]:
        """The sha256 and suffix of each stored file of these kinds older than `moment` (Unix time)."""
        for path in self.folder.glob("??/*"):
            if path.suffix in suffixes and not path.name.startswith(".") and _is_older(path, moment):
                yield path.parent.name + path.stem, path.suffix

    def clear_unfinished(self, moment: float) -> int:
        """Delete what was still being written when its process ended, before `moment`; how many files."""
        unfinished = chain(self.folder.glob("incoming/**/*"), self.folder.glob("??/.*.part"))
        old = [path for path in unfinished if path.is_file() and _is_older(path, moment)]
        for path in old:
            path.unlink(missing_ok=True)
        for folder in self.folder.glob("incoming/*/"):
            with suppress(OSError):  # files that are still in use, or it went meanwhile
                folder.rmdir()
        return len(old)

    def incoming(self) -> Path:
        """A folder on the same disk for what is still coming in."""
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder on the same disk to make a file in. What a kill leaves there is cleared as unfinished."""
        with TemporaryDirectory(dir=self.incoming()) as folder:
            yield Path(folder)

    def _path(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256[2:]}{suffix}"


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


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
