"""The parts that a request handler or a command works with, put together once by `wiring`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.clock import Clock
from app.domain.occasion import Occasion
from app.domain.product import Product
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.services.bench_desk import BenchDesk
from app.services.brand_desk import BrandDesk
from app.services.brands_in_force import BrandsInForce
from app.services.change_item import ChangeItem
from app.services.expire_photos import ForgetPhoto
from app.services.gang.sheet_desk import SheetDesk
from app.services.gang.waiting import SheetQueue
from app.services.hear_press import HearPress
from app.services.history.desk import HistoryDesk, ImportQueue
from app.services.keep_photo import KeepPhoto
from app.services.links import Links
from app.services.manage_rules import ManageRules
from app.services.picture_item import ItemAlbum
from app.services.ports import Background, TargetQueue, TaskQueue
from app.services.preview_card import PreviewCard
from app.services.print_photo import PrintPhoto
from app.services.publish_rule import PublishRule
from app.services.recall_piece import RecallPiece
from app.services.receive_body import ReceiveBody
from app.services.record_report import RecordReport
from app.services.release_insert import ReleaseInsert
from app.services.replay_dead_letter import ReplayDeadLetter
from app.services.simulate_rule import SimulateRule
from app.services.target_desk import TargetDesk
from app.services.token_buckets import TokenBuckets
from app.services.try_photo import TryPhoto
from app.services.understand_body import UnderstandBody
from app.settings import Settings
from app.store.artifacts import ArtifactStore
from app.store.database import Store
from app.store.secret import PlantSecret


class DeskQueue(TaskQueue, TargetQueue, ImportQueue, SheetQueue, Protocol):
    """The tasks that a request can start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything made at start-up. `background` is started and stopped together with the web service."""

    settings: Settings
    clock: Clock
    store: Store
    artifacts: ArtifactStore
    secret: PlantSecret
    brands: BrandsInForce
    brand_desk: BrandDesk
    templates: Mapping[str, CardTemplate]
    profiles: Mapping[str, PressProfile]
    occasions: Mapping[str, Occasion]
    products: Mapping[str, Product]
    keep_photo: KeepPhoto
    print_photo: PrintPhoto
    try_photo: TryPhoto
    forget_photo: ForgetPhoto
    change_item: ChangeItem
    previews: PreviewCard
    album: ItemAlbum
    links: Links
    understand: UnderstandBody
    record: RecordReport
    receive: ReceiveBody
    rules: ManageRules
    simulate: SimulateRule
    publish: PublishRule
    release: ReleaseInsert
    replay: ReplayDeadLetter
    hear: HearPress
    rates: TokenBuckets
    history: HistoryDesk
    targets: TargetDesk
    recall: RecallPiece
    bench: BenchDesk
    sheets: SheetDesk
    background: tuple[Background, ...] = ()
