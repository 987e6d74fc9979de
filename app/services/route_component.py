"""Chooses the target of a component by the plant's routes: when it becomes ready, and when that is away.

What was chosen is written down with the component's moves, so that its story says why it went where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.clock import Clock
from app.domain.component import Component, make_up_of_card, make_up_of_product
from app.domain.insert import InsertState
from app.domain.piece import Piece, PieceKind
from app.domain.product import Product
from app.domain.route import Fallback, Names, Route, choose, fallback_of, faults
from app.domain.template import CardTemplate
from app.errors import SetupError, Violation
from app.services.brands_in_force import BrandsInForce
from app.store.database import Transaction

FALLBACK = "the fallback of the route"
"""Stands in the reason of every move to a fallback."""


def check_routes(routes: Sequence[Route], known: Names) -> None:
    """Hold the plant's routes to the names that there are.

    Raises:
        SetupError: with every fault: a name that is not there, a route that is never reached.
    """
    if wrong := faults(routes, known):
        raise SetupError(
            f"the routes cannot be used: {'; '.join(wrong)}",
            mend="correct them in TIPIN_ROUTES",
            violations=tuple(Violation("/routes", fault) for fault in wrong),
        )


class RouteComponent:
    """Chooses by the rules in the settings."""

    def __init__(
        self,
        *,
        routes: Sequence[Route],
        brands: BrandsInForce,
        templates: Mapping[str, CardTemplate],
        products: Mapping[str, Product],
        clock: Clock,
    ) -> None:
        self._routes = routes
        self._brands = brands
        self._templates = templates
        self._products = products
        self._clock = clock

    def __call__(self, tx: Transaction, component: Component) -> Component:
        """Send a component that has just become ready to its target.

        Args:
            tx: the transaction in which it became ready.
            component: as it is stored now.

        Returns:
            The component with its target.
        """
        piece = self._piece(component)
        if piece is None or not self._routes:
            return component
        choice = choose(self._routes, piece, own=self._own(tx, component))
        return self._send(tx, component, choice.target, reason=f"goes to {choice.target} by {choice.reason}")

    def fallback(self, tx: Transaction, component: Component) -> Fallback | None:
        """What stands in for the target that a component was sent to; None where nothing does."""
        piece = self._piece(component)
        if piece is None or not self._routes:
            return None
        return fallback_of(self._routes, piece, target=component.target, own=self._own(tx, component))

    def to_fallback(
        self, tx: Transaction, component: Component, fallback: Fallback, *, why: str
    ) -> Component:
        """Send a component to the target that stands in for its own; `why` is what is wrong with that."""
        reason = f"goes to {fallback.target}, {FALLBACK} {fallback.route}: {why}"
        return self._send(tx, component, fallback.target, reason=reason)

    @staticmethod
    def _send(tx: Transaction, component: Component, target: str, *, reason: str) -> Component:
        tx.components.send_to(component, target, reason=reason)
        return replace(component, state=InsertState.READY, target=target, reason=reason)

    def _own(self, tx: Transaction, component: Component) -> str:
        return self._brands(tx, component.brand).target

    def _piece(self, component: Component) -> Piece | None:
        """What rules ask of a component; None where its design is not here any more, which others tell."""
        if component.is_insert:
            template = self._templates.get(component.design)
            made = None if template is None else make_up_of_card(template)
        else:
            product = self._products.get(component.design)
            made = None if product is None else make_up_of_product(product)
        if made is None:
            return None
        return Piece.due(
            kind=PieceKind.INSERT if component.is_insert else PieceKind.ITEM,
            design=component.design,
            stock=made.stock,
            size=made.trim,
            brand=component.brand,
            needed_by=component.needed_by,
            now=self._clock.now(),
        )
