"""Puts a rule in force, once it is known how far it reaches and that its own words fit their card."""

from __future__ import annotations

from app.domain.rule_version import RuleVersion
from app.services.brands_in_force import BrandsInForce
from app.services.fit_words import FitWords
from app.services.manage_rules import ManageRules
from app.services.simulate_rule import SimulateRule
from app.store.database import Store


class PublishRule:
    """What takes long is done before the writing transaction begins."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        manage: ManageRules,
        simulate: SimulateRule,
        fit: FitWords,
    ) -> None:
        self._store = store
        self._brands = brands
        self._manage = manage
        self._simulate = simulate
        self._fit = fit

    def __call__(
        self, brand_code: str, name: str, *, version: int, who: str, confirmed: bool = False
    ) -> RuleVersion:
        """Publish a version of a rule; the arguments are those of `ManageRules.publish`.

        Raises:
            NotFound, WrongState, NeedsConfirmation: see `ManageRules.publish`.
            RuleUnusable: it cannot be used any more, or words of its own do not fit.
        """
        with self._store.reading() as tx:
            brand = self._brands(tx, brand_code)
            rule = self._manage.latest(tx, brand, name)
            reach = self._simulate.reach(tx, brand, rule)
        self._fit(brand, rule)
        with self._store.transaction() as tx:
            return self._manage.publish(
                tx, brand, name, version=version, who=who, reach=reach, confirmed=confirmed
            )
