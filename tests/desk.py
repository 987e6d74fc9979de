"""The pages over a plant that tests fill straight through its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from unittest.mock import create_autospec

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import formats, occasions
from app.domain.access import ALL_BRANDS, Caller, Role
from app.domain.gang_sheet import GangRule
from app.domain.insert import InsertState
from app.domain.template import CardTemplate
from app.domain.ticket import Target
from app.errors import SetupError
from app.pdf.art.check import signature_faults
from app.pdf.impose.writer import SheetWriter
from app.pdf.preview import Picture, Wanted, draw
from app.pdf.typefaces import Typefaces
from app.registry.brand_names import KnownNames
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import load_fonts
from app.registry.places import BRANDS, CARDS, FONTS
from app.registry.plugins import discover
from app.services.accept_order import Accepted
from app.services.announce import Announce
from app.services.bench_desk import BenchDesk
from app.services.bench_health import BenchHealth
from app.services.brand_desk import BrandDesk
from app.services.brands_in_force import BrandsInForce
from app.services.change_item import ChangeItem
from app.services.create_brand import CreateBrand
from app.services.gang.files import GangFiles
from app.services.gang.kinds import Kinds
from app.services.gang.make_sheet import MakeSheet
from app.services.gang.outcome import SettleSheet
from app.services.gang.recall_sheet import RecallSheet
from app.services.gang.sheet_desk import SheetDesk
from app.services.gang.waiting import WaitForSheet
from app.services.gather_case import GatherCase
from app.services.manage_rules import ManageRules
from app.services.match_at_bench import MatchAtBench
from app.services.picture_item import ItemAlbum, PictureItem
from app.services.preview_card import PreviewCard
from app.services.publish_rule import PublishRule
from app.services.recall_piece import RecallPiece
from app.services.recognise_scan import RecogniseScan
from app.services.release_insert import ReleaseInsert
from app.services.reprint_piece import ReprintPiece
from app.services.rules_in_force import RulesInForce
from app.services.save_settings import SaveSettings
from app.services.set_signature import SetSignature
from app.services.sign_in import SignIn
from app.services.simulate_rule import SimulateRule
from app.services.target_desk import TargetDesk
from app.services.tell_bench import TellBench
from app.services.try_photo import TryPhoto
from app.services.two_worlds import TwoWorlds
from app.settings import TargetSettings
from app.store.artifacts import ArtifactStore
from app.store.database import Store
from app.web.pages.application import create_pages
from app.web.pages.desk import Desk
from app.web.pages.rendering import Renderer
from app.web.pages.throttle import Throttle
from app.web.trials import Trials
from tests.bench import SECRET as BENCH_SECRET
from tests.bench import Started
from tests.card_file import PREFLIGHT, card_pdf
from tests.reception import WrittenQueue
from tests.sent import NOW, Sent, put, put_many
from tests.sound_pdf import PROFILE

OPERATOR, PASSWORD = "Mina", "tip-in a leaf or two"
_CHEAP = hashlib.scrypt(PASSWORD.encode(), salt=b"salt", n=2, r=1, p=1, dklen=32)
HASH = f"scrypt$2$1$1${b'salt'.hex()}${_CHEAP.hex()}"
"""Costs nothing to check, since tests sign in hundreds of times."""
_BRANDS = load_brands(BRANDS)
_OCCASIONS = discover(occasions)
_CARDS = load_cards(CARDS)
_FORMATS = discover(formats)
_RENDERER = Renderer()
_URL = "http://127.0.0.1:8000/"
_TEMPLATE = CardTemplate(
    name="hearth",
    title="Hearth",
    folder=Path(),
    trim=(105.0, 148.0),
    bleed=3.0,
    safe=5.0,
    grid=4.5,
    profile="isocoated-v2-300",
    stock="300 g uncoated",
    sides=(),
    slot_types={},
    labels={},
    variants=(),
    samples=(),
)


class StoppedClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """The moment it is set to."""
        return self.at


@dataclass(slots=True)
class Plant:
    """Everything behind the pages, in one folder."""

    folder: Path
    clock: StoppedClock = field(default_factory=StoppedClock)
    drawn: list[float] = field(default_factory=list)
    """The resolution of every PDF that was drawn for the screen."""
    scans: list[tuple[str, str]] = field(default_factory=list)
    """Brand and verdict of every scan that was counted."""
    queue: Started = field(default_factory=Started)
    presses: dict[str, Target] = field(default_factory=dict)
    store: Store = field(init=False)
    artifacts: ArtifactStore = field(init=False)
    kinds: Kinds = field(init=False)
    """Cards of `hearth` share sheets at the hot folder."""

    def __post_init__(self) -> None:
        self.store = Store(f"sqlite:///{self.folder / 'tipin.db'}")
        self.store.create()
        self.artifacts = ArtifactStore(self.folder / "artifacts")
        self.kinds = Kinds(
            rules={"hot-folder": GangRule(sheet=(320.0, 450.0))},
            templates={"hearth": _CARDS["hearth"]},
            products={},
            profiles={PROFILE.name: PROFILE},
        )
        self.add_person(OPERATOR)

    def add_person(self, name: str, *, role: Role = Role.OPERATOR, brand: str = ALL_BRANDS) -> None:
        """Somebody who signs in with PASSWORD."""
        with self.store.transaction() as tx:
            tx.access.set_operator(Caller(name=name, role=role, brand=brand), HASH)

    def send(self, *orders: Sent) -> None:
        """Put orders into the database."""
        with self.store.transaction() as tx:
            put(tx, orders)

    def send_many(self, count: int, states: Sequence[InsertState | None]) -> None:
        """Put very many orders into the database, as `many` names them."""
        with self.store.transaction() as tx:
            put_many(tx, count, states)

    def print(self, sent: Sent, pdf: bytes | None = None) -> Sent:
        """Store a finished card for an order that is not in the database yet."""
        content = card_pdf(sent.name) if pdf is None else pdf
        sha256 = self.artifacts.put(content, ".pdf")
        with self.store.transaction() as tx:
            tx.inserts.keep_artifact(
                sha256, media_type="application/pdf", size=len(content), made_at=NOW, preflight=PREFLIGHT
            )
        return replace(sent, pdf=sha256)

    def desk(self, public_url: str = _URL) -> Desk:
        """The parts of the pages."""
        templates, in_force = {"hearth": _TEMPLATE}, RulesInForce(_OCCASIONS)
        gather = GatherCase(templates=templates, occasions=_OCCASIONS, chance=b"chance")
        worlds = TwoWorlds(in_force=in_force, gather=gather, templates=templates)
        previews = PreviewCard(self.artifacts, self.folder / "previews", self._draw)
        return Desk(
            store=self.store,
            artifacts=self.artifacts,
            previews=previews,
            album=ItemAlbum(previews, PictureItem(self._draw)),
            products={},
            try_photo=create_autospec(TryPhoto, instance=True),
            change_item=create_autospec(ChangeItem, instance=True),
            sign_in=SignIn(self.store, self.clock, hours=12),
            throttle=Throttle(),
            render=_RENDERER,
            brand_desk=self.brand_desk(),
            cards=templates,
            profiles={PROFILE.name: PROFILE},
            occasions=_OCCASIONS,
            formats=_FORMATS,
            replay=self.replay,
            rules=ManageRules(occasions=_OCCASIONS, templates=templates, clock=self.clock),
            bench=self.bench(),
            count_scan=lambda brand, verdict: self.scans.append((brand, verdict)),
            trials=Trials(),
            simulate=SimulateRule(worlds=worlds, clock=self.clock, secret=b"secret"),
            publish=create_autospec(PublishRule, instance=True),
            release=ReleaseInsert(announce=create_autospec(Announce, instance=True), clock=self.clock),
            targets=self.target_desk(),
            sheets=self.sheet_desk(),
            recall=RecallPiece(
                store=self.store,
                targets=self.presses,
                announce=create_autospec(Announce, instance=True),
                clock=self.clock,
            ),
            clock=self.clock,
            public_url=public_url,
        )

    def target_desk(self) -> TargetDesk:
        """What looks at targets; one works, one is set up wrongly."""
        settings = (
            TargetSettings(name="hot-folder", driver="hot_folder"),
            TargetSettings(name="odd", driver="fax"),
        )
        odd = SetupError("the target 'odd' asks for the driver 'fax', which is not here", mend="use: ipp")
        return TargetDesk(
            store=self.store,
            settings=settings,
            titles={"hot_folder": "Hot folder"},
            problems={"odd": odd},
            signals={"hot-folder": "http://tipin.plant/v1/signals/hot-folder/a-secret"},
            queue=WrittenQueue(),
            clock=self.clock,
        )

    def sheet_desk(self) -> SheetDesk:
        """What looks at gang sheets."""
        queue = WrittenQueue()
        return SheetDesk(
            store=self.store,
            wait=WaitForSheet(kinds=self.kinds, queue=queue, clock=self.clock),
            make=MakeSheet(
                artifacts=self.artifacts,
                kinds=self.kinds,
                gang=GangFiles(
                    profiles={PROFILE.name: PROFILE},
                    writer=SheetWriter(Typefaces(load_fonts(FONTS))),
                    preflight=None,
                ),
            ),
            settle=SettleSheet(queue=queue),
            recall=RecallSheet(
                store=self.store,
                targets=self.presses,
                announce=create_autospec(Announce, instance=True),
                clock=self.clock,
            ),
            draw=self._draw,
        )

    def bench(self) -> BenchDesk:
        """The packing bench."""
        recognise = RecogniseScan(brands=BrandsInForce(_BRANDS), secret=BENCH_SECRET)
        return BenchDesk(
            recognise=recognise,
            match=MatchAtBench(store=self.store, recognise=recognise, secret=BENCH_SECRET, clock=self.clock),
            tell=TellBench({}),
            reprint=ReprintPiece(
                store=self.store,
                brands=BrandsInForce(_BRANDS),
                queue=self.queue,
                secret=BENCH_SECRET,
                clock=self.clock,
            ),
            health=BenchHealth(store=self.store, recognise=recognise, clock=self.clock),
        )

    def brand_desk(self) -> BrandDesk:
        """What changes brands."""
        brands = BrandsInForce(_BRANDS, stored=lambda sha256: self.artifacts.path(sha256, ".png"))
        names = KnownNames(
            templates=_CARDS,
            occasions=_OCCASIONS,
            targets={"hot-folder"},
            typefaces={"hand", "hand-brisk"},
            products={"edible-cookie"},
        )
        profiles = dict.fromkeys((card.profile for card in _CARDS.values()), PROFILE)
        save = SaveSettings(
            brands=brands, names=names, profiles=profiles, signature_faults=signature_faults, clock=self.clock
        )
        return BrandDesk(
            store=self.store,
            brands=brands,
            save=save,
            create=CreateBrand(brands=brands, save=save, clock=self.clock),
            set_signature=SetSignature(artifacts=self.artifacts, save=save),
        )

    def app(self, public_url: str = _URL) -> FastAPI:
        """The pages as the service mounts them."""
        app = FastAPI()
        app.mount("/desk", create_pages(self.desk(public_url)))
        return app

    def replay(self, letter_id: int, *, scope: str, brand: str, source: str, about: str) -> Accepted:
        """No plant of these tests takes orders; those of `tests.reception` do."""
        raise NotImplementedError((letter_id, scope, brand, source))

    def _draw(self, pdf: bytes, wanted: Wanted) -> list[Picture]:
        self.drawn.append(wanted.dpi)
        return draw(pdf, wanted)


def sign_in(client: TestClient, name: str = OPERATOR) -> None:
    """Sign a test client in as that person."""
    answer = client.post(
        "/desk/sign-in",
        data={"name": name, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
