"""Starts durable tasks inside the caller's own transaction, so that neither exists without the other.

Tasks carry ids only: what DBOS stores and logs of them holds no personal data.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from dbos import DBOS, DBOSClient, EnqueueOptions, WorkflowSerializationFormat
from sqlalchemy import inspect

from app.domain.component import Component
from app.domain.gang_sheet import GangSheet
from app.domain.insert import urgency
from app.domain.item import Item
from app.settings import TargetSettings
from app.store.columns import micros
from app.store.database import Store, Transaction

APPLICATION = "tipin"
SCHEMA = "dbos"
VERSION = "1"
"""Pinned: with a version derived from the code, a change of code would leave older tasks unclaimed.

Raise it only together with a change of the tasks' names or arguments, and once the old ones have run out.
"""

MAKE = "make_insert"
MAKE_ITEM = "make_item"
HAND_OVER = "hand_over"
TELL = "tell_sender"
IMPORT = "import_history"
FOLLOW_UP = "follow_up"
TEND = "tend_target"
GANG = "gang_sheet"
CLOSE_SHEET = "close_sheet"
FOLLOW_SHEET = "follow_sheet"
"""The tasks; each has a queue of the same name, but those of sheets share others' queues."""
SUSPECT = "suspect"
"""The queue of tasks that were running when their process ended more than once: one at a time."""

_TELL_PRIORITY = 1
_IMPORT_PRIORITY = 1
_TEND_PRIORITY = 1
_SLOW_POLL_SECONDS = 0.5
_POLL_SECONDS = 0.1
"""Each look costs some 3 ms of a processor, so that only what somebody waits for is looked for often."""
_AT_ONCE_PER_PARTITION = 8


