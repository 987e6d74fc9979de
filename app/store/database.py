"""The database and its transactions. One request or step is one transaction, committed at the edge."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from app.errors import Overtaken
from app.store import tables  # noqa: F401 -- importing it fills the metadata
from app.store.access import AccessRepository
from app.store.bench import BenchRepository
from app.store.brand_settings import BrandSettings
from app.store.components import ComponentRepository
from app.store.customers import CustomerRepository
from app.store.dead_letters import DeadLetterRepository
from app.store.deliveries import DeliveryRepository
from app.store.diffs import DiffRepository
from app.store.eligibility import EligibilityLog
from app.store.erasure import ErasureRepository
from app.store.gang_sheets import GangSheetRepository
from app.store.health import HealthRepository
from app.store.history import History
from app.store.history_imports import HistoryImports
from app.store.import_watches import ImportWatches
from app.store.inserts import InsertRepository
from app.store.items import ItemRepository
from app.store.leftovers import LeftoverRepository
from app.store.mail_claims import MailClaims
from app.store.order_events import OrderEventRepository
from app.store.orders import OrderRepository
from app.store.overview import OverviewRepository
from app.store.parcels import ParcelRepository
from app.store.person_tasks import PersonTaskRepository
from app.store.photos import PhotoRepository
from app.store.pieces import PieceRepository
from app.store.recording import Recording
from app.store.reprints import ReprintRepository
from app.store.retelling import Retelling
from app.store.rules import RuleRepository
from app.store.sessions import SessionRepository
from app.store.tags import TagRepository
from app.store.targets import TargetRepository
from app.store.thresholds import SpendWindows, Thresholds
from app.store.workers import WorkerRepository

_Done = TypeVar("_Done")
_OVERTAKEN = frozenset({"40001", "40P01", "23505"})
"""PostgreSQL's serialization_failure, deadlock_detected and unique_violation: another one was first."""
_TRIES = 5
_PAUSE = 0.05


class Transaction:
    """One unit of work: the repositories over one session. Services see these, never the session."""

    def __init__(self, session: Session, spend_windows: SpendWindows | None = None) -> None:
        self.session = session
        self.history = History(session)
        self.history_imports = HistoryImports(session)
        self.import_watches = ImportWatches(session)
        self.recording = Recording(session)
        self.thresholds = Thresholds(session, spend_windows or SpendWindows())
        self.orders = OrderRepository(session)
        self.order_events = OrderEventRepository(session)
        self.customers = CustomerRepository(session)
        self.mail_claims = MailClaims(session)
        self.tags = TagRepository(session)
        self.diffs = DiffRepository(session)
        self.erasure = ErasureRepository(session)
        self.inserts = InsertRepository(session)
        self.items = ItemRepository(session)
        self.components = ComponentRepository(session)
        self.pieces = PieceRepository(session)
        self.parcels = ParcelRepository(session)
        self.bench = BenchRepository(session)
        self.reprints = ReprintRepository(session)
        self.photos = PhotoRepository(session)
        self.leftovers = LeftoverRepository(session)
        self.gang_sheets = GangSheetRepository(session)
        self.eligibility = EligibilityLog(session)
        self.person_tasks = PersonTaskRepository(session)
        self.deliveries = DeliveryRepository(session)
        self.workers = WorkerRepository(session)
        self.dead_letters = DeadLetterRepository(session)
        self.access = AccessRepository(session)
        self.settings = BrandSettings(session)
        self.targets = TargetRepository(session)
        self.health = HealthRepository(session)
        self.overview = OverviewRepository(session)
        self.sessions = SessionRepository(session)
        self.rules = RuleRepository(session)
        self.retelling = Retelling(session)


class Store:
    """The database behind an SQLAlchemy URL; SQLite in WAL mode with full durability, or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._spend_windows = SpendWindows()

    def create(self) -> None:
        """Make every table at once, as tests and replays do: the same tables as by `store.migrate`."""
        SQLModel.metadata.create_all(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that may write: committed at the end, undone by any error.

        Raises:
            Overtaken: another transaction was faster or stood in the way; nothing was written. See `run`.
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield Transaction(session, self._spend_windows)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _OVERTAKEN:
                raise Overtaken(
                    "somebody else changed the same at this moment; nothing was stored", mend="send it again"
                ) from error
            raise

    def run(self, work: Callable[[Transaction], _Done]) -> _Done:
        """Do some work in a transaction that may write, and anew where another one came in between.

        Args:
            work: what is done; whatever it does beside the transaction can be repeated.

        Raises:
            Overtaken: it was so again and again.
        """
        for tries in range(1, _TRIES):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except Overtaken:
                time.sleep(random.uniform(0, _PAUSE * tries))  # noqa: S311 -- so that two do not meet again
        with self.transaction() as tx:
            return work(tx)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads; on SQLite it never waits for a writer."""
        engine = self.engine.execution_options(tipin_reading=True)
        with Session(engine, expire_on_commit=False) as session:
            yield Transaction(session, self._spend_windows)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


_PRAGMAS = (
    "busy_timeout=15000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # What is erased is overwritten: else it would stand in the file's free pages for years.
    "secure_delete=ON",
)


def _engine(url: str) -> Engine:
    # Parameters hold customers' names; `hide_parameters` keeps them out of error messages and so of logs.
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: it would make them deferred, and a deferred
    # transaction that turns into a writer fails at once instead of waiting its turn.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("tipin_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
