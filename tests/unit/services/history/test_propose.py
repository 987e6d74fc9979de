from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.history_mapping import RowsPer
from app.domain.money import Money
from app.registry.brands import load_brands
from app.registry.mappings import ready_mappings
from app.services.history.examine import Examined, examine
from app.services.history.propose import Proposal, propose
from app.services.history.understand import Understanding
from app.wire.tables.sniff import open_table

ACORN = load_brands(Path(__file__).parents[3] / "data" / "brands")["acorn"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
READY = ready_mappings()
SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
    "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n"
    "#1001,jo@example.com,paid,2025-01-02 10:00:00 +0100,fulfilled,2025-01-04 09:00:00 +0100,yes,EUR,30.00,"
    "5.00,0.00,35.00,,0.00,Post,2025-01-02 09:59:00 +0100,1,Book,20.00,BOOK-A4,,5.00,450001\n"
    "#1001,jo@example.com,,,,,,,,,,,,,,2025-01-02 09:59:00 +0100,2,Calendar,5.00,CAL-A3,,,\n"
    "#1002,al@example.com,pending,,,,no,EUR,9.00,0.00,0.00,9.00,,0.00,Post,2025-01-03 09:59:00 +0100,1,"
    "Book,9.00,BOOK-A5,,0.00,450002\n"
)
ETSY = (
    "Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Date Shipped,Currency,Order Value,Shipping,"
    "Order Total,Status,SKU\n"
    '12/31/24,3001,jolind,Jo Lind,2,01/02/25,EUR,20.00,5.00,25.00,,"BOOK-A4,CAL-A3"\n'
)
MAGENTO = (
    'ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)",'
    '"Grand Total (Purchased)",Status,"Customer Email","Total Refunded"\n'
    '000000017,"Main","Mar 12, 2025 8:11:21 PM","Jo Lind","Jo Lind",'
    '"€1,025.00","€1,025.00",complete,jo@example.com,€0.00\n'
)
WOOCOMMERCE = (
    "order_id,order_number,order_date,status,order_total,refunded_total,order_currency,customer_id,"
    "billing_email,item_name,item_sku,item_quantity,item_total\n"
    "71,71,2025-03-01 09:30:00,completed,25.00,0.00,EUR,0,jo@example.com,Book,BOOK-A4,1,20.00\n"
    "71,71,2025-03-01 09:30:00,completed,25.00,0.00,EUR,0,jo@example.com,Calendar,CAL-A3,1,5.00\n"
    "72,72,2025-03-02 09:30:00,failed,25.00,0.00,EUR,0,jo@example.com,Book,BOOK-A4,1,25.00\n"
)
ERP = (
    "Auftragsnummer;Bestelldatum;Kundennummer;Betrag;Status;Artikelnummer;Liefertermin;Zugestellt\n"
    "R-1;13.02.2025 08:30;K7;1.234,50 €;erledigt;BOOK-A4;20.02.2025;19.02.2025\n"
    "R-2;14.02.2025 08:30;K7;12,00 €;storniert;CAL-A3;20.02.2025;\n"
)


def proposed(folder: Path, text: str, encoding: str = "utf-8") -> Proposal:
    (folder / "x.csv").write_bytes(text.encode(encoding))
    table = open_table(folder / "x.csv")
    try:
        return propose(table, READY, ACORN, NOW)
    finally:
        table.close()


def examined(folder: Path, proposal: Proposal) -> Examined:
    mapping = proposal.mapping
    table = open_table(folder / "x.csv")
    try:
        understanding = Understanding(mapping, ACORN, secret=b"0" * 32, received_at=NOW)
        return examine(table, mapping, ACORN, understanding)
    finally:
        table.close()


@pytest.mark.parametrize(
    ("name", "text"),
    [("shopify", SHOPIFY), ("etsy-orders", ETSY), ("magento", MAGENTO), ("woocommerce", WOOCOMMERCE)],
)
def test_a_known_export_is_recognised_and_sure(tmp_path: Path, name: str, text: str) -> None:
    proposal = proposed(tmp_path, text)
    assert (proposal.ready, proposal.doubts) == (name, ())
    assert proposal.is_sure


def test_shopify_orders_are_understood(tmp_path: Path) -> None:
    found = examined(tmp_path, proposed(tmp_path, SHOPIFY))
    assert (found.orders, found.skipped, found.rejected) == (1, 1, 0)
    (one,) = found.examples
    assert (one.order_id, one.value, one.categories) == ("450001", Money(3500, "EUR"), ("books", "calendars"))
    assert one.placed_at == datetime(2025, 1, 2, 8, 59, tzinfo=UTC)
    assert [name for name, _ in one.events] == ["shipped", "credited -5.00 EUR"]


