"""Finds plug-ins: every module of a package exposes one `PLUGIN` with a `code` equal to the module's name."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from app.errors import SetupError


def discover(package: ModuleType) -> dict[str, Any]:
    """The plug-ins of `package` by code, in alphabetical order.

    Raises:
        SetupError: a module has no PLUGIN, or its code is missing, twice there, or not the module's name.
    """
    found: dict[str, Any] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        name = f"{package.__name__}.{info.name}"
        plugin = getattr(importlib.import_module(name), "PLUGIN", None)
        if plugin is None:
            raise SetupError(f"{name} exposes no PLUGIN", mend="set PLUGIN at the end of the module")
        code = getattr(plugin, "code", None)
        if code != info.name:
            raise SetupError(
                f"the plug-in in {name} has the code {code!r}", mend=f"make its code {info.name!r}"
            )
        found[code] = plugin
    return found
