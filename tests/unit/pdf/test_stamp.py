"""Stamping: one content stream a side, of operators that name what the file defines."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.domain.template import Role
from app.errors import ArtworkUnusable, TextDoesNotFit
from app.pdf.codes.cards import codes_of
from app.pdf.compiled import Compiled, Look, compile_beginning
from app.pdf.file.fonts import FontUses
from app.pdf.file.objects import ObjectFile
from app.pdf.stamp import Stamp, Stamper
from app.pdf.typefaces import Typefaces
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN, card, wording


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    profile = load_profiles(PROFILES)[card().profile]
    (compiled,) = compile_beginning(profile, [(Look.of(PLAIN, card()), None)]).looks
    return compiled


def test_each_side_begins_with_its_art_and_is_ascii(typefaces: Typefaces, compiled: Compiled) -> None:
    front, back = Stamper(typefaces).stamp(card(), compiled, FontUses(compiled.profile))
    assert front.startswith(f"/{compiled.art[0].resource} Do\n".encode())
    assert back.startswith(f"/{compiled.art[1].resource} Do\n".encode())
    assert front.isascii()
    assert back.isascii()


def test_every_text_stands_between_bt_and_et(typefaces: Typefaces, compiled: Compiled) -> None:
    for content in Stamper(typefaces).stamp(card(), compiled, FontUses(compiled.profile)):
        assert content.count(b"BT\n") == content.count(b"ET Q\n") > 0


def test_cards_stamped_together_are_as_each_by_itself(typefaces: Typefaces, compiled: Compiled) -> None:
    soft = card(texts={**card().texts, Role.FACTS: "Für Ťuk soft"})
    cards = [card(seed=seed) for seed in range(9)] + [soft, card(wordings=())]
    uses, each_uses = FontUses(compiled.profile), FontUses(compiled.profile)
    stamps = [Stamp(each, compiled, codes_of(PLAIN, each)) for each in cards]
    *together, refused = Stamper(typefaces).stamp_all(stamps, uses)
    stamper = Stamper(typefaces)
    assert together == [stamper.stamp(each, compiled, each_uses) for each in cards[:-1]]
    assert isinstance(refused, TextDoesNotFit)
    written = []
    for shown in (uses, each_uses):
        file = ObjectFile(header=b"")
        written.append((shown.write(file), b"".join(file.parts)))
    assert written[0] == written[1]


def test_codes_that_a_file_gives_are_its_own(typefaces: Typefaces, compiled: Compiled) -> None:
    """What is kept of a fixed text for one file must not be shown in another, which numbers otherwise."""
    stamper = Stamper(typefaces)

    def stamped(uses: FontUses, *imprints: str) -> bytes:
        cards = [card(texts={**card().texts, Role.FACTS: imprint}) for imprint in imprints]
        return [b"".join(stamper.stamp(each, compiled, uses)) for each in cards][-1]

    alone = stamped(FontUses(compiled.profile), "A different office")
    behind = stamped(FontUses(compiled.profile), "Für Ťuk soft", "A different office")
    assert alone != behind
    assert stamped(FontUses(compiled.profile), "A different office") == alone
    front = b"".join(stamper.stamp(card(), compiled, FontUses(compiled.profile)))
    assert alone.count(b" Tf") == front.count(b" Tf"), "one choice of font a text, late codes or not"


def test_an_emoji_is_refused_where_it_would_print_as_steps(typefaces: Typefaces, compiled: Compiled) -> None:
    asked = card(wordings=(wording(greeting="Dear Anna \u2615,"),))
    Stamper(typefaces).stamp(asked, compiled, FontUses(compiled.profile))
    fine = replace(compiled, profile=replace(compiled.profile, resolution_error=2400.0))
    with pytest.raises(ArtworkUnusable, match=r"an emoji at .* pt would have under 2400 ppi"):
        Stamper(typefaces).stamp(asked, fine, FontUses(fine.profile))


def test_emoji_are_shown_by_a_font_of_their_own(typefaces: Typefaces, compiled: Compiled) -> None:
    uses = FontUses(compiled.profile)
    asked = card(wordings=(wording(message="Coffee \u2615 and \u2764\ufe0f, but \u2615\ufe0e in type."),))
    content = b"".join(Stamper(typefaces).stamp(asked, compiled, uses))
    assert content.count(b"/noto-color-emoji-") == 2
    file = ObjectFile()
    entry = uses.write(file)
    assert entry.count("/noto-color-emoji-") == len(set(re.findall(rb"/noto-color-emoji-\d+", content)))
    assert b"".join(file.parts).count(b"/Subtype/Image") == 4, "two pictures with their masks"
