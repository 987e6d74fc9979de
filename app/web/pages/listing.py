"""What the list of orders is asked for, and the links that ask for it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.errors import MalformedOrder
from app.store.overview import Cursor, OrderFilter
from app.web.pages.session import SignedInDep

NEEDS_ME = "needs-me"
"""The state filter's value for everything that waits for a person."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list's query as it stood in the address: text, not yet trusted."""

    number: str = ""
    state: str = ""
    occasion: str = ""
    brand: str = ""

    def filter(self, scope: str) -> OrderFilter:
        """As the store understands it, for somebody who serves that brand."""
        attention = self.state == NEEDS_ME
        return OrderFilter(
            scope=scope,
            number=self.number,
            state="" if attention else self.state,
            occasion=self.occasion,
            brand=self.brand,
            attention=attention,
        )

    def query(self, **more: object) -> str:
        """The query string of this list, or of a part of it."""
        asked = {"number": self.number, "state": self.state, "occasion": self.occasion, "brand": self.brand}
        return urlencode({name: value for name, value in {**asked, **more}.items() if value})


def get_wanted(
    number: Annotated[str, Query(max_length=_LONGEST)] = "",
    state: Annotated[str, Query(max_length=_LONGEST)] = "",
    occasion: Annotated[str, Query(max_length=_LONGEST)] = "",
    brand: Annotated[str, Query(max_length=_LONGEST)] = "",
) -> Wanted:
    """The list's query."""
    return Wanted(number.strip(), state, occasion, brand)


WantedDep = Annotated[Wanted, Depends(get_wanted)]


def get_filter(wanted: WantedDep, signed_in: SignedInDep) -> OrderFilter:
    """What the person at the page asked for, of what they may see."""
    return wanted.filter(signed_in.caller.brand)


FilterDep = Annotated[OrderFilter, Depends(get_filter)]


def read_cursor(text: str) -> Cursor | None:
    """A place in the list; None for the empty text.

    Raises:
        MalformedOrder: it is no place.
    """
    if not text:
        return None
    try:
        return Cursor.parse(text)
    except ValueError as error:
        raise MalformedOrder(f"{text[:40]!r} is no place in the list", mend="open the list again") from error
