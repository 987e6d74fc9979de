from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from app.web.pages.rendering import STATIC
from app.web.pages.text import plain, short
from tests.desk import Plant
from tests.sent import Sent

PAGES = ["/desk/sign-in", "/desk/orders", "/desk/nowhere", "/desk/orders/none"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_nonce_is_fresh_and_every_script_has_it(client: TestClient) -> None:
    seen = set()
    for _ in range(2):
        answer = client.get("/desk/orders")
        found = re.search(r"script-src 'nonce-([^']+)'", answer.headers["content-security-policy"])
        assert found
        seen.add(found[1])
        tags = re.findall(r"<(?:script|link rel=\"stylesheet\")[^>]*>", answer.text)
        assert tags
        assert all(f'nonce="{found[1]}"' in tag for tag in tags)
    assert len(seen) == 2


def test_no_page_needs_what_the_policy_forbids(client: TestClient, plant: Plant) -> None:
    sent = plant.print(Sent(number="N-1"))
    plant.send(sent)
    for path in [*PAGES, f"/desk/orders/{sent.order_id}"]:
        page = client.get(path).text
        assert not re.search(r"<[^>]+ style=", page)
        assert not re.search(r"<[^>]+ on[a-z]+=", page)


def test_static_files_are_kept_by_their_version(client: TestClient) -> None:
    found = re.search(r'href="(/desk/static/page\.css\?v=[0-9a-f]{12})"', client.get("/desk/orders").text)
    assert found
    answer = client.get(found[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/desk/static/../application.py").status_code == 404


def test_scripts_never_build_html_from_strings() -> None:
    for script in STATIC.glob("*.js"):
        source = script.read_text()
        assert "eval(" not in source
        assert "document.write" not in source
        assert "insertAdjacentHTML" not in source
        assert source.count("innerHTML") == (1 if script.name == "live.js" else 0)


def test_an_unknown_page_is_not_found_in_words(client: TestClient) -> None:
    answer = client.get("/desk/nowhere")
    assert answer.status_code == 404
    assert "there is no such page" in answer.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jonna Lindqvist", "Jonna Lindqvist"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\x00b\x1b", "a␀b␛"),
        ("\x7f\x85", "␡⟨U+0085⟩"),
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("\u2066in\u2069", "⟨U+2066⟩in⟨U+2069⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\u2028", "⟨U+2028⟩"),
        ("أمينة", "أمينة"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_every_character_shows_and_none_moves_another(text: str, shown: str) -> None:
    assert plain(text) == shown
    plain(text).encode()


def test_a_text_is_cut_with_an_ellipsis() -> None:
    assert short("12345", 5) == "12345"
    assert short("123456", 5) == "1234…"
