from __future__ import annotations

from pathlib import Path

from app.demo.credentials import load_or_draw


def test_credentials_are_drawn_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "demo.json"
    drawn = load_or_draw(path)
    assert load_or_draw(path) == drawn
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_plants_share_no_secret(tmp_path: Path) -> None:
    one, other = load_or_draw(tmp_path / "one.json"), load_or_draw(tmp_path / "other.json")
    assert one.password != other.password
    assert one.api_key != other.api_key
    assert one.shopify_secret != other.shopify_secret
