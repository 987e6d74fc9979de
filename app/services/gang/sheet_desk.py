"""What people do with gang sheets: see them, close one by hand, look at what is on it."""

from __future__ import annotations

from app.domain.gang_sheet import GangSheet, SheetState
from app.services.gang.make_sheet import MakeSheet
from app.services.gang.waiting import WaitForSheet
from app.store.database import Store


class SheetDesk:
    """The sheets of a plant. `scope` is the brand that a caller serves."""

    def __init__(self, *, store: Store, wait: WaitForSheet, make: MakeSheet) -> None:
        self._store = store
        self._wait = wait
        self._make = make

    def latest(self, scope: str, state: SheetState | None, limit: int) -> tuple[GangSheet, ...]:
        """The latest sheets, newest first; those in a state where one is given."""
        with self._store.reading() as tx:
            return tx.gang_sheets.page(scope=scope, state=state, limit=limit)

    def get(self, scope: str, sheet_id: str) -> GangSheet:
        """One sheet.

        Raises:
            NotFound: there is none.
        """
        with self._store.reading() as tx:
            return tx.gang_sheets.get(scope, sheet_id)

    def close(self, scope: str, sheet_id: str, *, by: str) -> GangSheet:
        """Close an open sheet now.

        Raises:
            NotFound: there is none.
            WrongState: it is over.
        """
        with self._store.transaction() as tx:
            return self._wait.close(tx, scope, sheet_id, by=by)

    def pdf(self, scope: str, sheet_id: str) -> bytes:
        """The file of a sheet, of its pieces as they are now.

        Raises:
            NotFound: there is none.
            WrongState: nothing is left of it.
        """
        with self._store.reading() as tx:
            return self._make.remade(tx, tx.gang_sheets.get(scope, sheet_id))
