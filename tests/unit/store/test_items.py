from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.domain.item import Finding, PhotoSource
from app.domain.photo import ChosenBy, Crop, PhotoWarning
from app.errors import NotFound
from app.store.database import Store
from tests.stored import NOW, planned_item, put_order

ITEM = replace(planned_item("O1", "J1"), crop=Crop(focus=(0.2, 0.7), turns=1))
FINDING = Finding(
    crop=Crop(zoom=2), chosen_by=ChosenBy.FACES, ppi=240.5, faces=2, beyond=0.1, warnings=(PhotoWarning.SOFT,)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    with store.transaction() as tx:
        put_order(tx, "O1", "J1")
        tx.items.plan(ITEM)
    yield store
    store.close()


def test_a_planned_item_comes_back_as_it_went_in(store: Store) -> None:
    with store.reading() as tx:
        assert tx.items.get("J1", 1) == ITEM
        assert tx.items.of_order("O1") == (ITEM,)
        with pytest.raises(NotFound):
            tx.items.get("J1", 2)


def test_made_moves_once_with_what_was_found(store: Store) -> None:
    made = replace(ITEM, reason="soft", finding=FINDING, bench_code="B", pdf_sha256="ab", ready_at=NOW)
    with store.transaction() as tx:
        assert tx.items.made(made, InsertState.HELD)
        assert not tx.items.made(made, InsertState.READY)
    with store.reading() as tx:
        assert tx.items.get("J1", 1) == replace(made, state=InsertState.HELD)


def test_a_drawing_of_an_older_crop_is_not_kept(store: Store) -> None:
    with store.transaction() as tx:
        assert not tx.items.made(replace(ITEM, revision=1), InsertState.READY)


def test_a_stored_photo_is_found_by_its_id_alone(store: Store) -> None:
    with store.transaction() as tx:
        tx.items.stored(ITEM, "PHOTO")
    with store.reading() as tx:
        (found,) = tx.items.of_photo("acme", "PHOTO")
    assert found == replace(ITEM, source=PhotoSource(photo="PHOTO"))
