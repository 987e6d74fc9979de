"""The one file that names concrete classes: it makes the parts and puts them together."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app import formats, occasions, targets
from app.domain.brand import Brand
from app.domain.clock import Clock, SystemClock
from app.domain.history_mapping import HistoryMapping
from app.domain.occasion import Occasion
from app.domain.product import Product
from app.domain.profile import PressProfile
from app.domain.route import Names
from app.domain.template import CardTemplate
from app.domain.ticket import Telling
from app.errors import NotFound
from app.flow.companion import Companion
from app.flow.queue import (
    CLOSE_SHEET,
    FOLLOW_SHEET,
    FOLLOW_UP,
    GANG,
    HAND_OVER,
    IMPORT,
    MAKE,
    MAKE_ITEM,
    TELL,
    TEND,
    DbosQueue,
)
from app.flow.sweep import Sweep
from app.flow.task import Task
from app.flow.worker import Worker
from app.pdf.art.check import check_art, signature_faults
from app.pdf.engine import Renderer
from app.pdf.impose.writer import SheetWriter
from app.pdf.imprint import Imprinter
from app.pdf.preflight import preflight
from app.pdf.preflight.profiles import open_profiles
from app.pdf.preview import draw as draw_preview
from app.pdf.product_check import check_products
from app.pdf.typefaces import Typefaces
from app.photo.lab import PhotoLab
from app.registry.brand_names import KnownNames, check_brands
from app.registry.card_names import check_card_names
from app.registry.customer_words import load_customer_words
from app.registry.fonts import own_fonts
from app.registry.places import CUSTOMER_WORDS, PRODUCTS
from app.registry.plugins import discover
from app.registry.products import load_products
from app.services.accept_order import AcceptOrder
from app.services.announce import Announce
from app.services.bench_desk import BenchDesk
from app.services.bench_health import BenchHealth
from app.services.brand_desk import BrandDesk
from app.services.brands_in_force import SIGNATURE_SUFFIX, BrandsInForce
from app.services.change_item import ChangeItem
from app.services.clear_leftovers import ClearLeftovers
from app.services.create_brand import CreateBrand
from app.services.desk import DeskQueue, Services
from app.services.draw_card import CardRenderer, DrawCard, Preflight
from app.services.erase_customer import EraseCustomer
from app.services.expire_photos import ExpirePhotos, ForgetPhoto
from app.services.fall_back import FallBack
from app.services.fit_words import FitWords
from app.services.follow_up import FollowUp
from app.services.gang.event_queue import EventQueue
from app.services.gang.files import GangFiles
from app.services.gang.hand_over_sheet import HandOverSheet
from app.services.gang.kinds import Kinds
from app.services.gang.make_sheet import MakeSheet
from app.services.gang.outcome import FollowSheet, SettleSheet
from app.services.gang.recall_sheet import RecallSheet
from app.services.gang.sheet_desk import SheetDesk
from app.services.gang.tend_sheets import TendSheets
from app.services.gang.waiting import CloseSheet, WaitForSheet
from app.services.gather_case import GatherCase
from app.services.hand_over import HandOver
from app.services.hear_press import HearPress
from app.services.history.desk import HistoryDesk, HistoryFolder
from app.services.history.import_history import ImportHistory
from app.services.history.import_task import ImportTask
from app.services.history.understand import Understanding
from app.services.history.watch_import import WatchImport
from app.services.keep_photo import KeepPhoto
from app.services.links import Links
from app.services.make_insert import MakeInsert
from app.services.make_item import MakeItem
from app.services.manage_rules import ManageRules
from app.services.match_at_bench import MatchAtBench
from app.services.pair_photo import PairPhoto
from app.services.picture_item import ItemAlbum, PictureItem
from app.services.plan_insert import PlanInsert
from app.services.plan_items import PlanItems
from app.services.plant_files import brand_files, card_files
from app.services.ports import Background, TaskQueue
from app.services.preview_card import PreviewCard
from app.services.print_photo import PrintPhoto
from app.services.publish_rule import PublishRule
from app.services.recall_piece import RecallPiece
from app.services.receive_body import ReceiveBody
from app.services.recognise_scan import RecogniseScan
from app.services.record_report import RecordReport
from app.services.release_insert import ReleaseInsert
from app.services.render_records import RenderRecords
from app.services.replay_dead_letter import ReplayDeadLetter
from app.services.reprint_piece import ReprintPiece
from app.services.route_component import RouteComponent, check_routes
from app.services.rules_in_force import RulesInForce
from app.services.save_settings import SaveSettings
from app.services.set_signature import SetSignature
from app.services.simulate_rule import SimulateRule
from app.services.stop_component import StopComponent
from app.services.tag_order import TagOrder
from app.services.take_body import TakeBody
from app.services.target_desk import TargetDesk
from app.services.tell_bench import TellBench
from app.services.tell_sender import TellSender
from app.services.tend_target import TendTarget
from app.services.token_buckets import TokenBuckets
from app.services.try_photo import TryPhoto
from app.services.two_worlds import TwoWorlds
from app.services.understand_body import UnderstandBody
from app.services.watch_tags import WatchTags
from app.settings import Settings
from app.store.artifacts import ArtifactStore
from app.store.database import Store
from app.store.migrate import migrate
from app.store.secret import load_secret
from app.targets import Driver, gang_rules, open_targets, problems_of
from app.wire.guarded import GuardedTransport
from app.wire.photo_fetch import PhotoFetcher
from app.wire.webhooks import WebhookClient

_A_DAY = 86_400.0


def open_store(settings: Settings) -> Store:
    """The database in force, its tables brought up to this version."""
    store = Store(settings.database)
    migrate(store)
    return store


def open_brands(settings: Settings, files: Mapping[str, Brand]) -> BrandsInForce:
    """Finds brands as they are in force, with the pictures that were uploaded for them."""
    artifacts = open_artifacts(settings)

    def stored(sha256: str) -> Path | None:
        try:
            return artifacts.path(sha256, SIGNATURE_SUFFIX)
        except NotFound:
            return None

    return BrandsInForce(files, stored=stored)


def brands_in_force(settings: Settings) -> dict[str, Brand]:
    """Every brand as it is in force now: the folders' with their settings, and the database's own."""
    store = open_store(settings)
    try:
        with store.reading() as tx:
            return open_brands(settings, brand_files(settings)).all(tx)
    finally:
        store.close()


def known_brands(settings: Settings, files: Mapping[str, Brand]) -> dict[str, Brand]:
    """Brands for a command that needs no plant: in force where a database is, else as their folders say.

    No database is made for it.
    """
    if not settings.database_url and not (settings.data_dir / "tipin.db").is_file():
        return dict(files)
    store = open_store(settings)
    try:
        with store.reading() as tx:
            return open_brands(settings, files).all(tx)
    finally:
        store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Designs:
    """The plant's files: what prepress people and designers add."""

    brands: Mapping[str, Brand]
    templates: Mapping[str, CardTemplate]
    profiles: Mapping[str, PressProfile]
    occasions: Mapping[str, Occasion]
    products: Mapping[str, Product]


