"""What the pages work with, and how a handler asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.format import Format
from app.domain.occasion import Occasion
from app.domain.product import Product
from app.domain.profile import PressProfile
from app.domain.rule import PREFIX
from app.domain.template import CardTemplate
from app.services.accept_order import Accepted
from app.services.bench_desk import BenchDesk
from app.services.brand_desk import BrandDesk
from app.services.brands_in_force import BrandsInForce
from app.services.change_item import ChangeItem
from app.services.gang.sheet_desk import SheetDesk
from app.services.manage_rules import ManageRules
from app.services.picture_item import ItemAlbum
from app.services.preview_card import PreviewCard
from app.services.publish_rule import PublishRule
from app.services.recall_piece import RecallPiece
from app.services.record_report import Noted
from app.services.release_insert import ReleaseInsert
from app.services.sign_in import SignIn
from app.services.simulate_rule import SimulateRule
from app.services.target_desk import TargetDesk
from app.services.try_photo import TryPhoto
from app.store.artifacts import ArtifactStore
from app.store.database import Store
from app.web.pages.rendering import Renderer
from app.web.pages.throttle import Throttle
from app.web.trials import Trials


class Replay(Protocol):
    """Tries a kept body again; see `services.replay_dead_letter`."""

    def __call__(
        self, letter_id: int, *, scope: str, brand: str, source: str, about: str
    ) -> Accepted | Noted:
        """Accept the order in it or record what it tells, or raise `Kept`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything behind the pages, put together once."""

    store: Store
    artifacts: ArtifactStore
    previews: PreviewCard
    album: ItemAlbum
    products: Mapping[str, Product]
    try_photo: TryPhoto
    change_item: ChangeItem
    sign_in: SignIn
    throttle: Throttle
    render: Renderer
    brand_desk: BrandDesk
    cards: Mapping[str, CardTemplate]
    profiles: Mapping[str, PressProfile]
    occasions: Mapping[str, Occasion]
    formats: Mapping[str, Format]
    replay: Replay
    rules: ManageRules
    simulate: SimulateRule
    targets: TargetDesk
    sheets: SheetDesk
    publish: PublishRule
    release: ReleaseInsert
    recall: RecallPiece
    bench: BenchDesk
    count_scan: Callable[[str, str], None]
    """Counts a scan by brand and verdict."""
    trials: Trials
    clock: Clock
    public_url: str

    @property
    def in_force(self) -> BrandsInForce:
        """Finds brands within a transaction."""
        return self.brand_desk.brands

    @property
    def brands(self) -> Mapping[str, Brand]:
        """The brands as they are in force now, by code; asked of the database each time."""
        with self.store.reading() as tx:
            return self.in_force.all(tx)

    def titles(self, brand: str) -> dict[str, str]:
        """The titles of all occasions and of a brand's own rules, by code."""
        with self.store.reading() as tx:
            rules = tx.rules.titles(brand)
        return {code: occasion.title for code, occasion in self.occasions.items()} | rules

    def title_of(self, code: str, brand: str) -> str:
        """What people call an occasion or a rule; one that is gone is called by its code."""
        if code in self.occasions:
            return self.occasions[code].title
        if code.startswith(PREFIX) and code in (titles := self.titles(brand)):
            return titles[code]
        return code.removeprefix(PREFIX).replace("_", " ").replace("-", " ").capitalize()

    @property
    def tls(self) -> bool:
        """Whether browsers reach the pages over TLS."""
        return self.public_url.startswith("https:")


def get_desk(request: Request) -> Desk:
    """The parts made at start-up."""
    desk: Desk = request.app.state.desk
    return desk


DeskDep = Annotated[Desk, Depends(get_desk)]
