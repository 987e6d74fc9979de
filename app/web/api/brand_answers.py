"""What is answered about brands and their settings, as documented in OpenAPI."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.brand import Brand
from app.domain.brand_settings import SettingsVersion
from app.registry.json_document import pointer
from app.services.links import Links
from app.services.show_settings import Origin, ShownSettings

EXAMPLE_SETTINGS: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "template": "hearth",
    "policy": {"milestones": [23, 50], "holdout": 0.1, "soft_gap_days": 60, "switched_off": ["new_category"]},
}


class BrandAnswer(BaseModel):
    """One brand."""

    code: str
    name: str
    key: str = Field(description="Its two characters in bench codes.")
    version: int = Field(description="Of its settings; 0: brand.toml alone.")
    links: dict[str, str]


class BrandList(BaseModel):
    """The brands that the caller serves."""

    brands: list[BrandAnswer]


class OriginAnswer(BaseModel):
    """Where a value comes from."""

    source: str = Field(alias="from", description="default, brand.toml or settings.")
    version: int | None = Field(None, description="The version that set it.")
    at: datetime | None = None
    who: str | None = None


class SettingsAnswer(BaseModel):
    """A brand's settings in force; the `ETag` header names their version."""

    brand: str
    version: int = Field(description="0: brand.toml alone.")
    settings: dict[str, Any] = Field(
        description="By the keys of brand.toml, each default written out; what is left open is not there.",
        examples=[EXAMPLE_SETTINGS],
    )
    origins: dict[str, OriginAnswer] = Field(
        description="By JSON pointer into `settings`.",
        examples=[{"/policy/holdout": {"from": "default"}}],
    )
    links: dict[str, str]


class ChangeAnswer(BaseModel):
    """One value that a save changed; null: there was or is none."""

    pointer: str = Field(examples=["/policy/milestones"])
    before: Any = Field(examples=[[23]])
    after: Any = Field(examples=[[23, 50]])


class VersionAnswer(BaseModel):
    """One save."""

    version: int
    at: datetime
    who: str
    why: str
    changes: list[ChangeAnswer]
    reverts_to: int | None = Field(description="The version whose settings were taken again.")


class HistoryAnswer(BaseModel):
    """Saves, the latest first."""

    versions: list[VersionAnswer]


def describe_brand(brand: Brand, links: Links) -> BrandAnswer:
    """A brand in a list."""
    return BrandAnswer(
        code=brand.code,
        name=brand.name,
        key=brand.key,
        version=brand.settings_version,
        links={"settings": links.brand_settings(brand.code)},
    )


def describe_settings(shown: ShownSettings, links: Links) -> SettingsAnswer:
    """Settings in force."""
    address = links.brand_settings(shown.brand.code)
    return SettingsAnswer(
        brand=shown.brand.code,
        version=shown.brand.settings_version,
        settings=dict(shown.document),
        origins={pointer(path): _origin(origin) for path, origin in shown.origins.items()},
        links={"self": address, "history": f"{address}/history", "revert": f"{address}/revert"},
    )


def describe_version(version: SettingsVersion) -> VersionAnswer:
    """One save."""
    return VersionAnswer(
        version=version.version,
        at=version.at,
        who=version.who,
        why=version.why,
        changes=[
            ChangeAnswer(pointer=pointer(change.path), before=change.before, after=change.after)
            for change in version.changes
        ],
        reverts_to=version.reverts_to,
    )


def _origin(origin: Origin) -> OriginAnswer:
    by = origin.version
    if by is None:
        return OriginAnswer.model_validate({"from": origin.place})
    return OriginAnswer.model_validate(
        {"from": origin.place, "version": by.version, "at": by.at, "who": by.who}
    )
