"""Drawings in SVG, in the few shapes that an illustrator of cards needs, as PDF operators in CMYK.

Colours are named by class (`fill-TOKEN`, `stroke-TOKEN`) and come from the brand's palette: SVG itself
cannot say CMYK. Whatever the engine would not draw exactly is refused by file and element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from app.domain.brand import Ink
from app.errors import ArtworkUnusable
from app.pdf.art.lined import parse
from app.pdf.art.path import PathError, Shape, path_operators
from app.pdf.art.transform import TransformError, matrix
from app.pdf.file.syntax import number

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_NOT_DRAWN = frozenset({"title", "desc", "metadata", "style", "defs"})
_GROUPS = frozenset({"g", "svg"})
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_REFUSED = ("style", "opacity", "fill-opacity", "stroke-opacity", "filter", "mask", "clip-path", "href")
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class _Pen:
    """What groups hand down to what is in them."""

    fill: Ink | None = None
    stroke: Ink | None = None
    width: float = 1.0
    cap: int = 0
    join: int = 0
    miter: float = 4.0
    dashes: tuple[float, ...] = ()
    even_odd: bool = False


class Drawing:
    """One SVG file, read and checked, ready to be inked."""

    def __init__(self, path: Path, size: tuple[float, float]) -> None:
        """Read it.

        Args:
            path: the file.
            size: width and height in mm that its viewBox must have.

        Raises:
            ArtworkUnusable: it is missing, no SVG, or of another size.
        """
        self._path = path
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ArtworkUnusable(
                f"{path} cannot be read: {error}", mend="save it as SVG in UTF-8"
            ) from error
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ArtworkUnusable(f"{path} has a document type", mend="take out <!DOCTYPE …>; art needs none")
        try:
            self._root, self._lines = parse(text)
        except ExpatError as error:
            raise ArtworkUnusable(f"{path} is not XML: {error}", mend="save it as SVG again") from error
        self._check_size(size)

    def _check_size(self, size: tuple[float, float]) -> None:
        if self._root.tag != f"{_NAMESPACE}svg":
            raise ArtworkUnusable(f"{self._path} is not SVG: its root is <{self._root.tag}>")
        said = self._root.get("viewBox", "").replace(",", " ").split()
        wanted = (0.0, 0.0, *size)
        try:
            box = tuple(map(float, said))
        except ValueError:
            box = ()
        if len(box) != len(wanted) or any(abs(a - b) > _TOLERANCE for a, b in zip(box, wanted, strict=True)):
            raise ArtworkUnusable(
                f"{self._path}: its viewBox is {' '.join(said) or 'missing'}",
                mend=f'draw over the bleed in mm: viewBox="0 0 {size[0]:g} {size[1]:g}"',
            )

    def operators(self, palette: Mapping[str, Ink]) -> str:
        """The drawing as content stream operators, in mm with y downwards.

        Raises:
            ArtworkUnusable: an element or its colour cannot be drawn.
        """
        return "\n".join(self._element(self._root, _Pen(), palette))

    def _element(self, element: ET.Element, pen: _Pen, palette: Mapping[str, Ink]) -> Iterator[str]:
        tag = str(element.tag).removeprefix(_NAMESPACE)
        if tag in _NOT_DRAWN or not isinstance(element.tag, str):
            return
        try:
            pen = _inherit(pen, element, palette)
            moved = matrix(element.get("transform", ""))
            if moved is not None:
                yield f"q {' '.join(map(number, moved))} cm"
            if tag in _GROUPS:
                for child in element:
                    yield from self._element(child, pen, palette)
            else:
                yield from _painted(Shape(tag, element.attrib), pen)
            if moved is not None:
                yield "Q"
        except (PathError, TransformError, ValueError) as error:
            where = f"<{tag}>" + (f" {element.get('id')!r}" if element.get("id") else "")
            place = f"{self._path}:{self._lines[element]}"
            raise ArtworkUnusable(f"{place}, {where}: {error}", mend="redraw this element") from error


def _inherit(pen: _Pen, element: ET.Element, palette: Mapping[str, Ink]) -> _Pen:
    """The pen with this element's own attributes.

    Raises:
        ValueError: an attribute cannot be honoured.
    """
    for attribute in _REFUSED:
        if element.get(attribute) is not None:
            raise ValueError(f"{attribute}={element.get(attribute)!r} is not drawn in print art")
    for token in element.get("class", "").split():
        kind, _, name = token.partition("-")
        if kind not in {"fill", "stroke"}:
            raise ValueError(f"class {token!r} names no colour; use fill-TOKEN or stroke-TOKEN")
        ink = None if name == "none" else _ink(name, palette)
        pen = replace(pen, fill=ink) if kind == "fill" else replace(pen, stroke=ink)
    changes = {
        field: read(said)
        for attribute, (field, read) in _ATTRIBUTES.items()
        if (said := element.get(attribute)) is not None
    }
    return replace(pen, **changes)  # type: ignore[arg-type]  # each reader gives its field's type


def _ink(token: str, palette: Mapping[str, Ink]) -> Ink:
    try:
        return palette[token]
    except KeyError:
        raise ValueError(f"the brand's palette has no colour {token!r}") from None


def _choice(choices: Mapping[str, int]) -> Callable[[str], int]:
    def read(said: str) -> int:
        if said not in choices:
            raise ValueError(f"{said!r} is none of {', '.join(choices)}")
        return choices[said]

    return read


def _dashes(said: str) -> tuple[float, ...]:
    return () if said == "none" else tuple(float(part) for part in said.replace(",", " ").split())


_ATTRIBUTES: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "stroke-width": ("width", float),
    "stroke-linecap": ("cap", _choice(_CAPS)),
    "stroke-linejoin": ("join", _choice(_JOINS)),
    "stroke-miterlimit": ("miter", float),
    "stroke-dasharray": ("dashes", _dashes),
    "fill-rule": ("even_odd", lambda said: said == "evenodd"),
}


def _painted(shape: Shape, pen: _Pen) -> Iterator[str]:
    """Colours, path and painting operator of one shape (ISO 32000-2, 8.5)."""
    outline = path_operators(shape)
    if not outline or (pen.fill is None and pen.stroke is None):
        return
    if pen.fill is not None:
        yield f"{_components(pen.fill)} k"
    if pen.stroke is not None:
        dashes = " ".join(map(number, pen.dashes))
        yield (
            f"{_components(pen.stroke)} K {number(pen.width)} w {pen.cap} J {pen.join} j "
            f"{number(pen.miter)} M [{dashes}] 0 d"
        )
    yield outline
    rule = "*" if pen.even_odd else ""
    if pen.fill is None:
        yield "S"
    else:
        yield f"{'B' if pen.stroke is not None else 'f'}{rule}"


def _components(ink: Ink) -> str:
    return " ".join(map(number, ink))
