"""What a brand's document says, as a `Brand`: brand.toml, or the same as JSON where it is edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints

from app.domain.brand import PALETTE_TOKENS, Brand, Ink, PhotoPolicy, Signer
from app.domain.ids import ALPHABET, BRAND_KEY_LENGTH
from app.domain.money import CURRENCIES
from app.domain.policy import OccasionPolicy
from app.errors import PolicyUnusable
from app.registry.policy import PolicyDocument, in_order
from app.registry.toml_file import Key, Model, TomlModel

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
InkPart = Annotated[float, Field(ge=0, le=1)]

_LONGEST_LINK = 120
"""A longer QR text needs modules too small to print at 13 mm."""


class SignerDocument(TomlModel):
    """A real person who signs. `signature` is a file in the brand's folder, or a stored picture."""

    name: Text
    role: dict[Language, Text]
    signature: str | None = None
    signature_width: Annotated[float, Field(gt=0, le=80)] = 32.0
    typeface: str = "hand"
    name_in: dict[Language, Text] = Field(default_factory=dict)


class PhotosDocument(TomlModel):
    """What the brand does with its customers' photos."""

    products: dict[str, Code] = Field(default_factory=dict)
    consent_by_contract: bool = False
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 30
    target: str = ""


class BrandDocument(TomlModel):
    """A brand, by the keys of brand.toml."""

    key: Annotated[str, StringConstraints(pattern=f"^[{ALPHABET}]{{{BRAND_KEY_LENGTH}}}$")]
    name: Text
    time_zone: str
    currency: str
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    link: str
    template: str
    target: str
    needed_by_minutes: Annotated[int, Field(ge=1)] = 240
    palette: dict[str, tuple[InkPart, InkPart, InkPart, InkPart]]
    signer: SignerDocument
    story: dict[Language, dict[str, Text]] = Field(default_factory=dict)
    imprint: dict[Language, Text]
    categories: dict[str, Code] = Field(default_factory=dict)
    category_names: dict[Language, dict[Code, Text]] = Field(default_factory=dict)
    photos: PhotosDocument = PhotosDocument()
    policy: PolicyDocument = PolicyDocument()


class Source(Protocol):
    """Where a document comes from; it collects the faults found in it. See `TomlFile` and `JsonDocument`."""

    @property
    def document(self) -> Mapping[str, Any]:
        """All that it says."""
        ...

    def read(self, model: type[Model]) -> Model:
        """The document as a checked model."""
        ...

    def fault(self, key: Key, detail: str, mend: str = "") -> None:
        """Note one fault at `key`."""
        ...

    def check(self) -> None:
        """Stop here if there were faults."""
        ...


FindPicture = Callable[[str], Path | None]
"""Where a signature's picture is; None where there is none of that name."""


def read_brand(
    source: Source, *, code: str, folder: Path | None, find: FindPicture, version: int = 0
) -> Brand:
    """The brand that a document describes.

    Args:
        source: the document.
        code: the brand's code.
        folder: where its brand.toml is; None where it has none.
        find: finds the picture of the signature.
        version: which version of the brand's settings the document is.

    Raises:
        SetupError, SettingsUnusable: as the source tells its faults; all at once.
    """
    model = source.read(BrandDocument)
    zone = _zone(source, model.time_zone)
    _check_values(source, model)
    _check_languages(source, model)
    signature = _signature(source, model.signer, find)
    policy = _policy(source, model.policy, zone)
    source.check()
    return Brand(
        code=code,
        folder=folder,
        settings_version=version,
        document=_as_json(source.document),
        time_zone=zone,
        signer=Signer(**{**model.signer.model_dump(), "signature": signature}),
        policy=policy,
        palette=_palette(model.palette),
        photos=PhotoPolicy(**model.photos.model_dump()),
        **model.model_dump(exclude={"time_zone", "signer", "policy", "palette", "photos"}),
    )


def whole_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """A brand's document with each default written out, as JSON; what is left open is not in it.

    Args:
        document: one that `read_brand` has read.
    """
    model = BrandDocument.model_validate(document)
    found: dict[str, Any] = in_order(model.model_dump(mode="json", exclude_none=True), model.model_dump())
    return found


def _zone(source: Source, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        source.fault(("time_zone",), f"{name!r} is no time zone", "use an IANA name, such as Europe/Berlin")
        return ZoneInfo("UTC")


def _check_values(source: Source, model: BrandDocument) -> None:
    if model.currency not in CURRENCIES:
        source.fault(
            ("currency",), f"{model.currency!r} is no ISO 4217 currency", "use three letters, such as EUR"
        )
    if missing := sorted(PALETTE_TOKENS - model.palette.keys()):
        source.fault(("palette",), f"lacks {', '.join(missing)}", "each is four inks, cyan to black, 0 to 1")
    for token in sorted(model.palette.keys() - PALETTE_TOKENS):
        source.fault(
            ("palette", token), "is no palette colour", f"use one of {', '.join(sorted(PALETTE_TOKENS))}"
        )
    link = urlsplit(model.link.replace("{order}", ""))
    if link.scheme != "https" or not link.netloc or "{" in link.geturl():
        source.fault(("link",), "is no https address", "only {order} may stand in braces")
    elif len(model.link) > _LONGEST_LINK:
        source.fault(
            ("link",),
            f"is over {_LONGEST_LINK} characters",
            "a QR that dense does not print well; shorten it",
        )
    known = set(model.categories.values())
    for language, names in model.category_names.items():
        for code in sorted(names.keys() - known):
            source.fault(
                ("category_names", language, code), "no SKU prefix leads to it", "add it to [categories]"
            )


def _check_languages(source: Source, model: BrandDocument) -> None:
    """What is said in one of the brand's languages is said in all; other languages are a slip."""
    own = set(model.languages)
    said: dict[tuple[str, ...], Mapping[str, object]] = {
        ("signer", "role"): model.signer.role,
        ("imprint",): model.imprint,
    }
    if model.story:
        said["story",] = model.story
    if model.category_names:
        said["category_names",] = model.category_names
    for key, texts in said.items():
        for language in sorted(own - texts.keys()):
            source.fault((*key, language), "is missing", "the brand says that it speaks this language")
        for language in sorted(texts.keys() - own):
            source.fault((*key, language), "is no language of the brand", "add it to languages, or remove it")


def _signature(source: Source, signer: SignerDocument, find: FindPicture) -> Path | None:
    if signer.signature is None:
        return None
    path = find(signer.signature)
    if path is None:
        source.fault(
            ("signer", "signature"),
            f"{signer.signature} is not in the brand's folder",
            "put it there, or upload the picture",
        )
    return path


def _policy(source: Source, model: PolicyDocument, zone: ZoneInfo) -> OccasionPolicy:
    try:
        return model.policy(zone)
    except PolicyUnusable as problem:
        for fault in problem.violations:
            source.fault(("policy", *_key(fault.pointer)), fault.detail, fault.mend)
        return OccasionPolicy()


def _key(pointer: str) -> Key:
    """The key in a file that a JSON pointer names."""
    parts = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _palette(palette: Mapping[str, tuple[float, float, float, float]]) -> dict[str, Ink]:
    return {
        token: (cyan, magenta, yellow, black) for token, (cyan, magenta, yellow, black) in palette.items()
    }


def _as_json(value: Any) -> Any:
    """A value of TOML as one of JSON, which knows no dates."""
    if isinstance(value, Mapping):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
