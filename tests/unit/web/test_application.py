from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from app.settings import Settings, TargetSettings
from app.web.application import create_app
from app.wiring import build


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(data_dir=tmp_path, work=False, min_free_bytes=1)
    with TestClient(create_app(build(settings))) as client:
        yield client


def test_it_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"] == {"database": "ok", "space": "ok", "targets": "ok", "bench": "ok"}


def test_a_target_that_is_set_up_wrongly_is_named_and_orders_are_taken(tmp_path: Path) -> None:
    odd = (
        TargetSettings(name="hot-folder", driver="hot_folder"),
        TargetSettings(name="press", driver="ipp", options={"printer": "http://press"}),
    )
    settings = Settings(data_dir=tmp_path, work=False, min_free_bytes=1, targets=odd)
    with TestClient(create_app(build(settings))) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert (
        "the target 'press': 'http://press' is not a printer's address" in answer.json()["checks"]["targets"]
    )


def test_it_is_not_ready_without_space(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, work=False, min_free_bytes=10**18)
    with TestClient(create_app(build(settings))) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "wanted in the data folder" in answer.json()["checks"]["space"]


def test_every_answer_carries_security_headers_and_a_request_id(client: TestClient) -> None:
    for path in ("/livez", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]


def test_an_unknown_path_is_a_problem_document(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"


def test_an_unexpected_error_is_a_problem_with_an_incident_and_no_inner_words(
    tmp_path: Path,
) -> None:
    app = create_app(build(Settings(data_dir=tmp_path, work=False)))

    @app.get("/breaks")
    def breaks() -> None:
        raise RuntimeError("Jonna Lindqvist")

    with TestClient(app) as client, capture_logs() as logged:
        answer = client.get("/breaks")
    assert answer.status_code == 500
    assert answer.json()["incident"] == answer.headers["x-request-id"]
    assert "Jonna" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [line["event"] for line in logged] == ["unexpected_error", "request"]


def test_metrics_count_requests_by_route(client: TestClient) -> None:
    client.get("/livez")
    page = client.get("/metrics").text
    assert 'tipin_http_requests_total{method="GET",route="/livez",status="200"} 1.0' in page
    assert "tipin_dead_letters 0.0" in page


def test_a_problem_type_explains_itself(client: TestClient) -> None:
    assert client.get("/problems/malformed-order").json() == {
        "title": "The order cannot be understood",
        "status": 422,
        "retry": False,
    }
    assert client.get("/problems/none-such").status_code == 404
