"""Files of records for the plain template, and the service that renders them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.domain.profile import PressProfile, Standard
from app.pdf.preflight import preflight
from app.registry.brands import load_brands
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.render_records import Preflight, RenderRecords, Thoroughness, Wish
from tests.cards import PLAIN

BRANDS = load_brands(Path(__file__).parent / "data" / "brands")
PROFILE = load_profiles(PROFILES)[PLAIN.profile]
SECRET = b"a secret of the tests, 32 bytes."
_MOMENT = 1_772_000_000
"""When every file of records was written: it is the date in the PDF."""


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A sound record; a change to None takes a field away."""
    fields = {
        "id": f"r-{number}",
        "language": "en",
        "url": f"https://acorn.example/{number}",
        "occasion": "first",
        "slots": {"given_name": f"Anna{chr(97 + number % 26)}"},
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def write(path: Path, records: Iterable[Mapping[str, Any] | str]) -> Path:
    """The records as JSON Lines; a text stands as it is."""
    lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in records]
    return written(path, "".join(f"{line}\n" for line in lines).encode())


def written(path: Path, data: bytes) -> Path:
    """A file of records with these bytes, as if written at the one moment."""
    path.write_bytes(data)
    os.utime(path, (_MOMENT, _MOMENT))
    return path


def wish(records: Path, out: Path, **changes: Any) -> Wish:
    """To render records on the plain template."""
    plain = Wish(
        records=records,
        template=PLAIN,
        brand=None,
        profile=profile(Standard.PDF_VT1),
        out=out,
        rejects=out.with_name(f"{out.name}.rejects.jsonl"),
        workers=1,
        thoroughness=Thoroughness.SAMPLE,
    )
    return replace(plain, **changes)


def profile(standard: Standard) -> PressProfile:
    """The press profile, asking for a standard."""
    return replace(PROFILE, standard=standard)


def service(check: Preflight = preflight) -> RenderRecords:
    """The service over the tests' brand."""
    return RenderRecords(brands=BRANDS, fonts=own_fonts(), preflight=check, secret=SECRET)


@dataclass
class Told:
    """What a run told of its progress."""

    stages: list[str] = field(default_factory=list)
    done: int = 0

    def begin(self, what: str, _total: int | None) -> None:
        self.stages.append(what)

    def advance(self, count: int) -> None:
        self.done += count


def rejects(path: Path) -> list[dict[str, Any]]:
    """The list of refused records; empty where there is none."""
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )
