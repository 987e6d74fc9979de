"""Makes one file of many cards: blocks by as many processes as wanted, put together as they come.

A block's bytes follow from its records alone, so the file is the same whoever wrote which block, and a run
that was broken off goes on with the blocks that are missing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.pdf.batch.block import BlockTooSmall
from app.pdf.batch.book import Book
from app.pdf.batch.numbers import Numbers
from app.pdf.batch.parts import Parts, Written
from app.pdf.batch.workers import Job, make_blocks
from app.pdf.compiled import Beginning
from app.pdf.file.identity import Identity

_MORE = 8
"""Times as many numbers for fonts and pictures, where a block had too few."""


@dataclass(slots=True)
class Made:
    """A file that is put together but not yet in its place, and what is in it.

    `records` are those of each block; `firsts` maps a kind of card to the block and place of the first one.
    """

    path: Path
    numbers: Numbers
    resumed: int
    """Blocks that an earlier run had made."""
    thrown_away: bool
    """Whether there were blocks of another input, template, option or program."""
    records: list[int] = field(default_factory=list)
    refused: int = 0
    firsts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def note(self, index: int, written: Written) -> None:
        """Count a block."""
        self.records.append(written.block.records)
        self.refused += len(written.refused)
        for kind, place in written.firsts.items():
            self.firsts.setdefault(kind, (index, place))

    @property
    def total(self) -> int:
        """All its records."""
        return sum(self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file to be made.

    `run` is a digest of all that its bytes follow from; `language` is that of all its cards, or None.
    """

    job: Job
    beginning: Beginning
    identity: Identity
    language: str | None
    run: str
    processes: int = 1


def make_file(
    parts: Parts,
    order: Order,
    *,
    on_block: Callable[[Written], None],
    on_progress: Callable[[int], None] = lambda _: None,
) -> Made:
    """Make the blocks that are missing, and put all together, in the parts' folder.

    Args:
        parts: the folder, which this process holds.
        order: what is wanted.
        on_block: told of each block in order, when it is in the file.
        on_progress: told how many more records are done, refused ones among them.

    Raises:
        WrongState: a process was ended from outside; what is done is kept.
        OSError: the disk is full; what is done is kept.
    """
    numbers = order.job.numbers
    while True:
        known, thrown_away = parts.begin(order.run, numbers.reserve)
        numbers = replace(numbers, reserve=known)
        sized = replace(order, job=replace(order.job, numbers=numbers))
        try:
            made = Made(parts.folder / "file.pdf", numbers, parts.count(), thrown_away)
            return _put_together(parts, sized, made, on_block, on_progress)
        except BlockTooSmall:
            numbers = replace(numbers, reserve=numbers.reserve * _MORE)


def _put_together(
    parts: Parts,
    order: Order,
    made: Made,
    on_block: Callable[[Written], None],
    on_progress: Callable[[int], None],
) -> Made:
    with made.path.open("wb") as out, tempfile.TemporaryFile(dir=parts.folder) as rows:
        book = Book(out, rows, order.beginning, made.numbers)
        for index in _in_order(parts, order):
            written = parts.read(index)
            book.add(index, written.block)
            made.note(index, written)
            on_block(written)
            on_progress(order.job.cards.size(index))
        book.finish(order.identity, order.language)
        out.flush()
        os.fsync(out.fileno())
    return made


def _in_order(parts: Parts, order: Order) -> Iterator[int]:
    """Every block as soon as it is there."""
    blocks = range(order.job.numbers.blocks)
    missing = [index for index in blocks if not parts.has(index)]
    making = make_blocks(order.job, missing, order.processes)
    for index in blocks:
        if index in missing:
            next(making)
        yield index
