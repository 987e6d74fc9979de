"""Notices which tags an import changes: of orders that came live before the history of their customers did.

Before the first of a customer's past orders is recorded, it is noted what each tagged order of theirs would
be tagged with; when the file is read to its end, that is held against what they would be tagged with then.
Both are rows in the database, so an import that was killed tells its differences all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from app.domain.customer import MAIL
from app.domain.diff import Cause
from app.domain.history_import import HistoryImport
from app.services.history.understand import Understood
from app.services.watch_tags import MOST, Retagger, difference, occasion_of
from app.store.database import Transaction

AT_ONCE = 50
"""Orders a transaction: the intake waits for it a tenth of a second."""
CAUSE = "history_import"
_EVER = datetime.min.replace(tzinfo=UTC)


class WatchImport:
    """Watches over the orders that one import changes the past of."""

    def __init__(self, retagger: Retagger) -> None:
        self._retagger = retagger

    def note(self, tx: Transaction, one: HistoryImport, orders: Iterable[Understood]) -> bool:
        """Note what orders would be tagged with before these orders of the past are recorded.

        Returns:
            Whether there may be more: then it is to be called again, in another transaction.
        """
        if not tx.diffs.any_tagged(one.brand):
            return False
        changed = _changed(tx, one.brand, orders)
        watched = 0
        for group, since in _groups(tx, one.brand, changed):
            theirs = tx.import_watches.unwatched(one.brand, one.id, group, since=since, most=MOST)
            some = theirs[: AT_ONCE - watched]
            for order, was in zip(some, self._retagger.again(tx, some), strict=True):
                tx.import_watches.add(one.brand, one.id, order.stored.id, before=occasion_of(was))
            watched += len(some)
            if len(some) < len(theirs):
                return True
        return False

    def tell(self, tx: Transaction, one: HistoryImport, *, now: datetime) -> bool:
        """Tell the differences of some of the orders that were noted; returns whether there are more."""
        watches = tx.import_watches.some(one.brand, one.id, most=AT_ONCE)
        cause = Cause(kind=CAUSE, id=one.id)
        then_of_each = self._retagger.again(tx, [order for order, _before in watches])
        for (order, before), then in zip(watches, then_of_each, strict=True):
            if occasion_of(then) != before:
                tx.diffs.add(difference(order, before, then, cause, now))
            tx.import_watches.remove(one.brand, one.id, order.stored.id)
        return len(watches) == AT_ONCE


def _changed(tx: Transaction, brand: str, orders: Iterable[Understood]) -> dict[str, datetime]:
    """Each customer whose past these orders change, and from when on."""
    first = {each.entry.source_order_id: each for each in orders}
    here = tx.recording.arrivals(brand, list(first))
    new = [each for name, each in first.items() if name not in here]
    changed: dict[str, datetime] = {}
    for each in new:
        key, since = each.entry.customer_key, each.earliest
        if key is not None:
            changed[key] = min(since, changed.get(key, since))
    claims = {claim for each in new if (claim := each.claim) is not None}
    mails = {claim.mail for claim in claims} | {key for key in changed if key.startswith(MAIL)}
    known = tx.mail_claims.of(brand, mails)
    # Who is recognised by an address has another past from the beginning on.
    for claim in claims:
        if claim.customer not in known.get(claim.mail, {}):
            changed |= dict.fromkeys((claim.mail, claim.customer), _EVER)
    return changed | {customer: _EVER for claimed in known.values() for customer in claimed}


def _groups(
    tx: Transaction, brand: str, changed: Mapping[str, datetime]
) -> Iterable[tuple[tuple[str, ...], datetime]]:
    """The customers among them who have tagged orders, each with all keys and from when on."""
    aliased = tx.customers.aliased(brand, changed)
    groups = {key: tx.customers.members(brand, key) if key in aliased else (key,) for key in changed}
    tagged = tx.diffs.tagged_among(brand, {member for group in groups.values() for member in group})
    since: dict[tuple[str, ...], datetime] = {}
    for key, group in groups.items():
        if not tagged.isdisjoint(group):
            since[group] = min(changed[key], since.get(group, changed[key]))
    return sorted(since.items())
