"""The OpenAPI document keeps its word, whatever is posted (schemathesis, bounded)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.access import Role
from app.formats.native import EXAMPLE, OrderIn
from tests.reception import Reception, open_reception

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("/v1/orders", "POST"),
    ("/v1/orders", "GET"),
    ("/v1/orders/{order_id}", "GET"),
    ("/v1/orders/{order_id}/events", "POST"),
    ("/v1/orders/{order_id}/events", "GET"),
    ("/v1/customers/lookup", "POST"),
    ("/v1/customers/{key}", "POST"),
    ("/v1/customers/{key}", "GET"),
    ("/v1/customers/{key}/events", "POST"),
    ("/v1/diffs", "GET"),
    ("/v1/jobs/{job_id}", "GET"),
    ("/v1/jobs/{job_id}/explanation", "GET"),
    ("/v1/jobs/{job_id}/release", "POST"),
    ("/v1/jobs/{job_id}/insert.pdf", "GET"),
    ("/v1/jobs/{job_id}/insert.jpg", "GET"),
    ("/v1/jobs/{job_id}/reprint", "POST"),
    ("/v1/jobs/{job_id}/reprints", "GET"),
    ("/v1/bench/scans", "POST"),
    ("/v1/bench/scans/{scan_id}/undo", "POST"),
    ("/v1/bench/parcels/blocked", "GET"),
    ("/v1/bench/parcels/{order_id}/clear", "POST"),
    ("/v1/bench/next", "GET"),
    ("/v1/artifacts/{name}", "GET"),
    ("/v1/signals/{scope}/{token}", "POST"),
    ("/v1/jobs/{job_id}/items", "GET"),
    ("/v1/jobs/{job_id}/items/{number}", "GET"),
    ("/v1/jobs/{job_id}/items/{number}", "PATCH"),
    ("/v1/jobs/{job_id}/items/{number}/item.pdf", "GET"),
    ("/v1/jobs/{job_id}/items/{number}/item.jpg", "GET"),
    ("/v1/jobs/{job_id}/items/{number}/flat.jpg", "GET"),
    ("/v1/jobs/{job_id}/items/{number}/mock-up.jpg", "GET"),
    ("/v1/jobs/{job_id}/items/{number}/try", "POST"),
    ("/v1/jobs/{job_id}/items/{number}/words", "PUT"),
    ("/v1/jobs/{job_id}/items/{number}/hold", "POST"),
    ("/v1/jobs/{job_id}/items/{number}/release", "POST"),
    ("/v1/jobs/{job_id}/items/{number}/stop", "POST"),
    ("/v1/products", "GET"),
    ("/v1/photos", "POST"),
    ("/v1/photos/{photo_id}", "GET"),
    ("/v1/photos/{photo_id}", "DELETE"),
    ("/v1/photos/{photo_id}/photo.jpg", "GET"),
    ("/v1/brands", "GET"),
    ("/v1/brands", "POST"),
    ("/v1/brands/{brand}/settings", "GET"),
    ("/v1/brands/{brand}/settings", "PATCH"),
    ("/v1/brands/{brand}/settings/history", "GET"),
    ("/v1/brands/{brand}/settings/revert", "POST"),
    ("/v1/brands/{brand}/signature", "PUT"),
    ("/v1/brands/{brand_code}/rule-catalogue", "GET"),
    ("/v1/brands/{brand_code}/rules", "GET"),
    ("/v1/brands/{brand_code}/rules", "POST"),
    ("/v1/brands/{brand_code}/rules/validate", "POST"),
    ("/v1/brands/{brand_code}/rules/simulate", "POST"),
    ("/v1/brands/{brand_code}/rules/{name}", "GET"),
    ("/v1/brands/{brand_code}/rules/{name}", "PUT"),
    ("/v1/brands/{brand_code}/rules/{name}/versions", "GET"),
    ("/v1/brands/{brand_code}/rules/{name}/publish", "POST"),
    ("/v1/brands/{brand_code}/rules/{name}/retire", "POST"),
    ("/v1/sheets", "GET"),
    ("/v1/sheets/{sheet_id}", "GET"),
    ("/v1/sheets/{sheet_id}/close", "POST"),
    ("/v1/sheets/{sheet_id}/recall", "POST"),
    ("/v1/sheets/{sheet_id}/printed", "POST"),
    ("/v1/sheets/{sheet_id}/not-printed", "POST"),
    ("/v1/sheets/{sheet_id}/sheet.pdf", "GET"),
    ("/v1/sheets/{sheet_id}/pages/{page}.jpg", "GET"),
    ("/v1/targets", "GET"),
    ("/v1/targets/{name}", "GET"),
    ("/v1/targets/{name}/pause", "POST"),
    ("/v1/targets/{name}/drain", "POST"),
    ("/v1/targets/{name}/resume", "POST"),
    ("/v1/components/{key}/printed", "POST"),
    ("/v1/components/{key}/not-printed", "POST"),
    ("/v1/components/{key}/recall", "POST"),
    ("/v1/tasks", "GET"),
    ("/v1/tasks/{task_id}/done", "POST"),
    ("/v1/tasks/{task_id}/dismiss", "POST"),
    ("/v1/history/imports", "POST"),
    ("/v1/history/imports", "GET"),
    ("/v1/history/imports/{import_id}", "GET"),
    ("/v1/history/imports/{import_id}", "DELETE"),
    ("/v1/history/imports/{import_id}/try", "POST"),
    ("/v1/history/imports/{import_id}/start", "POST"),
    ("/v1/history/imports/{import_id}/rejects", "GET"),
    ("/v1/dead-letters", "GET"),
    ("/v1/dead-letters/{letter_id}", "GET"),
    ("/v1/dead-letters/{letter_id}/replay", "POST"),
    ("/hooks/{format_code}/{brand_code}", "POST"),
    ("/problems/{slug}", "GET"),
    ("/livez", "GET"),
    ("/readyz", "GET"),
    ("/metrics", "GET"),
]


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("openapi")) as reception:
        reception.key = reception.add_key(Role.ADMIN)
        reception.post(EXAMPLE)
        reception.post(b"{}")
        yield reception


@pytest.fixture(scope="module")
def document(reception: Reception) -> dict[str, Any]:
    found: dict[str, Any] = reception.client.get("/openapi.json").json()
    return found


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(
    reception: Reception, document: dict[str, Any], path: str, method: str
) -> None:
    operation = schemathesis.openapi.from_dict(document)[path][method]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=operation.as_strategy())
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(app=reception.client.app, headers={"X-Api-Key": reception.key}, checks=CHECKS)

    ask()


def test_every_operation_is_tried(document: dict[str, Any]) -> None:
    described = {(path, m.upper()) for path, methods in document["paths"].items() for m in methods}
    assert described == set(OPERATIONS)


def test_the_order_example_is_what_the_schema_describes(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["OrderIn"]["examples"] == [EXAMPLE]
    assert set(schemas["OrderIn"]["properties"]) == set(OrderIn.model_fields)
    body = document["paths"]["/v1/orders"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/OrderIn"}
    described = next(tag for tag in document["tags"] if tag["name"] == "hooks")["description"]
    assert "Site Flow" in described
    assert "Shopify" in described
