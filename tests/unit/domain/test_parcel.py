from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.customer import Customer
from app.domain.money import Money
from app.domain.order import Job, Order
from app.domain.parcel import LONGEST_CODE, ParcelCode, folded, parcel_codes, readings
from tests.stored import NOW


def order(*jobs: Job, number: str = "", parcel: str | None = None) -> Order:
    return Order(
        brand="acorn",
        source="native",
        source_order_id="A-1",
        placed_at=NOW,
        value=Money(1, "EUR"),
        customer=Customer(),
        jobs=jobs,
        number=number,
        parcel=parcel,
    )


def job(item: str, **said: str | None) -> Job:
    return Job(source_item_id=item, sku="MUG", **said)  # type: ignore[arg-type]  # a job's own texts


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [
        ("ACORN-1\r\n", "acorn-1"),
        ("\tacorn 1 \n", "acorn1"),
        ("#1001", "1001"),
        ("Ａ１", "a1"),
        ("Straße", "strasse"),
        ("\x1d0012", "0012"),
        ("\r\n", ""),
        ("x" * 999, "x" * LONGEST_CODE),
    ],
)
def test_a_barcode_is_folded(scanned: str, meant: str) -> None:
    assert folded(scanned) == meant


def test_an_identifier_before_a_barcode_is_tried_without() -> None:
    assert readings("]C1ACORN-1\r") == ("]c1acorn-1", "acorn-1")
    assert readings("ACORN-1") == ("acorn-1",)
    assert readings(" ") == ()


@given(st.text(max_size=50))
def test_nothing_that_a_scanner_adds_is_left(text: str) -> None:
    assert not any(c.isspace() or not c.isprintable() for c in folded(text))
    assert folded(f"\t{text}\r\n") == folded(text)


def test_one_parcel_is_named_by_every_barcode_of_its_order() -> None:
    known = order(job("1", barcode="B1"), job("2"), number="#77", parcel="P9")
    assert parcel_codes(known, "ORDER", ("J1", "J2")) == {
        ParcelCode(code, "ORDER", "P9") for code in ("order", "a-1", "77", "j1", "j2", "p9", "b1")
    }


def test_several_parcels_are_told_apart_and_the_order_names_them_all() -> None:
    known = order(job("1", parcel="P1"), job("2", parcel="P2", barcode="B2"))
    assert parcel_codes(known, "ORDER", ("J1", "J2")) == {
        ParcelCode("order", "ORDER"),
        ParcelCode("a-1", "ORDER"),
        ParcelCode("j1", "ORDER", "P1"),
        ParcelCode("p1", "ORDER", "P1"),
        ParcelCode("j2", "ORDER", "P2"),
        ParcelCode("p2", "ORDER", "P2"),
        ParcelCode("b2", "ORDER", "P2"),
    }


def test_orders_in_one_parcel_share_its_name() -> None:
    assert ParcelCode("p1", "A", "P1").names == ParcelCode("p1", "B", "P1").names == "P1"
    assert ParcelCode("a", "A").names != ParcelCode("b", "B").names
