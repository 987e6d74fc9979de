"""Drivers: ways to hand a finished insert to a press. One file each, exposing `PLUGIN`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from app.domain.gang_sheet import GangRule
from app.domain.ticket import Condition, Progress, Receipt, Target, Ticket
from app.errors import SetupError, TargetUnavailable, Violation
from app.settings import GangSettings, TargetSettings


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


class BrokenTarget:
    """Stands where a target could not be opened: what goes there waits until it is put right, or due."""

    def __init__(self, problem: SetupError) -> None:
        self.problem = problem

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:  # noqa: ARG002 -- the protocol's
        """Not before it is put right."""
        raise self._unavailable()

    def progress(self, name: str, reference: str) -> Progress:  # noqa: ARG002 -- the protocol's
        """Not before it is put right."""
        raise self._unavailable()

    def cancel(self, name: str, reference: str) -> bool:  # noqa: ARG002 -- the protocol's
        """Not before it is put right."""
        raise self._unavailable()

    def condition(self) -> Condition:
        """Not before it is put right."""
        raise self._unavailable()

    def _unavailable(self) -> TargetUnavailable:
        return TargetUnavailable(self.problem.detail, mend=self.problem.mend)


def open_targets(
    configured: tuple[TargetSettings, ...], drivers: Mapping[str, Driver], data_dir: Path
) -> dict[str, Target]:
    """The plant's targets by name. One that cannot be opened is a `BrokenTarget`; the others work."""
    names = Counter(setting.name for setting in configured)
    targets: dict[str, Target] = {}
    for position, setting in enumerate(configured):
        try:
            _check_name(setting.name, names[setting.name])
            targets[setting.name] = open_target(setting, drivers, data_dir, position=position)
        except SetupError as error:
            targets[setting.name] = BrokenTarget(error)
    return targets


def _check_name(name: str, times: int) -> None:
    """Which of two is meant nobody knows, so neither gets anything."""
    if times > 1:
        raise SetupError(
            f"{times} targets are called {name!r}", mend="give each target in TIPIN_TARGETS its own name"
        )


def open_target(
    setting: TargetSettings, drivers: Mapping[str, Driver], data_dir: Path, *, position: int = 0
) -> Target:
    """One target; `position` is its place among the settings, for messages.

    Raises:
        SetupError: its driver is unknown, its options are not as the driver says, or it gangs impossibly.
    """
    driver = drivers.get(setting.driver)
    if driver is None:
        raise SetupError(
            f"the target {setting.name!r} asks for the driver {setting.driver!r}, which is not here",
            mend=f"use one of: {', '.join(sorted(drivers))}",
        )
    options = _options(driver, setting, position)
    gang_rule(setting, position=position)
    try:
        return driver.make(options, data_dir)
    except SetupError as error:
        raise SetupError(f"the target {setting.name!r}: {error.detail}", mend=error.mend) from error
    except OSError as error:
        raise SetupError(
            f"the target {setting.name!r} cannot use {error.filename}: {error.strerror}",
            mend="correct its options in TIPIN_TARGETS",
        ) from error


def problems_of(targets: Mapping[str, Target]) -> dict[str, SetupError]:
    """What is wrong with how targets are set up, by name."""
    return {name: target.problem for name, target in targets.items() if isinstance(target, BrokenTarget)}


def gang_rule(setting: TargetSettings, *, position: int = 0) -> GangRule | None:
    """How a target wants its sheets; None where it takes single pieces.

    Raises:
        SetupError: that cannot be.
    """
    if setting.gang is None:
        return None
    try:
        return GangSettings.model_validate(setting.gang).as_rule()
    except ValidationError as error:
        raise _wrong(error, f"how the target {setting.name!r} gangs is", position, "gang") from error


def gang_rules(configured: Iterable[TargetSettings]) -> dict[str, GangRule]:
    """How the targets that want sheets want them, by name; those set up wrongly are none."""
    rules: dict[str, GangRule] = {}
    for setting in configured:
        with suppress(SetupError):
            if (rule := gang_rule(setting)) is not None:
                rules[setting.name] = rule
    return rules


def _options(driver: Driver, setting: TargetSettings, position: int) -> BaseModel:
    try:
        return driver.options.model_validate(setting.options)
    except ValidationError as error:
        what = f"the options of the target {setting.name!r} are"
        raise _wrong(error, what, position, "options") from error


def _wrong(error: ValidationError, what: str, position: int, part: str) -> SetupError:
    """What is wrong with a part of a target's settings; `position` is the target's among them."""
    wrong = tuple(
        Violation("/".join(["", str(position), part, *map(str, each["loc"])]), each["msg"])
        for each in error.errors(include_url=False, include_input=False)
    )
    told = "; ".join(f"{each.pointer}: {each.detail}" for each in wrong)
    return SetupError(f"{what} wrong: {told}", mend="correct it in TIPIN_TARGETS", violations=wrong)
