"""Reads a template's labels: the few words in the printed face that are the template's own.

A language's file gives each as a text. `any.toml` gives a text for every language, or a table of them:

```toml
[labels]
signer = "{name}"
qr_label = { de = "Sag hallo", en = "Say hello" }   # other languages print none; `und` would be for them
```
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

from pydantic import StringConstraints

from app.domain.language import ANY
from app.domain.pattern import pattern_fault, slots_in
from app.domain.template import Role
from app.registry.toml_file import Key, TomlFile

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Labels = dict[str, dict[str, str]]
"""Language → label → pattern."""

_NEEDED_BY = {Role.QR: "qr_label", Role.QR_LABEL: "qr_label", Role.SIGNER: "signer"}
"""Which label each role needs. `signer` is a pattern over `name` and `role`."""
_SLOTS = {"signer": frozenset({"name", "role"}), "qr_label": frozenset[str]()}
_SLOTS_OF_ANY = {"signer": frozenset({"name"}), "qr_label": frozenset[str]()}
"""A brand says the signer's role in its own languages only."""


def read_labels(
    file: TomlFile,
    said: Mapping[str, str | dict[str, str]],
    language: str,
    roles: Collection[Role],
    *,
    all_needed: bool,
) -> Labels:
    """The labels of one file; faults are noted in it.

    Args:
        file: the file, which takes the faults.
        said: what stands under `[labels]`.
        language: the file's.
        roles: what the template has frames for.
        all_needed: whether no other file says what this one does not.
    """
    _check_names(file, said, roles, all_needed=all_needed)
    labels: Labels = {}
    for label, text in said.items():
        if isinstance(text, str):
            _check_text(file, ("labels", label), text, language, label)
            labels.setdefault(language, {})[label] = text
        elif language == ANY:
            for tag, own in text.items():
                _check_text(file, ("labels", label, tag), own, tag, label)
                labels.setdefault(tag, {})[label] = own
        else:
            file.fault(("labels", label), "is a table", "write one text; only any.toml speaks many languages")
    return labels


def _check_names(file: TomlFile, said: Collection[str], roles: Collection[Role], *, all_needed: bool) -> None:
    if all_needed:
        for label in sorted({_NEEDED_BY[role] for role in roles if role in _NEEDED_BY} - set(said)):
            file.fault(("labels", label), "is missing", f"the template has a frame for it; add {label} = …")
    for label in sorted(set(said) - _SLOTS.keys()):
        file.fault(("labels", label), "is no label", f"use one of {', '.join(sorted(_SLOTS))}")


def _check_text(file: TomlFile, key: Key, text: str, language: str, label: str) -> None:
    known = _SLOTS_OF_ANY if file.path.stem == "any" else _SLOTS
    if problem := pattern_fault(text, language):
        file.fault(key, problem)
    elif unknown := sorted(slots_in(text).keys() - known.get(label, frozenset())):
        file.fault(
            key,
            f"names {', '.join(unknown)}, which a label does not have",
            f"{label} may name {', '.join(sorted(known.get(label, ()))) or 'no slot'}",
        )
