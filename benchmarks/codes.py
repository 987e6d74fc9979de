"""Codes from text to modules and operators: microseconds a code, alone and in blocks, beside others.

All take turns in rounds, so that a busy machine slows them alike; figures are the least processor time of
the rounds. Every text is new in each round: links of 60 characters, bench codes of 22.

    .venv/bin/python -m benchmarks.codes [ROUNDS]
"""

from __future__ import annotations

import random
import string
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import zxingcpp
from ppf.datamatrix import DataMatrix
from qrcode import QRCode
from rich.console import Console
from rich.table import Table

from app.domain.bench_code import BENCH_CODE_LENGTH
from app.domain.ids import ALPHABET
from app.pdf.codes.code_128 import code_128_widths
from app.pdf.codes.data_matrix import data_matrix_batch
from app.pdf.codes.ean import read_ean
from app.pdf.codes.qr import qr_batch
from app.pdf.codes.rectangles import rectangle_paths
from benchmarks.machine import describe

BLOCK = 1000
_DICE = random.Random(1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to make `count` codes of texts."""

    name: str
    count: int
    text: Callable[[], str]
    make: Callable[[list[str]], object]


def link() -> str:
    """A link of 60 characters."""
    return "https://cards.example/for/you/".ljust(38, "x") + _chosen(
        string.ascii_lowercase + string.digits, 22
    )


def bench_code() -> str:
    """A bench code."""
    return _chosen(ALPHABET, BENCH_CODE_LENGTH)


def order_number() -> str:
    """As it would stand in a Code 128."""
    return f"ORDER-{_DICE.randrange(10**7):07}"


def gtin() -> str:
    """An EAN-13 without its check digit."""
    return f"{_DICE.randrange(10**12):012}"


def _chosen(letters: str, length: int) -> str:
    return "".join(_DICE.choices(letters, k=length))


def _by_zxing(kind: zxingcpp.BarcodeFormat) -> Callable[[list[str]], object]:
    def make(texts: list[str]) -> object:
        codes = [zxingcpp.create_barcode(text, kind) for text in texts]
        return [zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False) for code in codes]

    return make


def _by_qrcode(texts: list[str]) -> None:
    for text in texts:
        code = QRCode(border=0)
        code.add_data(text)
        code.make()


ENTRIES = (
    Entry("QR, ours, 1,000 at once", BLOCK, link, qr_batch),
    Entry(
        "QR, ours, 1,000 at once, to operators", BLOCK, link, lambda texts: rectangle_paths(qr_batch(texts))
    ),
    Entry("QR, ours, one alone", 1, link, qr_batch),
    Entry("QR, ours, one alone, to operators", 1, link, lambda texts: rectangle_paths(qr_batch(texts))),
    Entry("QR, zxing-cpp", 20, link, _by_zxing(zxingcpp.BarcodeFormat.QRCode)),
    Entry("QR, qrcode", 1, link, _by_qrcode),
    Entry("Data Matrix, ours, 1,000 at once", BLOCK, bench_code, data_matrix_batch),
    Entry(
        "Data Matrix, ours, 1,000 at once, to operators",
        BLOCK,
        bench_code,
        lambda texts: rectangle_paths(data_matrix_batch(texts)),
    ),
    Entry("Data Matrix, ours, one alone", 1, bench_code, data_matrix_batch),
    Entry("Data Matrix, zxing-cpp", 20, bench_code, _by_zxing(zxingcpp.BarcodeFormat.DataMatrix)),
    Entry(
        "Data Matrix, ppf-datamatrix",
        5,
        bench_code,
        lambda texts: [DataMatrix(text).matrix for text in texts],
    ),
    Entry("Code 128, ours", 50, order_number, lambda texts: [code_128_widths(text) for text in texts]),
    Entry("Code 128, zxing-cpp", 50, order_number, _by_zxing(zxingcpp.BarcodeFormat.Code128)),
    Entry("EAN-13, ours", 50, gtin, lambda texts: [read_ean(text, "added").widths for text in texts]),
    Entry("EAN-13, zxing-cpp", 50, gtin, _by_zxing(zxingcpp.BarcodeFormat.EAN13)),
)


def main() -> None:
    """Measure all in turns and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    least = dict.fromkeys((entry.name for entry in ENTRIES), float("inf"))
    for _ in range(rounds):
        for entry in ENTRIES:
            texts = [entry.text() for _ in range(entry.count)]
            begin = time.process_time()
            entry.make(texts)
            spent = (time.process_time() - begin) / entry.count
            least[entry.name] = min(least[entry.name], spent)
    table = Table("code", "µs a code", title=describe())
    for entry in ENTRIES:
        table.add_row(entry.name, f"{least[entry.name] * 1e6:,.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
