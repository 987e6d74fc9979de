"""Many tags that one late event may change are held against a past that is walked through, few by asking."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.services import tag_order
from tests.reception import NOW, native_order, open_reception

DAYS_AGO = (800, 420, 410, 40, 30, 20, 10, 5)
LATE = 6


def order(number: int, days: int) -> dict[str, Any]:
    at = (NOW - timedelta(days=days)).isoformat()
    promised = (NOW - timedelta(days=days - 3)).isoformat()
    items = [{"id": "1", "sku": "PB-A4-40" if number % 3 else "CA-A3", "quantity": 1}]
    return native_order(
        id=f"O-{number}", placed_at=at, promised_at=promised, customer={"id": "7"}, jobs=items
    )


def differences(folder: Path) -> list[tuple[Any, ...]]:
    """Those that a cancellation, a delivery and a merge make to orders that came in the wrong order."""
    with open_reception(folder) as opened:
        for number, days in reversed(list(enumerate(DAYS_AGO))):
            assert opened.post(order(number, days)).status_code == 201
        late = (NOW - timedelta(days=2)).isoformat()
        early = (NOW - timedelta(days=799)).isoformat()
        events = [
            ("orders/O-0", {"id": "a", "type": "cancelled", "at": early}),
            (f"orders/O-{LATE}", {"id": "b", "type": "delivered", "at": late}),
            ("customers/id:8", {"id": "c", "type": "merged", "at": early, "into": "id:7"}),
        ]
        for about, event in events:
            answer = opened.client.post(
                f"/v1/{about}/events?brand=fernweh",
                json={"events": [event]},
                headers={"X-Api-Key": opened.key},
            )
            assert answer.is_success, answer.text
        found = opened.get("/v1/diffs?limit=100").json()["diffs"]
    return [tuple(one[key] for key in ("order", "cause", "before", "after", "reason")) for one in found]


def test_many_tags_are_held_against_a_walk_as_few_against_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = differences(tmp_path / "asked")
    monkeypatch.setattr(tag_order, "_WORTH_A_WALK", 1)
    assert differences(tmp_path / "walked") == asked
    assert "cancelled" in {cause for _, cause, *_ in asked}
