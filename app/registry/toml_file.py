"""Reads a TOML file into a checked model, and says of each fault where it is and how to mend it."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import SetupError, Violation
from app.registry.plain_words import plain_words

Key = tuple[str | int, ...]
"""Where a value stands: table names, positions in arrays of tables (from 0), the key."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""^\s*([\w-]+|"[^"]*"|'[^']*')\s*(?:\.\s*([\w-]+)\s*)?=""")
_MOST_SHOWN = 12


class TomlModel(BaseModel):
    """Base of every file's model: a key that nobody reads is a fault, not a silent nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Model = TypeVar("Model", bound=TomlModel)


class TomlFile:
    """One file, with the faults found in it so far.

    Collect with `fault`, then call `check`: the person who wrote the file sees all faults at once.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        """Read `path`, or take `text` as what would stand there."""
        self.path = path
        self._text = _text_of(path) if text is None else text
        self._faults: list[Violation] = []

    @cached_property
    def document(self) -> dict[str, Any]:
        """All that the file says.

        Raises:
            SetupError: it is not TOML.
        """
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as problem:
            raise SetupError(f"{self.path} is not TOML: {problem}", mend="mend it at that line") from problem

    def read(self, model: type[Model]) -> Model:
        """The file as a checked model.

        Raises:
            SetupError: it is not TOML, or does not fit the model.
        """
        try:
            return model.model_validate(self.document)
        except ValidationError as problem:
            for error in problem.errors(include_url=False):
                self.fault(error["loc"], *plain_words(error, model))
            self.check()
            raise

    def fault(self, key: Key, detail: str, mend: str = "") -> None:
        """Note one fault at `key`."""
        line = _line_of(self._text, key)
        dotted = ".".join(str(part) for part in key)
        place = f"{self.path}:{line}" if line else str(self.path)
        self._faults.append(
            Violation(pointer=f"{place}: {dotted}" if dotted else place, detail=detail, mend=mend)
        )

    def check(self) -> None:
        """Stop here if there were faults.

        Raises:
            SetupError: naming each fault with file, line, key and mend.
        """
        if not self._faults:
            return
        lines = [
            f"{fault.pointer}: {fault.detail}" + (f" ({fault.mend})" if fault.mend else "")
            for fault in self._faults[:_MOST_SHOWN]
        ]
        hidden = len(self._faults) - len(lines)
        if hidden:
            lines.append(f"… and {hidden} more")
        raise SetupError("\n".join(lines), mend=self._faults[0].mend, violations=tuple(self._faults))


def _text_of(path: Path) -> str:
    try:
        # A byte order mark, as some editors on Windows write it, says nothing.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as problem:
        raise SetupError(
            f"{path} is missing", mend="write it, or move the folder away if it is not meant to be read"
        ) from problem
    except OSError as problem:
        raise SetupError(f"{path} cannot be read ({problem.strerror})", mend="make it readable") from problem
    except UnicodeDecodeError as problem:
        raise SetupError(f"{path} is not UTF-8 (byte {problem.start})", mend="save it as UTF-8") from problem


def _line_of(text: str, key: Key) -> int | None:
    """The line (from 1) where `key`, or the nearest thing around it, is written; None for the whole file."""
    lines = _lines(text)
    return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), None)


def _lines(text: str) -> dict[Key, int]:
    """Key → line, for table headers and assignments; tomllib does not tell."""
    found: dict[Key, int] = {}
    last: dict[Key, int] = {}
    table: Key = ()
    inside_string = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside_string:
            if header := _HEADER.match(line):
                table = _table(header.group(2), last, appends=header.group(1) == "[[")
                found.setdefault(table, number)
            elif assignment := _ASSIGNMENT.match(line):
                names = tuple(name.strip("\"'") for name in assignment.groups() if name)
                found.setdefault(table + names, number)
        inside_string ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return found


def _table(name: str, last: dict[Key, int], *, appends: bool) -> Key:
    """The full key of a table header, with the position in each array of tables on the way."""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    path: Key = ()
    for depth, part in enumerate(parts, start=1):
        path = (*path, part)
        if appends and depth == len(parts):
            last[path] = last.get(path, -1) + 1
        if path in last:
            path = (*path, last[path])
    return path
