"""The parts that look at brands and change them: the same for the page, the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.brand import Brand
from app.domain.policy import rules_named
from app.errors import SettingsUnusable, SetupError
from app.services.brands_in_force import BrandsInForce
from app.services.create_brand import CreateBrand
from app.services.save_settings import SaveSettings
from app.services.set_signature import SetSignature
from app.store.database import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandDesk:
    """Everything of them, put together by `wiring`."""

    store: Store
    brands: BrandsInForce
    save: SaveSettings
    create: CreateBrand
    set_signature: SetSignature

    def check(self) -> None:
        """Hold what is in force to what there is: a template may be gone since its name was saved.

        Raises:
            SetupError: naming the brand, the version and the mend.
        """
        with self.store.reading() as tx:
            saved = tx.settings.all_latest()
            for code, brand in self.brands.files.items():
                if code not in saved and rules_named(brand.policy):
                    self._check_file(tx, brand)
            for code, stamp in saved.items():
                try:
                    found = self.brands.find(tx, code)
                    if found is not None:
                        self.save.check(tx, found)
                except SettingsUnusable as problem:
                    raise SetupError(
                        f"the brand {code!r}, version {stamp.version} of its settings: {problem.detail}",
                        mend=f"{problem.mend}; or take another version: tipin brand history {code}",
                    ) from problem

    def _check_file(self, tx: Transaction, brand: Brand) -> None:
        """Hold the rules that a brand.toml names to those that there are."""
        try:
            self.save.check(tx, brand)
        except SettingsUnusable as problem:
            raise SetupError(
                f"brand.toml of {brand.code!r}: {problem.detail}", mend=problem.mend
            ) from problem
