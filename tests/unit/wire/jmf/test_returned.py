from __future__ import annotations

from collections.abc import Callable

import pytest

from app.wire.jmf.returned import Returned, read_returned
from tests.returned_tickets import returned_jdf, returned_xjdf


@pytest.mark.parametrize("ticket", [returned_jdf, returned_xjdf])
def test_the_latest_run_says_how_it_ended(ticket: Callable[..., bytes]) -> None:
    assert read_returned(ticket("J", "J-0", "Aborted", "Completed")) == Returned(
        job="J", part="J-0", status="Completed"
    )
    assert read_returned(ticket("J", "J-0", "Completed", "Aborted")) == Returned(
        job="J", part="J-0", status="Aborted"
    )
    assert read_returned(ticket("J", "J-0")) == Returned(job="J", part="J-0")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.6", b"<XJDF/>", b"<!DOCTYPE a><XJDF/>", b"<a"])
def test_what_is_no_ticket_says_nothing(content: bytes) -> None:
    assert read_returned(content) is None
