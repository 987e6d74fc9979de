"""Finds the brand and the format of a body, and the order in it, or what it tells of some."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.brand import Brand
from app.domain.format import Context, Format, Parsed
from app.domain.report import Report
from app.errors import IntakeError, MalformedOrder, MalformedReport, NotFound, UnknownFormat, Violation
from app.services.brands_in_force import BrandsInForce
from app.services.told_by_address import TOLD_BY_ADDRESS
from app.store.database import Store
from app.store.dead_letters import Received

NOT_UNDERSTOOD = (MalformedOrder, MalformedReport, UnknownFormat)
"""What keeps a body as a dead letter: it is the body, or what the address said with it, that is wrong."""


class Kept(Exception):
    """A body was not understood and is kept; `error` says why, `letter_id` under which number."""

    def __init__(self, error: IntakeError, letter_id: int) -> None:
        super().__init__(error.detail)
        self.error = error
        self.letter_id = letter_id


class UnderstandBody:
    """Finds the brand of a body and parses it by its format."""

    def __init__(self, *, store: Store, brands: BrandsInForce, formats: Mapping[str, Format]) -> None:
        self._store = store
        self._brands = brands
        self.formats = formats

    def format(self, code: str) -> Format:
        """A format by its code.

        Raises:
            NotFound: there is none.
        """
        if code not in self.formats:
            known = ", ".join((*self.formats, *TOLD_BY_ADDRESS))
            raise NotFound(f"there is no format {code[:40]!r}", mend=f"use one of: {known}")
        return self.formats[code]

    def brand(self, code: str) -> Brand:
        """A brand by its code.

        Raises:
            NotFound: there is none.
        """
        with self._store.reading() as tx:
            return self._brands(tx, code)

    def __call__(self, received: Received) -> Parsed | Report:
        """The order that a body describes, or what it tells of orders and customers.

        Raises:
            MalformedOrder, MalformedReport: with every violation.
            UnknownFormat: it is not of this format; the message says which one it looks like.
        """
        with self._store.reading() as tx:
            brand = self._brands.find(tx, received.brand)
        told = TOLD_BY_ADDRESS.get(received.source)
        if told is not None:
            if brand is None:
                raise _no_brand(received.brand, MalformedReport)
            context = Context(brand=brand, received_at=received.received_at)
            return told.read(received.body, received.about, context)
        format_ = self.format(received.source)
        if brand is None:
            format_.brand_of(received.body)  # where the body cannot be read, that is the fault to name
            raise _no_brand(received.brand, MalformedOrder)
        return self._parsed(received, format_, brand)

    def _parsed(self, received: Received, format_: Format, brand: Brand) -> Parsed | Report:
        context = Context(brand=brand, received_at=received.received_at, headers=received.headers)
        try:
            report = format_.report(received.body, context)
            return format_.parse(received.body, context) if report is None else report
        except MalformedOrder as error:
            if other := self._looks_like(received):
                raise UnknownFormat(
                    f"this looks like an order in another format: {other.title}",
                    mend=f"post it to /hooks/{other.code}/{brand.code}",
                    violations=error.violations,
                ) from error
            raise

    def _looks_like(self, received: Received) -> Format | None:
        if self.formats[received.source].recognise(received.body):
            return None
        return next((f for f in self.formats.values() if f.recognise(received.body)), None)


def _no_brand(named: str, error: type[IntakeError]) -> IntakeError:
    violation = Violation(
        "/brand",
        f"there is no brand {named[:40]!r}" if named else "it is missing",
        "name the brand by its code; ask the plant for it",
    )
    return error(f"/brand: {violation.detail}", mend=violation.mend, violations=(violation,))
