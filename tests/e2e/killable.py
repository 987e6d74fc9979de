"""The whole service in a process that can be told where to die. Not a test: `test_kill.py` starts it.

It imports everything once, then reads one line a life from standard input and forks. The child patches the
seams of the product (transactions, renderer, artifact store, hot folder, webhook client, DBOS's own record of
outcomes) so that, once armed by SIGUSR1, it ends itself by SIGKILL at the named spot; then it serves. The
parent writes the child's process id, then how it ended.

A spot is named after where it is: `hand_over/rename 2/before` is before the second rename of a hand-over.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from dbos._sys_db import SystemDatabase

from app import wiring
from app.pdf.engine import Renderer
from app.services.receive_body import ReceiveBody
from app.settings import Settings
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction
from app.targets.hot_folder import files
from app.web.application import create_app
from app.wire.webhooks import WebhookClient
from app.wiring import build, build_worker, open_designs


class Spots:
    """Counts the operations of each task and dies at the chosen one."""

    def __init__(self, fatal: str, seen: Path) -> None:
        self._fatal = fatal
        self._armed = False
        self._seen = os.open(seen, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._of_thread = threading.local()

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """What this thread does from here on; its name stays until the next, for DBOS's record of it."""
        self._of_thread.name = name
        self._of_thread.counts = Counter()
        yield

    def arm(self, *_: object) -> None:
        """From now on the fatal spot kills."""
        self._armed = True

    def at(self, operation: str, side: str) -> None:
        """Pass this spot, or die here."""
        name = getattr(self._of_thread, "name", None)
        if name is None:
            return
        counts = self._of_thread.counts
        counts[operation] += side == "before"
        spot = f"{name}/{operation} {counts[operation]}/{side}"
        os.write(self._seen, f"{spot}\n".encode())
        if self._armed and spot == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, attribute: str, operation: str) -> None:
        """Put a spot before and one after every call of a function."""
        real: Callable[..., Any] = getattr(owner, attribute)

        def spotted(*args: Any, **named: Any) -> Any:
            self.at(operation, "before")
            result = real(*args, **named)
            self.at(operation, "after")
            return result

        setattr(owner, attribute, spotted)

    def around_commits(self) -> None:
        """The same for every transaction's commit."""
        real = Store.transaction

        @contextmanager
        def spotted(store: Store) -> Iterator[Transaction]:
            with real(store) as tx:
                yield tx
                self.at("commit", "before")
            self.at("commit", "after")

        setattr(Store, "transaction", spotted)  # noqa: B010 -- mypy knows that it is a patch

    def name_task(self, owner: Any, attribute: str, name: str) -> None:
        """Call what happens in a function by this name."""
        real: Callable[..., Any] = getattr(owner, attribute)

        def named(*args: Any, **kwargs: Any) -> Any:
            with self.task(name):
                return real(*args, **kwargs)

        setattr(owner, attribute, named)


def live(fatal: str, seen: Path) -> None:
    """One life of the service."""
    spots = Spots(fatal, seen)
    signal.signal(signal.SIGUSR1, spots.arm)
    spots.around_commits()
    spots.around(Renderer, "render", "render")
    spots.around(ArtifactStore, "put", "put")
    spots.around(files, "write_new", "write")
    spots.around(files, "sync_folder", "sync")
    spots.around(os, "link", "link")
    spots.around(Path, "rename", "rename")
    spots.around(WebhookClient, "post", "post")
    spots.around(SystemDatabase, "update_workflow_outcome", "outcome")
    spots.name_task(ReceiveBody, "__call__", "intake")
    settings = Settings()
    # One process does it all here, so that one kill ends requests and background work at once.
    worker = build_worker(settings)
    services = replace(build(settings), background=(worker,))
    for name, task in worker._tasks.items():  # the tests' own look inside
        spots.name_task(type(task.run), "__call__", name)
    uvicorn.run(create_app(services), host="127.0.0.1", port=settings.port, log_config=None, access_log=False)


def main() -> None:
    """One life a line, until standard input ends."""
    seen = Path(sys.argv[1])
    # Read before the first life, like the code: a hundred lives need not check the same drawings again.
    designs = open_designs(Settings())
    wiring.open_designs = lambda settings: designs  # noqa: ARG005 -- its name is the signature
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            live(line.strip(), seen)
            os._exit(0)
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
