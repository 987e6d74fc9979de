"""The one file that names concrete classes: it makes the parts and puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import formats, occasions
from app.domain.brand import Brand
from app.domain.clock import Clock, SystemClock
from app.domain.occasion import Occasion, OccasionKind
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.domain.ticket import Target
from app.flow.queue import HAND_OVER, MAKE, TELL, DbosQueue
from app.flow.task import Task
from app.flow.worker import Worker
from app.registry.brands import check_brands, load_brands
from app.registry.cards import load_cards
from app.registry.places import BRANDS, CARDS
from app.registry.plugins import discover
from app.services.accept_order import AcceptOrder
from app.services.announce import Announce
from app.services.answers import Links
from app.services.desk import Services
from app.services.draw_card import CardRenderer, DrawCard, Preflight
from app.services.hand_over import HandOver
from app.services.make_insert import MakeInsert, OrderAndDecision
from app.services.plan_insert import PlanInsert
from app.services.ports import Background
from app.services.receive_body import ReceiveBody
from app.services.replay_dead_letter import ReplayDeadLetter
from app.services.stop_insert import StopInsert
from app.services.tag_order import TagOrder
from app.services.tell_sender import TellSender
from app.services.understand_body import UnderstandBody
from app.settings import Settings
from app.store.artifacts import ArtifactStore
from app.store.database import Store
from app.store.secret import PlantSecret, load_secret
from app.wire.guarded import GuardedTransport
from app.wire.webhooks import WebhookClient


def open_store(settings: Settings) -> Store:
    """The database in force, with its tables."""
    store = Store(settings.database)
    store.create()
    return store


def brands_in_force(settings: Settings) -> dict[str, Brand]:
    """The built-in demo brands, unless switched off, and the plant's own."""
    built_in = (BRANDS,) if settings.demo_brands else ()
    own = (settings.brands_dir,) if settings.brands_dir else ()
    return load_brands(*built_in, *own)


def cards_in_force(settings: Settings, known: Mapping[str, Occasion]) -> dict[str, CardTemplate]:
    """The built-in card templates and the plant's own."""
    recovery = {code for code, occasion in known.items() if occasion.kind is OccasionKind.RECOVERY}
    own = (settings.cards_dir,) if settings.cards_dir else ()
    return load_cards(CARDS, *own, recovery=recovery)


def build(settings: Settings) -> Services:
    """Everything the service works with. Nothing runs yet; `background` is started by the application.

    Raises:
        SetupError: a plug-in, a file of the plant's or the secret cannot be used.
    """
    store = open_store(settings)
    queue = DbosQueue(store)
    queue.prepare()
    plan = PlanInsert(queue=queue, announce=Announce(queue=queue, public_url=str(settings.public_url)))
    return open_desk(settings, store=store, plan=plan, clock=SystemClock())


def open_desk(
    settings: Settings,
    *,
    store: Store,
    plan: PlanInsert,
    clock: Clock,
    background: tuple[Background, ...] = (),
) -> Services:
    """The desk that takes orders, over a database and a way to plan their inserts.

    Raises:
        SetupError: a plug-in, a file of the plant's or the secret cannot be used.
    """
    secret = load_secret(settings.data_dir)
    brands = brands_in_force(settings)
    known: dict[str, Occasion] = discover(occasions)
    templates = cards_in_force(settings, known)
    check_brands(
        brands,
        templates,
        occasions=known,
        targets={target.name for target in settings.targets},
    )
    links = Links(str(settings.public_url))
    understand = UnderstandBody(brands=brands, formats=discover(formats))
    accept = AcceptOrder(
        brands=brands,
        tag=TagOrder(brands=brands, templates=templates, occasions=known, chance=secret.chance),
        plan=plan,
        customer_secret=secret.customers,
        links=links,
    )
    return Services(
        settings=settings,
        clock=clock,
        store=store,
        artifacts=ArtifactStore(settings.data_dir / "artifacts"),
        secret=secret,
        brands=brands,
        links=links,
        understand=understand,
        receive=ReceiveBody(store=store, understand=understand, accept=accept, clock=clock),
        replay=ReplayDeadLetter(store=store, understand=understand, accept=accept, clock=clock),
        background=background,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CardParts:
    """What draws cards: the plant's designs, and the engine with its preflight."""

    brands: Mapping[str, Brand]
    templates: Mapping[str, CardTemplate]
    profiles: Mapping[str, PressProfile]
    renderer: CardRenderer
    preflight: Preflight


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The durable way of an insert: how it is begun, and what does the work."""

    queue: DbosQueue
    plan: PlanInsert
    worker: Worker


def open_flow(
    settings: Settings,
    *,
    store: Store,
    artifacts: ArtifactStore,
    secret: PlantSecret,
    clock: Clock,
    cards: CardParts,
    read: OrderAndDecision,
    targets: Mapping[str, Target],
) -> Flow:
    """The parts of the flow; nothing runs before the worker is started.

    Raises:
        SetupError: the targets in the settings cannot be opened.
    """
    queue = DbosQueue(store)
    announce = Announce(queue=queue, public_url=str(settings.public_url))
    stop = StopInsert(store=store, announce=announce, clock=clock)
    draw = DrawCard(
        brands=cards.brands,
        templates=cards.templates,
        profiles=cards.profiles,
        renderer=cards.renderer,
        preflight=cards.preflight,
        artifacts=artifacts,
        bench_secret=secret.bench,
    )
    make = MakeInsert(
        store=store, artifacts=artifacts, draw=draw, read=read, queue=queue, stop=stop, clock=clock
    )
    hand_over = HandOver(
        store=store,
        artifacts=artifacts,
        targets=targets,
        templates=cards.templates,
        queue=queue,
        announce=announce,
        stop=stop,
        clock=clock,
    )
    client = WebhookClient(
        transport=GuardedTransport(private_hosts=settings.private_hosts),
        timeout=settings.webhook_timeout_seconds,
    )
    tell = TellSender(store=store, queue=queue, clock=clock, client=client)
    tasks = {
        MAKE: Task(run=make, give_up=stop.give_up),
        HAND_OVER: Task(run=hand_over, give_up=hand_over.give_up),
        TELL: Task(run=tell, give_up=tell.give_up),
    }
    return Flow(
        queue=queue,
        plan=PlanInsert(queue=queue, announce=announce),
        worker=Worker(
            store=store, queue=queue, tasks=tasks, data_dir=settings.data_dir, at_once=settings.workers
        ),
    )
