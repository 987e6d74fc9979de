"""The inks of a file beside the four process inks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Name

from app.pdf.preflight.content.paint import PROCESS

_OWN = {*PROCESS, "All", "None"}
_DEEPEST = 100
"""Levels looked into; qpdf is told to refuse deeper nesting."""


def spots_of_file(path: Path) -> tuple[str, ...]:
    """The spot inks of a stored file."""
    with pikepdf.open(path) as pdf:
        return spots(pdf)


def spots(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """Every colorant of a Separation or DeviceN space in the file, in the order of its objects."""
    found = {name: None for value in pdf.objects for name in _named(value, 0) if name not in _OWN}
    return tuple(found)


def _named(value: object, depth: int) -> Iterator[str]:
    """The colorants in a direct object; references are left, they stand for themselves."""
    if isinstance(value, pikepdf.Array):
        entries: list[object] = list(value.as_list())
        if len(entries) > 1 and entries[0] in (Name.Separation, Name.DeviceN):
            names = entries[1].as_list() if isinstance(entries[1], pikepdf.Array) else [entries[1]]
            yield from (str(name)[1:] for name in names if isinstance(name, Name))
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        entries = [child for _, child in value.items()]
    else:
        return
    for child in entries:
        if isinstance(child, pikepdf.Object) and not child.is_indirect and depth < _DEEPEST:
            yield from _named(child, depth + 1)
