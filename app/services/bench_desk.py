"""What the packing bench works with, put together once by `wiring`."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.bench_health import BenchHealth
from app.services.match_at_bench import MatchAtBench
from app.services.recognise_scan import RecogniseScan
from app.services.reprint_piece import ReprintPiece
from app.services.tell_bench import TellBench


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchDesk:
    """Recognises what is scanned, judges it, puts it into words, and has pieces printed again."""

    recognise: RecogniseScan
    match: MatchAtBench
    tell: TellBench
    reprint: ReprintPiece
    health: BenchHealth
