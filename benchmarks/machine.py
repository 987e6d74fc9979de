"""What every benchmark prints first: the machine and versions its figures are from."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path


def describe() -> str:
    """One line: processors and how busy they are, Python, system."""
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({_processor()}, load {busy:.1f}), Python {platform.python_version()}, "
        f"{platform.system()}"
    )


def versions(*packages: str) -> str:
    """The packages with their versions; those that are not installed are left out."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def _processor() -> str:
    """The processor's name where the system tells it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
