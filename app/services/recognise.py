"""Recognises who was known by an e-mail address alone in the customer whose order says it beside their id.

So that a customer of ten years, whose orders came with a history export that has addresses only, is not
greeted as new by the first order that came live.
"""

from __future__ import annotations

from collections.abc import Collection

from app.domain.customer import MAIL, Claim, whose_address
from app.store.database import Transaction


def whom_it_touches(
    tx: Transaction, brand: str, keys: Collection[str], claim: Claim | None
) -> frozenset[str] | None:
    """The keys of all customers whose past changes by how an order, or an event, names its customer.

    Args:
        tx: the transaction that it will be recorded in.
        brand: the tenant.
        keys: every key of its customer as known before; empty for a guest.
        claim: what an order says, if it names its customer by id and address.

    Returns:
        None, as mostly, where nothing new is said of who they are: then there is nothing to `recognise`.
    """
    if claim is None:
        return _by_address(tx, brand, keys)
    claims = tx.mail_claims.of(brand, [claim.mail]).get(claim.mail, {})
    had = claims.get(claim.customer)
    if had is not None and had.rank <= claim.rank:
        return None
    others = claims.keys() - {claim.customer}
    if not others and not tx.mail_claims.own(brand, [claim.mail]):
        return frozenset()
    return _members(tx, brand, {claim.mail, *others})


def recognise(tx: Transaction, brand: str, key: str, claim: Claim | None) -> None:
    """Keep what an order that was just stored says of who its customer is, and let history follow.

    Args:
        tx: the order's transaction.
        brand: the tenant.
        key: the customer's key.
        claim: as above.
    """
    if claim is not None:
        tx.mail_claims.record(brand, [claim])
    mail = key if claim is None else claim.mail
    for alias in tx.mail_claims.due(brand, [mail]):
        parts = [tx.customers.members(brand, one) for one in (mail, alias.into) if one is not None]
        since = tx.mail_claims.together_since(brand, parts)
        tx.mail_claims.settle(brand, [mail])
        if alias.was is not None:
            tx.thresholds.older_truth(brand, then_asks=True)
        elif since is not None:
            tx.thresholds.older_truth(brand, since, then_asks=True)


def _by_address(tx: Transaction, brand: str, keys: Collection[str]) -> frozenset[str] | None:
    """Whom addresses, that were only claimed until now, lead to when something is known under them."""
    claimed = tx.mail_claims.of(brand, [key for key in keys if key.startswith(MAIL)])
    leads = {whose_address(claims.values()) for claims in claimed.values()}
    news = {key for key in leads if key is not None and key not in keys}
    return _members(tx, brand, news) if news else None


def _members(tx: Transaction, brand: str, keys: Collection[str]) -> frozenset[str]:
    return frozenset(member for key in keys for member in tx.customers.members(brand, key))
