"""Milliseconds of the preflight of one finished card, beside rendering it.

    .venv/bin/python -m benchmarks.preflight_card [CARDS]

Both take turns, card by card, so that a busy machine slows them alike. Figures are of processor time.
"""

from __future__ import annotations

import statistics
import sys
import time
from itertools import cycle, islice

from rich.console import Console
from rich.table import Table

from app.pdf.engine import Renderer
from app.pdf.preflight import all_checks, preflight
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import own_fonts
from app.registry.places import BRANDS, CARDS, PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import sample_cards
from benchmarks.machine import describe

DEFAULT_CARDS = 100


def main(count: int) -> None:
    """Print the table."""
    profiles = load_profiles(PROFILES)
    renderer = Renderer(fonts=own_fonts(), profiles=profiles)
    templates, brands = load_cards(CARDS).values(), load_brands(BRANDS).values()
    samples = [(t, sample) for t in templates for brand in brands for sample in sample_cards(t, brand)]
    rendered: list[float] = []
    checked: list[float] = []
    for template, sample in islice(cycle(samples[:: max(1, len(samples) // count)]), count):
        profile = profiles[template.profile]
        # Once before the clock runs: art, fonts and colour profile are shared by all cards of a kind.
        preflight(renderer.render(template, sample.card, sample.signature), profile)
        start = time.process_time()
        pdf = renderer.render(template, sample.card, sample.signature)
        between = time.process_time()
        preflight(pdf, profile, safe=template.safe).require_passed()
        rendered.append((between - start) * 1000)
        checked.append((time.process_time() - between) * 1000)
    table = Table("step", "p50 ms", "p90 ms", "of render", title=f"{count} cards; {describe()}")
    middle = statistics.median(rendered)
    for name, found in (("render", rendered), (f"preflight, {len(all_checks())} checks", checked)):
        p50, p90 = statistics.median(found), statistics.quantiles(found, n=10)[-1]
        table.add_row(name, f"{p50:.1f}", f"{p90:.1f}", f"{p50 / middle:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_CARDS)
