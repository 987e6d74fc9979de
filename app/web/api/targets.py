"""`/v1/targets`: how the ways to the presses are; pause, drain and resume them; settle what is uncertain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from app.domain.access import ALL_BRANDS, Caller, Right
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.target_state import Gate
from app.errors import Forbidden
from app.services.desk import Services
from app.services.target_desk import TargetView
from app.web.authentication import ReadsOrders, RunsTargets
from app.web.dependencies import ServicesDep

router = APIRouter(tags=["targets"])

NamePath = Annotated[str, Path(max_length=200)]
KeyPath = Annotated[
    str, Path(max_length=40, description="The job's id for its card; with -1, -2 … for its photo items.")
]
_NONE: dict[int | str, dict[str, object]] = {404: {"description": "No target is called so."}}
_NOT_SO: dict[int | str, dict[str, object]] = {
    404: {"description": "There is no such piece."},
    409: {"description": "It is in another state."},
}


class TargetAnswer(BaseModel):
    """One target, as it stands."""

    name: str
    driver: str
    gate: Gate = Field(description="open, paused or draining, by an operator.")
    gate_by: str
    gate_at: datetime | None
    drained: bool = Field(description="Draining, and nothing is left that was ready before.")
    trouble: str = Field(description="Why nothing can be handed over; empty where something can.")
    mend: str
    attention: list[str] = Field(description="What somebody has to see to at the press, in plain words.")
    warnings: list[str] = Field(description="What is odd about how it is set up.")
    waiting: int = Field(description="Pieces that are ready for it.")
    sent: int = Field(description="Pieces that it has, and has not told the end of.")
    unknown: int = Field(description="Pieces that it may or may not have printed.")
    at_the_press: int | None = Field(description="Jobs that wait at the press itself, where it says so.")
    at_once: int | None
    a_minute: int | None
    seen_at: datetime | None = Field(description="When it last told how it is.")
    signals: str = Field(
        description="Where its front end may tell by JMF or XJMF what becomes of jobs, for those who run "
        "targets: whoever knows it can. Empty where it cannot."
    )
    capabilities: dict[str, list[str]]


class TargetList(BaseModel):
    """Every target, in the order of the settings."""

    targets: list[TargetAnswer]


class PieceAnswer(BaseModel):
    """A printed piece, as it stands now."""

    key: str
    generation: int
    target: str
    state: InsertState
    reason: str


@router.get("/v1/targets", summary="List the targets and how they are")
def list_targets(services: ServicesDep, caller: ReadsOrders) -> TargetList:
    """In the order of the settings."""
    return TargetList(targets=[_answer(view, services, caller) for view in services.targets.all()])


@router.get("/v1/targets/{name}", summary="See how a target is", responses=_NONE)
def get_target(name: NamePath, services: ServicesDep, caller: ReadsOrders) -> TargetAnswer:
    """Its state, what it can do, what it asks for, and how much waits."""
    return _answer(services.targets.get(name), services, caller)


@router.post("/v1/targets/{name}/pause", summary="Let nothing go to a target", responses=_NONE)
def pause(name: NamePath, services: ServicesDep, caller: RunsTargets) -> TargetAnswer:
    """Everything for it waits, durably. The same again changes nothing."""
    return _set(name, Gate.PAUSED, services, caller)


@router.post("/v1/targets/{name}/drain", summary="Let only what is ready go to a target", responses=_NONE)
def drain(name: NamePath, services: ServicesDep, caller: RunsTargets) -> TargetAnswer:
    """What becomes ready from now on waits. The same again changes nothing."""
    return _set(name, Gate.DRAINING, services, caller)


@router.post("/v1/targets/{name}/resume", summary="Open a target again", responses=_NONE)
def resume(name: NamePath, services: ServicesDep, caller: RunsTargets) -> TargetAnswer:
    """What waited goes out in order, what is needed first before all. The same again changes nothing."""
    return _set(name, Gate.OPEN, services, caller)


@router.post(
    "/v1/components/{key}/printed", summary="Say that an uncertain piece is printed", responses=_NOT_SO
)
def printed(key: KeyPath, services: ServicesDep, caller: RunsTargets) -> PieceAnswer:
    """Somebody looked, and it lies there."""
    return _piece(services.targets.settle(key, printed=True, by=caller.name, scope=caller.brand))


@router.post(
    "/v1/components/{key}/not-printed",
    summary="Say that an uncertain piece is not printed",
    responses=_NOT_SO,
)
def not_printed(key: KeyPath, services: ServicesDep, caller: RunsTargets) -> PieceAnswer:
    """Somebody looked, and it does not lie there: it is handed over again."""
    return _piece(services.targets.settle(key, printed=False, by=caller.name, scope=caller.brand))


@router.post(
    "/v1/components/{key}/recall", summary="Take a piece back before it is printed", responses=_NOT_SO
)
def recall(key: KeyPath, services: ServicesDep, caller: RunsTargets) -> PieceAnswer:
    """The press is asked to cancel it; 409 where that is too late."""
    return _piece(services.recall(key, by=caller.name, scope=caller.brand))


def _set(name: str, gate: Gate, services: ServicesDep, caller: Caller) -> TargetAnswer:
    if caller.brand != ALL_BRANDS:
        raise Forbidden(
            "targets serve every brand, and this caller serves one", mend="ask somebody who serves them all"
        )
    return _answer(services.targets.set_gate(name, gate, by=caller.name), services, caller)


def _answer(view: TargetView, services: Services, caller: Caller) -> TargetAnswer:
    state, said = view.state, view.state.condition
    sets_up = caller.may(Right.RUN_TARGETS) and caller.brand == ALL_BRANDS
    return TargetAnswer(
        name=view.setting.name,
        driver=view.setting.driver,
        gate=state.gate,
        gate_by=state.gate_by,
        gate_at=state.gate_at,
        drained=view.drained,
        trouble=view.trouble,
        mend=view.problem.mend if view.problem else "",
        attention=list(said.attention),
        warnings=list(said.warnings),
        waiting=view.waiting,
        sent=view.sent,
        unknown=view.unknown,
        at_the_press=said.queued,
        at_once=view.setting.at_once,
        a_minute=view.setting.a_minute,
        seen_at=state.seen_at,
        signals=services.targets.signals.get(view.setting.name, "") if sets_up else "",
        capabilities=dict(said.capabilities),
    )


def _piece(component: Component) -> PieceAnswer:
    return PieceAnswer(
        key=component.key,
        generation=component.generation,
        target=component.target,
        state=component.state,
        reason=component.reason,
    )
