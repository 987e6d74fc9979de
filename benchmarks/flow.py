"""The durable flow: how soon an accepted order is a card in the hot folder, and how many a minute.

    .venv/bin/python -m benchmarks.flow [ORDERS]

The real engine, preflight, hot folder and DBOS on a SQLite file with full durability, in one process. Latency is
from the commit of the intake transaction to the ticket in the hot folder, one order at a time; throughput is
from the first to the last ticket of a batch that was taken before the worker started.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.access import ALL_BRANDS, Caller, Role
from app.services.desk import Services
from app.settings import Settings
from app.web import logs
from app.wiring import build
from benchmarks.machine import describe
