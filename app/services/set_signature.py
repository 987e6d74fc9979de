"""Stores the picture of a signature and makes it the brand's, as a new version of its settings."""

from __future__ import annotations

from app.errors import SettingsUnusable
from app.services.brands_in_force import SIGNATURE_SUFFIX, STORED_PICTURE
from app.services.save_settings import SaveSettings
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction

_PNG = b"\x89PNG\r\n\x1a\n"


class SetSignature:
    """Takes scanned signatures."""

    def __init__(self, *, artifacts: ArtifactStore, save: SaveSettings) -> None:
        self._artifacts = artifacts
        self._save = save

    def __call__(
        self, tx: Transaction, code: str, picture: bytes, *, onto: int, who: str, why: str = ""
    ) -> int:
        """Take a signature.

        Args:
            tx: a transaction that may write.
            code: the brand.
            picture: a PNG, dark on light or transparent.
            onto: the version of the settings that is changed.
            who: who does it, as history shows it.
            why: their reason, if they give one.

        Returns:
            The version in force now.

        Raises:
            SettingsUnusable: it is no PNG, or cannot be printed.
            StorageUnavailable: the disk cannot take it now.
            NotFound, ChangedMeanwhile: as for `SaveSettings`.
        """
        if not picture.startswith(_PNG):
            raise SettingsUnusable("the signature is no PNG", mend="scan or export it as PNG")
        sha256 = self._artifacts.put(picture, SIGNATURE_SUFFIX)
        patch = {"signer": {"signature": f"{STORED_PICTURE}{sha256}"}}
        return self._save(tx, code, patch, onto=onto, who=who, why=why)
