"""Watches over tasks that nobody runs any more.

* When a process ends in the middle of tasks, they are started again: by the next process of that name, on
  PostgreSQL also by the others once its heartbeat stops. Each such start is counted. From the second one on
  the task is a suspect and runs on a queue that does one at a time: so a card that ends its process does not
  drag its neighbours along, and is given up, with the reason, when it has done so too often.
* A task whose outcome DBOS could not write down (the disk was full) still counts as running: it is started
  again.
* Finished tasks are forgotten after a while.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from dbos import DBOSClient, WorkflowStatus
from sqlalchemy.exc import SQLAlchemyError

from app.errors import Overtaken
from app.flow.queue import SUSPECT
from app.flow.task import Task
from app.store.database import Store, Transaction

_LOOK_EVERY = 5.0
_DEAD_AFTER = timedelta(seconds=20)
_SUSPECT_FROM = 2
_MOST_TAKE_OVERS = 20
_KEEP = timedelta(days=14)
_FORGET_EVERY = timedelta(hours=1)
_BATCH = 1000
_PARKED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FINISHED = ["SUCCESS", "CANCELLED"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Restart:
    """The tasks of a process that ended: ids by the queue to run on, and those that had their chances."""

    queues: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    worn: list[WorkflowStatus] = field(default_factory=list)


class Watch:
    """Looks after the tasks: once before work begins, then every few seconds on a thread."""

    def __init__(
        self,
        *,
        store: Store,
        client: DBOSClient,
        executor: str,
        shared: bool,
        tasks: Mapping[str, Task],
        running: Collection[str],
    ) -> None:
        self._store = store
        self._client = client
        self._executor = executor
        self._shared = shared
        self._tasks = tasks
        self._running = running
        self._idle: frozenset[str] = frozenset()
        self._forgotten_at = datetime.min.replace(tzinfo=UTC)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="tipin-watch", daemon=True)

    def take_up(self) -> None:
        """Start again what the last process of this name left. Call it before DBOS is launched."""
        with self._store.transaction() as tx:
            if self._shared:
                tx.workers.beat(self._executor, datetime.now(UTC))
            restart = self._sorted_tasks(tx, self._executor)
        self._do(restart)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            try:
                self.look(datetime.now(UTC))
            except (Overtaken, SQLAlchemyError) as error:
                # The database is away or full. Tasks wait for it too, so there is nothing to look after.
                _log.warning("watch_waits", error=type(error).__name__)
            if self._stopping.wait(_LOOK_EVERY):
                return

    def look(self, now: datetime) -> None:
        """Look once."""
        if self._shared:
            self._take_over(now)
        self._start_idle_again()
        self._give_up_parked()
        if now - self._forgotten_at > _FORGET_EVERY:
            self._forget(now)
            self._forgotten_at = now

    def _take_over(self, now: datetime) -> None:
        with self._store.transaction() as tx:
            tx.workers.beat(self._executor, now)
            # The rows stay locked until the dead workers' tasks are started again: one worker does it, and
            # another where that one dies in the middle.
            for dead in tx.workers.silent_since(now - _DEAD_AFTER):
                restart = self._sorted_tasks(tx, dead)
                self._do(restart)
                tx.workers.gone(dead)
                _log.warning("worker_taken_over", executor=dead)

    def _sorted_tasks(self, tx: Transaction, executor: str) -> _Restart:
        restart = _Restart()
        for task in self._pending(executor):
            times = tx.workers.take_over(task.workflow_id)
            if times > _MOST_TAKE_OVERS:
                restart.worn.append(task)
            else:
                restart.queues[SUSPECT if times >= _SUSPECT_FROM else _queue_of(task)].append(
                    task.workflow_id
                )
        return restart

    def _do(self, restart: _Restart) -> None:
        for queue, ids in restart.queues.items():
            self._client.resume_workflows(ids, queue_name=queue)
        for task in restart.worn:
            # DBOS keeps it as cancelled; an end by our own hand comes second, so that no kill can lose it.
            self._give_up(task)
            self._client.cancel_workflow(task.workflow_id)

    def _start_idle_again(self) -> None:
        """Tasks in this process's name that it does not run, twice in a row: not just between two states."""
        pending = self._pending(self._executor)
        idle = frozenset(task.workflow_id for task in pending if task.workflow_id not in self._running)
        for queue, ids in _by_name(task for task in pending if task.workflow_id in idle & self._idle).items():
            self._client.resume_workflows(ids, queue_name=queue)
        self._idle = idle

    def _give_up_parked(self) -> None:
        for task in self._client.list_workflows(
            status=_PARKED, name=list(self._tasks), load_output=False, limit=_BATCH
        ):
            self._give_up(task)
            # Its reason stands with the insert now; an operator can start the task under the same id again.
            self._client.delete_workflow(task.workflow_id)

    def _give_up(self, task: WorkflowStatus) -> None:
        _log.error("task_parked", task=task.workflow_id)
        ids = task.input["args"] if task.input is not None else ()
        self._tasks[task.name].give_up(*ids, "it ended the program again and again; its log says where")

    def _pending(self, executor: str) -> list[WorkflowStatus]:
        return self._client.list_workflows(
            status="PENDING", executor_id=executor, name=list(self._tasks), load_output=False
        )

    def _forget(self, now: datetime) -> None:
        while True:
            old = self._client.list_workflows(
                status=_FINISHED,
                name=list(self._tasks),
                completed_before=(now - _KEEP).isoformat(),
                limit=_BATCH,
                load_input=False,
                load_output=False,
            )
            ids = [task.workflow_id for task in old]
            if ids:
                with self._store.transaction() as tx:
                    tx.workers.forget(ids)
                self._client.delete_workflows(ids)
            if len(old) < _BATCH:
                return


def _by_name(tasks: Iterable[WorkflowStatus]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = defaultdict(list)
    for task in tasks:
        ids[_queue_of(task)].append(task.workflow_id)
    return ids


def _queue_of(task: WorkflowStatus) -> str:
    """The queue that a task belongs on: that of its name, or a target's own one (`hand_over:press`)."""
    own = task.queue_name or ""
    return own if own.startswith(f"{task.name}:") else task.name
