"""What is wrong with a value in a TOML file, in the words of the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_WORDS = {
    "missing": ("is missing", "add it"),
    "string_type": ("is not text", "put it in quotes"),
    "string_too_short": ("is empty", "write something"),
    "string_too_long": ("is over {max_length} characters", "shorten it"),
    "string_pattern_mismatch": ("does not have the form {pattern}", "mind the spelling"),
    "float_type": ("is not a number", "write a number, without quotes"),
    "float_parsing": ("is not a number", "write a number, without quotes"),
    "finite_number": ("is not a number", "write a number, such as 4.5"),
    "int_type": ("is not a whole number", "write a whole number, without quotes"),
    "int_parsing": ("is not a whole number", "write a whole number, without quotes"),
    "int_from_float": ("is not a whole number", "write it without a fraction"),
    "greater_than": ("must be over {gt:g}", "write a larger number"),
    "greater_than_equal": ("must be at least {ge:g}", "write a larger number"),
    "less_than": ("must be under {lt:g}", "write a smaller number"),
    "less_than_equal": ("must be at most {le:g}", "write a smaller number"),
    "too_short": ("has too few values: {actual_length}", "write at least {min_length}"),
    "too_long": ("has too many values: {actual_length}", "write {max_length}"),
    "enum": ("is none of {expected}", "use one of these"),
    "literal_error": ("is none of {expected}", "use one of these"),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "bool_parsing": ("is neither true nor false", "write true or false, without quotes"),
    "model_type": ("is not a table", "write it as a table, such as [name] or {{ key = … }}"),
    "dict_type": ("is not a table", "write it as a table, such as [name] or {{ key = … }}"),
    "tuple_type": ("is not a list", "write it in brackets, such as [9, 12]"),
    "list_type": ("is not a list", "write it in brackets, such as [9, 12]"),
}
"""By pydantic's kind of error: what is wrong and the mend, with that error's own values filled in."""
_SHORT = 40


def plain_words(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and the mend; for a key that nobody reads, the one that may have been meant."""
    if error["type"] == "extra_forbidden":
        key, known = str(error["loc"][-1]), sorted(set(_keys(model)))
        if key in known:
            return "is no key here, but belongs elsewhere", "move it, or remove it"
        meant = get_close_matches(key, known, n=1)
        guess = f"did you mean {meant[0]}? " if meant else ""
        return "is no key here", f"{guess}remove it, or mind its spelling"
    if error["type"] not in _WORDS:
        return error["msg"], "correct the value"
    detail, mend = (words.format(**error.get("ctx", {})) for words in _WORDS[error["type"]])
    return f"{_shown(error)}{detail}", mend


def _shown(error: ErrorDetails) -> str:
    """The value itself, where it is short enough to be told."""
    value = error["input"]
    if error["type"] == "missing" or not isinstance(value, str | int | float):
        return ""
    said = repr(value)
    return f"{said} " if len(said) <= _SHORT else ""


def _keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key that a model or one within it reads."""
    for name, field in model.model_fields.items():
        yield name
        for inner in _models(field.annotation):
            yield from _keys(inner)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
