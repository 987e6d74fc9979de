"""Reads a template's words: `messages/LANG.toml` and the sample records beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.domain.pattern import pattern_fault, slots_in
from app.domain.template import GENERIC, Role, Sample, Stage, Variant
from app.errors import SetupError
from app.registry.toml_file import Key, TomlFile, TomlModel

SlotTypes = Mapping[str, Literal["text", "number"]]
Labels = dict[str, dict[str, str]]

_LABELS = {Role.QR: "qr_label", Role.QR_LABEL: "qr_label", Role.SIGNER: "signer"}
"""Which label each role needs. `signer` is a pattern over `name` and `role`."""
_LABEL_SLOTS = {"signer": frozenset({"name", "role"})}
_GREETING_SLOTS = frozenset({"given_name"})

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Greetings(TomlModel):
    named: Text
    unnamed: Text


class _Variant(TomlModel):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]
    occasion: Text
    stages: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    headline: Text
    message: Text
    greeting: Text | None = None
    greeting_unnamed: Text | None = None
    shorter: str | None = None


class _Messages(TomlModel):
    labels: dict[str, Text] = Field(default_factory=dict)
    greetings: _Greetings
    variants: tuple[_Variant, ...]


class _Sample(TomlModel):
    name: Text
    occasion: str
    language: str
    slots: dict[str, str | int]


class _Samples(TomlModel):
    samples: tuple[_Sample, ...]


def read_messages(
    folder: Path, slot_types: SlotTypes, roles: Collection[Role], recovery: Collection[str]
) -> tuple[Labels, tuple[Variant, ...]]:
    """The labels by language and all wordings of a template.

    Raises:
        SetupError: naming each fault with file, line, key and mend.
    """
    labels: Labels = {}
    variants: list[Variant] = []
    for path in sorted(folder.glob("*.toml")):
        language = path.stem
        file = TomlFile(path)
        model = file.read(_Messages)
        labels[language] = _labels(file, model, language, roles)
        own = tuple(_variant(language, wording, model.greetings) for wording in model.variants)
        for index, variant in enumerate(own):
            _check_variant(file, ("variants", index), variant, slot_types, recovery)
        _check_links(file, own)
        file.check()
        variants += own
    _check_coverage(folder, variants)
    return labels, tuple(variants)


def read_samples(path: Path, slot_types: SlotTypes, variants: Sequence[Variant]) -> tuple[Sample, ...]:
    """The sample records of a template.

    Raises:
        SetupError: naming each fault with file, line, key and mend.
    """
    file = TomlFile(path)
    samples = file.read(_Samples).samples
    known = {(variant.occasion, variant.language) for variant in variants}
    for index, sample in enumerate(samples):
        key: Key = ("samples", index)
        if (sample.occasion, sample.language) not in known:
            file.fault(
                key, f"no wording speaks of {sample.occasion!r} in {sample.language!r}", "mind the spelling"
            )
        for name, value in sample.slots.items():
            kind = slot_types.get(name)
            if kind is None:
                file.fault((*key, "slots", name), f"{name} is no slot of the template", _declared(slot_types))
            elif isinstance(value, int) is not (kind == "number"):
                file.fault((*key, "slots", name), f"{name} must be a {kind}", "mind the quotes")
    _check_unique(file, "samples", [sample.name for sample in samples])
    file.check()
    return tuple(Sample(**sample.model_dump()) for sample in samples)


def _variant(language: str, wording: _Variant, greetings: _Greetings) -> Variant:
    fields = wording.model_dump()
    fields["greeting"] = wording.greeting or greetings.named
    fields["greeting_unnamed"] = wording.greeting_unnamed or greetings.unnamed
    return Variant(language=language, **fields)


def _labels(file: TomlFile, model: _Messages, language: str, roles: Collection[Role]) -> dict[str, str]:
    for label in sorted({_LABELS[role] for role in roles if role in _LABELS}):
        if label not in model.labels:
            file.fault(("labels", label), "is missing", f"the template has a frame for it; add {label} = …")
    for label, text in model.labels.items():
        key: Key = ("labels", label)
        if problem := pattern_fault(text, language):
            file.fault(key, problem)
        elif unknown := sorted(slots_in(text).keys() - _LABEL_SLOTS.get(label, frozenset())):
            file.fault(key, f"names {', '.join(unknown)}, which a label does not have")
    return dict(model.labels)


def _check_variant(
    file: TomlFile, key: Key, variant: Variant, slot_types: SlotTypes, recovery: Collection[str]
) -> None:
    texts = {
        "headline": variant.headline,
        "greeting": variant.greeting,
        "greeting_unnamed": variant.greeting_unnamed,
        "message": variant.message,
    }
    for field, text in texts.items():
        here = (*key, field)
        if problem := pattern_fault(text, variant.language):
            file.fault(here, problem)
            continue
        allowed = variant.requires | (_GREETING_SLOTS if field == "greeting" else frozenset())
        _check_slots(file, here, slots_in(text), allowed, slot_types)
        if variant.occasion in recovery and any(mark in text for mark in "!¡！"):
            file.fault(here, "raises its voice on a recovery card", "end the sentence with a full stop")
    for name in sorted(variant.requires - slot_types.keys()):
        file.fault((*key, "requires"), f"{name} is no slot of the template", _declared(slot_types))
    for stage in sorted(variant.stages - set(Stage)):
        file.fault((*key, "stages"), f"{stage!r} is no stage", f"use one of {', '.join(sorted(Stage))}")


def _check_slots(
    file: TomlFile, key: Key, named: Mapping[str, bool], allowed: Collection[str], slot_types: SlotTypes
) -> None:
    for name, numeric in named.items():
        if name not in slot_types:
            file.fault(key, f"{{{name}}} is no slot of the template", _declared(slot_types))
        elif name not in allowed:
            file.fault(key, f"{{{name}}} is not among the wording’s `requires`", f'add "{name}" to requires')
        elif numeric and slot_types[name] != "number":
            file.fault(
                key, f"{{{name}}} is text but used as a number", "declare it as a number, or set it plainly"
            )


def _check_links(file: TomlFile, variants: Sequence[Variant]) -> None:
    """`shorter` must lead, without a circle, to a wording that every order with the longer one can have."""
    _check_unique(file, "variants", [variant.id for variant in variants], "id")
    by_id = {variant.id: variant for variant in variants}
    for index, variant in enumerate(variants):
        if variant.shorter is None:
            continue
        key: Key = ("variants", index, "shorter")
        shorter = by_id.get(variant.shorter)
        if shorter is None:
            file.fault(key, f"there is no wording {variant.shorter!r} in this language", "mind the spelling")
        elif shorter.occasion != variant.occasion:
            file.fault(key, f"{shorter.id} speaks of {shorter.occasion}", "name one of the same occasion")
        elif not shorter.requires <= variant.requires:
            extra = ", ".join(sorted(shorter.requires - variant.requires))
            file.fault(key, f"{shorter.id} requires more: {extra}", "name one that requires no more")
        elif shorter.stages and not (variant.stages and variant.stages <= shorter.stages):
            file.fault(key, f"{shorter.id} is not for all stages of {variant.id}", "widen its stages")
        elif _circles(variant, by_id):
            file.fault(key, "leads back to itself", "let the chain end at the shortest")


def _circles(variant: Variant, by_id: Mapping[str, Variant]) -> bool:
    seen = {variant.id}
    following = variant.shorter
    while following is not None and following in by_id:
        if following in seen:
            return True
        seen.add(following)
        following = by_id[following].shorter
    return False


def _check_unique(file: TomlFile, table: str, names: Sequence[str], field: str = "name") -> None:
    twice = {name for name, count in Counter(names).items() if count > 1}
    for index, name in enumerate(names):
        if name in twice and name in names[:index]:
            file.fault((table, index, field), f"{name!r} is there twice", "give each its own")


def _check_coverage(folder: Path, variants: Iterable[Variant]) -> None:
    """Every language speaks of every occasion, and of none: the generic card is what orders fall back to."""
    spoken = Counter((variant.language, variant.occasion) for variant in variants)
    languages = sorted({language for language, _ in spoken})
    occasions = sorted({occasion for _, occasion in spoken} | {GENERIC})
    if not languages:
        raise SetupError(f"{folder} holds no wordings", mend="add messages/LANG.toml, such as en.toml")
    missing = [
        f"{folder / language}.toml has no wording for {occasion!r}"
        for language in languages
        for occasion in occasions
        if (language, occasion) not in spoken
    ]
    if missing:
        raise SetupError(
            "\n".join(missing), mend="write at least one for each occasion that the template knows"
        )


def _declared(slot_types: SlotTypes) -> str:
    return f"declare it under [slots] in template.toml, or use one of {', '.join(sorted(slot_types))}"
