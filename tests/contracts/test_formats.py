"""Every inbound format keeps the same promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import formats
from app.domain.format import Context, Format, FormatSample, Message
from app.errors import IntakeError, MalformedOrder, Unauthenticated
from app.registry.brands import load_brands
from app.registry.places import BRANDS
from app.registry.plugins import discover

FORMATS: dict[str, Format] = discover(formats)
SAMPLES = [(plugin, sample) for plugin in FORMATS.values() for sample in plugin.samples]
NAMES = [f"{plugin.code}: {sample.says}" for plugin, sample in SAMPLES]
NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
BRAND = load_brands(BRANDS)["fernweh"]


def _context(sample: FormatSample) -> Context:
    return Context(brand=BRAND, received_at=NOW, headers=sample.headers)


@pytest.mark.parametrize(
    ("plugin", "sample"), SAMPLES, ids=lambda x: getattr(x, "says", getattr(x, "code", x))
)
def test_a_sample_is_what_it_says(plugin: Format, sample: FormatSample) -> None:
    assert plugin.recognise(sample.body)
    if not sample.refused_at:
        order = plugin.parse(sample.body, _context(sample)).order
        assert order.brand == BRAND.code
        assert order.source == plugin.code
        assert order.jobs
        assert order.placed_at.utcoffset() == timedelta(0)
        return
    with pytest.raises(MalformedOrder) as refused:
        plugin.parse(sample.body, _context(sample))
    assert {v.pointer for v in refused.value.violations} == set(sample.refused_at)
    assert all(v.detail and v.mend for v in refused.value.violations)


@pytest.mark.parametrize("plugin", FORMATS.values(), ids=list(FORMATS))
def test_it_documents_itself_and_shows_an_order_and_a_refusal(plugin: Format) -> None:
    assert plugin.title
    assert "tipin" in plugin.documentation
    assert any(not sample.refused_at for sample in plugin.samples)
    assert any(sample.refused_at for sample in plugin.samples)
    assert plugin.signed or plugin.needs_key


@pytest.mark.parametrize("plugin", FORMATS.values(), ids=list(FORMATS))
def test_the_same_order_has_the_same_content_however_it_is_spaced(plugin: Format) -> None:
    sample = next(s for s in plugin.samples if not s.refused_at)
    spaced = sample.body.replace(b'", "', b'",\n  "')
    assert spaced != sample.body
    one, other = (plugin.parse(body, _context(sample)) for body in (sample.body, spaced))
    assert one == other


@pytest.mark.parametrize("plugin", FORMATS.values(), ids=list(FORMATS))
def test_no_format_recognises_the_order_of_another(plugin: Format) -> None:
    others = [s for other, s in SAMPLES if other is not plugin]
    assert not any(plugin.recognise(sample.body) for sample in others)


@pytest.mark.parametrize("plugin", FORMATS.values(), ids=list(FORMATS))
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"a":1}', b"<order/>"])
def test_what_is_no_order_is_refused_with_a_mend(plugin: Format, body: bytes) -> None:
    assert not plugin.recognise(body)
    with pytest.raises(IntakeError) as refused:
        plugin.parse(body, Context(brand=BRAND, received_at=NOW))
    assert refused.value.mend


@pytest.mark.parametrize("plugin", [f for f in FORMATS.values() if f.signed], ids=lambda f: f.code)
def test_a_signed_format_refuses_a_body_without_its_signature(plugin: Format) -> None:
    message = Message(method="POST", path="/hooks/x/y", headers={}, body=b"{}")
    with pytest.raises(Unauthenticated):
        plugin.authenticate(message, (), NOW, timedelta(minutes=5))


@pytest.mark.parametrize("plugin", FORMATS.values(), ids=list(FORMATS))
def test_unknown_fields_are_kept_and_contacts_are_not(plugin: Format) -> None:
    sample = next(s for s in plugin.samples if not s.refused_at)
    body = sample.body[:-1] + b', "finish": {"lamination": "matt"}, "phone": "+49 30 1234567"}'
    extra = plugin.parse(body, _context(sample)).order.extra
    assert extra["finish"] == {"lamination": "matt"}
    assert "phone" not in extra
    assert "Mill Lane" not in str(extra)
    assert "Lange Gasse" not in str(extra)


@pytest.mark.parametrize("plugin", FORMATS.values(), ids=list(FORMATS))
def test_a_photo_item_may_come_by_it_with_all_that_is_printed(plugin: Format) -> None:
    orders = (plugin.parse(s.body, _context(s)).order for s in plugin.samples if not s.refused_at)
    items = [item for order in orders for job in order.jobs for item in job.items]
    assert any(item.source.url and item.caption and item.name for item in items)
    assert any(item.product and item.on_card and item.consent for item in items)
