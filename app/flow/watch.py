"""Watches over tasks that nobody runs any more.

* A task that ended its process again and again is parked by DBOS: it is given up, with the reason.
* A task whose outcome DBOS could not write down (the disk was full) still counts as running: it is started
  again.
* On PostgreSQL each worker process leaves a heartbeat. When one stops, the others start its tasks again. A
  task that was taken over too often is given up as well; DBOS itself forgets its count when it is resumed.
* Finished tasks are forgotten after a while.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from dbos import DBOS, WorkflowStatus
from sqlalchemy.exc import SQLAlchemyError

from app.flow.task import Task
from app.store.database import Store

_LOOK_EVERY = 5.0
_DEAD_AFTER = timedelta(seconds=20)
_MOST_TAKE_OVERS = 5
_KEEP = timedelta(days=14)
_FORGET_EVERY = timedelta(hours=1)
_BATCH = 1000
_PARKED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FINISHED = ["SUCCESS", "CANCELLED"]

_log = structlog.get_logger(__name__)


class Watch:
    """A thread that looks after the tasks every few seconds."""

    def __init__(
        self,
        *,
        store: Store,
        executor: str,
        shared: bool,
        tasks: Mapping[str, Task],
        running: Collection[str],
    ) -> None:
        self._store = store
        self._executor = executor
        self._shared = shared
        self._tasks = tasks
        self._running = running
        self._idle: frozenset[str] = frozenset()
        self._forgotten_at = datetime.min.replace(tzinfo=UTC)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="tipin-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            try:
                self.look(datetime.now(UTC))
            except SQLAlchemyError as error:
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
        worn: list[WorkflowStatus] = []
        with self._store.transaction() as tx:
            tx.workers.beat(self._executor, now)
            # The rows stay locked until the dead workers' tasks are started again: one worker does it, and
            # another where that one dies in the middle.
            for dead in tx.workers.silent_since(now - _DEAD_AFTER):
                tasks = self._pending(dead)
                tired = [task for task in tasks if tx.workers.take_over(task.workflow_id) > _MOST_TAKE_OVERS]
                _start_again(task for task in tasks if task not in tired)
                worn += tired
                tx.workers.gone(dead)
                _log.warning("worker_taken_over", executor=dead, tasks=len(tasks))
        for task in worn:
            DBOS.cancel_workflow(task.workflow_id)
            self._give_up(task)

    def _start_idle_again(self) -> None:
        """Tasks in this process's name that it does not run, twice in a row: not just between two states."""
        pending = self._pending(self._executor)
        idle = frozenset(task.workflow_id for task in pending if task.workflow_id not in self._running)
        _start_again(task for task in pending if task.workflow_id in idle & self._idle)
        self._idle = idle

    def _give_up_parked(self) -> None:
        for task in DBOS.list_workflows(
            status=_PARKED, name=list(self._tasks), load_output=False, limit=_BATCH
        ):
            self._give_up(task)
            # Its reason stands with the insert now; an operator can start the task under the same id again.
            DBOS.delete_workflow(task.workflow_id)

    def _give_up(self, task: WorkflowStatus) -> None:
        _log.error("task_parked", task=task.workflow_id)
        ids = task.input["args"] if task.input is not None else ()
        self._tasks[task.name].give_up(*ids, "it ended the program again and again; its log says where")

    def _pending(self, executor: str) -> list[WorkflowStatus]:
        return DBOS.list_workflows(
            status="PENDING", executor_id=executor, name=list(self._tasks), load_output=False
        )

    def _forget(self, now: datetime) -> None:
        while True:
            old = DBOS.list_workflows(
                status=_FINISHED,
                name=list(self._tasks),
                completed_before=(now - _KEEP).isoformat(),
                limit=_BATCH,
                load_input=False,
                load_output=False,
            )
            if old:
                DBOS.delete_workflows([task.workflow_id for task in old])
            if len(old) < _BATCH:
                return


def _start_again(tasks: Iterable[WorkflowStatus]) -> None:
    by_name: dict[str, list[str]] = defaultdict(list)
    for task in tasks:
        by_name[task.name].append(task.workflow_id)
    for name, ids in by_name.items():
        DBOS.resume_workflows(ids, queue_name=name)
