"""The pages over an empty plant, and a browser's client that is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.desk import Plant, sign_in


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    yield plant
    plant.store.close()


@pytest.fixture
def stranger(plant: Plant) -> Iterator[TestClient]:
    with TestClient(plant.app()) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient) -> TestClient:
    sign_in(stranger)
    return stranger
