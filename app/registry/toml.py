"""Reads a TOML file into a checked model, with errors that name the file, the key and the mend."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import SetupError, Violation

Model = TypeVar("Model", bound=BaseModel)


class Table(BaseModel):
    """A TOML table: unknown keys are refused, because a misspelt key would otherwise be a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_table(path: Path, model: type[Model]) -> Model:
    """The file as `model`.

    Raises:
        SetupError: it cannot be read, is not TOML, or breaks the model; one violation a fault.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror})", mend="make it readable") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path} is not UTF-8 (byte {error.start})", mend="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path} is not TOML: {error}", mend="mend it at that line") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _as_setup_error(path, error) from error


def _as_setup_error(path: Path, error: ValidationError) -> SetupError:
    violations = tuple(
        Violation(
            pointer="/" + "/".join(str(part) for part in fault["loc"]),
            detail=f"{path}, {'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}",
            mend=_mend(fault["type"]),
        )
        for fault in error.errors(include_url=False)
    )
    first = violations[0]
    more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
    return SetupError(first.detail + more, mend=first.mend, violations=violations)


def _mend(kind: str) -> str:
    if kind == "missing":
        return "add the key"
    if kind == "extra_forbidden":
        return "remove the key or correct its spelling"
    return "correct the value"
