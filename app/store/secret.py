"""The plant's own secret, made once and kept beside the database."""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from app.errors import SetupError

_BYTES = 32


class PlantSecret:
    """32 random bytes from which each use derives its own key, so that no two uses share one."""

    def __init__(self, material: bytes) -> None:
        self._material = material

    def derive(self, label: str) -> bytes:
        """The 32-byte key for one use: HMAC-SHA256 of its label."""
        return hmac.digest(self._material, label.encode(), "sha256")

    @property
    def customers(self) -> bytes:
        """Keys the hash of customers' e-mail addresses."""
        return self.derive("customer e-mail")

    @property
    def bench(self) -> bytes:
        """Signs the bench codes."""
        return self.derive("bench code")

    @property
    def links(self) -> bytes:
        """Signs addresses that need no key."""
        return self.derive("links")

    @property
    def chance(self) -> bytes:
        """Seeds whatever looks random and must come out the same again."""
        return self.derive("chance")


def load_secret(data_dir: Path) -> PlantSecret:
    """Read `secret.key` in the data folder; make it (mode 600) where there is none.

    Two processes that start at once agree: the file is linked into place whole, and only once.

    Raises:
        SetupError: the file does not hold 32 bytes. A damaged secret must not be replaced in silence: every
            bench code and e-mail key depends on it.
    """
    path = data_dir / "secret.key"
    if not path.exists():
        _make(path)
    material = path.read_bytes()
    if len(material) != _BYTES:
        raise SetupError(
            f"{path} holds {len(material)} bytes instead of {_BYTES}", mend="restore it from a backup"
        )
    return PlantSecret(material)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".secret.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its secret holds
    finally:
        draft.unlink()
