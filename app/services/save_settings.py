"""Saves a brand's settings as a new version; nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from app.domain.brand import Brand
from app.domain.brand_settings import FIXED, Document, SettingsVersion, changes, merged
from app.domain.clock import Clock
from app.domain.profile import PressProfile
from app.errors import ArtworkUnusable, ChangedMeanwhile, Violation
from app.registry.brand_document import whole_document
from app.registry.brand_names import KnownNames, name_faults
from app.registry.json_document import unusable
from app.services.brands_in_force import BrandsInForce
from app.store.database import Transaction

SignatureFaults = Callable[[Brand, PressProfile], Iterator[ArtworkUnusable]]
"""What keeps a signature from print."""
LONGEST_WHY = 500


class SaveSettings:
    """Saves what somebody changed, if all of it can be in force."""

    def __init__(
        self,
        *,
        brands: BrandsInForce,
        names: KnownNames,
        profiles: Mapping[str, PressProfile],
        signature_faults: SignatureFaults,
        clock: Clock,
    ) -> None:
        self._brands = brands
        self.names = names
        self._profiles = profiles
        self._signature_faults = signature_faults
        self._clock = clock

    def __call__(
        self, tx: Transaction, code: str, patch: Document, *, onto: int, who: str, why: str = ""
    ) -> int:
        """Change some settings.

        Args:
            tx: a transaction that may write.
            code: the brand.
            patch: a JSON merge patch by the keys of brand.toml; null gives a value back to brand.toml.
            onto: the version that was changed, as its reader saw it.
            who: who saves, as history shows it.
            why: their reason, if they give one.

        Returns:
            The version in force now: `onto` itself where nothing differs.

        Raises:
            NotFound: there is no such brand.
            ChangedMeanwhile: another version is in force by now.
            SettingsUnusable: with every fault.
        """
        before = self._begin(tx, code, onto)
        settings = self._patched(tx, before, patch)
        return self._save(tx, before, settings, who=who, why=why)

    def revert(self, tx: Transaction, code: str, to: int, *, onto: int, who: str, why: str = "") -> int:
        """Put an earlier version in force again, as a new version; 0 is brand.toml alone.

        Arguments and errors as for a change; NotFound too where there is no version `to`.
        """
        before = self._begin(tx, code, onto)
        settings = self._settings(tx, code, to)
        return self._save(tx, before, settings, who=who, why=why, reverts_to=to)

    def preview(self, tx: Transaction, code: str, patch: Document) -> Brand:
        """The brand as it would be with a patch; saves nothing.

        Raises:
            NotFound: there is no such brand.
            SettingsUnusable: with every fault.
        """
        before = self._brands(tx, code)
        settings = self._patched(tx, before, patch)
        return self._checked(tx, before, settings)

    def _begin(self, tx: Transaction, code: str, onto: int) -> Brand:
        tx.settings.one_at_a_time(code)
        before = self._brands(tx, code)
        if before.settings_version != onto:
            latest = before.settings_version
            by = f", saved by {tx.settings.get(code, latest).who}" if latest else ""
            raise ChangedMeanwhile(
                f"you changed version {onto} of the settings, but version {latest} is in force{by}",
                mend="look at what is in force now, then make your change again",
            )
        return before

    def _patched(self, tx: Transaction, before: Brand, patch: Document) -> Document:
        fixed = [
            Violation(f"/{key}", "is fixed when the brand is made", "leave it out")
            for key in sorted(FIXED & patch.keys())
            if patch[key] != before.document[key]
        ]
        if fixed:
            raise unusable(fixed)
        rest = {key: value for key, value in patch.items() if key not in FIXED}
        return merged(self._settings(tx, before.code, before.settings_version), rest)

    def _settings(self, tx: Transaction, code: str, version: int) -> Document:
        if version == 0 and code in self._brands.files:
            return {}
        return tx.settings.get(code, version).settings

    def _save(
        self,
        tx: Transaction,
        before: Brand,
        settings: Document,
        *,
        who: str,
        why: str,
        reverts_to: int | None = None,
    ) -> int:
        after = self._checked(tx, before, settings)
        found = changes(whole_document(before.document), whole_document(after.document))
        if not found:
            return before.settings_version
        version = SettingsVersion(
            brand=before.code,
            version=after.settings_version,
            at=self._clock.now(),
            who=who,
            why=why.strip()[:LONGEST_WHY],
            settings=settings,
            changes=found,
            reverts_to=reverts_to,
        )
        tx.settings.add(version)
        return version.version

    def _checked(self, tx: Transaction, before: Brand, settings: Document) -> Brand:
        after = self._brands.read(before.code, settings, before.settings_version + 1)
        self.check(tx, after)
        return after

    def check(self, tx: Transaction, brand: Brand, faults: Collection[Violation] = ()) -> None:
        """Hold a brand to what there is to be named, and its signature to the press.

        Args:
            tx: the transaction, which knows the brand's own rules.
            brand: as it would be in force.
            faults: those found before, told with the others.

        Raises:
            SettingsUnusable: with every fault.
        """
        names = self.names.beside(tx.rules.titles(brand.code))
        found = [*faults, *name_faults(brand, names), *self._unprintable(brand)]
        if found:
            raise unusable(found)

    def _unprintable(self, brand: Brand) -> Iterator[Violation]:
        template = self.names.templates.get(brand.template)
        if template is not None:
            for fault in self._signature_faults(brand, self._profiles[template.profile]):
                yield Violation("/signer/signature", fault.detail, fault.mend)
