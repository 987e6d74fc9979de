"""What setting a card's text costs: microseconds of processor time a card, and where they go.

The cards have a headline and greeting with a name, a fitted note of 60 words in the hand, and small texts;
all notes differ, their words follow Zipf's law. *Warm* sets other cards after 1,000, *cold* begins with
nothing kept, *never seen* has a note of new words every time; *together* are cards of a batch, 250 at once,
*alone* one after the other. Codes are left out. Beside each figure stands
how many turns of an empty loop take as long, so that busy machines can be compared.

    .venv/bin/python -m benchmarks.set_text [CARDS]
"""

from __future__ import annotations

import cProfile
import io
import math
import pstats
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from rich.console import Console
from rich.table import Table

from app.domain.card import Card, Wording
from app.domain.template import CardTemplate, Role
from app.errors import RenderError, TextDoesNotFit
from app.pdf.draw import text_operators
from app.pdf.file.fonts import FontUses
from app.pdf.layout import Compositor, SideLayout
from app.pdf.typefaces import Typefaces
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import own_fonts
from app.registry.places import BRANDS, CARDS, PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import sample_cards
from benchmarks.machine import describe

_LETTERS = "etaoinshrdlucmfwypvbgk"
_VOCABULARY = 8000
_AT_ONCE = 250
Way = Callable[[CardTemplate, Sequence[Card], Compositor], int]
_PROFILE = next(iter(load_profiles(PROFILES).values()))


def words(rng: random.Random, *, new: bool) -> Iterator[str]:
    """Words without end: of a vocabulary whose commonest are the shortest, or each never seen before."""
    sizes = [
        max(1, min(12, round(rng.gauss(1.3 + 0.62 * math.log(1 + rank / 3), 1.2))))
        for rank in range(_VOCABULARY)
    ]
    weights = range(len(_LETTERS), 0, -1)
    known = ["".join(rng.choices(_LETTERS, weights, k=size)) for size in sizes]
    often = list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))
    while True:
        word = rng.choices(known, cum_weights=often)[0]
        yield "".join(rng.choices(_LETTERS, k=len(word))) if new else word


def cards(base: Card, count: int, *, seed: int, new: bool = False) -> list[Card]:
    """Cards like `base` that all say something else."""
    rng = random.Random(seed)
    source = words(random.Random(1), new=new)
    made = []
    for index in range(count):
        said = [next(source) for _ in range(60)]
        note = f"{' '.join(said[:30])}. {' '.join(said[30:])}.".capitalize()
        name = "".join(rng.choices(_LETTERS, k=6)).capitalize()
        wording = Wording(variant="x", headline=f"Thank you, {name}", greeting=f"Dear {name},", message=note)
        texts = {**base.texts, Role.JOB_CODE: f"{rng.getrandbits(60):X}-0"}
        made.append(
            replace(base, wordings=(wording,), texts=texts, seed=rng.getrandbits(48), id=f"{index}-0")
        )
    return made


def set_alone(template: CardTemplate, made: Sequence[Card], compositor: Compositor) -> int:
    """Set every card's text; gives how many did not fit."""
    uses, refused = FontUses(_PROFILE), 0
    for card in made:
        try:
            _show(compositor.lay_out(template, card), card, uses)
        except TextDoesNotFit:
            refused += 1
    return refused


def set_together(template: CardTemplate, made: Sequence[Card], compositor: Compositor) -> int:
    """The same, many cards at once."""
    uses, refused = FontUses(_PROFILE), 0
    for start in range(0, len(made), _AT_ONCE):
        some = made[start : start + _AT_ONCE]
        for card, sides in zip(some, compositor.lay_out_all(template, some), strict=True):
            if isinstance(sides, RenderError):
                refused += 1
            else:
                _show(sides, card, uses)
        uses.note(compositor.words.runs_of(uses.rows))
        uses.rows.clear()
    return refused


def _show(sides: Sequence[SideLayout], card: Card, uses: FontUses) -> None:
    for side in sides:
        for placed in side.texts:
            text_operators(placed, card.palette, _PROFILE, uses)


def turn() -> float:
    """Microseconds that a thousand turns of an empty loop take now."""
    start = time.process_time()
    for _ in range(200_000):
        pass
    return (time.process_time() - start) * 1e6 / 200


def main(count: int) -> None:
    """Measure and print."""
    template, brand = load_cards(CARDS)["hearth"], load_brands(BRANDS)["fernweh"]
    base = next(sample.card for sample in sample_cards(template, brand) if sample.card.language == "en")
    fonts = own_fonts()
    runs: list[tuple[str, Way, Compositor, list[Card]]] = []
    ways: dict[str, Way] = {"together": set_together, "alone": set_alone}
    for how, way in ways.items():
        warm, cold = Compositor(Typefaces(fonts)), Compositor(Typefaces(fonts))
        way(template, cards(base, 1000, seed=1), warm)
        way(template, [base], cold)  # opens the fonts
        runs += [
            (f"warm, {how}", way, warm, cards(base, count, seed=2)),
            (f"cold, {how}", way, cold, cards(base, count, seed=2)),
            (f"never seen, {how}", way, cold, cards(base, min(count, 500), seed=3, new=True)),
        ]
    table = Table(title=f"Text of one card. {describe()}")
    for column in ("", "µs a card", "thousand turns", "refused"):
        table.add_column(column, justify="left" if not column else "right")
    for name, set_all, compositor, made in runs:
        start = time.process_time()
        refused = set_all(template, made, compositor)
        taken = (time.process_time() - start) * 1e6 / len(made)
        table.add_row(name, f"{taken:.0f}", f"{taken / turn():.1f}", str(refused))
    Console().print(table)
    _, set_all, compositor, made = runs[0]
    profile = cProfile.Profile()
    profile.runcall(set_all, template, made, compositor)
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats("app/pdf", 15)
    Console().print(out.getvalue(), markup=False)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
