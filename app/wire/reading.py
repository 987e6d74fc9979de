"""Documents checked against pydantic models: every violation at once, each with its pointer and its mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.domain.format import Context
from app.errors import Violation
from app.wire.fields import Setting
from app.wire.strict_json import child, malformed

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")

_WORDS = {
    "missing": ("is missing", "add it"),
    "string_type": ("is not text", "send text"),
    "string_too_long": ("is over {max_length} characters", "shorten it"),
    "string_too_short": ("is empty", "send at least one character"),
    "string_pattern_mismatch": ("is not of the form {pattern}", "see /openapi.json"),
    "int_type": ("is not a whole number", "send a whole number"),
    "int_parsing": ("is not a whole number", "send a whole number"),
    "int_from_float": ("is not a whole number", "send a whole number"),
    "greater_than_equal": ("is below {ge}", "send at least {ge}"),
    "less_than_equal": ("is above {le}", "send at most {le}"),
    "too_short": ("is empty", "send at least one"),
    "too_long": ("has over {max_length} members", "send it in several orders"),
    "bool_type": ("is not true or false", "send true or false"),
    "enum": ("is none of {expected}", "send one of {expected}"),
    "decimal_parsing": ("is not a number", "send a number such as 45.90"),
    "decimal_type": ("is not a number", "send a number such as 45.90"),
    "finite_number": ("is not a number", "send a number such as 45.90"),
    "model_type": ("is not an object", "send an object"),
    "list_type": ("is not a list", "send a list"),
    "tuple_type": ("is not a list", "send a list"),
}
"""By pydantic's kind of error: what is wrong and the mend, with that error's own values filled in."""
_DATE_MEND = "send RFC 3339, such as 2025-11-03T09:12:00+01:00"
_PRIVATE = frozenset(
    {
        "email",
        "contactemail",
        "phone",
        "phonenumber",
        "mobile",
        "telephone",
        "address",
        "address1",
        "address2",
        "billingaddress",
        "shippingaddress",
        "defaultaddress",
        "shipto",
        "shipfrom",
        "returnaddress",
        "billto",
        "browserip",
        "clientdetails",
        "ip",
        "ipaddress",
        "latitude",
        "longitude",
        "carttoken",
        "checkouttoken",
        "token",
        "paymentdetails",
    }
)
"""Names, letters and digits only, of what no card needs and nobody may find in the database."""


def read(model: type[Model], document: Any, context: Context) -> Model:
    """The document as a model.

    Raises:
        MalformedOrder: with every violation.
    """
    try:
        return model.model_validate(document, context=_setting(context))
    except ValidationError as error:
        raise malformed(_violations(error)) from error


def read_value(rule: TypeAdapter[Value], value: Any, pointer: str, context: Context) -> Value:
    """One value by its rule, where only its place in the document tells which rule that is.

    Raises:
        MalformedOrder: with the violation at `pointer`.
    """
    try:
        return rule.validate_python(value, context=_setting(context))
    except ValidationError as error:
        found = (replace(v, pointer=pointer) for v in _violations(error))
        raise malformed(tuple(found)) from error


def unknown_fields(model: BaseModel) -> dict[str, Any]:
    """What a document has beyond its model, at its place in the document, without addresses and contacts."""
    found = _without_private(model.__pydantic_extra__ or {})
    for name, field in type(model).model_fields.items():
        if inner := _unknown_within(getattr(model, name)):
            found[str(field.alias or name)] = inner
    return found


def _unknown_within(value: Any) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        return unknown_fields(value)
    if isinstance(value, list | tuple):
        inner = ((str(index), _unknown_within(member)) for index, member in enumerate(value))
        return {index: unknown for index, unknown in inner if unknown}
    return {}


def _without_private(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _pruned(value) for key, value in document.items() if not _is_private(key)}


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return _without_private(value)
    if isinstance(value, list):
        return [_pruned(member) for member in value]
    if isinstance(value, Decimal):
        return float(value)
    return value


def _is_private(key: str) -> bool:
    return "".join(c for c in key.lower() if c.isalnum()) in _PRIVATE


def _setting(context: Context) -> Setting:
    return Setting(context.received_at, context.brand.time_zone)


def _violations(error: ValidationError) -> tuple[Violation, ...]:
    """One for each fault; not those of a container that is only at fault for what is in it."""
    found = [_violation(detail) for detail in error.errors(include_url=False)]
    return tuple(v for v in found if not any(other.pointer.startswith(v.pointer + "/") for other in found))


def _violation(found: ErrorDetails) -> Violation:
    values = found.get("ctx", {})
    pointer = _pointer(found["loc"])
    if found["type"] in _WORDS:
        detail, mend = (words.format(**values) for words in _WORDS[found["type"]])
        return Violation(pointer, detail, mend)
    default = _DATE_MEND if found["type"].startswith("datetime") else "see /openapi.json"
    return Violation(pointer, found["msg"], str(values.get("mend", default)))


def _pointer(location: Iterable[str | int]) -> str:
    pointer = ""
    for part in location:
        pointer = child(pointer, part)
    return pointer
