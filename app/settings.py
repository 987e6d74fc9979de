"""Every setting, read once from the environment (`TIPIN_…`) or a `.env` file, and passed down."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from app.domain.gang_sheet import GangRule
from app.domain.piece import PieceKind, PieceMatch, read_size
from app.domain.route import Route
from app.domain.sheet import CutOrder, sheet_size
from app.errors import SetupError, Violation


def _listed(said: Any) -> Any:
    """One is as good as a list of one."""
    return said if isinstance(said, list | tuple) else (said,)


def _checked_size(written: str) -> str:
    read_size(written)
    return written


_Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
_Sizes = Annotated[tuple[Annotated[str, AfterValidator(_checked_size)], ...], BeforeValidator(_listed)]
_Kinds = Annotated[tuple[PieceKind, ...], BeforeValidator(_listed)]


class PieceSettings(BaseModel):
    """Which printed pieces are meant; each by one value or a list. What is left out asks nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: _Kinds = Field((), description="insert or item.")
    template: _Names = Field((), description="Card templates, by name.")
    product: _Names = Field((), description="Photo products, by name.")
    stock: _Names = Field((), description="Stocks, as card templates and products name them.")
    size: _Sizes = Field((), description="Trim sizes in mm, such as 105x148; upright or lying.")
    brand: _Names = Field((), description="Brands, by code.")
    within_minutes: float | None = Field(
        None, gt=0, description="Only what is needed in less than so many minutes."
    )

    def as_match(self) -> PieceMatch:
        """The same as a rule."""
        # A product may be called as a template is; who names one kind alone means that kind.
        named = {PieceKind.INSERT: self.template, PieceKind.ITEM: self.product}
        implied = {kind for kind, names in named.items() if names}
        return PieceMatch(
            kinds=frozenset(self.kind or (implied if len(implied) == 1 else ())),
            designs=frozenset((*self.template, *self.product)),
            stocks=frozenset(self.stock),
            sizes=frozenset(map(read_size, self.size)),
            brands=frozenset(self.brand),
            within=None if self.within_minutes is None else timedelta(minutes=self.within_minutes),
        )


def _checked_sheet(written: str) -> str:
    sheet_size(written)
    return written


class GangSettings(BaseModel):
    """That a target's pieces share press sheets. What is left out is the press profile's or product's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: Annotated[str, AfterValidator(_checked_sheet)] | None = Field(
        None, description="Such as SRA3, or width x height in mm."
    )
    margin: float | None = Field(None, ge=0, le=100, description="mm that the press cannot print.")
    gap: float | None = Field(None, ge=0, le=100, description="mm between two pieces.")
    order: CutOrder = CutOrder.CUT_STACK
    sheets: int = Field(
        1, ge=1, le=99, description="Sheets that are cut as one pile, under a separator of their own."
    )
    lead_minutes: float = Field(
        30.0, ge=0, description="How long before the earliest of its pieces is needed a sheet closes."
    )
    longest_minutes: float = Field(240.0, gt=0, description="How long a sheet waits to be full at most.")

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        size = sheet_size(self.sheet) if self.sheet else None
        if size and self.margin is not None and 2 * self.margin >= min(size):
            raise ValueError(f"a margin of {self.margin:g} mm leaves nothing of {self.sheet}")
        return self

    def as_rule(self) -> GangRule:
        """The same as a rule."""
        return GangRule(
            sheet=None if self.sheet is None else sheet_size(self.sheet),
            margin=self.margin,
            gap=self.gap,
            order=self.order,
            sheets=self.sheets,
            lead=timedelta(minutes=self.lead_minutes),
            longest=timedelta(minutes=self.longest_minutes),
        )


class TargetSettings(BaseModel, frozen=True):
    """One hand-over target: the name brands use for it, its driver, and the driver's own options."""

    name: str
    driver: str
    options: dict[str, Any] = Field(default_factory=dict)
    at_once: int | None = Field(None, ge=1, description="Pieces handed over at once, over all workers.")
    a_minute: int | None = Field(None, ge=1, description="Pieces handed over within a minute at most.")
    gang: dict[str, Any] | None = Field(
        None, description="Whether its pieces share press sheets, and how: see `GangSettings`."
    )
    """Read when the target is opened, as `options` are: what is wrong there stops this target alone."""


