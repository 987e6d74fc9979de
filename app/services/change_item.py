"""What a person does to a photo item before the press has it: crop, word, hold, release or stop it.

Each is a new revision. Once a generation's hand-over was begun the target may know its name, so that another
crop then is a new generation, whose bench code the old print does not have.
"""

from __future__ import annotations

from typing import Any, Protocol

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.item import Item
from app.domain.photo import Crop
from app.errors import ChangedMeanwhile, WrongState
from app.services.expire_photos import ForgetPhoto
from app.services.ports import TargetQueue, TaskQueue
from app.services.stop_component import StopComponent
from app.store.components import NOT_HANDED_OVER
from app.store.database import Transaction

_CROPPED = {*NOT_HANDED_OVER, InsertState.FAILED}


class ItemQueue(TaskQueue, TargetQueue, Protocol):
    """Makes items and hands them over."""


class ChangeItem:
    """Changes items within the caller's transaction; each call returns the item as it stands then."""

    def __init__(self, *, queue: ItemQueue, stop: StopComponent, forget: ForgetPhoto, clock: Clock) -> None:
        """`forget` deletes a file that another crop replaces."""
        self._forget = forget
        self._queue = queue
        self._stop = stop
        self._clock = clock

    def crop(self, tx: Transaction, item: Item, crop: Crop | None, *, who: str) -> Item:
        """Make it again with a person's crop, or with a chosen one where that is None.

        Raises:
            WrongState: the press has it, or its photo never came.
            ChangedMeanwhile: it has moved on since it was read.
        """
        return self._again(tx, item, who, crop=tx.items.crop_document(crop))

    def word(self, tx: Transaction, item: Item, *, caption: str, name: str, who: str) -> Item:
        """Make it again with other words, cropped as it was asked to be; errors as for a crop."""
        return self._again(tx, item, who, caption=caption, name=name)

    def _again(self, tx: Transaction, item: Item, who: str, **changed: Any) -> Item:
        if item.state not in _CROPPED:
            raise WrongState(
                f"the item is {item.state} already", mend="ask the press to stop it, and print it again"
            )
        if not item.source.photo:
            raise WrongState("its photo is not here", mend="send the order again with a photo")
        component = tx.components.get(item.record, item.number)
        changes = tx.components.changes(component)
        begun = any(
            change.generation == item.generation and change.after is InsertState.SUBMITTING
            for change in changes
        )
        _moved(
            tx.components.move(
                component,
                InsertState.PLANNED,
                reason="",
                who=who,
                revision=item.revision + 1,
                generation=item.generation + begun,
                customer_message="",
                finding=None,
                pdf_sha256=None,
                bench_code="",
                planned_at=self._clock.now(),
                **changed,
            )
        )
        self._forget.pdf(tx, item.pdf_sha256)
        again = tx.items.get(item.record, item.number)
        self._queue.make_item(tx, again)
        return again

    def hold(self, tx: Transaction, item: Item, *, reason: str, who: str) -> Item:
        """Keep it back until somebody releases it.

        Raises:
            WrongState: it waits for nothing that could be kept back.
            ChangedMeanwhile: it has moved on since it was read.
        """
        if item.state not in {InsertState.PLANNED, InsertState.READY}:
            raise WrongState(f"the item is {item.state}", mend="only what waits for the press can be held")
        component = tx.components.get(item.record, item.number)
        held = tx.components.move(
            component, InsertState.HELD, reason=reason, who=who, revision=item.revision + 1
        )
        _moved(held)
        return tx.items.get(item.record, item.number)

    def release(self, tx: Transaction, item: Item, *, who: str) -> Item:
        """Let it go on: to the press, or to be made where it was held before.

        Raises:
            WrongState: it is not held.
            ChangedMeanwhile: it has moved on since it was read.
        """
        if item.state is not InsertState.HELD:
            raise WrongState(f"the item is {item.state}", mend="only what is held can be released")
        made = item.pdf_sha256 is not None
        component = tx.components.get(item.record, item.number)
        to = InsertState.READY if made else InsertState.PLANNED
        _moved(tx.components.move(component, to, who=who, revision=item.revision + 1))
        released = tx.items.get(item.record, item.number)
        if made:
            self._queue.hand_over(tx, tx.components.get(item.record, item.number), first=True)
        else:
            self._queue.make_item(tx, released)
        return released

    def stop(self, tx: Transaction, item: Item, *, reason: str, who: str) -> Item:
        """End it: its order goes out without.

        Raises:
            WrongState: the press has it, or it ended already.
            ChangedMeanwhile: it has moved on since it was read.
        """
        component: Component = tx.components.get(item.record, item.number)
        if component.state not in NOT_HANDED_OVER:
            raise WrongState(f"the item is {item.state}", mend="only what the press does not have is stopped")
        _moved(self._stop(tx, component, reason=reason, who=who))
        return tx.items.get(item.record, item.number)


def _moved(done: bool) -> None:  # noqa: FBT001 - what a move answers
    if not done:
        raise ChangedMeanwhile("the item has moved on", mend="read it again and decide anew")
