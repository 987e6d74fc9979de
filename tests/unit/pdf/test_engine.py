"""Rendering one card: the same bytes each time, or an error that names what and where."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from app.domain.card import Card, Wording
from app.domain.template import Role
from app.errors import ArtworkUnusable, MissingGlyph, RenderError, SetupError, TextDoesNotFit
from app.pdf.engine import Renderer
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN, card, wording


def test_the_same_card_gives_the_same_bytes(renderer: Renderer) -> None:
    assert renderer.render(PLAIN, card(), None) == renderer.render(PLAIN, card(), None)


def test_another_seed_is_another_writing(renderer: Renderer) -> None:
    assert renderer.render(PLAIN, card(seed=1), None) != renderer.render(PLAIN, card(seed=2), None)


def test_the_file_says_version_and_standard(renderer: Renderer) -> None:
    pdf = renderer.render(PLAIN, card(), None)
    assert pdf.startswith(b"%PDF-1.6\n")
    assert b"<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" in pdf
    assert b"2026-03-04T09:30:00Z" in pdf


def test_a_shorter_wording_is_taken_when_the_first_does_not_fit(renderer: Renderer) -> None:
    long, short = wording(message="far too much said here " * 60), wording(message="Thank you.")
    fallen_back = renderer.render(PLAIN, card(wordings=(long, short)), None)
    assert fallen_back == renderer.render(PLAIN, card(wordings=(short,)), None)


def test_what_does_not_fit_names_its_frame_and_how_much_it_is(renderer: Renderer) -> None:
    long = wording(message="far too much said here " * 60)
    with pytest.raises(
        TextDoesNotFit, match=r"the message on the back has 1379 characters.*87 × 63 mm.*11 pt"
    ):
        renderer.render(PLAIN, card(wordings=(long,)), None)


@pytest.mark.parametrize("name", ["W" * 10_000, "w" * 80, "long name " * 1000])
def test_a_name_that_cannot_be_set_is_an_error(renderer: Renderer, name: str) -> None:
    with pytest.raises(TextDoesNotFit, match="the headline on the front"):
        renderer.render(PLAIN, card(wordings=(wording(headline=name),)), None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Zo\u0000e", r"U\+0000 \(a control character\) is character 3 of the greeting on the back"),
        ("Z\ud800", r"U\+D800 \(half of a surrogate pair\)"),
        ("Z\ufffd", r"U\+FFFD \(REPLACEMENT CHARACTER\)"),
        ("Dear \U00012000", r"U\+12000 \(CUNEIFORM SIGN A\) is character 6"),
    ],
)
def test_a_character_that_cannot_be_drawn_is_named(renderer: Renderer, text: str, named: str) -> None:
    with pytest.raises(MissingGlyph, match=named):
        renderer.render(PLAIN, card(wordings=(wording(greeting=text),)), None)


def test_markup_is_only_text(renderer: Renderer) -> None:
    pdf = renderer.render(PLAIN, card(wordings=(wording(greeting="Dear <script>, (x) \\ %"),)), None)
    assert b"<script>" not in pdf


def test_overrides_in_a_name_change_nothing(renderer: Renderer) -> None:
    forged = card(wordings=(wording(greeting="Dear \u202eAnna\u202c,"),))
    assert renderer.render(PLAIN, forged, None) == renderer.render(PLAIN, card(), None)


def test_a_signature_must_be_the_one_that_the_card_names(renderer: Renderer) -> None:
    with pytest.raises(ArtworkUnusable, match="not the one that the card names"):
        renderer.render(PLAIN, card(signature="0" * 64), b"something else")


def test_an_unknown_profile_is_a_set_up_error(renderer: Renderer) -> None:
    with pytest.raises(SetupError, match="no press profile 'newsprint'"):
        renderer.render(PLAIN, card(profile="newsprint"), None)


def test_an_unknown_typeface_is_a_set_up_error(renderer: Renderer) -> None:
    with pytest.raises(SetupError, match="no typeface 'claw'"):
        renderer.render(PLAIN, card(hand="claw"), None)


def test_an_empty_text_draws_nothing(renderer: Renderer) -> None:
    bare = replace(card(), texts={Role.SIGNER: ""})
    assert len(renderer.render(PLAIN, bare, None)) < len(renderer.render(PLAIN, card(), None))


def test_a_link_too_long_for_its_frame_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(ArtworkUnusable, match=r"the QR code on the back has .* modules a side"):
        renderer.render(PLAIN, card(qr="https://acorn.example/" + "x" * 800), None)


def test_cards_and_wordings_are_what_the_engine_takes() -> None:
    made = card()
    assert isinstance(made, Card)
    assert all(isinstance(each, Wording) for each in made.wordings)


def test_threads_share_one_engine(renderer: Renderer) -> None:
    cards = [card(seed=seed, hand=hand) for seed in range(6) for hand in ("hand", "hand-brisk")]
    alone = [renderer.render(PLAIN, each, None) for each in cards]
    fresh = Renderer(fonts=own_fonts(), profiles=load_profiles(PROFILES))
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: fresh.render(PLAIN, each, None), cards))
    assert together == alone


@pytest.mark.parametrize(
    ("changes", "frame"),
    [
        ({"wordings": (wording(message="far too much said here " * 60),)}, "the message on the back"),
        ({"wordings": (wording(greeting="Dear \U00012000"),)}, "the greeting on the back"),
        ({"qr": "https://acorn.example/" + "x" * 800}, "the QR code on the back"),
    ],
)
def test_an_error_knows_its_frame(renderer: Renderer, changes: dict[str, Any], frame: str) -> None:
    with pytest.raises(RenderError) as caught:
        renderer.render(PLAIN, card(**changes), None)
    assert caught.value.frame == frame
