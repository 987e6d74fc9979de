from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.occasion import OccasionKind
from app.domain.policy import Intent
from app.domain.rule import Place
from app.domain.rule_document import read_rule, write_rule
from app.errors import RuleUnusable
from tests.custom_rules import AROUND, OWN, RULE, faults, rule


def test_a_rule_has_its_defaults() -> None:
    found = rule()
    assert found.code == "rule:third-order"
    assert (found.kind, found.intent, found.place) == (OccasionKind.SOFT, Intent.NOTE, None)
    assert found.words.occasion == "generic"
    assert found.covers(datetime(2000, 1, 1, tzinfo=UTC))


def test_a_rule_is_written_as_it_was_read() -> None:
    full = rule(
        kind="moment",
        intent="gift",
        place={"after": "first_repeat"},
        words=OWN | {"occasion": "first"},
        since="2026-01-01T00:00:00+01:00",
        until="2026-12-31T00:00:00Z",
    )
    assert full.place == Place(after="first_repeat")
    stored = json.loads(json.dumps(write_rule(full)))
    assert read_rule(stored, AROUND) == full


def test_the_dates_hold_from_since_until_before_until() -> None:
    found = rule(since="2026-01-01T00:00:00Z", until="2026-02-01T00:00:00Z")
    assert found.covers(datetime(2026, 1, 1, tzinfo=UTC))
    assert not found.covers(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert not found.covers(datetime(2026, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "pointer", "detail"),
    [
        ({"name": "Third Order"}, "/name", "is no name"),
        ({"name": None}, "/name", "is missing"),
        ({"name": "x" * 41}, "/name", "is no name"),
        ({"title": ""}, "/title", "is no title"),
        ({"title": "a\u202eb"}, "/title", "is no title"),
        ({"title": "x" * 81}, "/title", "is no title"),
        ({"kind": "hard"}, "/kind", "is none of recovery, moment, soft"),
        ({"kind": []}, "/kind", "is none of"),
        ({"intent": "sell"}, "/intent", "is none of note, gift, ask"),
        ({"kind": "recovery", "intent": "ask"}, "/intent", "after trouble a card wants nothing"),
        ({"since": "2026-01-01"}, "/since", "is no moment"),
        ({"until": 5}, "/until", "is no moment"),
        ({"since": "2026-02-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}, "/until", "not after since"),
        ({"place": "first"}, "/place", "is no place"),
        ({"place": {"above": "first"}}, "/place", "is no place"),
        ({"place": {"after": 1}}, "/place", "is no place"),
        ({"when": {"fact": "n_priors", "op": "=", "value": 1}}, "/when/fact", "there is no fact"),
        ({"words": {"occasion": "frist"}}, "/words/occasion", "knows no 'frist'"),
        ({"words": []}, "/words", "is no object"),
        ({"words": {"text": "x"}}, "/words/text", "is no key"),
        ({"rank": 1}, "/rank", "is no key of a rule"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(changes: dict[str, Any], pointer: str, detail: str) -> None:
    (found,) = faults(RULE | changes)
    assert found.pointer == pointer
    assert detail in found.detail
    assert found.mend


def test_all_faults_are_told_at_once() -> None:
    found = faults({"titel": "x", "when": {"fact": "gift", "op": "=", "value": 1}})
    assert [one.pointer for one in found] == ["/titel", "/name", "/title", "/when/value"]
    assert found[0].mend == "did you mean title?"


@pytest.mark.parametrize("document", [None, [], "rule", 1, {}])
def test_what_is_no_rule_at_all(document: Any) -> None:
    with pytest.raises(RuleUnusable) as caught:
        read_rule(document, AROUND)
    assert caught.value.violations
    assert caught.value.mend