def open_designs(settings: Settings) -> Designs:
    """Read every brand, card template and press profile in force, and check that they fit together.

    Raises:
        SetupError: a file of the plant's cannot be used.
    """
    known: dict[str, Occasion] = discover(occasions)
    brands, templates = brand_files(settings), card_files(settings, known)
    named = {target.name for target in settings.targets}
    profiles = open_profiles(settings.profiles_dir)
    typefaces = own_fonts().typefaces
    check_card_names(templates, profiles=profiles, typefaces=typefaces, occasions=known)
    products = open_products(settings)
    check_brands(brands, templates, occasions=known, targets=named, typefaces=typefaces, products=products)
    check_art(templates, brands, profiles)
    return Designs(
        brands=brands,
        templates=templates,
        profiles=profiles,
        occasions=known,
        products=products,
    )


def open_brand_desk(
    settings: Settings,
    *,
    designs: Designs | None = None,
    store: Store | None = None,
    clock: Clock | None = None,
) -> BrandDesk:
    """What looks at brands and changes them; over the plant's files and database by default.

    Raises:
        SetupError: a file of the plant's cannot be used.
    """
    designs, store, clock = (
        designs or open_designs(settings),
        store or open_store(settings),
        clock or SystemClock(),
    )
    artifacts = open_artifacts(settings)
    brands = open_brands(settings, designs.brands)
    save = SaveSettings(
        brands=brands,
        names=known_names(settings, designs),
        profiles=designs.profiles,
        signature_faults=signature_faults,
        clock=clock,
    )
    return BrandDesk(
        store=store,
        brands=brands,
        save=save,
        create=CreateBrand(brands=brands, save=save, clock=clock),
        set_signature=SetSignature(artifacts=artifacts, save=save),
    )


