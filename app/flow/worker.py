"""Does the background work: DBOS with tipin's tasks, each on the queue of its name.

Each task is one idempotent service call that, in its own transaction, changes the state *and* starts the next
task. So there is nothing to checkpoint inside a task: a run that was cut short is repeated from its start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dbos import DBOS, DBOSConfig

from app.flow.queue import APPLICATION, SCHEMA, VERSION, DbosQueue
from app.flow.shelter import Shelter
from app.flow.slot import Slot, take_slot
from app.flow.task import Task
from app.flow.watch import Watch
from app.services.ports import Background
from app.store.database import Store

_MOST_PROCESSES = 64
_PATIENCE_SECONDS = 10


class Worker:
    """Background work of this process, from `start` to `stop`. One a process: DBOS is one a process."""

    def __init__(
        self,
        *,
        store: Store,
        queue: DbosQueue,
        tasks: Mapping[str, Task],
        data_dir: Path,
        at_once: int,
        beside: Sequence[Background],
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing runs yet; what is `beside` starts before the tasks and stops after them."""
        self._store = store
        self._queue = queue
        self._tasks = tasks
        self._data_dir = data_dir
        self._at_once = at_once
        self._begin = begin
        self._beside = beside
        self._shelter = Shelter()
        self._slot: Slot | None = None
        self._watch: Watch | None = None

    def start(self) -> None:
        """Take up what the last process left, and then whatever comes.

        Raises:
            SetupError: another process works on the same SQLite database.
        """
        shared = self._store.engine.dialect.name != "sqlite"
        self._slot = take_slot(self._data_dir, limit=_MOST_PROCESSES if shared else 1)
        self._queue.prepare()
        self._queue.set_limits(self._at_once)
        self._watch = Watch(
            store=self._store,
            client=self._queue.client,
            executor=self._slot.name,
            shared=shared,
            tasks=self._tasks,
            running=self._shelter.running,
        )
        self._watch.take_up()
        self._begin()
        for part in self._beside:
            part.start()
        DBOS(config=self._config(self._slot.name))
        for name, task in self._tasks.items():
            self._register(name, task)
        DBOS.launch()
        self._watch.start()

    def stop(self) -> None:
        """Let running tasks finish; what waits is taken up at the next start."""
        if self._watch is not None:
            self._watch.stop()
        self._shelter.stop()
        patience = _PATIENCE_SECONDS if self._shelter.running else 0
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        for part in reversed(self._beside if self._watch is not None else ()):
            part.stop()
        if self._slot is not None:
            self._slot.release()

    def _config(self, executor: str) -> DBOSConfig:
        return {
            "name": APPLICATION,
            "system_database_url": self._store.engine.url.render_as_string(hide_password=False),
            "dbos_system_schema": SCHEMA,
            "application_version": VERSION,
            "executor_id": executor,
            "log_level": "WARNING",
            # No task waits for DBOS's notifications.
            "use_listen_notify": False,
        }

    def _register(self, name: str, task: Task) -> None:
        def work(*ids: str | int) -> None:
            self._shelter.run(
                DBOS.workflow_id or name,
                lambda: task.run(*ids),
                lambda fault: task.give_up(
                    *ids, f"a fault in tipin stopped it ({fault}); its log says where"
                ),
            )

        DBOS.workflow(name=name)(work)
