"""`/v1/tasks`: what persons should do because no card can: see it, and say that it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from app.domain.access import Caller
from app.domain.person_task import PersonTask, PersonTaskKind, PersonTaskState
from app.services.desk import Services
from app.web.authentication import ReadsOrders
from app.web.dependencies import ServicesDep
from app.web.paging import with_next_link

router = APIRouter(prefix="/v1/tasks", tags=["tasks for persons"])

_LARGEST_ID = 2**31 - 1
IdPath = Annotated[int, Path(ge=1, le=_LARGEST_ID)]
_ERRORS: dict[int | str, dict[str, object]] = {
    404: {"description": "There is no such task."},
    409: {"description": "It was closed otherwise meanwhile."},
}


class TaskAnswer(BaseModel):
    """One thing to do."""

    id: int
    brand: str
    kind: PersonTaskKind = Field(
        description="write to a customer whom trouble met again, or new_words for an occasion."
    )
    occasion: str
    reason: str
    order: str = Field(description="The latest order that called for it.")
    times: int = Field(description="How often it was called for.")
    state: PersonTaskState
    made_at: datetime
    last_at: datetime
    closed_at: datetime | None
    closed_by: str
    links: dict[str, str]


class TaskPage(BaseModel):
    """Some tasks, newest first."""

    tasks: list[TaskAnswer]


@router.get("", summary="List what persons should do")
def list_tasks(
    *,
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: ReadsOrders,
    state: Annotated[PersonTaskState, Query()] = PersonTaskState.OPEN,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        int | None, Query(ge=1, le=_LARGEST_ID, description="From the `next` link of the page before.")
    ] = None,
) -> TaskPage:
    """Newest first; a `Link` header leads to the next page where there is one."""
    with services.store.reading() as tx:
        tasks = tx.person_tasks.page(scope=caller.brand, state=state, limit=limit + 1, after=cursor)
    if len(tasks) > limit:
        with_next_link(request, response, services.settings.public_url, cursor=str(tasks[limit - 1].id))
    return TaskPage(tasks=[_answer(task, services) for task in tasks[:limit]])


@router.post("/{task_id}/done", summary="Say that it is done", responses=_ERRORS)
def done(task_id: IdPath, services: ServicesDep, caller: ReadsOrders) -> TaskAnswer:
    """It is opened again where the same is called for again. The same again changes nothing."""
    return _close(task_id, PersonTaskState.DONE, services, caller)


@router.post("/{task_id}/dismiss", summary="Ask not to be told of it again", responses=_ERRORS)
def dismiss(task_id: IdPath, services: ServicesDep, caller: ReadsOrders) -> TaskAnswer:
    """It stays away, however often the same is called for. The same again changes nothing."""
    return _close(task_id, PersonTaskState.DISMISSED, services, caller)


def _close(task_id: int, to: PersonTaskState, services: Services, caller: Caller) -> TaskAnswer:
    with services.store.transaction() as tx:
        task = tx.person_tasks.close(task_id, to, scope=caller.brand, by=caller.name, at=services.clock.now())
    return _answer(task, services)


def _answer(task: PersonTask, services: Services) -> TaskAnswer:
    return TaskAnswer(
        id=task.id,
        brand=task.brand,
        kind=task.kind,
        occasion=task.occasion,
        reason=task.reason,
        order=task.order_id,
        times=task.times,
        state=task.state,
        made_at=task.made_at,
        last_at=task.last_at,
        closed_at=task.closed_at,
        closed_by=task.closed_by,
        links={"order": services.links.order(task.order_id)},
    )