def known_names(settings: Settings, designs: Designs) -> KnownNames:
    """All that a brand may name."""
    return KnownNames(
        templates=designs.templates,
        occasions=designs.occasions,
        targets={target.name for target in settings.targets},
        typefaces=own_fonts().typefaces,
        products=designs.products,
    )


def open_products(settings: Settings) -> dict[str, Product]:
    """Every photo product in force: the built-in ones and the plant's own.

    Raises:
        SetupError: a file of the plant's cannot be used.
    """
    own = (settings.products_dir,) if settings.products_dir else ()
    products = load_products(PRODUCTS, *own, profiles=open_profiles(settings.profiles_dir))
    check_products(products.values())
    return products


def file_ganger(settings: Settings) -> GangFiles:
    """The ganging of finished files, for this plant's presses."""
    return GangFiles(
        profiles=open_profiles(settings.profiles_dir),
        writer=SheetWriter(Typefaces(own_fonts())),
        preflight=preflight,
    )


def photo_printer(
    products: Mapping[str, Product], profiles: Mapping[str, PressProfile], lab: PhotoLab
) -> PrintPhoto:
    """The printing of photos, developed in a lab's processes."""
    imprinter = Imprinter(Typefaces(own_fonts()))
    return PrintPhoto(products=products, profiles=profiles, lab=lab, imprinter=imprinter, preflight=preflight)


def event_queue(  # noqa: PLR0917 - one call
    settings: Settings, product: Product, printer: PrintPhoto, folder: Path, out: Path, sheet_after: timedelta
) -> EventQueue:
    """Pictures of a folder on sheets of a product, as they come."""
    return EventQueue(
        folder=folder,
        out=out,
        product=product,
        printer=printer,
        gang=file_ganger(settings),
        sheet_after=sheet_after,
        clock=SystemClock(),
    )


def item_pictures() -> PictureItem:
    """The pictures of finished items."""
    return PictureItem(draw_preview)


def history_importer(settings: Settings) -> ImportHistory:
    """The import of past orders, over the database in force."""
    return open_importer(
        settings, designs=open_designs(settings), store=open_store(settings), clock=SystemClock()
    )


def open_importer(settings: Settings, *, designs: Designs, store: Store, clock: Clock) -> ImportHistory:
    """The import of past orders, which watches what it changes by the plant's own designs and rules."""
    brands = open_brands(settings, designs.brands)
    rules = _rule_tools(settings, designs, store=store, brands=brands, clock=clock)
    tag = _tagger(settings, designs, brands, rules.in_force)
    secret = load_secret(settings.data_dir).customers
    return ImportHistory(store=store, watch=WatchImport(tag), customer_secret=secret, clock=clock)


def _tagger(settings: Settings, designs: Designs, brands: BrandsInForce, rules: RulesInForce) -> TagOrder:
    return TagOrder(
        brands=brands,
        templates=designs.templates,
        occasions=designs.occasions,
        rules=rules,
        chance=load_secret(settings.data_dir).chance,
    )


def history_folder(settings: Settings) -> HistoryFolder:
    """Where uploaded history files lie."""
    return HistoryFolder(settings.data_dir / "history")


def history_understanding(settings: Settings, mapping: HistoryMapping, brand: Brand) -> Understanding:
    """A mapping of a history file compiled, with the plant's own secret.

    Raises:
        MappingUnusable: it lacks what an order needs.
    """
    secret = load_secret(settings.data_dir).customers
    return Understanding(mapping, brand, secret=secret, received_at=SystemClock().now())


