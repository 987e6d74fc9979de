"""The folder beside a file that is being made: what is done already, and for what exactly.

A block is written under another name, synced and renamed, so that what is there is whole whenever a process
ends. The folder belongs to one run: where input, template, options or program changed, it starts anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import struct
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.errors import WrongState
from app.pdf.batch.block import Block

_ENDING = struct.Struct(">QQQ8s")
"""The bytes of a kept block, of what follows them one by one, and a mark."""
_MARK = b"tipinblk"
_RUN = "run.json"
_AT_ONCE = 1 << 17
"""Bytes that are copied at once."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that did not become a card: its line, its id where it has one, and why."""

    line: int
    record: str | None
    frame: str | None
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a block: its bytes, and which records were refused.

    `firsts` maps a kind of card (language and look) to the place of the first such record in the block.
    """

    block: Block
    refused: tuple[Refusal, ...]
    firsts: dict[str, int] = field(default_factory=dict)


class Parts:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        """It is made by `open`."""
        self.folder = folder

    @classmethod
    def beside(cls, out: Path) -> Parts:
        """The folder for a file: `FILE.pdf.parts`."""
        return cls(out.with_name(f"{out.name}.parts"))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for this process; the kernel lets it go however the process ends.

        Raises:
            WrongState: another process works on the same file.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WrongState(
                    f"another process is writing this file ({self.folder} is in use)",
                    mend="wait for it to end",
                ) from None
            yield

    def begin(self, run: str, reserve: int) -> tuple[int, bool]:
        """Take the folder for a run, known by what it is made of.

        Gives:
            The numbers that its blocks have for fonts and pictures: `reserve`, or what an earlier try of the
            same run found to be needed; and whether another run's blocks were thrown away.
        """
        known = self._known()
        same = known.get("run") == run
        if same and known["reserve"] >= reserve:
            return known["reserve"], False
        stale = self._blocks()
        for block in stale:
            block.unlink()
        write_durably(self.folder / _RUN, [json.dumps({"run": run, "reserve": reserve}).encode()])
        return reserve, bool(stale) and not same

    def _known(self) -> dict[str, Any]:
        try:
            known: dict[str, Any] = json.loads((self.folder / _RUN).read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return known

    def _blocks(self) -> list[Path]:
        return list(self.folder.glob("*.block"))

    def count(self) -> int:
        """How many blocks are done."""
        return len(self._blocks())

    def has(self, index: int) -> bool:
        """Whether a block is done."""
        return self._path(index).exists()

    def write(self, index: int, written: Written) -> None:
        """Keep a block."""
        block = written.block
        head = {
            "digest": block.digest.hex(),
            "records": block.records,
            "pages": block.pages,
            "refused": [asdict(each) for each in written.refused],
            "firsts": written.firsts,
        }
        offsets = array("q", block.offsets).tobytes()
        said = json.dumps(head).encode()
        ending = _ENDING.pack(block.length, len(offsets), len(said), _MARK)
        write_durably(self._path(index), block.pieces, offsets, said, ending)

    def read(self, index: int) -> Written:
        """A block that is there; its bytes stay on the disk until they are asked for."""
        path = self._path(index)
        with path.open("rb") as file:
            file.seek(-_ENDING.size, os.SEEK_END)
            length, offsets_size, said_size, mark = _ENDING.unpack(file.read())
            if mark != _MARK:
                raise WrongState(f"{path} is broken", mend=f"delete {self.folder} and start again")
            file.seek(length)
            offsets = array("q", file.read(offsets_size))
            head: dict[str, Any] = json.loads(file.read(said_size))
        block = Block(
            pieces=_Stretch(path, length),
            length=length,
            offsets=offsets,
            digest=bytes.fromhex(head["digest"]),
            records=head["records"],
            pages=head["pages"],
        )
        refused = tuple(Refusal(**each) for each in head["refused"])
        return Written(block, refused, head["firsts"])

    def _path(self, index: int) -> Path:
        return self.folder / f"{index:06}.block"

    def remove(self) -> None:
        """Take the folder away, when the file stands."""
        shutil.rmtree(self.folder)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The first bytes of a file, read while they are gone through."""

    path: Path
    length: int

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        with self.path.open("rb", buffering=0) as file:
            while left > 0:
                piece = file.read(min(_AT_ONCE, left))
                if not piece:
                    raise WrongState(
                        f"{self.path} was cut off", mend=f"delete {self.path.parent} and start again"
                    )
                yield piece
                left -= len(piece)


def write_durably(path: Path, pieces: Iterable[bytes], *endings: bytes) -> None:
    """Write a file whole or not at all, and onto the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb", buffering=_AT_ONCE) as file:
        file.writelines(pieces)
        file.writelines(endings)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