class RouteSettings(BaseModel):
    """One rule of which pieces go to which target."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", description="What people call it; by default its place in the list.")
    when: PieceSettings = Field(PieceSettings(), description="Which pieces; empty: all of them.")
    target: str = Field("", description="Where they go; empty: to their brand's own target.")
    fallback: str = Field(
        "", description="Where they go once that is down or paused for too long, or refuses them."
    )
    fallback_after_minutes: float = Field(
        15.0, ge=0, description="How long a piece waits for a target that is down or paused."
    )

    def as_route(self, position: int) -> Route:
        """The same as a rule; `position` is its place in the list, from 0."""
        return Route(
            name=self.name or f"number {position + 1}",
            match=self.when.as_match(),
            target=self.target,
            fallback=self.fallback,
            fallback_after=timedelta(minutes=self.fallback_after_minutes),
        )


class Settings(BaseSettings):
    """The service's settings. All have defaults that run on one machine without any server."""

    model_config = SettingsConfigDict(
        env_prefix="TIPIN_", env_file=".env", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    data_dir: Path = Field(Path("var"), description="Folder of everything tipin keeps on this machine.")
    database_url: str = Field(
        "",
        description="SQLAlchemy URL. Empty: SQLite in the data folder. PostgreSQL: postgresql+psycopg://…",
    )
    public_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8000"),
        description="Where senders and operators reach this service.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    brands_dir: Path | None = Field(
        None, description="Folder of the plant's own brands; beside the built-in demo brands."
    )
    cards_dir: Path | None = Field(
        None, description="Folder of the plant's own card templates; beside the built-in ones."
    )
    profiles_dir: Path | None = Field(
        None, description="Folder of the plant's own press profiles; beside the built-in ones."
    )
    products_dir: Path | None = Field(
        None, description="Folder of the plant's own photo products; beside the built-in ones."
    )
    demo_brands: bool = Field(True, description="Whether the built-in demo brands are loaded.")
    targets: tuple[TargetSettings, ...] = Field(
        (TargetSettings(name="hot-folder", driver="hot_folder"),),
        description="Hand-over targets, as JSON: [{name, driver, options, gang}].",
        examples=['[{"name": "press-1", "driver": "hot_folder", "options": {"folder": "/srv/press-1"}}]'],
    )
    rush_minutes: float = Field(
        60.0,
        ge=0,
        description="What is needed in less than so many minutes goes before others, also at the press.",
    )
    routes: tuple[RouteSettings, ...] = Field(
        (),
        description="Which pieces go to which target, as JSON: [{name, when, target, fallback, "
        "fallback_after_minutes}]; the first whose `when` holds counts, and else the brand's own target.",
        examples=['[{"when": {"kind": "item"}, "target": "press-2", "fallback": "press-1"}]'],
    )
    max_body_bytes: int = Field(2_000_000, ge=1_000, description="Largest inbound body.")
    requests_a_second: float = Field(
        200.0,
        ge=0,
        description="How many requests each API key and each signed hook may make on average, in each web "
        "process; 0: any number.",
    )
    requests_at_once: int = Field(
        1_000, ge=1, description="How many requests of one key may come at once before that rate holds."
    )
    max_history_bytes: int = Field(
        4_000_000_000, ge=1_000, description="Largest file of past orders that is sent by the API."
    )
    min_free_bytes: int = Field(
        500_000_000, ge=0, description="Free space in the data folder under which the service is not ready."
    )
    webhook_timeout_seconds: float = Field(10.0, gt=0, description="How long a call-back may take.")
    private_hosts: frozenset[str] = Field(
        frozenset(),
        description="Hosts in the plant's network that call-backs may reach, as JSON. Others must be public.",
    )
    photo_hosts: frozenset[str] = Field(
        frozenset(),
        description="Hosts in the plant's network that photos may be fetched from, as JSON. Others must be "
        "public.",
    )
    max_photo_bytes: int = Field(
        60 * 2**20, ge=1_000, le=60 * 2**20, description="Largest photo that is taken or fetched."
    )
    signature_tolerance_seconds: int = Field(
        300, ge=1, description="How old a signed timestamp may be before it counts as replayed."
    )
    session_hours: int = Field(12, ge=1, description="How long an operator stays signed in.")
    work: bool = Field(
        True,
        description="Whether `tipin serve` starts a process that makes cards; off where `tipin work` does.",
    )
    workers: int = Field(4, ge=1, description="Cards made at once by this process.")
    photo_workers: int = Field(2, ge=1, le=64, description="Photos read at once by each process.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @classmethod
    def read(cls) -> Self:
        """The settings of the environment and `.env`.

        Raises:
            SetupError: a setting cannot be; each is named by its variable, with the place in it.
        """
        try:
            return cls()
        except SettingsError as error:
            name = next(name for name in cls.model_fields if f'field "{name}"' in str(error))
            raise SetupError(
                f"{_variable(name)} is not JSON: {error.__cause__}", mend=cls._meant(name)
            ) from None
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            wrong = [Violation(_place(one["loc"]), _SAID.get(one["type"], one["msg"])) for one in faults]
            meant = dict.fromkeys(cls._meant(str(one["loc"][0])) for one in faults)
            raise SetupError("a setting cannot be", mend="\n".join(meant), violations=tuple(wrong)) from None

    @classmethod
    def _meant(cls, name: str) -> str:
        field = cls.model_fields[name]
        example = "".join(f" For example: {_variable(name)}='{one}'" for one in field.examples or ())
        return f"{_variable(name)} is: {field.description}{example}"

    def as_environment(self) -> dict[str, str]:
        """The settings as the environment variables that give them to another process of tipin."""
        said = self.model_dump(mode="json", exclude_none=True)
        return {
            _variable(name): value if isinstance(value, str) else json.dumps(value)
            for name, value in said.items()
        }

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'tipin.db'}"


_SAID = {
    "tuple_type": "It has to be a list, in square brackets",
    "frozen_set_type": "It has to be a list, in square brackets",
    "model_type": "It has to be an object, in curly brackets",
    "missing": "It is missing",
    "extra_forbidden": "There is no such setting",
}
"""What the commonest faults are called here, by pydantic's names of them."""


def _variable(name: str) -> str:
    return f"TIPIN_{name.upper()}"


def _place(where: tuple[int | str, ...]) -> str:
    """A place in a setting, such as `TIPIN_TARGETS[0].driver`."""
    inner = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where[1:])
    return f"{_variable(str(where[0]))}{inner}"
