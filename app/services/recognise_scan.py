"""What a scanned text names: a printed piece of this plant's, or a parcel by any of its barcodes."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.access import ALL_BRANDS, Caller
from app.domain.bench import Doubt, Piece
from app.domain.bench_code import BenchCode, read_bench_code
from app.domain.parcel import Parcel, readings
from app.services.brands_in_force import BrandsInForce
from app.store.database import Transaction
from app.store.parcels import Found


class RecogniseScan:
    """Looks scanned texts up, of the brands that their scanner serves."""

    def __init__(self, *, brands: BrandsInForce, secret: bytes) -> None:
        """`secret` signs the plant's bench codes."""
        self._brands = brands
        self._secret = secret

    def code(self, text: str) -> BenchCode | None:
        """The bench code that a text is; None where it is none of this plant's."""
        try:
            return read_bench_code(self._secret, text)
        except ValueError:
            return None

    def piece(self, tx: Transaction, code: BenchCode, caller: Caller) -> Piece | None:
        """What is known of a piece; None where nothing is."""
        found = tx.pieces.get(code.record, code.component)
        return found if found is not None and caller.serves(found.component.brand) else None

    def parcel(self, tx: Transaction, text: str, caller: Caller, *, brand: str = "") -> Parcel | Doubt:
        """The parcel that a barcode names, or why it names none.

        Args:
            tx: reads or writes.
            text: as it was scanned.
            caller: who scanned it.
            brand: the one brand that is packed there, or empty.
        """
        if brand and not caller.serves(brand):
            return Doubt.NO_PARCEL
        within = [one] if (one := brand or caller.brand) != ALL_BRANDS else list(self._brands.all(tx))
        for code in readings(text):
            if found := tx.parcels.find(code, brands=within):
                return _one(tx, found)
        return Doubt.NO_PARCEL


def _one(tx: Transaction, found: Sequence[Found]) -> Parcel | Doubt:
    """The one parcel that all of these are, if they are one."""
    if len({(one.brand, one.code.names) for one in found}) > 1:
        return Doubt.TWO_PARCELS
    brand, orders = found[0].brand, tuple(dict.fromkeys(one.code.order_id for one in found))
    return Parcel(
        brand=brand,
        order_ids=orders,
        name=found[0].code.parcel,
        blocked=bool(tx.bench.blocks(brand, orders)),
    )
