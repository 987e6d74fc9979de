from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from app.web.limits import BodyLimit


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.post("/size")
    async def size(request: Request) -> int:
        return len(await request.body())

    @app.post("/parsed")
    async def parsed(body: dict[str, str]) -> int:
        return len(body)

    app.add_middleware(BodyLimit, limit=1000)
    return TestClient(app)


def test_a_body_at_the_limit_passes(client: TestClient) -> None:
    assert client.post("/size", content=b"x" * 1000).json() == 1000


@pytest.mark.parametrize("path", ["/size", "/parsed"])
def test_an_announced_body_over_the_limit_is_refused_unread(client: TestClient, path: str) -> None:
    answer = client.post(path, content=b"x" * 1001)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/body-too-large"
    assert "1000 bytes" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/size", "/parsed"])
def test_a_streamed_body_is_cut_off_at_the_limit(client: TestClient, path: str) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(50):
            sent += 1
            yield b"x" * 100

    answer = client.post(path, content=endless())
    assert answer.status_code == 413
    assert answer.json()["mend"]
