from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.template import CardTemplate
from app.errors import SetupError
from app.registry.brand_names import check_brands
from app.registry.brands import load_brands
from app.registry.cards import load_card, load_cards
from tests.own_words import own_words

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the test brand that a test may damage."""
    return Path(shutil.copytree(DATA / "brands/acorn", tmp_path / "acorn"))


def damage(folder: Path, old: str, new: str) -> None:
    path = folder / "brand.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_reads_a_brand() -> None:
    brand = load_brands(DATA / "brands")["acorn"]
    assert brand.key == "AC"
    assert brand.palette["ink"] == (0.0, 0.0, 0.0, 1.0)
    assert brand.category_of("CAL-A3") == "calendars"
    assert brand.policy.milestones == (23,)


def test_a_date_starts_at_midnight_in_the_brands_time_zone() -> None:
    brand = load_brands(DATA / "brands")["acorn"]
    assert brand.policy.history_complete_since == datetime(2014, 12, 31, 23, tzinfo=UTC)


FAULTS = {
    "key too long": ('key = "AC"', 'key = "ACO"', r"brand.toml:1: key"),
    "key not base32": ('key = "AC"', 'key = "IL"', r"key"),
    "time zone": ("Europe/Berlin", "Europe/Bärlin", "is no time zone"),
    "time zone path": ("Europe/Berlin", "../../etc", "is no time zone"),
    "currency": ('"EUR"', '"EUX"', "is no ISO 4217 currency"),
    "link scheme": ("https://", "http://", "is no https address"),
    "link slot": ("{order}", "{customer}", "is no https address"),
    "link length": ("hello/", "h" * 120, "is over 120 characters"),
    "palette lacks": ("quiet = [0, 0, 0, 0.6]", "", "palette: lacks quiet"),
    "palette unknown": ("quiet =", "teal = [0, 0, 0, 1]\nquiet =", "palette.teal: is no palette colour"),
    "ink over one": ("[0, 0, 0, 0.6]", "[0, 0, 0, 60]", r"palette\.quiet"),
    "language missing": ('languages = ["en"]', 'languages = ["en", "de"]', r"signer\.role\.de: is missing"),
    "language unknown": ("[imprint]", '[imprint]\nfr = "x"', r"imprint\.fr: is no language of the brand"),
    "signature missing": ("[signer]", '[signer]\nsignature = "ida.png"', "ida.png is not in the brand"),
    "signature elsewhere": ("[signer]", '[signer]\nsignature = "/etc/passwd"', "is not in the brand"),
    "category name": ('books = "books"', 'bokos = "books"', "no SKU prefix leads to it"),
    "milestone of one": ("milestones = [23]", "milestones = [1]", r"policy\.milestones"),
    "two places": ("milestones = [23]", 'order = ["first", "first"]', r"policy\.order\.1: first has place 1"),
    "off and first": (
        "milestones = [23]",
        'order = ["first"]\nswitched_off = ["first"]',
        r"policy\.order\.0: first has a place in the order and is switched off",
    ),
    "a channel's own": (
        "milestones = [23]",
        "milestones = [23]\n[policy.channels.etsy]\nsoft_skip = 40",
        r"policy\.channels\.etsy\.soft_skip: 40 must be at most 1",
    ),
    "unknown key": ("[policy]", "[policy]\nmilestone = 3", r"policy\.milestone"),
}


@pytest.mark.parametrize(("old", "new", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named(folder: Path, old: str, new: str, says: str) -> None:
    damage(folder, old, new)
    with pytest.raises(SetupError, match=says):
        load_brands(folder.parent)


def test_two_brands_cannot_share_a_key(folder: Path) -> None:
    shutil.copytree(folder, folder.parent / "oak")
    with pytest.raises(SetupError, match="share the code 'oak' or the key 'AC'"):
        load_brands(folder.parent)


def check(folder: Path, cards: dict[str, CardTemplate] | None = None) -> None:
    check_brands(
        load_brands(folder.parent),
        load_cards(DATA / "cards") if cards is None else cards,
        occasions={"first", "win_back"},
        targets={"hot-folder"},
        typefaces={"hand", "print"},
        products={"edible-cookie"},
    )


def test_a_brand_names_what_is_there(folder: Path) -> None:
    check(folder)
    with pytest.raises(SetupError, match="no card template 'plain'"):
        check(folder, {})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("milestones = [23]", 'switched_off = ["birtday"]', "no occasion 'birtday'"),
        ("milestones = [23]", 'order = ["win_bak", "first"]', "no occasion 'win_bak'"),
        ('"*" = "The', 'firts = "x"\n"*" = "The', "no occasion firts"),
        ('target = "hot-folder"', 'target = "press-9"', "the settings have no 'press-9'"),
        ("[signer]", '[signer]\ntypeface = "quill"', "no typeface 'quill'"),
    ],
)
def test_a_slip_in_a_name_is_told(folder: Path, old: str, new: str, says: str) -> None:
    damage(folder, old, new)
    with pytest.raises(SetupError, match=says):
        check(folder)


def test_gaps_are_told_in_days(folder: Path) -> None:
    damage(folder, "milestones = [23]", "milestones = [23]\nsoft_gap_days = 30")
    policy = load_brands(folder.parent)["acorn"].policy
    assert (policy.soft_gap, policy.recovery_gap) == (timedelta(days=30), timedelta(days=180))


def test_a_template_must_speak_the_brands_languages(folder: Path) -> None:
    text = (folder / "brand.toml").read_text(encoding="utf-8")
    for old, new in (
        ('languages = ["en"]', 'languages = ["en", "de"]'),
        ('role = { en = "packs your parcels" }', 'role = { en = "packs", de = "packt" }'),
        ("[imprint]", '[imprint]\nde = "Acorn"'),
        ("[category_names.en]", '[category_names.de]\nbooks = "Bücher"\n\n[category_names.en]'),
        ("[story.en]", '[story.de]\n"*" = "x"\n\n[story.en]'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "brand.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match="has no words in de"):
        check(folder)


def test_a_template_without_words_of_its_own_is_none_for_orders(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    letters = tmp_path_factory.mktemp("cards")
    cards = {"letter": load_card(own_words(letters))}
    damage(folder, 'template = "plain"', 'template = "letter"')
    with pytest.raises(SetupError, match="'letter' has no generic words in 'en'") as caught:
        check(folder, cards)
    assert "tipin render" in caught.value.mend