def test_etsy_magento_and_woocommerce_orders_are_understood(tmp_path: Path) -> None:
    (etsy,) = examined(tmp_path, proposed(tmp_path, ETSY)).examples
    assert (etsy.order_id, etsy.categories) == ("3001", ("books", "calendars"))
    assert etsy.placed_at == datetime(2024, 12, 30, 23, tzinfo=UTC)
    (magento,) = examined(tmp_path, proposed(tmp_path, MAGENTO)).examples
    assert (magento.value, magento.placed_at) == (
        Money(102500, "EUR"),
        datetime(2025, 3, 12, 19, 11, 21, tzinfo=UTC),
    )
    found = examined(tmp_path, proposed(tmp_path, WOOCOMMERCE))
    assert (found.orders, found.skipped, found.guests) == (1, 1, 0)


def test_an_unknown_export_is_guessed_and_left_to_a_person(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, ERP, "cp1252")
    mapping = proposal.mapping
    assert dict(mapping.columns) == {
        "id": "Auftragsnummer",
        "placed_at": "Bestelldatum",
        "value": "Betrag",
        "customer_id": "Kundennummer",
        "status": "Status",
        "promised_at": "Liefertermin",
        "delivered_at": "Zugestellt",
        "sku": "Artikelnummer",
    }
    assert (mapping.dates, mapping.decimal, mapping.rows) == ("%d.%m.%Y %H:%M", ",", RowsPer.ORDER)
    assert mapping.dates_of == {"promised_at": "%d.%m.%Y", "delivered_at": "%d.%m.%Y"}
    assert mapping.cancelled == {"storniert"}
    assert not proposal.is_sure
    assert proposal.doubts == (
        "'Status' says erledigt: name under [status] those of orders that were skipped or cancelled",
    )
    found = examined(tmp_path, proposal)
    assert [str(one.value) for one in found.examples] == ["1,234.50 EUR", "12.00 EUR"]
    assert [name for name, _ in found.examples[1].events] == ["promised", "cancelled"]


def test_dates_that_may_be_read_two_ways_are_a_doubt(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, "id,date,total,email\n1,03/04/2025,1.00,a@b.example\n")
    assert proposal.doubts == (
        "'date' may be written as %d/%m/%Y or %m/%d/%Y: set dates or dates_of.placed_at",
    )
    sure = proposed(
        tmp_path, "id,date,total,email\n1,03/04/2025,1.00,a@b.example\n2,03/24/2025,1,a@b.example\n"
    )
    assert (sure.mapping.dates, sure.doubts) == ("%m/%d/%Y", ())


def test_what_is_not_found_is_a_doubt_that_names_the_field(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, "foo,bar\n1,2\n")
    assert [doubt.split(":")[0] for doubt in proposal.doubts] == [
        f"no column was found for {what}" for what in ("id", "placed_at", "value", "customer_id or email")
    ]


def test_the_notes_tell_what_spoils_a_history(tmp_path: Path) -> None:
    rows = "".join(f"{n},2025-01-01,1.00,{'EUR' if n % 2 else 'USD'},shared,Dinge\n" for n in range(60))
    proposal = proposed(tmp_path, "id,date,total,currency,customer id,category\n" + rows)
    notes = " ".join(examined(tmp_path, proposal).notes)
    assert "one customer has 60 of 60 orders" in notes
    assert "no such categories: Dinge" in notes
    assert "30 in USD" in notes


def test_an_examination_can_end_early(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, WOOCOMMERCE)
    table = open_table(tmp_path / "x.csv")
    understanding = Understanding(proposal.mapping, ACORN, secret=b"0" * 32, received_at=NOW)
    found = examine(table, proposal.mapping, ACORN, understanding, most=1)
    table.close()
    assert (found.orders, found.whole) == (1, False)


def test_countries_by_name_are_left_out_of_a_proposal(tmp_path: Path) -> None:
    rows = "Order ID,Order Date,Customer,Total,Country,Gift\n1,2025-03-01,7,25.00,{},no\n"
    assert proposed(tmp_path, rows.format("DE")).mapping.columns["country"] == "Country"
    columns = proposed(tmp_path, rows.format("Germany")).mapping.columns
    assert "country" not in columns
    assert columns["gift"] == "Gift"
