"""Drivers: ways to hand a finished insert to a press. One file each, exposing `PLUGIN`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from app.domain.ticket import Target
from app.errors import SetupError, Violation
from app.settings import TargetSettings


class Driver(Protocol):
    """A kind of target. A module in `app/targets` exposes one as `PLUGIN`."""

    @property
    def code(self) -> str:
        """Stable name, snake_case, equal to the module's name."""
        ...

    @property
    def title(self) -> str:
        """Short name for people."""
        ...

    @property
    def options(self) -> type[BaseModel]:
        """What a target of this kind can be set to."""
        ...

    def make(self, options: Any, data_dir: Path) -> Target:
        """A target.

        Args:
            options: an instance of `options`.
            data_dir: where tipin keeps its own files.
        """
        ...


def open_targets(
    configured: tuple[TargetSettings, ...], drivers: Mapping[str, Driver], data_dir: Path
) -> dict[str, Target]:
    """The plant's targets by name.

    Raises:
        SetupError: a name is there twice, its driver is unknown, or its options are not as the driver says.
    """
    targets: dict[str, Target] = {}
    for position, setting in enumerate(configured):
        if setting.name in targets:
            raise SetupError(
                f"two targets are called {setting.name!r}",
                mend="give each target in TIPIN_TARGETS its own name",
            )
        driver = drivers.get(setting.driver)
        if driver is None:
            raise SetupError(
                f"the target {setting.name!r} asks for the driver {setting.driver!r}, which is not here",
                mend=f"use one of: {', '.join(sorted(drivers))}",
            )
        targets[setting.name] = driver.make(_options(driver, setting, position), data_dir)
    return targets


def _options(driver: Driver, setting: TargetSettings, position: int) -> BaseModel:
    try:
        return driver.options.model_validate(setting.options)
    except ValidationError as error:
        wrong = tuple(
            Violation("/".join(["", str(position), "options", *map(str, each["loc"])]), each["msg"])
            for each in error.errors(include_url=False, include_input=False)
        )
        told = "; ".join(f"{each.pointer}: {each.detail}" for each in wrong)
        raise SetupError(
            f"the options of the target {setting.name!r} are wrong: {told}",
            mend="correct them in TIPIN_TARGETS",
            violations=wrong,
        ) from error