class DbosQueue:
    """The tasks that can be started. Their tables live in the same database as tipin's own."""

    def __init__(
        self,
        store: Store,
        targets: Sequence[TargetSettings] = (),
        route: Callable[[Transaction, Component], Component] = lambda _tx, component: component,
        shares_sheet: Callable[[Component], bool] = lambda _component: False,
    ) -> None:
        """Take what tasks need.

        Args:
            store: where they are kept.
            targets: the plant's, some of which have limits.
            route: chooses the target of a component that has just become ready, and says which it is.
            shares_sheet: whether a component waits for a sheet at its target, rather than going there alone.
        """
        self._route = route
        self._shares_sheet = shares_sheet
        self._limited = {target.name: target for target in targets if target.at_once or target.a_minute}
        # DBOS would write to standard error by itself; its records go through tipin's own logging instead.
        logs = logging.getLogger("dbos")
        logs.addHandler(logging.NullHandler())
        logs.setLevel(logging.WARNING)
        self._client = DBOSClient(
            system_database_engine=store.engine,
            dbos_system_schema=SCHEMA,
            application_name=APPLICATION,
            lazy=True,
        )
        self._store = store

    @property
    def client(self) -> DBOSClient:
        """DBOS's books, to be read and put right."""
        return self._client

    def prepare(self) -> None:
        """Make DBOS's tables where they are missing; a worker brings them up to date when it starts."""
        schema = None if self._store.engine.dialect.name == "sqlite" else SCHEMA
        if not inspect(self._store.engine).has_table("workflow_status", schema=schema):
            url = self._store.engine.url.render_as_string(hide_password=False)
            DBOS.migrate(url, schema=SCHEMA)

    def set_limits(self, at_once: int) -> None:
        """Say how much of each task a worker process does at once.

        Args:
            at_once: cards drawn at once.
        """
        self._client.register_queue(
            MAKE, worker_concurrency=at_once, polling_interval_sec=_POLL_SECONDS, on_conflict="always_update"
        )
        for name in (SUSPECT, IMPORT):
            self._client.register_queue(
                name,
                worker_concurrency=1,
                polling_interval_sec=_SLOW_POLL_SECONDS,
                on_conflict="always_update",
            )
        self._client.register_queue(
            TEND,
            worker_concurrency=_AT_ONCE_PER_PARTITION,
            polling_interval_sec=_SLOW_POLL_SECONDS,
            on_conflict="always_update",
        )
        self._client.register_queue(
            FOLLOW_UP,
            partition_worker_concurrency=_AT_ONCE_PER_PARTITION,
            polling_interval_sec=_SLOW_POLL_SECONDS,
            on_conflict="always_update",
        )
        for target in self._limited.values():
            self._client.register_queue(
                _queue_of(target.name),
                global_concurrency=target.at_once,
                limiter=None if target.a_minute is None else {"limit": target.a_minute, "period": 60.0},
                polling_interval_sec=_POLL_SECONDS,
                on_conflict="always_update",
            )
        for name in (HAND_OVER, GANG, TELL, MAKE_ITEM):
            self._client.register_queue(
                name,
                partition_worker_concurrency=_AT_ONCE_PER_PARTITION,
                polling_interval_sec=_SLOW_POLL_SECONDS if name in {GANG, TELL} else _POLL_SECONDS,
                on_conflict="always_update",
            )

    def make_insert(
        self,
        tx: Transaction,
        job_id: str,
        *,
        priority: int,
        wake: str = "",
        delay: timedelta | None = None,
    ) -> None:
        """Make the insert of a job; the task's id is the job's id, with what a further look is for."""
        generation = tx.inserts.get(job_id).generation
        name = f"{job_id}-{generation}" if generation or wake else job_id
        options: EnqueueOptions = {
            "workflow_name": MAKE,
            "queue_name": MAKE,
            "workflow_id": f"{name}-{wake}" if wake else name,
            "priority": priority,
        }
        self._start(tx, _delayed(options, delay), job_id, generation)

    def make_item(
        self, tx: Transaction, item: Item, *, attempt: int = 0, delay: timedelta | None = None
    ) -> None:
        """Make a photo item."""
        options: EnqueueOptions = {
            "workflow_name": MAKE_ITEM,
            "queue_name": MAKE_ITEM,
            "workflow_id": f"{item.key}-{item.generation}-make-{item.revision}-{attempt}",
            # A brand whose photos' server hangs fills its own partition only.
            "queue_partition_key": item.brand,
            "priority": item.priority,
        }
        if delay is not None:
            options["delay_seconds"] = delay.total_seconds()
        self._start(tx, options, item.record, item.number, item.generation, item.revision, attempt)

    def hand_over(
        self, tx: Transaction, component: Component, *, first: bool = False, delay: timedelta | None = None
    ) -> None:
        """Hand a component to its target, on a queue of the target's own where it has limits.

        Targets without limits share one queue, each with a partition of its own. So does what is only put on
        a sheet: the limits are those of the sheets. The `first` try, whoever starts it, goes where the
        plant's routes say.
        """
        tries = tx.components.next_try(component)
        if tries is None:
            return
        if first:
            component = self._route(tx, component)
        options: EnqueueOptions = {
            "workflow_name": HAND_OVER,
            "queue_name": HAND_OVER,
            "workflow_id": f"{component.name}-hand-over-{tries}-{component.target}",
            "priority": component.priority,
        }
        if component.target in self._limited and not self._shares_sheet(component):
            options["queue_name"] = _queue_of(component.target)
        else:
            options["queue_partition_key"] = component.target
        self._start(tx, _delayed(options, delay), component.key, component.generation, tries)

    def follow_up(
        self, tx: Transaction, component: Component, *, attempt: int, delay: timedelta | None = None
    ) -> None:
        """Ask a target what became of a component, on that target's own partition of the queue."""
        options: EnqueueOptions = {
            "workflow_name": FOLLOW_UP,
            "queue_name": FOLLOW_UP,
            "workflow_id": f"{component.name}-follow-up-{attempt}",
            "queue_partition_key": component.target,
            "priority": component.priority,
        }
        self._start(tx, _delayed(options, delay), component.key, component.generation, attempt)

    def tend(self, tx: Transaction, target: str, *, turn: int, delay: timedelta | None = None) -> None:
        """Look after a target; `turn` counts the looks."""
        options: EnqueueOptions = {
            "workflow_name": TEND,
            "queue_name": TEND,
            "workflow_id": f"{target}-tend-{turn}",
            "priority": _TEND_PRIORITY,
        }
        self._start(tx, _delayed(options, delay), target, turn)

    def close_sheet(
        self, tx: Transaction, sheet: GangSheet, *, look: int = 0, delay: timedelta | None = None
    ) -> None:
        """Close an open sheet after `delay`, when its time is up."""
        options: EnqueueOptions = {
            "workflow_name": CLOSE_SHEET,
            "queue_name": GANG,
            "workflow_id": f"{sheet.brand}-{sheet.id}-close-{micros(sheet.close_at)}-{look}",
            # Apart from those that are handed over, which may take long.
            "queue_partition_key": f"{sheet.target} closing",
            "priority": urgency(sheet.close_at),
        }
        self._start(tx, _delayed(options, delay), sheet.brand, sheet.id, look)

    def hand_over_sheet(self, tx: Transaction, sheet: GangSheet, *, delay: timedelta | None = None) -> None:
        """Hand a closed sheet to its target, on a queue of the target's own where it has limits."""
        options: EnqueueOptions = {
            "workflow_name": GANG,
            "queue_name": GANG,
            "workflow_id": f"{sheet.brand}-{sheet.id}-hand-over-{sheet.tries}",
            "priority": urgency(sheet.close_at),
        }
        if sheet.target in self._limited:
            options["queue_name"] = _queue_of(sheet.target)
        else:
            options["queue_partition_key"] = sheet.target
        self._start(tx, _delayed(options, delay), sheet.brand, sheet.id, sheet.tries)

    def follow_sheet(
        self, tx: Transaction, sheet: GangSheet, *, attempt: int, delay: timedelta | None = None
    ) -> None:
        """Ask a target what became of a sheet, on that target's own partition of the queue."""
        options: EnqueueOptions = {
            "workflow_name": FOLLOW_SHEET,
            "queue_name": FOLLOW_UP,
            "workflow_id": f"{sheet.brand}-{sheet.id}-follow-up-{sheet.tries}-{attempt}",
            "queue_partition_key": sheet.target,
            "priority": urgency(sheet.close_at),
        }
        self._start(tx, _delayed(options, delay), sheet.brand, sheet.id, sheet.tries, attempt)

    def import_history(self, tx: Transaction, import_id: str, *, turn: int) -> None:
        """Import a stretch of an uploaded history file; `turn` counts the stretches."""
        options: EnqueueOptions = {
            "workflow_name": IMPORT,
            "queue_name": IMPORT,
            "workflow_id": f"{import_id}-{turn}",
            "priority": _IMPORT_PRIORITY,
        }
        self._start(tx, options, import_id, turn)

    def tell_sender(self, tx: Transaction, delivery_id: str) -> None:
        """Send one call-back until it is taken or given up."""
        self._tell(tx, delivery_id, 0, None)

    def tell_sender_again(self, tx: Transaction, delivery_id: str, *, attempt: int, delay: timedelta) -> None:
        """Send a call-back that was not taken once more, after `delay`."""
        self._tell(tx, delivery_id, attempt, delay)

    def _tell(self, tx: Transaction, delivery_id: str, attempt: int, delay: timedelta | None) -> None:
        options: EnqueueOptions = {
            "workflow_name": TELL,
            "queue_name": TELL,
            "workflow_id": f"{delivery_id}-{attempt}",
            # A brand whose receiver hangs fills its own partition only.
            "queue_partition_key": tx.deliveries.get(delivery_id).brand,
            "priority": _TELL_PRIORITY,
        }
        self._start(tx, _delayed(options, delay), delivery_id, attempt)

    def _start(self, tx: Transaction, options: EnqueueOptions, *ids: str | int) -> None:
        options["app_version"] = VERSION
        # Plain JSON: readable for an operator, and no pickle is ever loaded from the database.
        options["serialization_type"] = WorkflowSerializationFormat.PORTABLE
        self._client.enqueue_in_transaction(tx.session, options, *ids)


def _queue_of(target: str) -> str:
    """The queue of a target that has limits of its own."""
    return f"{HAND_OVER}:{target}"


def _delayed(options: EnqueueOptions, delay: timedelta | None) -> EnqueueOptions:
    if delay is not None:
        options["delay_seconds"] = max(0.0, delay.total_seconds())
    return options
