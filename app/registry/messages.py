"""Reads a template's wordings: `messages/LANG.toml`, and `any.toml` where words come with each record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.domain.language import ANY
from app.domain.policy import Intent
from app.domain.template import GENERIC, Role, Stage, Variant
from app.domain.wording_faults import wording_faults
from app.errors import SetupError
from app.registry.labels import Labels, Text, read_labels
from app.registry.toml_file import Key, TomlFile, TomlModel

SlotTypes = Mapping[str, Literal["text", "number"]]

_FILE_FOR_ANY = "any"

_LANGUAGE = r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?$"
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
"""Language, and script where the language alone does not say it, such as `zh-Hant`."""


class _Greetings(TomlModel):
    named: Text
    unnamed: Text


class _Variant(TomlModel):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]
    occasion: Text
    stages: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    intents: Annotated[frozenset[Intent], Field(min_length=1)] = frozenset({Intent.NOTE})
    headline: Text
    message: Text
    greeting: Text | None = None
    greeting_unnamed: Text | None = None
    shorter: str | None = None


class _Messages(TomlModel):
    labels: dict[str, Text | dict[Language, Text]] = Field(default_factory=dict)
    greetings: _Greetings | None = None
    variants: tuple[_Variant, ...] = ()


_NAME_ALONE = _Greetings.model_construct(named="{given_name}", unnamed="")
"""How any language greets: what it says around a name is its own."""


def read_messages(
    folder: Path, slot_types: SlotTypes, roles: Collection[Role], recovery: Collection[str]
) -> tuple[Labels, tuple[Variant, ...]]:
    """The labels by language and all wordings of a template.

    Raises:
        SetupError: naming each fault with file, line, key and mend.
    """
    files = {_language_of(path): path for path in sorted(folder.glob("*.toml"))}
    labels: Labels = {}
    variants: list[Variant] = []
    # What is for any language comes first: a language's own file has the last word.
    for language in sorted(files, key=lambda language: (language != ANY, language)):
        file = TomlFile(files[language])
        model = file.read(_Messages)
        _check_language(file, language)
        all_needed = language == ANY or ANY not in files
        for tag, own in read_labels(file, model.labels, language, roles, all_needed=all_needed).items():
            labels.setdefault(tag, {}).update(own)
        variants += _variants(file, model, language, slot_types, recovery)
    _check_coverage(folder, files, variants)
    return labels, tuple(variants)


def _language_of(path: Path) -> str:
    return ANY if path.stem == _FILE_FOR_ANY else path.stem


def _check_language(file: TomlFile, language: str) -> None:
    if language != ANY and not re.fullmatch(_LANGUAGE, language):
        file.fault(
            (), f"{language!r} is no language", "name it by its BCP 47 code, such as de.toml, or any.toml"
        )


def _variants(
    file: TomlFile, model: _Messages, language: str, slot_types: SlotTypes, recovery: Collection[str]
) -> tuple[Variant, ...]:
    greetings = model.greetings or _NAME_ALONE
    if model.greetings is None and model.variants and language != ANY:
        file.fault(("greetings",), "is missing", "say how named and unnamed people are greeted")
    variants = tuple(_variant(language, wording, greetings) for wording in model.variants)
    for index, variant in enumerate(variants):
        _check_variant(file, ("variants", index), variant, slot_types, recovery)
    _check_links(file, variants)
    file.check()
    return variants


def _variant(language: str, wording: _Variant, greetings: _Greetings) -> Variant:
    fields = wording.model_dump()
    fields["greeting"] = wording.greeting or greetings.named
    fields["greeting_unnamed"] = wording.greeting_unnamed or greetings.unnamed
    return Variant(language=language, **fields)


def _check_variant(
    file: TomlFile, key: Key, variant: Variant, slot_types: SlotTypes, recovery: Collection[str]
) -> None:
    spoken_after_trouble = variant.occasion in recovery
    for fault in wording_faults(
        variant, slot_types, recovery=spoken_after_trouble, mend=declared(slot_types)
    ):
        file.fault((*key, fault.field), fault.detail, fault.mend)
    for name in sorted(variant.requires - slot_types.keys()):
        file.fault((*key, "requires"), f"{name} is no slot of the template", declared(slot_types))
    for stage in sorted(variant.stages - set(Stage)):
        file.fault((*key, "stages"), f"{stage!r} is no stage", f"use one of {', '.join(sorted(Stage))}")


def _check_links(file: TomlFile, variants: Sequence[Variant]) -> None:
    """`shorter` must lead, without a circle, to a wording that every order with the longer one can have."""
    check_unique(file, "variants", [variant.id for variant in variants], "id")
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
        elif not shorter.intents <= variant.intents:
            file.fault(key, f"{shorter.id} wants more of its reader", "name one of the same intents")
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


def check_unique(file: TomlFile, table: str, names: Sequence[str], field: str = "name") -> None:
    """Note each name that an array of tables has twice."""
    twice = {name for name, count in Counter(names).items() if count > 1}
    for index, name in enumerate(names):
        if name in twice and name in names[:index]:
            file.fault((table, index, field), f"{name!r} is there twice", "give each its own")


def _check_coverage(folder: Path, files: Mapping[str, Path], variants: Iterable[Variant]) -> None:
    """Every language speaks of every occasion, and of none: the generic card is what orders fall back to.

    A language that only has labels takes its words from the record, where the template does so at all.
    """
    spoken = Counter((variant.language, variant.occasion) for variant in variants)
    if not files:
        raise SetupError(f"{folder} holds no wordings", mend="add messages/LANG.toml, such as en.toml")
    written = {language for language, _ in spoken}
    languages = written if ANY in written else files.keys()
    occasions = sorted({occasion for _, occasion in spoken} | {GENERIC})
    missing = [
        f"{files[language]} has no wording for {occasion!r}"
        for language in sorted(languages)
        for occasion in occasions
        if (language, occasion) not in spoken
    ]
    if missing:
        raise SetupError(
            "\n".join(missing), mend="write at least one for each occasion that the template knows"
        )


def declared(slot_types: SlotTypes) -> str:
    """The mend for a slot that the template does not know."""
    return f"declare it under [slots] in template.toml, or use one of {', '.join(sorted(slot_types))}"
