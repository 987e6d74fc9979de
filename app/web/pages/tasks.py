"""What persons should do because no card can: a list, and two ways to be done with each."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.person_task import PersonTaskState
from app.web.pages.desk import DeskDep
from app.web.pages.session import SenderDep, SignedInDep

router = APIRouter(prefix="/tasks")
PAGE_SIZE = 50
_LARGEST_ID = 2**31 - 1


@router.get("")
def show_list(
    *,
    request: Request,
    desk: DeskDep,
    signed_in: SignedInDep,
    state: PersonTaskState = PersonTaskState.OPEN,
    after: Annotated[int | None, Query(ge=1, le=_LARGEST_ID)] = None,
) -> Response:
    """The tasks in one state, newest first."""
    with desk.store.reading() as tx:
        tasks = tx.person_tasks.page(
            scope=signed_in.caller.brand, state=state, limit=PAGE_SIZE + 1, after=after
        )
        brands = desk.in_force.all(tx)
    return desk.render.page(
        request,
        "tasks.html",
        signed_in=signed_in,
        desk=desk,
        brands=brands,
        state=state,
        tasks=tasks[:PAGE_SIZE],
        older=tasks[PAGE_SIZE - 1].id if len(tasks) > PAGE_SIZE else None,
    )


@router.post("/{task_id}/{end}")
def close(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    task_id: Annotated[int, Path(ge=1, le=_LARGEST_ID)],
    end: Literal["done", "dismissed"],
) -> Response:
    """Done, or not to be told again; on to the list that it was in."""
    base = request.scope.get("root_path", "")
    with desk.store.transaction() as tx:
        tx.person_tasks.close(
            task_id,
            PersonTaskState(end),
            scope=sender.caller.brand,
            by=sender.caller.name,
            at=desk.clock.now(),
        )
    return RedirectResponse(f"{base}/tasks", status_code=HTTPStatus.SEE_OTHER)
