"""The bytes of a rule as JSON, read as strictly as orders are."""

from __future__ import annotations

from typing import Any

from app.errors import MalformedOrder, RuleUnusable
from app.wire.strict_json import decode_object


def document_of(body: bytes) -> dict[str, Any]:
    """The document of a body or a file.

    Raises:
        RuleUnusable: it is no JSON object, or one that nobody can mean; with the place of each fault.
    """
    try:
        return decode_object(body)
    except MalformedOrder as error:
        raise RuleUnusable(error.detail, mend=error.mend, violations=error.violations) from error
