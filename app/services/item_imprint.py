"""What an order wants on its photo items besides the pictures, and what the bench needs there."""

from __future__ import annotations

import hashlib

from app.domain.brand import Brand
from app.domain.item import Item
from app.domain.product import ItemText
from app.pdf.imprint import Imprint

_SEED_BYTES = 6


def imprint_of(item: Item, brand: Brand, language: str | None) -> Imprint:
    """The words of an item in the brand's hand, and its code where it has one.

    Args:
        item: with the code of the generation that is printed.
        brand: whose hand writes.
        language: of the order; None where it says none.
    """
    texts = {ItemText.CAPTION: item.caption, ItemText.NAME: item.name}
    return Imprint(
        texts={says: said for says, said in texts.items() if said.strip()},
        code=item.bench_code,
        name=f"{item.key}-{item.generation}",
        language=language or brand.languages[0],
        hand=brand.signer.typeface,
        # The same for every generation, as a card's: what is printed again is written alike.
        seed=int.from_bytes(hashlib.blake2b(item.key.encode(), digest_size=_SEED_BYTES).digest()),
    )
