from __future__ import annotations

import pytest

from app.domain.insert import InsertState
from app.flow.queue import MAKE
from tests.plant import Plant


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (InsertState.PLANNED, InsertState.FAILED),
        (InsertState.READY, InsertState.READY),
        (InsertState.SUBMITTING, InsertState.SUBMITTING),
        (InsertState.ACCEPTED, InsertState.ACCEPTED),
        (InsertState.HELD, InsertState.HELD),
    ],
)
def test_what_cannot_be_made_ends_unless_it_was_made(
    still: Plant, before: InsertState, after: InsertState
) -> None:
    job = still.accept(1)
    with still.store.transaction() as tx:
        component = tx.components.get(job)
        if component.state is not before:
            tx.components.move(component, before)
    still.give_up(MAKE, job, 0, "it broke")
    assert still.insert(job).state is after
    assert len(still.call_backs(job)) == (after is InsertState.FAILED)
