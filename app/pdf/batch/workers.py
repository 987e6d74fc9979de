"""Writes blocks: in this process, or in several that end when this one does."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import RenderError, WrongState
from app.pdf.batch.block import BlockWriter
from app.pdf.batch.garbage import collected_later
from app.pdf.batch.handed import Handed
from app.pdf.batch.numbers import Numbers
from app.pdf.batch.parts import Parts, Refusal, Written
from app.pdf.codes.cards import codes_of_block
from app.pdf.compiled import Compiled
from app.pdf.file.fonts import FontUses
from app.pdf.stamp import Stamp, Stamper
from app.pdf.typefaces import Typefaces
from app.registry.fonts import FontLibrary

_AT_ONCE = 250


class Entry(NamedTuple):
    """A record that is a card: its line, its id, and which of the run's looks it has."""

    line: int
    record: str
    look: str
    card: Card


class Cards(Protocol):
    """Where a run's cards come from, block by block; given to each process, so it can be pickled."""

    def block(self, index: int) -> Iterator[Entry | Refusal]:
        """The records of a block, in their order; the same each time."""
        ...

    def size(self, index: int) -> int:
        """How many records a block has at most."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that a process needs to write any block of a file."""

    cards: Cards
    template: CardTemplate
    profile: PressProfile
    looks: dict[str, Compiled]
    numbers: Numbers
    fonts: FontLibrary
    parts: Path


class BlockMaker:
    """Makes blocks of one job, one after the other. What it keeps never changes a block."""

    def __init__(self, job: Job) -> None:
        """Fonts are opened on first use."""
        self._job = job
        self._stamper = Stamper(Typefaces(job.fonts))
        self._parts = Parts(job.parts)

    @collected_later()
    def make(self, index: int) -> int:
        """Make a block and keep it; gives its number back.

        Raises:
            BlockTooSmall: it needs more numbers than the job gives it.
        """
        job = self._job
        numbers = job.numbers.block(index, job.cards.size(index))
        writer = BlockWriter(numbers, job.template, parts=job.numbers.has_parts)
        uses = FontUses(job.profile)
        shown: dict[str, Compiled] = {}
        refused: list[Refusal] = []
        firsts: dict[str, int] = {}
        for each in self._stamped(job.cards.block(index), uses):
            if isinstance(each, Refusal):
                refused.append(each)
                continue
            entry, contents = each
            if isinstance(contents, RenderError):
                refused.append(refusal(entry.line, entry.record, contents))
                continue
            shown[entry.look] = job.looks[entry.look]
            firsts.setdefault(f"{entry.look} {entry.card.language}", writer.records)
            writer.add(entry.record, contents)
        block = writer.finish(uses, (each for compiled in shown.values() for each in compiled.shared))
        self._parts.write(index, Written(block, tuple(refused), firsts))
        return index

    def _stamped(
        self, entries: Iterator[Entry | Refusal], uses: FontUses
    ) -> Iterator[Refusal | tuple[Entry, list[bytes] | RenderError]]:
        """Records with their cards' content streams. Codes and texts are made many at once."""
        looks = self._job.looks
        while chunk := list(islice(entries, _AT_ONCE)):
            cards = [entry.card for entry in chunk if isinstance(entry, Entry)]
            codes = iter(codes_of_block(self._job.template, cards))
            stamps = [Stamp(e.card, looks[e.look], next(codes)) for e in chunk if isinstance(e, Entry)]
            stamped = iter(self._stamper.stamp_all(stamps, uses))
            for entry in chunk:
                yield (entry, next(stamped)) if isinstance(entry, Entry) else entry


def refusal(line: int, record: str | None, error: RenderError) -> Refusal:
    """That a record did not become a card, in the words of the error."""
    return Refusal(line, record, error.frame or None, error.detail, error.mend)


def make_blocks(job: Job, wanted: list[int], processes: int) -> Iterator[int]:
    """Make blocks, and tell each as it is done, in their order.

    Args:
        job: whose.
        wanted: their indices, rising.
        processes: how many make them; 1 is this process alone.

    Raises:
        BlockTooSmall: a block needs more numbers than the job gives it.
        WrongState: a process was ended from outside.
    """
    if processes == 1 or len(wanted) <= 1:
        yield from map(BlockMaker(job).make, wanted)
        return
    with Handed(job, job.parts) as handed:
        yield from _by_processes(handed, wanted, processes)


def _by_processes(job: Handed, wanted: list[int], processes: int) -> Iterator[int]:
    pool = ProcessPoolExecutor(
        min(processes, len(wanted)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(cast("Job", job),),  # it is the job itself where `_begin` gets it
    )
    try:
        done: list[Future[int]] = [pool.submit(_make, index) for index in wanted]
        for future in done:
            yield future.result()
    except BrokenProcessPool as error:
        raise WrongState(
            "a worker process was ended from outside, perhaps for want of memory",
            mend="run the same command again: it goes on with what is missing",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_maker: BlockMaker | None = None


def _begin(job: Job) -> None:
    """Make ready a worker process."""
    global _maker  # noqa: PLW0603 - a process pool keeps what its processes know in globals
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _maker = BlockMaker(job)


def _end_with_parent() -> None:
    """A killed parent closes its end: without it nobody would take what is made here."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _make(index: int) -> int:
    if _maker is None:
        raise WrongState("the worker process was not made ready")
    return _maker.make(index)
