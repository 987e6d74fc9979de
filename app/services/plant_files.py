"""The plant's own files beside the built-in ones: brands and card templates, as their folders say.

Nothing here opens a database or the print engine, so that a replay of a past stream starts at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.brand import Brand
from app.domain.occasion import Occasion, OccasionKind
from app.domain.template import CardTemplate
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.places import BRANDS, CARDS
from app.settings import Settings


def brand_files(settings: Settings) -> dict[str, Brand]:
    """The built-in demo brands, unless switched off, and the plant's own, as their folders say."""
    built_in = (BRANDS,) if settings.demo_brands else ()
    own = (settings.brands_dir,) if settings.brands_dir else ()
    return load_brands(*built_in, *own)


def card_files(settings: Settings, known: Mapping[str, Occasion]) -> dict[str, CardTemplate]:
    """The built-in card templates and the plant's own.

    Raises:
        SetupError: a template cannot be used.
    """
    recovery = {code for code, occasion in known.items() if occasion.kind is OccasionKind.RECOVERY}
    own = (settings.cards_dir,) if settings.cards_dir else ()
    return load_cards(CARDS, *own, recovery=recovery)
