"""Reads a template's sample records: `samples.toml`, what its makers look at and what tests print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.language import ANY
from app.domain.template import Sample, Variant
from app.registry.labels import Text
from app.registry.messages import Language, SlotTypes, check_unique, declared
from app.registry.toml_file import Key, TomlFile, TomlModel


class _Sample(TomlModel):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    occasion: Text
    language: Language
    slots: dict[str, str | int]


class _Samples(TomlModel):
    samples: Annotated[tuple[_Sample, ...], Field(min_length=1)]


def read_samples(path: Path, slot_types: SlotTypes, variants: Sequence[Variant]) -> tuple[Sample, ...]:
    """The sample records of a template.

    Args:
        path: the file.
        slot_types: the template's slots.
        variants: the template's wordings.

    Raises:
        SetupError: naming each fault with file, line, key and mend.
    """
    file = TomlFile(path)
    samples = file.read(_Samples).samples
    for index, sample in enumerate(samples):
        key: Key = ("samples", index)
        speaking = [
            v for v in variants if v.occasion == sample.occasion and v.language in (sample.language, ANY)
        ]
        if not speaking:
            file.fault(
                key, f"no wording speaks of {sample.occasion!r} in {sample.language!r}", "mind the spelling"
            )
        elif not any(v.requires <= sample.slots.keys() for v in speaking):
            lacking = min((sorted(v.requires - sample.slots.keys()) for v in speaking), key=len)
            file.fault(
                (*key, "slots"),
                f"fills no wording of {sample.occasion!r}: {', '.join(lacking)} is missing",
                "give it what one wording requires",
            )
        _check_slots(file, (*key, "slots"), sample.slots, slot_types)
    check_unique(file, "samples", [sample.name for sample in samples])
    file.check()
    return tuple(Sample(**sample.model_dump()) for sample in samples)


def _check_slots(file: TomlFile, key: Key, slots: Mapping[str, str | int], slot_types: SlotTypes) -> None:
    for name, value in slots.items():
        kind = slot_types.get(name)
        if kind is None:
            file.fault((*key, name), f"{name} is no slot of the template", declared(slot_types))
        elif isinstance(value, int) is not (kind == "number"):
            file.fault((*key, name), f"{name} must be a {kind}", "mind the quotes")
