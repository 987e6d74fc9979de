"""Which customers said which e-mail address beside their id, and whom an address therefore leads to.

History exports know customers by e-mail alone, live orders by id. The order that says both tells that they
are one: the address's key becomes an alias of the customer's, which history is read through like a merge. A
merge or un-merge that a person told goes before it. No two ids are ever merged because they share an address.

An alias is a function of what was claimed and of what else is known of the address's key; `settle` is called
whenever either changes, so that the same comes of any order of arrival.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from app.domain.customer import MOST_SHARE, Claim, whose_address
from app.store.columns import micros, moment
from app.store.sql import Statement, connected, lock

_CLAIMS = Statement("""
SELECT mail_key, customer_key, placed_at, source_order_id FROM mail_claims
WHERE brand = :brand AND mail_key IN {members_of_names}
""")
_CLAIM = Statement("""
INSERT INTO mail_claims (brand, mail_key, customer_key, placed_at, source_order_id, shared)
VALUES (:brand, :mail_key, :customer_key, :placed_at, :source_order_id, :shared)
ON CONFLICT (brand, mail_key, customer_key) DO UPDATE SET
  placed_at = excluded.placed_at, source_order_id = excluded.source_order_id, shared = excluded.shared
""")
# An address's key is a customer of its own where anything is known under it. One that was merged or parted by
# a person's word stays as that person said.
_OWN = Statement("""
SELECT names.value, customers.canonical_key
FROM {table_of_names} LEFT JOIN customers ON customers.brand = :brand AND customers.key = names.value
WHERE (customers.key IS NOT NULL
    OR EXISTS (SELECT 1 FROM orders WHERE brand = :brand AND customer_key = names.value))
  AND NOT EXISTS (SELECT 1 FROM customer_events
    WHERE brand = :brand AND customer_key = names.value AND type IN ('merged', 'unmerged'))
""")
_ALIAS = Statement("""
INSERT INTO customers (brand, key, given_name, display_name, canonical_key)
VALUES (:brand, :key, '', '', :into)
ON CONFLICT (brand, key) DO UPDATE SET canonical_key = excluded.canonical_key
""")
_FIRST = Statement("""
SELECT min(placed_at) FROM orders WHERE brand = :brand AND customer_key = :key
UNION ALL SELECT min(at) FROM credits WHERE brand = :brand AND customer_key = :key
""")
_SHARERS = Statement("""
SELECT DISTINCT other.customer_key
FROM mail_claims AS mine JOIN mail_claims AS other
  ON other.brand = mine.brand AND other.mail_key = mine.mail_key AND other.customer_key <> mine.customer_key
WHERE mine.brand = :brand AND mine.customer_key = :key AND mine.shared
  AND (SELECT count(*) FROM mail_claims
    WHERE brand = :brand AND mail_key = mine.mail_key) <= :most
""")
_MAILS = Statement("SELECT mail_key FROM mail_claims WHERE brand = :brand AND customer_key = :key")


class Alias(NamedTuple):
    """An address's key whose customer changed; `was` and `into` are None where it leads to nobody else."""

    mail: str
    was: str | None
    into: str | None


class MailClaims:
    """The addresses of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, brand: str, *, shared: bool) -> None:
        """Keep orders that say addresses (shared) and imports of many of them (not shared) apart."""
        lock(connected(self._session), f"addresses {brand}", shared=shared)

    def of(self, brand: str, mails: Collection[str]) -> dict[str, dict[str, Claim]]:
        """What was claimed of these addresses' keys, by address and by customer."""
        if not mails:
            return {}
        asked = {"brand": brand, "names": json.dumps(sorted(mails))}
        found: dict[str, dict[str, Claim]] = {}
        for mail, customer, placed_at, order in _CLAIMS.rows(connected(self._session), asked):
            claim = Claim(mail=mail, customer=customer, at=moment(placed_at), source_order_id=order)
            found.setdefault(mail, {})[customer] = claim
        return found

    def record(self, brand: str, claims: Iterable[Claim]) -> None:
        """Keep what orders claim; of a customer's several orders with one address, the earliest counts.

        Of an address that more customers say than may share one, no further ones are kept: it is nobody's.
        """
        claims = sorted(claims, key=lambda claim: claim.rank)
        known = self.of(brand, {claim.mail for claim in claims})
        changed: set[str] = set()
        for claim in claims:
            of_mail = known.setdefault(claim.mail, {})
            had = of_mail.get(claim.customer)
            if (had is None and len(of_mail) <= MOST_SHARE) or (had is not None and claim.rank < had.rank):
                of_mail[claim.customer] = claim
                changed.add(claim.mail)
        rows = (
            {
                "brand": brand,
                "mail_key": mail,
                "customer_key": claim.customer,
                "placed_at": micros(claim.at),
                "source_order_id": claim.source_order_id,
                "shared": len(known[mail]) > 1,
            }
            for mail in sorted(changed)
            for claim in known[mail].values()
        )
        _CLAIM.many(connected(self._session), rows)

    def due(self, brand: str, mails: Collection[str]) -> list[Alias]:
        """Which of these addresses' keys should lead to another customer than they do."""
        claimed = self.of(brand, mails)
        own = self.own(brand, claimed)
        aliases = (Alias(mail, was, whose_address(claimed[mail].values())) for mail, was in own.items())
        return [alias for alias in aliases if alias.was != alias.into]

    def own(self, brand: str, mails: Collection[str]) -> dict[str, str | None]:
        """Those addresses' keys that are customers by themselves, and whom they lead to by now."""
        if not mails:
            return {}
        asked = {"brand": brand, "names": json.dumps(sorted(mails))}
        return dict(_OWN.rows(connected(self._session), asked))

    def settle(self, brand: str, mails: Collection[str]) -> list[Alias]:
        """Let these addresses' keys lead where they should; returns those that changed.

        The caller tells `thresholds.older_truth`, from `together_since` on where it is one that led nowhere.
        """
        due = self.due(brand, mails)
        if due:
            lock(connected(self._session), f"aliases {brand}")
            rows = ({"brand": brand, "key": alias.mail, "into": alias.into} for alias in due)
            _ALIAS.many(connected(self._session), rows)
        return due

    def together_since(self, brand: str, groups: Iterable[Collection[str]]) -> datetime | None:
        """From when on it matters that these customers, each with all their keys, are one; None: never."""
        connection = connected(self._session)
        firsts = []
        for keys in groups:
            asked = ({"brand": brand, "key": key} for key in keys)
            known = [at for one in asked for (at,) in _FIRST.rows(connection, one) if at is not None]
            if not known:
                return None
            firsts.append(min(known))
        return moment(max(firsts)) if firsts else None

    def sharers(self, brand: str, keys: Collection[str]) -> frozenset[str]:
        """Other customers who said an address that these keys' customer said, and whom nobody merged."""
        asked = ({"brand": brand, "key": key, "most": MOST_SHARE} for key in keys)
        found = {key for one in asked for (key,) in _SHARERS.rows(connected(self._session), one)}
        return frozenset(found - set(keys))

    def mails_of(self, brand: str, keys: Iterable[str]) -> frozenset[str]:
        """The keys of all addresses that a customer said."""
        connection = connected(self._session)
        asked = ({"brand": brand, "key": key} for key in keys)
        return frozenset(mail for one in asked for (mail,) in _MAILS.rows(connection, one))
