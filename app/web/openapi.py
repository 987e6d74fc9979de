"""The OpenAPI document: what the framework derives, and the bodies that tipin reads itself.

Bodies are read by the formats, more strictly than the framework would; so their schemas are put in here.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from app.formats.native import OrderIn
from app.services.desk import Services
from app.web.api.rule_bodies import rule_schemas
from app.wire.event_bodies import CustomerEventsIn, CustomerSaidIn, LookupIn, OrderEventsIn

_REFERENCE = "#/components/schemas/{model}"
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong, where, and how to mend it (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "A path that explains this kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "mend": {"type": "string"},
        "violations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901) into the body."},
                    "detail": {"type": "string"},
                    "mend": {"type": "string"},
                },
            },
        },
        "dead_letter": {"type": "object", "description": "Where the body is kept."},
    },
}
_ERRORS_FROM = 400


def document(app: FastAPI, services: Services) -> dict[str, Any]:
    """The whole document."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=_tags(services),
    )
    schemas = found["components"]["schemas"]
    schemas |= rule_schemas(_REFERENCE)
    own = OrderIn.model_json_schema(ref_template=_REFERENCE)
    schemas |= own.pop("$defs", {})
    schemas |= {"OrderIn": own, "Problem": _PROBLEM}
    for leftover in ("HTTPValidationError", "ValidationError"):
        schemas.pop(leftover, None)
    found["paths"]["/v1/orders"]["post"]["requestBody"] = _json_body({"$ref": "#/components/schemas/OrderIn"})
    _describe_bodies(found["paths"], schemas)
    hook = found["paths"]["/hooks/{format_code}/{brand_code}"]["post"]
    hook["requestBody"] = _json_body({"type": "object", "description": "As the format defines it."})
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _describe_errors(path, operation)
    return found


def _describe_bodies(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """The bodies that are read with every violation at once."""
    bodies: dict[str, type[BaseModel]] = {
        "/v1/orders/{order_id}/events": OrderEventsIn,
        "/v1/customers/{key}/events": CustomerEventsIn,
        "/v1/customers/{key}": CustomerSaidIn,
        "/v1/customers/lookup": LookupIn,
    }
    for path, model in bodies.items():
        described = model.model_json_schema(ref_template=_REFERENCE)
        schemas |= described.pop("$defs", {})
        schemas[model.__name__] = described
        paths[path]["post"]["requestBody"] = _json_body({"$ref": _REFERENCE.format(model=model.__name__)})


def _tags(services: Services) -> list[dict[str, Any]]:
    """The hooks' description is that of every format there is."""
    formats = services.understand.formats.values()
    described = "\n\n".join(f"### {f.title} (`{f.code}`)\n{f.documentation}" for f in formats)
    return [{"name": "hooks", "description": described}]


def _json_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _describe_errors(path: str, operation: dict[str, Any]) -> None:
    """The errors that every operation of a kind may answer with; all are problem documents."""
    responses: dict[str, dict[str, Any]] = operation["responses"]
    if "security" in operation:
        responses.setdefault("401", {"description": "No key, or nobody's."})
        responses.setdefault("429", {"description": "Too many requests; `Retry-After` says when to go on."})
        responses.setdefault("403", {"description": "The key's role or brand does not allow it."})
    if "{" in path:
        responses.setdefault("404", {"description": "There is no such thing, or it is another brand's."})
    if operation.get("parameters"):
        responses.setdefault("422", {"description": "A parameter cannot be used."})
    for status, response in responses.items():
        # What stands under 422 is the framework's own shape, which is never sent.
        if int(status) >= _ERRORS_FROM and (status == "422" or "content" not in response):
            problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
            response["content"] = {"application/problem+json": problem}
