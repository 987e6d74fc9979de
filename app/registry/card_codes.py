"""Reads how a template's codes are made: the keys that only frames of codes have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from app.domain.pattern import pattern_fault, slots_in
from app.domain.template import BAR_CODES, CODES, CodeOptions, ErrorLevel, Frame, Role, Side
from app.registry.toml_file import Key, TomlFile, TomlModel

_QUIET_ZONES = {Role.QR: 4, Role.DATA_MATRIX: 1, Role.CODE_128: 10, Role.EAN: 11}
"""Free modules that each kind needs on each side; an EAN-13 needs 11 on its left alone."""
_TAKEN_BY: Mapping[str, frozenset[Role]] = {
    "content": frozenset(CODES),
    "error": frozenset({Role.QR}),
    "quiet": frozenset(CODES),
    "bar_height": BAR_CODES,
    "label": BAR_CODES,
    "gs1": frozenset({Role.CODE_128}),
    "check_digit": frozenset({Role.EAN}),
}
_ALWAYS_KNOWN = frozenset({"url", "bench_code"})
_SHORTEST_BARS = 3.0
"""mm: lower bars are missed by a hand scanner's line."""


class CodeModel(TomlModel):
    """The keys of a code; None where the file does not say."""

    content: Annotated[str, Field(min_length=1)] | None = None
    error: ErrorLevel | None = None
    quiet: Annotated[float, Field(gt=0, le=100)] | None = None
    bar_height: Annotated[float, Field(gt=0)] | None = None
    label: bool | None = None
    gs1: bool | None = None
    check_digit: Literal["given", "added"] | None = None


def code_options(
    file: TomlFile, key: Key, frame: CodeModel, role: Role, slots: Mapping[str, str]
) -> CodeOptions:
    """How a frame's code is made; faults are noted in the file.

    Args:
        file: the template.
        key: where the frame stands in it.
        frame: its keys.
        role: its role.
        slots: type of each slot of the template.
    """
    said = {name: value for name in _TAKEN_BY if (value := getattr(frame, name)) is not None}
    for name in said:
        if role not in _TAKEN_BY[name]:
            takers = ", ".join(sorted(_TAKEN_BY[name]))
            file.fault((*key, name), f"a {role} frame has no {name}", f"only these have: {takers}; remove it")
    if role in _QUIET_ZONES and frame.quiet is not None and frame.quiet < _QUIET_ZONES[role]:
        file.fault(
            (*key, "quiet"),
            f"{frame.quiet:g} modules are too few for a scanner to find the {CODES[role]}",
            f"write {_QUIET_ZONES[role]} or more, or leave it out",
        )
    if role in CODES:
        _check_content(file, (*key, "content"), frame.content, role, slots)
    return CodeOptions(**{name: value for name, value in said.items() if role in _TAKEN_BY[name]})


def _check_content(
    file: TomlFile, key: Key, content: str | None, role: Role, slots: Mapping[str, str]
) -> None:
    if content is None:
        if role in BAR_CODES:
            file.fault(key, f"is missing: what the {CODES[role]} says", 'add content = "{a slot}"')
        return
    if problem := pattern_fault(content, "en"):
        file.fault(key, problem, "write it as {slot}, with the text around it")
        return
    for name in slots_in(content):
        if name in _ALWAYS_KNOWN:
            continue
        if name not in slots:
            known = ", ".join(sorted({*slots, *_ALWAYS_KNOWN}))
            file.fault(
                key, f"{{{name}}} is no slot of the template", f"declare it as text, or use of {known}"
            )
        elif slots[name] != "text":
            file.fault(key, f"{{{name}}} is a number, which would be grouped as 1,234", "declare it as text")


def check_codes(file: TomlFile, sides: Sequence[Side]) -> None:
    """Hold the codes of all sides to their frames and to each other; faults are noted in the file."""
    contents: dict[Role, str | None] = {}
    for number, side in enumerate(sides):
        for index, frame in enumerate(side.frames):
            key: Key = ("sides", number, "frames", index)
            if (
                frame.role in CODES
                and contents.setdefault(frame.role, frame.code.content) != frame.code.content
            ):
                file.fault(
                    (*key, "content"),
                    f"the {CODES[frame.role]} says something else on the other side",
                    "give both the same content",
                )
            if frame.role in BAR_CODES:
                _check_height(file, key, frame)


def _check_height(file: TomlFile, key: Key, frame: Frame) -> None:
    room = frame.box.height - frame.line_below
    bars = room if frame.code.bar_height is None else frame.code.bar_height
    if bars > room:
        file.fault(
            (*key, "bar_height"),
            f"{bars:g} mm of bars and {frame.line_below:.1f} mm of text are more than the frame's "
            f"{frame.box.height:g} mm",
            f"write at most {max(room, 0):.1f}, or make the frame higher",
        )
    elif bars < _SHORTEST_BARS:
        file.fault(
            (*key, "box"),
            f"leaves {bars:.1f} mm for the bars",
            f"give them {_SHORTEST_BARS:g} mm or more, or set label = false",
        )
