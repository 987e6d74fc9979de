"""A designer's slips with frames: each is told with its file and line, what is wrong and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import SetupError
from tests.damaged import copied, damage, load

HEADLINE = "box = [9, 100, 87, 30]"
QR = 'role = "qr"\nbox = [80, 120, 15, 15]'
FAULTS = {
    "no width": (HEADLINE, "box = [9, 100, 0, 30]", "headline frame is 0 × 30 mm, and holds nothing"),
    "negative height": (HEADLINE, "box = [9, 100, 87, -3]", "headline frame is 87 × -3 mm"),
    "off the card": (HEADLINE, "box = [300, 100, 87, 30]", "lies outside the card, which is 105 × 148 mm"),
    "in points": (HEADLINE, "box = [25, 283, 246, 85]", "lies outside the card"),
    "over the safe zone": (
        HEADLINE,
        "box = [9, 120, 87, 30]",
        "leaves the safe zone, which is x 5 to 100 mm",
    ),
    "three numbers": (HEADLINE, "box = [9, 100, 87]", r"box\.3: is missing"),
    "a number in quotes": (HEADLINE, 'box = [9, 100, "wide", 30]', r"box\.2: 'wide' is not a number"),
    "infinite": (HEADLINE, "box = [9, 100, inf, 30]", r"box\.2: inf is not a number"),
    "type too small": ("size = [6.5, 8]", "size = [3, 8]", "3 pt cannot be read on paper"),
    "type in mm": ("size = [6.5, 8]", "size = [0, 8]", r"size\.0: 0 must be over 0"),
    "too low for a line": (
        "box = [9, 131, 30, 4]",
        "box = [9, 131, 30, 1]",
        "1 mm high, too low for a line of 5 pt",
    ),
    "lines too tight": ("leading = 9.0", "leading = 4.0", "lines 4 mm apart run into each other at 24 pt"),
    "text on the QR": (
        "box = [9, 136, 50, 5]",
        "box = [40, 130, 50, 5]",
        "facts frame reaches into the QR code",
    ),
    "code on code": ("box = [62, 125, 8, 8]", "box = [75, 125, 8, 8]", "reaches into the QR code"),
    "text on the QR once mirrored": (
        QR,
        f"{QR}\nmirror = false",
        r"job_code frame reaches into the QR code.*quiet zone stays white",
    ),
    "a signature that rises into the QR": (
        'role = "signature"\nbox = [9, 90, 50, 14]',
        'role = "signature"\nfollows = "message"\nbox = [60, 136, 36, 4]',
        "signature frame reaches into the QR code.*rise",
    ),
    "following one that follows": (
        'role = "signer"',
        'role = "signer"\nfollows = "signer"',
        "no signer text from its frame's top",
    ),
    "align": ('align = "centre"', 'align = "center"', r"align: 'center' is none of 'start', 'end'"),
    "vertical": ('vertical = "middle"', 'vertical = "centre"', r"'centre' is none of 'top', 'middle'"),
    "mirror in words": (QR, f'{QR}\nmirror = "perhaps"', r"mirror: 'perhaps' is neither true nor false"),
    "colour by hand": ('colour = "ink"', 'colour = "#333"', "'#333' is no palette colour"),
    "one side too many": (
        '[[sides]]\nname = "front"',
        '[[sides]]\nname = "x"\nart = {}\nframes = []\n[[sides]]\nname = "front"',
        "sides: has too many values: 3",
    ),
    "trim in pixels": ("trim = [105, 148]", "trim = [1240, 1748]", "1240 × 1748 mm is no card"),
    "safe zone over all": ("safe = 5", "safe = 60", "60 mm from each edge leave no room"),
    "bleed in points": ("bleed = 3\n", "bleed = 30\n", "30 mm is no bleed"),
    "bleed below nothing": ("bleed = 3\n", "bleed = -3\n", "bleed: -3.* must be at least 0"),
    "misspelt key": ("leading = 9.0", "leeding = 9.0", "did you mean leading"),
    "title a number": ('title = "Plain test card"', "title = 7", "title: 7 is not text"),
    "slots a list": ("[slots]\n", 'slots = ["x"]\n[slot]\n', "slots: is not a table"),
}


@pytest.mark.parametrize(("old", "new", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_slip_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    family = copied(tmp_path)
    damage(family, "template.toml", old, new)
    with pytest.raises(SetupError, match=says) as caught:
        load(family)
    assert "template.toml:" in str(caught.value)
    assert caught.value.mend


def test_a_frame_beside_a_code_is_let_be(tmp_path: Path) -> None:
    family = copied(tmp_path)
    damage(family, "template.toml", "box = [9, 136, 50, 5]", "box = [9, 135, 86, 5]")
    damage(family, "template.toml", "box = [70, 136, 26, 4]", "box = [70, 139, 26, 4]")
    load(family)


def test_the_line_is_the_boxs_own(tmp_path: Path) -> None:
    family = copied(tmp_path)
    line = damage(family, "template.toml", HEADLINE, "box = [9, 100, 0, 30]")
    with pytest.raises(SetupError, match=rf"template\.toml:{line}: sides\.0\.frames\.0\.box"):
        load(family)
