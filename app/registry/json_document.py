"""Reads a JSON document into the model of a TOML file: the same rules, told with pointers, not lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.errors import SettingsUnusable, Violation
from app.registry.plain_words import plain_words
from app.registry.toml_file import Key, Model


class JsonDocument:
    """One document, with the faults found in it so far; used like `TomlFile`."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._faults: list[Violation] = []

    def read(self, model: type[Model]) -> Model:
        """The document as a checked model.

        Raises:
            SettingsUnusable: it does not fit the model.
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
        self._faults.append(Violation(pointer=pointer(key), detail=detail, mend=mend))

    def check(self) -> None:
        """Stop here if there were faults.

        Raises:
            SettingsUnusable: naming each fault with JSON pointer and mend.
        """
        if self._faults:
            raise unusable(self._faults)


def unusable(faults: Sequence[Violation]) -> SettingsUnusable:
    """The error that tells all these faults."""
    said = "; ".join(f"{fault.pointer} {fault.detail}" for fault in faults)
    return SettingsUnusable(said, mend=faults[0].mend, violations=tuple(faults))


def pointer(key: Key) -> str:
    """A key as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in key)