def record_renderer(settings: Settings, designs: Designs) -> RenderRecords:
    """The rendering of records, with the plant's designs, fonts and secret.

    Raises:
        SetupError: a font is not as its manifest says, or the secret is damaged.
    """
    return RenderRecords(
        brands=designs.brands,
        fonts=own_fonts(),
        preflight=preflight,
        secret=load_secret(settings.data_dir).bench,
    )


def build(settings: Settings) -> Services:
    """Everything the service works with. Nothing runs yet; `background` is started by the application.

    Raises:
        SetupError: a plug-in, a file of the plant's or the secret cannot be used.
    """
    designs, store, clock = open_designs(settings), open_store(settings), SystemClock()
    open_brand_desk(settings, designs=designs, store=store, clock=clock).check()
    flow = open_flow(settings, designs=designs, store=store, clock=clock)
    flow.queue.prepare()
    background = (companion(settings),) if settings.work else ()
    return open_desk(
        settings,
        designs=designs,
        store=store,
        plan=flow.plan,
        queue=flow.queue,
        clock=clock,
        background=background,
    )


def companion(settings: Settings) -> Companion:
    """The process that makes cards beside the web service, over the same settings."""
    command = (sys.executable, "-m", "app.cli", "work", "--beside")
    return Companion(command, settings.as_environment())


def build_worker(settings: Settings) -> Worker:
    """What a process needs that only does background work.

    Raises:
        SetupError: a plug-in, a file of the plant's or the secret cannot be used.
    """
    designs, store = open_designs(settings), open_store(settings)
    open_brand_desk(settings, designs=designs, store=store).check()
    return open_flow(settings, designs=designs, store=store, clock=SystemClock()).worker


def open_desk(
    settings: Settings,
    *,
    designs: Designs,
    store: Store,
    plan: PlanInsert,
    queue: DeskQueue,
    clock: Clock,
    background: tuple[Background, ...] = (),
) -> Services:
    """The desk that takes orders, over a database and a way to plan their inserts."""
    secret = load_secret(settings.data_dir)
    artifacts = open_artifacts(settings)
    drivers: dict[str, Driver] = discover(targets)
    opened = open_targets(settings.targets, drivers, settings.data_dir)
    links = Links(str(settings.public_url))
    brand_desk = open_brand_desk(settings, designs=designs, store=store, clock=clock)
    brands = brand_desk.brands
    understand = UnderstandBody(store=store, brands=brands, formats=discover(formats))
    rules = _rule_tools(settings, designs, store=store, brands=brands, clock=clock)
    tag = _tagger(settings, designs, brands, rules.in_force)
    watch = WatchTags(tag)
    previews = PreviewCard(artifacts, settings.data_dir / "previews", draw_preview)
    stop = StopComponent(store=store, announce=plan.announce, clock=clock)
    forget_photo = ForgetPhoto(artifacts=artifacts, forget_pictures=previews.forget, stop=stop, queue=queue)
    lab = PhotoLab(settings.photo_workers)
    print_photo = photo_printer(designs.products, designs.profiles, lab)
    words = load_customer_words(CUSTOMER_WORDS)
    record = RecordReport(
        watch=watch,
        stop=stop,
        erase=EraseCustomer(
            artifacts=artifacts,
            forget_pictures=previews.forget,
            forget_photo=forget_photo,
            clock=clock,
            stop=stop,
            customer_secret=secret.customers,
        ),
        customer_secret=secret.customers,
    )
    accept = AcceptOrder(
        brands=brands,
        tag=tag,
        watch=watch,
        plan=plan,
        plan_items=PlanItems(
            products=designs.products,
            artifacts=artifacts,
            queue=queue,
            announce=plan.announce,
            words=words,
        ),
        customer_secret=secret.customers,
        links=links,
    )
    take = TakeBody(accept=accept, record=record)
    return Services(
        settings=settings,
        clock=clock,
        store=store,
        artifacts=artifacts,
        secret=secret,
        brands=brands,
        brand_desk=brand_desk,
        templates=designs.templates,
        profiles=designs.profiles,
        occasions=designs.occasions,
        previews=previews,
        album=ItemAlbum(previews, item_pictures()),
        products=designs.products,
        keep_photo=KeepPhoto(lab=lab, artifacts=artifacts),
        print_photo=print_photo,
        try_photo=TryPhoto(artifacts=artifacts, print_photo=print_photo, draw=draw_preview, words=words),
        forget_photo=forget_photo,
        change_item=ChangeItem(queue=queue, stop=stop, forget=forget_photo, clock=clock),
        links=links,
        understand=understand,
        record=record,
        receive=ReceiveBody(store=store, understand=understand, take=take, clock=clock),
        replay=ReplayDeadLetter(store=store, understand=understand, take=take, clock=clock),
        rules=rules.manage,
        simulate=rules.simulate,
        publish=PublishRule(
            store=store,
            brands=brands,
            manage=rules.manage,
            simulate=rules.simulate,
            fit=FitWords(templates=designs.templates, renderer=open_renderer(designs)),
        ),
        release=ReleaseInsert(announce=plan.announce, clock=clock),
        hear=HearPress(store=store),
        rates=TokenBuckets(a_second=settings.requests_a_second, burst=settings.requests_at_once),
        history=HistoryDesk(
            store=store,
            brands=brands,
            folder=history_folder(settings),
            queue=queue,
            customer_secret=secret.customers,
            clock=clock,
        ),
        bench=open_bench(settings, store=store, brands=brands, queue=queue, clock=clock),
        targets=TargetDesk(
            store=store,
            settings=settings.targets,
            titles={code: driver.title for code, driver in drivers.items()},
            problems=problems_of(opened),
            signals={name: one.signals_to(name) for name, one in opened.items() if isinstance(one, Telling)},
            queue=queue,
            clock=clock,
        ),
        recall=RecallPiece(store=store, targets=opened, announce=plan.announce, clock=clock),
        sheets=SheetDesk(
            store=store,
            wait=WaitForSheet(kinds=sheet_kinds(settings, designs), queue=queue, clock=clock),
            make=sheet_maker(settings, designs, checked=False),
            settle=SettleSheet(queue=queue),
            recall=RecallSheet(store=store, targets=opened, announce=plan.announce, clock=clock),
            draw=draw_preview,
        ),
        background=(lab, *background),
    )


