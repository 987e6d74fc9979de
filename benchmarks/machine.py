"""What every benchmark prints first: the machine and versions its figures are from."""

from __future__ import annotations

import os
import platform


def describe() -> str:
    """One line: processor count, Python, system."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
