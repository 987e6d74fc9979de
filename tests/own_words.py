"""A card family whose words come with each record, made of the plain test family."""

from __future__ import annotations

import shutil
from pathlib import Path

_PLAIN = Path(__file__).parent / "data" / "cards" / "plain"
ANY = """
[labels]
signer = "{name}"
qr_label = { de = "Sag hallo", zh = "你好" }

[[variants]]
id = "own"
occasion = "generic"
requires = ["headline", "message"]
headline = "{headline}"
message = "{message}"
"""
SAMPLES = """
[[samples]]
name = "ta-short"
occasion = "generic"
language = "ta"
slots = { headline = "நன்றி", message = "நன்றி.", given_name = "மீனா" }
"""


def own_words(folder: Path, *, any_toml: str = ANY, samples: str = SAMPLES) -> Path:
    """The family, in a new folder `letter` inside `folder`."""
    family = Path(shutil.copytree(_PLAIN, folder / "letter"))
    template = family / "template.toml"
    text = template.read_text(encoding="utf-8")
    template.write_text(
        text.replace("[slots]", '[slots]\nheadline = "text"\nmessage = "text"'), encoding="utf-8"
    )
    (family / "messages/en.toml").unlink()
    (family / "messages/any.toml").write_text(any_toml, encoding="utf-8")
    (family / "samples.toml").write_text(samples, encoding="utf-8")
    return family
