from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.store.database import Store
from app.web.pages.bench_view import first_of_pair, verdict
from tests.bench import BRAND, PACKER, Bench, code, open_bench
from tests.stored import planned_item

SHA256 = "cd" * 32


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    yield open_bench(store)
    store.close()


def _with_item(bench: Bench, number: str) -> str:
    """An order with a card and a photo item at the press; its record."""
    record = bench.put(number)
    item = planned_item(order_id(BRAND, number), record, 1, brand=BRAND)
    with bench.store.transaction() as tx:
        tx.items.plan(item)
        planned = tx.components.get(record, 1)
        tx.components.move(planned, InsertState.ACCEPTED, pdf_sha256=SHA256)
    return record


def test_an_item_is_shown_as_its_customer_will_see_it_and_a_card_as_it_is_printed(bench: Bench) -> None:
    record = _with_item(bench, "A-1")
    with bench.store.reading() as tx:
        item = first_of_pair(bench.desk, tx, PACKER, code(record, component=1), brand="")
        card = first_of_pair(bench.desk, tx, PACKER, code(record), brand="")
    assert item.picture == f"/items/{record}/1/{SHA256}/mock-up.jpg"
    assert card.picture == f"/cards/{record}/{'ab' * 32}/front-large.jpg"


def test_beside_a_wrong_piece_stands_what_is_still_to_come(bench: Bench) -> None:
    record, other = _with_item(bench, "A-1"), bench.put("A-2")
    bench.scan(code(record), "A-1")
    outcome = bench.scan(code(other), "A-1")
    with bench.store.reading() as tx:
        shown = verdict(bench.desk.tell.outcome(tx, outcome), parcel="A-1")
    assert (shown.tone, shown.picture) == ("stop", f"/items/{record}/1/{SHA256}/mock-up.jpg")
    assert shown.clear == order_id(BRAND, "A-1")
