from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.brand_settings import SettingsVersion
from app.errors import NotFound, SettingsUnusable
from app.registry.brands import load_brands
from app.services.brands_in_force import STORED_PICTURE, BrandsInForce
from app.store.database import Store, Transaction

FILES = load_brands(Path(__file__).parents[2] / "data" / "brands")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store("sqlite://")
    store.create()
    yield store
    store.close()


@pytest.fixture
def brands() -> BrandsInForce:
    return BrandsInForce(FILES)


def save(tx: Transaction, version: int, brand: str = "acorn", **settings: Any) -> None:
    tx.settings.add(
        SettingsVersion(
            brand=brand,
            version=version,
            at=NOW + timedelta(days=version),
            who="ida",
            settings=settings,
            changes=(),
        )
    )


def test_without_settings_the_folder_is_in_force(store: Store, brands: BrandsInForce) -> None:
    with store.reading() as tx:
        assert brands(tx, "acorn") is FILES["acorn"]
        assert brands.all(tx) == FILES


def test_the_latest_version_overrides_the_folder(store: Store, brands: BrandsInForce) -> None:
    with store.transaction() as tx:
        save(tx, 1, policy={"milestones": [5]})
        save(tx, 2, policy={"milestones": [7]}, name="Oak & Acorn")
    with store.reading() as tx:
        brand = brands(tx, "acorn")
        assert (brand.settings_version, brand.policy.milestones, brand.name) == (2, (7,), "Oak & Acorn")
        assert brand.key == FILES["acorn"].key
        assert brands(tx, "acorn") is brand, "a version is read once"
        assert brands.all(tx) == {"acorn": brand}


def test_a_change_is_seen_by_the_next_transaction(store: Store, brands: BrandsInForce) -> None:
    with store.reading() as tx:
        assert brands(tx, "acorn").settings_version == 0
    with store.transaction() as tx:
        save(tx, 1, name="Oak")
    with store.reading() as tx:
        assert brands(tx, "acorn").name == "Oak"


def test_an_earlier_version_is_as_it_was(store: Store, brands: BrandsInForce) -> None:
    with store.transaction() as tx:
        save(tx, 1, name="Oak")
        save(tx, 2, name="Beech")
    with store.reading() as tx:
        assert [brands.at(tx, "acorn", version).name for version in (0, 1, 2)] == [
            "Acorn",
            "Oak",
            "Beech",
        ]
        with pytest.raises(NotFound, match="version 3"):
            brands.at(tx, "acorn", 3)


def test_a_version_that_was_undone_leaves_nothing_behind(store: Store, brands: BrandsInForce) -> None:
    with store.transaction() as tx:
        save(tx, 1, name="Oak")
        assert brands(tx, "acorn").name == "Oak"
        tx.session.rollback()
    with store.transaction() as tx:
        tx.settings.add(
            SettingsVersion(
                brand="acorn", version=1, at=NOW, who="ida", settings={"name": "Beech"}, changes=()
            )
        )
    with store.reading() as tx:
        assert brands(tx, "acorn").name == "Beech"


def test_a_brand_may_be_in_the_database_alone(store: Store, brands: BrandsInForce) -> None:
    whole = {**FILES["acorn"].document, "key": "EM", "name": "Elm"}
    with store.transaction() as tx:
        save(tx, 1, brand="elm", **whole)
    with store.reading() as tx:
        elm = brands(tx, "elm")
        assert (elm.name, elm.folder, elm.settings_version) == ("Elm", None, 1)
        assert set(brands.all(tx)) == {"acorn", "elm"}
        with pytest.raises(NotFound, match="elm"):
            brands.at(tx, "elm", 0)


def test_an_uploaded_signature_is_found_by_its_content(store: Store, tmp_path: Path) -> None:
    picture = tmp_path / "ida.png"
    brands = BrandsInForce(FILES, stored={"abc": picture}.get)
    with store.transaction() as tx:
        save(tx, 1, signer={"signature": f"{STORED_PICTURE}abc"})
        assert brands(tx, "acorn").signer.signature == picture
        save(tx, 2, signer={"signature": f"{STORED_PICTURE}abd"})
        with pytest.raises(SettingsUnusable, match="/signer/signature"):
            brands(tx, "acorn")


def test_every_fault_is_told_with_its_pointer(brands: BrandsInForce) -> None:
    wrong = {"time_zone": "Europe/Bärlin", "link": "http://acorn.example", "imprint": {"fr": "x"}}
    with pytest.raises(SettingsUnusable) as caught:
        brands.read("acorn", wrong, 1)
    assert [v.pointer for v in caught.value.violations] == ["/time_zone", "/link", "/imprint/fr"]


def test_no_brand_of_that_name(store: Store, brands: BrandsInForce) -> None:
    with store.reading() as tx:
        assert brands.find(tx, "oak") is None
        with pytest.raises(NotFound, match="'oak'"):
            brands(tx, "oak")
