from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import plant
from tests.plant import Plant


@pytest.fixture
def still(tmp_path: Path) -> Iterator[Plant]:
    """A plant whose worker does not run: tasks are run by hand."""
    made = plant.build(tmp_path)
    yield made
    made.store.close()
