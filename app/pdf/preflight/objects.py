"""Reads PDF objects whose type cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pikepdf

from app.pdf.preflight.content.matrix import Bounds

_CORNERS = 4
_DEEPEST = 100
"""Levels looked into; qpdf is told to refuse deeper nesting, and a page tree needs a handful."""
_DICTIONARY = b"<<"
"""In an array's text where it holds one; the widths of a font are hundreds of numbers, and quickly passed."""


def entries(value: object) -> list[pikepdf.Object]:
    """An array's entries; a single object counts as a list of one, nothing as none."""
    if isinstance(value, pikepdf.Array):
        return list(value.as_list())
    return [value] if isinstance(value, pikepdf.Object) else []


def table(value: object) -> pikepdf.Dictionary:
    """A dictionary; an empty one where there is none."""
    return value if isinstance(value, pikepdf.Dictionary) else pikepdf.Dictionary()


def object_id(value: object) -> tuple[int, int] | None:
    """An object's number and generation; None where it stands inside another."""
    return value.objgen if isinstance(value, pikepdf.Object) and value.is_indirect else None


def rectangle(value: object) -> Bounds | None:
    """A rectangle, its corners in any order (ISO 32000-1, 7.9.5); None where it is not one."""
    if not isinstance(value, pikepdf.Array) or len(value) != _CORNERS:
        return None
    numbers = value.as_list()
    if not all(isinstance(number, int | float | Decimal) for number in numbers):
        return None
    x0, y0, x1, y1 = (float(number) for number in numbers)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def inherited(page: pikepdf.Page, key: str) -> pikepdf.Object | None:
    """A page attribute, its own or from the page tree above it."""
    node: pikepdf.Object = page.obj
    for _ in range(_DEEPEST):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node.Parent
    return None


def nested_dictionaries(value: object, depth: int = 0) -> Iterator[pikepdf.Object]:
    """The dictionaries and streams in a direct object; references are left, they stand for themselves."""
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield value
        children: list[object] = [child for _, child in value.items()]
    elif isinstance(value, pikepdf.Array) and _DICTIONARY in value.unparse():
        children = list(value.as_list())
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect and depth < _DEEPEST:
            yield from nested_dictionaries(child, depth + 1)


def page_tree_faults(root: pikepdf.Object) -> list[tuple[str, tuple[int, int]]]:
    """What is wrong in a page tree, with the object that it is wrong in."""
    faults: list[tuple[str, tuple[int, int]]] = []
    _pages_under(root, faults, set(), 0)
    return faults


def _pages_under(
    node: pikepdf.Object, faults: list[tuple[str, tuple[int, int]]], seen: set[tuple[int, int]], depth: int
) -> int:
    """The pages under a node, whatever it says itself."""
    if node.objgen in seen or depth > _DEEPEST:
        faults.append(("it is in the tree more than once", node.objgen))
        return 0
    seen.add(node.objgen)
    if "/Kids" not in node:
        return 1
    pages = 0
    for kid in entries(node.Kids):
        if object_id(kid.get("/Parent")) != node.objgen:
            faults.append((f"its /Parent is not object {node.objgen[0]}, which lists it", kid.objgen))
        pages += _pages_under(kid, faults, seen, depth + 1)
    if node.get("/Count") != pages:
        faults.append((f"/Count is {node.get('/Count')}, there are {pages} pages", node.objgen))
    return pages