def open_bench(
    settings: Settings, *, store: Store, brands: BrandsInForce, queue: TaskQueue, clock: Clock
) -> BenchDesk:
    """What the packing bench works with.

    Raises:
        SetupError: a product of the plant's cannot be used, or the secret is damaged.
    """
    secret = load_secret(settings.data_dir).bench
    recognise = RecogniseScan(brands=brands, secret=secret)
    titles = {name: product.title for name, product in open_products(settings).items()}
    return BenchDesk(
        recognise=recognise,
        match=MatchAtBench(store=store, recognise=recognise, secret=secret, clock=clock),
        tell=TellBench(titles),
        reprint=ReprintPiece(store=store, brands=brands, queue=queue, secret=secret, clock=clock),
        health=BenchHealth(store=store, recognise=recognise, clock=clock),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTools:
    """What works with brands' own rules."""

    store: Store
    brands: BrandsInForce
    in_force: RulesInForce
    manage: ManageRules
    simulate: SimulateRule


def open_rule_tools(settings: Settings) -> RuleTools:
    """The same for a command, over the database in force.

    Raises:
        SetupError: a file of the plant's or the secret cannot be used.
    """
    designs = open_designs(settings)
    brands = open_brands(settings, designs.brands)
    return _rule_tools(settings, designs, store=open_store(settings), brands=brands, clock=SystemClock())


def _rule_tools(
    settings: Settings, designs: Designs, *, store: Store, brands: BrandsInForce, clock: Clock
) -> RuleTools:
    templates, occasions = designs.templates, designs.occasions
    chance = load_secret(settings.data_dir).chance
    in_force = RulesInForce(occasions)
    gather = GatherCase(templates=templates, occasions=occasions, chance=chance)
    worlds = TwoWorlds(in_force=in_force, gather=gather, templates=templates)
    return RuleTools(
        store=store,
        brands=brands,
        in_force=in_force,
        manage=ManageRules(occasions=occasions, templates=templates, clock=clock),
        simulate=SimulateRule(worlds=worlds, clock=clock, secret=chance),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The durable way of an insert: how it is begun, and what does the work."""

    queue: DbosQueue
    plan: PlanInsert
    tasks: Mapping[str, Task]
    expire: ExpirePhotos
    clear: ClearLeftovers
    worker: Worker
    lab: PhotoLab


def open_flow(
    settings: Settings,
    *,
    designs: Designs,
    store: Store,
    clock: Clock,
    renderer: CardRenderer | None = None,
    check: Preflight = preflight,
) -> Flow:
    """The parts of the flow; nothing runs before the worker is started.

    Args:
        settings: where things are.
        designs: the plant's data.
        store: the database.
        clock: tells the time.
        renderer: what draws cards; tipin's own engine by default.
        check: what they must pass; tipin's own preflight by default.

    Raises:
        SetupError: the targets in the settings cannot be opened, or a font is not as its manifest says.
    """
    route = open_routes(settings, designs=designs, clock=clock)
    kinds = sheet_kinds(settings, designs)
    queue = DbosQueue(store, settings.targets, route, kinds.share)
    announce = Announce(queue=queue, links=Links(str(settings.public_url)))
    stop = StopComponent(store=store, announce=announce, clock=clock)
    artifacts = open_artifacts(settings)
    draw = DrawCard(
        templates=designs.templates,
        profiles=designs.profiles,
        renderer=renderer or open_renderer(designs),
        preflight=check,
        artifacts=artifacts,
        bench_secret=load_secret(settings.data_dir).bench,
    )
    lab = PhotoLab(settings.photo_workers)
    make = MakeInsert(
        store=store,
        brands=open_brands(settings, designs.brands),
        artifacts=artifacts,
        draw=draw,
        pair=PairPhoto(templates=designs.templates, profiles=designs.profiles, artifacts=artifacts, lab=lab),
        queue=queue,
        stop=stop,
        clock=clock,
    )
    opened = open_targets(settings.targets, discover(targets), settings.data_dir)
    follow_up = FollowUp(store=store, targets=opened, queue=queue, clock=clock)
    fall_back = FallBack(route=route, queue=queue, clock=clock)
    wait_for_sheet = WaitForSheet(kinds=kinds, queue=queue, clock=clock)
    tend = TendTarget(
        store=store,
        targets=opened,
        queue=queue,
        stop=stop,
        fall_back=fall_back,
        clock=clock,
        tend_sheets=TendSheets(wait=wait_for_sheet, queue=queue),
    )
    hand_over_sheet = HandOverSheet(
        store=store,
        make=sheet_maker(settings, designs),
        targets=opened,
        queue=queue,
        target_queue=queue,
        announce=announce,
        stop=stop,
        fall_back=fall_back,
        clock=clock,
        rush=timedelta(minutes=settings.rush_minutes),
    )
    close_sheet = CloseSheet(store=store, wait=wait_for_sheet, queue=queue, clock=clock)
    follow_sheet = FollowSheet(store=store, targets=opened, queue=queue, clock=clock)
    hand_over = HandOver(
        store=store,
        artifacts=artifacts,
        targets=opened,
        templates=designs.templates,
        products=designs.products,
        queue=queue,
        announce=announce,
        stop=stop,
        fall_back=fall_back,
        clock=clock,
        rush=timedelta(minutes=settings.rush_minutes),
        wait_for_sheet=wait_for_sheet,
    )
    previews = PreviewCard(artifacts, settings.data_dir / "previews", draw_preview)
    forget = ForgetPhoto(artifacts=artifacts, forget_pictures=previews.forget, stop=stop, queue=queue)
    make_item = MakeItem(
        store=store,
        brands=open_brands(settings, designs.brands),
        artifacts=artifacts,
        fetch=PhotoFetcher(most_bytes=settings.max_photo_bytes, private_hosts=settings.photo_hosts),
        keep=KeepPhoto(lab=lab, artifacts=artifacts),
        print_photo=photo_printer(designs.products, designs.profiles, lab),
        queue=queue,
        stop=stop,
        forget=forget,
        clock=clock,
        bench_secret=load_secret(settings.data_dir).bench,
        words=load_customer_words(CUSTOMER_WORDS),
    )
    expire = ExpirePhotos(store=store, forget=forget, stop=stop, clock=clock)
    clear = ClearLeftovers(
        store=store,
        brands=open_brands(settings, designs.brands),
        artifacts=artifacts,
        forget_pictures=previews.forget,
        clock=clock,
    )
    client = WebhookClient(
        transport=GuardedTransport(private_hosts=settings.private_hosts),
        timeout=settings.webhook_timeout_seconds,
    )
    tell = TellSender(store=store, queue=queue, clock=clock, client=client)
    past = ImportTask(
        store=store,
        brands=open_brands(settings, designs.brands),
        folder=history_folder(settings),
        queue=queue,
        importer=open_importer(settings, designs=designs, store=store, clock=clock),
        clock=clock,
    )
    tasks = {
        MAKE_ITEM: Task(run=make_item, give_up=make_item.give_up),
        MAKE: Task(run=make, give_up=stop.give_up),
        HAND_OVER: Task(run=hand_over, give_up=hand_over.give_up),
        FOLLOW_UP: Task(run=follow_up, give_up=follow_up.give_up),
        TEND: Task(run=tend, give_up=tend.give_up),
        GANG: Task(run=hand_over_sheet, give_up=hand_over_sheet.give_up),
        CLOSE_SHEET: Task(run=close_sheet, give_up=close_sheet.give_up),
        FOLLOW_SHEET: Task(run=follow_sheet, give_up=follow_sheet.give_up),
        TELL: Task(run=tell, give_up=tell.give_up),
        IMPORT: Task(run=past, give_up=past.give_up),
    }
    return Flow(
        queue=queue,
        lab=lab,
        expire=expire,
        clear=clear,
        plan=PlanInsert(queue=queue, announce=announce),
        tasks=tasks,
        worker=Worker(
            store=store,
            queue=queue,
            tasks=tasks,
            data_dir=settings.data_dir,
            at_once=settings.workers,
            begin=tend.begin,
            beside=(
                lab,
                Sweep(expire, done="photos_expired"),
                Sweep(clear, done="leftovers_cleared", every=_A_DAY),
            ),
        ),
    )


def open_routes(settings: Settings, *, designs: Designs, clock: Clock) -> RouteComponent:
    """What chooses the target of a piece.

    Raises:
        SetupError: a route names what is not there, or is never reached.
    """
    routes = tuple(route.as_route(position) for position, route in enumerate(settings.routes))
    templates, products = designs.templates, designs.products
    known = Names(
        targets={target.name for target in settings.targets},
        designs={*templates, *products},
        stocks={
            *(template.stock for template in templates.values()),
            *(product.substrate for product in products.values()),
        },
    )
    check_routes(routes, known)
    return RouteComponent(
        routes=routes,
        brands=open_brands(settings, designs.brands),
        templates=templates,
        products=products,
        clock=clock,
    )


def sheet_kinds(settings: Settings, designs: Designs) -> Kinds:
    """Which pieces of this plant share sheets, at the targets that want them."""
    return Kinds(
        rules=gang_rules(settings.targets),
        templates=designs.templates,
        products=designs.products,
        profiles=designs.profiles,
    )


def sheet_maker(settings: Settings, designs: Designs, *, checked: bool = True) -> MakeSheet:
    """The making of sheets of stored pieces; those that people only look at need not be `checked` again."""
    return MakeSheet(
        artifacts=open_artifacts(settings),
        kinds=sheet_kinds(settings, designs),
        gang=GangFiles(
            profiles=designs.profiles,
            writer=SheetWriter(Typefaces(own_fonts())),
            preflight=preflight if checked else None,
        ),
    )


def open_renderer(designs: Designs) -> Renderer:
    """The engine of tipin's own, with its fonts and the plant's press profiles.

    Raises:
        SetupError: a font is not as its manifest says.
    """
    return Renderer(fonts=own_fonts(), profiles=designs.profiles)


def open_artifacts(settings: Settings) -> ArtifactStore:
    """Where finished files are kept."""
    return ArtifactStore(settings.data_dir / "artifacts")
