"""Tells which pieces can share a sheet, on which paper, and how many of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.domain.component import Component, MakeUp, make_up_of_card, make_up_of_product
from app.domain.gang_sheet import GangRule, SheetForm
from app.domain.product import Product
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import SetupError
from app.pdf.impose.layout import Layout, Piece, lay_out
from app.pdf.item import product_profile


@dataclass(frozen=True, slots=True)
class Ganging:
    """How pieces of a kind share sheets. `product` is None where they are cards."""

    kind: str
    """What they have in common beside the form: pieces that are alike in both share sheets."""
    form: SheetForm
    profile: PressProfile
    product: Product | None
    room: int
    made_up: MakeUp
    each: int
    """Places that one piece takes with its copies: see `Product.places`."""


class Kinds:
    """Looks at pieces by the templates, products and presses of this plant, and how targets want sheets."""

    def __init__(
        self,
        *,
        rules: Mapping[str, GangRule],
        templates: Mapping[str, CardTemplate],
        products: Mapping[str, Product],
        profiles: Mapping[str, PressProfile],
    ) -> None:
        """`rules` holds the targets that want sheets."""
        self._rules = rules
        self._templates = templates
        self._products = products
        self._profiles = profiles

    def share(self, component: Component) -> bool:
        """Whether a piece shares a sheet at its target, rather than going there alone."""
        return self.of(component) is not None

    def of(self, component: Component) -> Ganging | None:
        """How a piece shares sheets at its target; None where it goes there alone."""
        rule = self._rules.get(component.target)
        return None if rule is None else self._by(component, rule)

    def on(self, component: Component, form: SheetForm) -> Ganging | None:
        """How a piece shares a sheet of a given form, whatever its target wants by now."""
        rule = GangRule(
            sheet=form.sheet, margin=form.margin, gap=form.gap, order=form.order, sheets=form.sheets
        )
        return self._by(component, rule)

    def closing(self, component: Component) -> GangRule:
        """The rule of a piece's target, that says when its sheets close."""
        return self._rules[component.target]

    def _by(self, component: Component, rule: GangRule) -> Ganging | None:
        product = None if component.is_insert else self._products.get(component.design)
        template = self._templates.get(component.design) if component.is_insert else None
        if product is not None:
            made, gang = make_up_of_product(product), product.gang
            profile = product_profile(product, self._profiles[product.profile])
            sheet, margin, gap, alike = gang.sheet, gang.margin, gang.gap, product.name
            each = component.copies * product.places
        elif template is not None:
            made, profile = make_up_of_card(template), self._profiles[template.profile]
            sheet, margin, gap, alike = profile.sheet, profile.sheet_margin, made.bleed, profile.name
            each = component.copies
        else:
            return None
        foot = product.foot if product else 0.0
        apart = gap if rule.gap is None else rule.gap
        form = SheetForm(
            sheet=rule.sheet or sheet,
            margin=margin if rule.margin is None else rule.margin,
            trim=made.trim,
            bleed=made.bleed,
            gap=max(apart, 2 * made.bleed + foot) if foot else apart,
            order=rule.order,
            sheets=rule.sheets,
            two_sided=made.pages > 1 if product is None else product.two_sided,
            foot=foot,
        )
        try:
            room = form.sheets * layout_of(form).count
        except SetupError:
            return None
        kind = ", ".join(filter(None, (alike, made.stock, made.quality)))
        return Ganging(kind, form, profile, product, room, made, each) if each <= room else None


@lru_cache(maxsize=64)
def layout_of(form: SheetForm) -> Layout:
    """How pieces stand on a sheet of that form.

    Raises:
        SetupError: not one fits, or there would be too many.
    """
    return lay_out(form.sheet, form.margin, Piece(form.trim, form.bleed, form.foot), form.gap)
