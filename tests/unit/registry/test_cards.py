from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.template import Role
from app.errors import SetupError
from app.registry.cards import load_cards
from tests.damaged import copied, damage, load

CARDS = Path(__file__).parents[2] / "data" / "cards"


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """A copy of the test family that a test may damage."""
    return copied(tmp_path)


def test_reads_the_whole_family(family: Path) -> None:
    card = load(family)
    assert card.trim == (105.0, 148.0)
    assert [side.name for side in card.sides] == ["front", "back"]
    assert {frame.role for frame in card.sides[1].frames} >= {Role.MESSAGE, Role.QR, Role.DATA_MATRIX}
    assert card.languages == {"en"}
    assert card.labels["en"]["qr_label"] == "Say hello"
    assert card.sides[0].art["first"] == family / "art/first.svg"


def test_a_wording_takes_the_greetings_of_its_file(family: Path) -> None:
    wording = load(family).variant("first-plain", "en")
    assert wording.greeting == "Dear {given_name},"
    assert wording.greeting_unnamed == "Hello,"


def test_a_folder_that_does_not_exist_holds_no_cards(tmp_path: Path) -> None:
    assert load_cards(tmp_path / "none") == {}


def test_the_same_name_in_two_folders_is_refused(family: Path) -> None:
    with pytest.raises(SetupError, match="there twice"):
        load_cards(CARDS, family.parent)


FAULTS = {
    "unknown role": ("template.toml", 'role = "headline"', 'role = "headlnie"', r"template.toml:\d+: .*role"),
    "unknown key": ("template.toml", "grid =", "gird =", r"template\.toml:\d+: gird.*mind its spelling"),
    "outside safe zone": ("template.toml", "[9, 100, 87, 30]", "[2, 100, 87, 30]", "leaves the safe zone"),
    "below safe zone": ("template.toml", "[9, 136, 50, 5]", "[9, 142, 50, 5]", "facts frame leaves"),
    "unknown colour": ("template.toml", 'colour = "ink"', 'colour = "teal"', "'teal' is no palette colour"),
    "sizes swapped": ("template.toml", "size = [16, 24]", "size = [24, 16]", "smallest size is over"),
    "role twice": ("template.toml", 'role = "message"', 'role = "greeting"', "'greeting' is there twice"),
    "follows no text": (
        "template.toml",
        'role = "signature"',
        'role = "signature"\nfollows = "qr"',
        "no qr text",
    ),
    "missing art": ("template.toml", "art/first.svg", "art/door.svg", "art/door.svg does not exist"),
    "art elsewhere": ("template.toml", "art/first.svg", "../x.svg", "outside the template"),
    "no art for others": (
        "template.toml",
        '"*" = "art/back.svg"',
        'first = "art/back.svg"',
        "occasions not named",
    ),
    "unknown colour in art": ("art/back.svg", "stroke-brand-tint", "stroke-teal", "unknown colours: teal"),
    "art not in mm": ("art/back.svg", "0 0 111 154", "0 0 1110 1540", "needs viewBox"),
    "slot of unknown type": ("template.toml", 'story = "text"', 'story = "money"', r"slots\.story"),
    "broken pattern": ("messages/en.toml", "Dear {given_name},", "Dear {given_name,", "no ICU MessageFormat"),
    "straight apostrophe": ("messages/en.toml", "You came back", "It's you", "straight apostrophe"),
    "undeclared slot": ("messages/en.toml", "You came back", "{shoe_size} again", "{shoe_size} is no slot"),
    "slot not required": ("messages/en.toml", 'requires = ["category"]', "", "{category} is not among"),
    "requires nothing known": (
        "messages/en.toml",
        'requires = ["category"]',
        'requires = ["category", "hat"]',
        "hat is no",
    ),
    "text as a number": (
        "messages/en.toml",
        "{category} from us",
        "{category, number} from us",
        "used as a number",
    ),
    "unknown stage": (
        "messages/en.toml",
        'occasion = "first"',
        'occasion = "first"\nstages = ["old"]',
        "'old' is no stage",
    ),
    "id twice": ("messages/en.toml", '"win-back-plain"', '"first-plain"', "'first-plain' is there twice"),
    "shorter unknown": (
        "messages/en.toml",
        'shorter = "first-short"',
        'shorter = "first-shrt"',
        "no wording 'first-shrt'",
    ),
    "shorter of another": (
        "messages/en.toml",
        'shorter = "first-short"',
        'shorter = "win-back-plain"',
        "speaks of win_back",
    ),
    "shorter circle": (
        "messages/en.toml",
        'shorter = "first-short"',
        'shorter = "first-plain"',
        "back to itself",
    ),
    "label missing": ("messages/en.toml", 'qr_label = "Say hello"', "", "labels.qr_label: is missing"),
    "label with a slot": ("messages/en.toml", "Say hello", "Say {given_name}", "which a label does not have"),
    "asking recovery": (
        "messages/en.toml",
        'occasion = "after_delay"',
        'occasion = "after_delay"\nintents = ["ask"]',
        "wants something on a recovery card",
    ),
    "no intent": (
        "messages/en.toml",
        'occasion = "after_delay"',
        'occasion = "after_delay"\nintents = []',
        "intents: has too few values",
    ),
    "asking fallback": (
        "messages/en.toml",
        'id = "first-short"',
        'id = "first-short"\nintents = ["ask"]',
        "first-short wants more of its reader",
    ),
    "loud recovery": ("messages/en.toml", "I am sorry for that.", "Sorry!", "raises its voice"),
    "no generic card": (
        "messages/en.toml",
        'occasion = "generic"',
        'occasion = "first"',
        "no wording for 'generic'",
    ),
    "sample of no wording": (
        "samples.toml",
        'occasion = "new_category"',
        'occasion = "new"',
        "no wording speaks of 'new'",
    ),
    "sample of wrong type": ("samples.toml", "nth_year = 23", 'nth_year = "23"', "nth_year must be a number"),
    "sample of no slot": ("samples.toml", "nth_year = 23", "nth = 23", "nth is no slot"),
    "not TOML": ("samples.toml", "[[samples]]", "[[samples", "is not TOML"),
}


@pytest.mark.parametrize(("name", "old", "new", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named(family: Path, name: str, old: str, new: str, says: str) -> None:
    damage(family, name, old, new)
    with pytest.raises(SetupError, match=says):
        load(family)


def test_a_language_must_speak_of_every_occasion(family: Path) -> None:
    words = (family / "messages/en.toml").read_text(encoding="utf-8")
    (family / "messages/de.toml").write_text(words.replace('"win_back"', '"generic"'), encoding="utf-8")
    with pytest.raises(SetupError, match=r"de\.toml has no wording for 'win_back'"):
        load(family)


def test_all_faults_of_a_file_are_told_at_once_with_their_lines(family: Path) -> None:
    damage(family, "template.toml", '"art/first.svg"', '"art/x.svg"')
    damage(family, "template.toml", "box = [9, 136, 50, 5]", "box = [9, 146, 50, 5]")
    with pytest.raises(SetupError) as caught:
        load(family)
    lines = (family / "template.toml").read_text(encoding="utf-8").splitlines()
    line = lines.index("box = [9, 146, 50, 5]") + 1
    assert len(caught.value.violations) == 2
    assert any(f"template.toml:{line}: sides.1.frames.4.box" in v.pointer for v in caught.value.violations)
    assert caught.value.mend
