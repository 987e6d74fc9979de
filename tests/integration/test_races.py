"""Two at once on PostgreSQL, where a transaction sees whatever others committed since it last looked.

Each case says what two threads do, behind which statement they stop, and what must be so afterwards. Those
that locks hold are tried without them as well: then it must not be so.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.bench import Verdict
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.domain.person_task import PersonTask, PersonTaskKind
from app.domain.reprint import ReprintReason
from app.domain.ticket import Outcome, Progress
from app.errors import ChangedMeanwhile
from app.flow.queue import MAKE, MAKE_ITEM, DbosQueue
from app.services.hear_press import HearPress
from app.store.database import Store
from app.store.migrate import migrate
from tests.bench import PACKER, Bench, code, open_bench
from tests.photo_plant import BRAND, PhotoPlant, open_photo_plant, read_photos_here
from tests.photos import saved, scene
from tests.postgres import Cluster
from tests.races import Work, at_once, in_between, without_locks
from tests.reception import NOW, native_order

DAY = timedelta(days=1)
_NUMBERS = count()


@pytest.fixture(scope="module")
def plant(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhotoPlant]:
    """One plant for the whole table: each case has orders and customers of its own."""
    with pytest.MonkeyPatch.context() as patch, postgres.database() as url:
        read_photos_here(patch)
        with open_photo_plant(tmp_path_factory.mktemp("plant"), database=url) as plant:
            yield plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """What is done at once, and what must come of it."""

    works: tuple[Work, ...]
    behind: str
    holds: Callable[[list[Any]], object]
    """Asserts what must be so; is given what each work came to."""
    in_turn: bool = False
    """Whether the second work is done while the first one is stopped, rather than both stopped together."""


class Scene:
    """What a case works with: the plant, and names that no other case has."""

    def __init__(self, plant: PhotoPlant) -> None:
        self.plant = plant
        self.store: Store = plant.reception.services.store
        self.name = f"R{next(_NUMBERS)}"
        self.bench: Bench = open_bench(self.store)

    def body(self, number: str, customer: dict[str, Any], **changed: Any) -> dict[str, Any]:
        least: dict[str, Any] = {"promised_at": None, "needed_by": None}
        placed = (NOW - DAY).isoformat()
        return native_order(id=f"{self.name}-{number}", customer=customer, placed_at=placed) | least | changed

    def post(self, body: Any, path: str = "/v1/orders", **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = self.plant.key | {"Content-Type": "application/json"} | headers
        return self.plant.reception.client.post(path, content=content, headers=sent)

    def order(self, number: str, customer: str = "", **changed: Any) -> dict[str, Any]:
        answer = self.post(self.body(number, {"id": customer or f"{self.name}-c"}, **changed))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def tell(self, path: str, type_: str, **said: Any) -> Any:
        event = {"id": f"{self.name} {type_}", "type": type_, "at": NOW.isoformat()} | said
        return self.post({"events": [event]}, f"/v1/{path}/events?brand={BRAND}")

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.store.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def picture(self) -> bytes:
        return saved(scene(300 + next(_NUMBERS), 300))

    def photo(self) -> str:
        sent = self.plant.send(self.picture())
        assert sent.status_code == 201, sent.text
        return str(sent.json()["id"])

    def moves(self, record: str, number: int) -> list[str]:
        with self.store.reading() as tx:
            return [change.after for change in tx.components.changes(tx.components.get(record, number))]


def codes(answers: list[Any]) -> list[Any]:
    return sorted(getattr(answer, "status_code", answer) for answer in answers)


def a_body_that_is_not_understood(scene: Scene) -> Race:
    body = b'{"brand": "fernweh", "id": "%s", ' % scene.name.encode()

    def holds(answers: list[Any]) -> None:
        assert codes(answers) == [422, 422]
        assert scene.rows("SELECT attempts FROM dead_letters WHERE body = :body", body=body) == [(2,)]

    return Race(works=(partial(scene.post, body),) * 2, behind="FROM dead_letters", holds=holds)


def two_calls_for_one_task_of_a_person(scene: Scene) -> Race:
    order = scene.order("1")["id"]
    task = PersonTask(
        brand=BRAND,
        kind=PersonTaskKind.NEW_WORDS,
        subject=scene.name,
        order_id=order,
        occasion="first",
        reason="all were said",
        made_at=NOW,
        last_at=NOW,
    )

    def call() -> None:
        with scene.store.transaction() as tx:
            tx.person_tasks.call_for(task)

    def holds(answers: list[Any]) -> None:
        assert answers == [None, None]
        assert scene.rows("SELECT times FROM person_tasks WHERE subject = :name", name=scene.name) == [(2,)]

    return Race(works=(call, call), behind="FROM person_tasks", holds=holds)


def two_orders_of_one_who_was_merged(scene: Scene) -> Race:
    one, other = f"{scene.name}-a", f"{scene.name}-b"
    scene.order("1", one)
    scene.order("2", other)
    assert scene.tell(f"customers/id:{one}", "merged", into=f"id:{other}").status_code == 200

    def holds(answers: list[Any]) -> None:
        assert codes(answers) == [201, 201]
        assert [answer.json()["tag"]["facts"]["n_prior"] for answer in answers] == [2, 3]

    works = tuple(
        partial(scene.post, scene.body(number, {"id": key})) for number, key in (("8", one), ("9", other))
    )
    return Race(works=works, behind="FILTER", holds=holds, in_turn=True)


def an_order_while_its_customer_is_merged(scene: Scene) -> Race:
    one, other = f"{scene.name}-a", f"{scene.name}-b"
    scene.order("1", one)
    order = scene.body("2", {"id": other})

    def holds(answers: list[Any]) -> None:
        assert codes(answers) == [200, 201]
        knew = answers[0].json()["tag"]["facts"]["n_prior"] == 1
        told = scene.rows("SELECT 1 FROM diffs WHERE order_id = :id", id=order_id(BRAND, order["id"]))
        assert knew or told

    merge = partial(scene.tell, f"customers/id:{one}", "merged", into=f"id:{other}")
    return Race(works=(partial(scene.post, order), merge), behind="FILTER", holds=holds, in_turn=True)


def two_who_are_recognised_on_a_day_without_threshold(scene: Scene) -> Race:
    day = (NOW - (100 + next(_NUMBERS)) * DAY).isoformat()
    orders = []
    for who in ("x", "y"):
        mail = f"{scene.name}-{who}@example.org".lower()
        past = scene.body(f"H-{who}", {"email": mail}, placed_at=(NOW - 600 * DAY).isoformat())
        scene.plant.reception.import_history(past)
        orders.append(scene.body(who, {"id": f"{scene.name}-{who}", "email": mail}, placed_at=day))

    def holds(answers: list[Any]) -> None:
        assert codes(answers) == [201, 201]
        assert [answer.json()["tag"]["facts"]["n_prior"] for answer in answers] == [1, 1]

    works = tuple(partial(scene.post, order) for order in orders)
    return Race(works=works, behind="DELETE FROM thresholds", holds=holds)


def a_new_targets_turns(scene: Scene) -> Race:
    def turn() -> int:
        with scene.store.transaction() as tx:
            return tx.targets.next_turn(scene.name, look_at=NOW)

    def holds(answers: list[Any]) -> None:
        assert sorted(answers) == [1, 2]

    return Race(works=(turn, turn), behind="FROM targets", holds=holds)


def a_targets_next_turns(scene: Scene) -> Race:
    with scene.store.transaction() as tx:
        tx.targets.next_turn(scene.name, look_at=NOW)

    def turn() -> int:
        with scene.store.transaction() as tx:
            return tx.targets.next_turn(scene.name, look_at=NOW)

    def holds(answers: list[Any]) -> None:
        assert sorted(answers) == [2, 3]

    return Race(works=(turn, turn), behind="UPDATE targets", holds=holds, in_turn=True)


def an_order_that_is_imported_meanwhile(scene: Scene) -> Race:
    body = scene.body("1", {"id": "7"})

    def holds(answers: list[Any]) -> None:
        assert answers[0].status_code == 409, answers[0].text
        assert "imported history" in answers[0].text

    return Race(
        works=(partial(scene.post, body), partial(scene.plant.reception.import_history, body)),
        behind="SELECT id, body_sha256",
        holds=holds,
        in_turn=True,
    )


def a_file_imported_by_two(scene: Scene) -> Race:
    body = scene.body("1", {"id": "7"})

    def holds(answers: list[Any]) -> None:
        assert isinstance(answers[0], ChangedMeanwhile)
        assert (answers[1].progress.new, answers[1].progress.rejected) == (1, 0)

    run = partial(scene.plant.reception.import_history, body)
    return Race(works=(run, run), behind="imported LIMIT 1", holds=holds, in_turn=True)


def a_piece_at_two_benches(scene: Scene) -> Race:
    record = scene.bench.put(scene.name)

    def scan(station: str) -> Verdict:
        return scene.bench.scan(code(record), scene.name, scan_id=scene.name + station).scan.verdict

    def holds(answers: list[Any]) -> None:
        assert sorted(answers, key=str) == [Verdict.ALREADY_PACKED, Verdict.MATCH]
        assert scene.moves(record, 0).count(InsertState.PACKED) == 1

    return Race(
        works=(partial(scan, "a"), partial(scan, "b")), behind="UPDATE inserts", holds=holds, in_turn=True
    )


def a_wrong_piece_twice_in_a_parcel(scene: Scene) -> Race:
    scene.bench.put(f"{scene.name}-own")
    wrong = [scene.bench.put(f"{scene.name}-{n}") for n in "ab"]

    def scan(record: str) -> Verdict:
        return scene.bench.scan(code(record), f"{scene.name}-own", scan_id=scene.name + record).scan.verdict

    def holds(answers: list[Any]) -> None:
        assert answers == [Verdict.MISMATCH, Verdict.MISMATCH]
        assert len(scene.rows("SELECT 1 FROM bench_blocks WHERE scan_id LIKE :n", n=f"{scene.name}%")) == 1

    works = tuple(partial(scan, record) for record in wrong)
    return Race(works=works, behind="INSERT INTO bench_blocks", holds=holds, in_turn=True)


def a_scan_while_the_press_tells(scene: Scene) -> Race:
    record = scene.bench.put(scene.name)
    done = Progress(outcome=Outcome.DONE, detail="completed")

    def holds(answers: list[Any]) -> None:
        assert answers == [Verdict.MATCH, None]
        assert scene.bench.state(record) is InsertState.PACKED

    return Race(
        works=(
            lambda: scene.bench.scan(code(record), scene.name, scan_id=scene.name).scan.verdict,
            lambda: HearPress(store=scene.store)([(f"{record}-0", done)]),
        ),
        behind="inserts.*pk_1",
        holds=holds,
        in_turn=True,
    )


def a_reprint_asked_for_twice(scene: Scene) -> Race:
    return _reprints(scene, ("", ""), ["WrongState", 1])


def a_reprint_sent_twice(scene: Scene) -> Race:
    return _reprints(scene, (scene.name, scene.name), [1, 1])


def _reprints(scene: Scene, keys: tuple[str, str], expected: list[Any]) -> Race:
    record = scene.bench.put(scene.name)

    def again(key: str) -> int:
        reason = ReprintReason.DAMAGED
        return scene.bench.desk.reprint(record, PACKER, reason=reason, key=key).generation

    def holds(answers: list[Any]) -> None:
        found = [each if isinstance(each, int) else type(each).__name__ for each in answers]
        assert sorted(found, key=str, reverse=True) == expected, answers
        assert scene.rows("SELECT generation FROM reprints WHERE record = :r", r=record) == [(1,)]
        assert scene.bench.queue.made == [record]

    return Race(
        works=tuple(partial(again, key) for key in keys), behind="UPDATE inserts", holds=holds, in_turn=True
    )


def a_photo_sent_twice(scene: Scene) -> Race:
    data = scene.picture()

    def holds(answers: list[Any]) -> None:
        assert codes(answers) == [201, 201]
        assert len({answer.json()["id"] for answer in answers}) == 1

    return Race(works=(partial(scene.plant.send, data),) * 2, behind="FROM photos", holds=holds)


def a_photo_that_goes_while_its_card_is_drawn(scene: Scene) -> Race:
    photo = scene.photo()
    asked = {"photo": photo, "product": "edible-cookie", "on_card": True}
    job = scene.order("1", jobs=[{"id": "1", "sku": "X", "photo": asked}])["jobs"][0]["id"]
    delete = partial(scene.plant.reception.client.delete, f"/v1/photos/{photo}", headers=scene.plant.key)

    def holds(answers: list[Any]) -> None:
        assert [answers[0], answers[1].status_code] == [None, 204]
        with scene.store.reading() as tx:
            insert = tx.inserts.get(job)
        assert insert.state is InsertState.READY
        assert insert.card is not None
        assert insert.card.photo is None

    make = partial(scene.plant.flow.tasks[MAKE].run, job, 0)
    return Race(works=(make, delete), behind="FROM photos", holds=holds, in_turn=True)


def a_card_made_twice(scene: Scene) -> Race:
    job = scene.order("1")["jobs"][0]["id"]

    def holds(answers: list[Any]) -> None:
        assert answers == [None, None]
        assert scene.moves(job, 0) == [InsertState.PLANNED, InsertState.READY]

    make = partial(scene.plant.flow.tasks[MAKE].run, job, 0)
    return Race(works=(make, make), behind="FROM inserts", holds=holds)


def an_order_cancelled_while_its_card_is_drawn(scene: Scene) -> Race:
    order = scene.order("1")
    job = order["jobs"][0]["id"]

    def holds(answers: list[Any]) -> None:
        assert [answers[0], answers[1].status_code] == [None, 200]
        assert scene.moves(job, 0) == [InsertState.PLANNED, InsertState.FAILED]
        assert scene.rows("SELECT 1 FROM deliveries WHERE order_id = :id", id=order["id"]) == [(1,)]

    make = partial(scene.plant.flow.tasks[MAKE].run, job, 0)
    cancel = partial(scene.tell, f"orders/{scene.name}-1", "cancelled")
    return Race(works=(make, cancel), behind="FROM inserts", holds=holds, in_turn=True)


def _item(scene: Scene) -> tuple[str, Work]:
    """An item that is planned, and its making."""
    asked = {"photo": scene.photo(), "product": "latte-foam"}
    record = scene.order("1", jobs=[{"id": "1", "sku": "X", "photo": asked}])["jobs"][0]["id"]
    return record, partial(scene.plant.flow.tasks[MAKE_ITEM].run, record, 1, 0, 0, 0)


def an_item_made_twice(scene: Scene) -> Race:
    record, make = _item(scene)

    def holds(answers: list[Any]) -> None:
        assert answers == [None, None]
        assert scene.moves(record, 1) == [InsertState.PLANNED, InsertState.READY]

    return Race(works=(make, make), behind="FROM items", holds=holds)


def an_item_whose_other_run_took_its_photo_from_the_spool(scene: Scene) -> Race:
    data = base64.b64encode(scene.picture()).decode()
    asked = {"data": data, "product": "latte-foam"}
    record = scene.order("1", jobs=[{"id": "1", "sku": "X", "photo": asked}])["jobs"][0]["id"]
    make = partial(scene.plant.flow.tasks[MAKE_ITEM].run, record, 1, 0, 0, 0)

    def holds(answers: list[Any]) -> None:
        assert answers == [None, None]
        moves = scene.moves(record, 1)
        assert moves[0] == InsertState.PLANNED
        assert InsertState.FAILED not in moves

    return Race(works=(make, make), behind="FROM items", holds=holds, in_turn=True)


def an_item_cropped_while_it_is_made(scene: Scene) -> Race:
    record, make = _item(scene)
    crop = {"focus": [0.5, 0.5], "zoom": 1.5}
    path = f"/v1/jobs/{record}/items/1"

    def crop_it() -> Any:
        return scene.plant.reception.client.patch(
            path, json=crop, headers=scene.plant.key | {"If-Match": "*"}
        )

    def holds(answers: list[Any]) -> None:
        assert answers[1].status_code == 200, answers[1].text
        scene.plant.work()
        assert scene.plant.item(record).revision == 1
        assert scene.plant.item(record).pdf_sha256 is not None

    return Race(works=(make, crop_it), behind="FROM items", holds=holds, in_turn=True)


def settings_saved_twice(scene: Scene) -> Race:
    def save(minutes: int) -> int:
        services = scene.plant.reception.services
        with scene.store.transaction() as tx:
            version = services.brands(tx, "maple-row").settings_version
        with scene.store.transaction() as tx:
            patch = {"needed_by_minutes": minutes}
            return services.brand_desk.save(tx, "maple-row", patch, onto=version, who=scene.name, why="")

    def holds(answers: list[Any]) -> None:
        assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhile", "int"]

    numbers = next(_NUMBERS), next(_NUMBERS)
    return Race(
        works=tuple(partial(save, 600 + number) for number in numbers),
        behind="INSERT INTO brand_settings",
        holds=holds,
        in_turn=True,
    )


def an_event_told_twice(scene: Scene) -> Race:
    scene.order("1")

    def holds(answers: list[Any]) -> None:
        assert codes(answers) == [200, 200]
        assert sorted(len(answer.json()["new"]) for answer in answers) == [0, 1]

    return Race(
        works=(partial(scene.tell, f"orders/{scene.name}-1", "cancelled"),) * 2,
        behind="INSERT INTO order_events",
        holds=holds,
        in_turn=True,
    )


def an_order_whose_cancellation_comes_at_the_same_moment(scene: Scene) -> Race:
    body = scene.body("1", {"id": f"{scene.name}-c"})

    def holds(answers: list[Any]) -> None:
        assert codes(answers) in ([200, 201], [201, 202])
        found = scene.rows("SELECT cancelled_at IS NULL FROM orders WHERE source_order_id = :n", n=body["id"])
        assert found == [(False,)]

    cancel = partial(scene.tell, f"orders/{scene.name}-1", "cancelled")
    return Race(
        works=(partial(scene.post, body), cancel), behind="FROM order_events", holds=holds, in_turn=True
    )


def a_call_back_that_two_runs_send(scene: Scene) -> Race:
    order = scene.order("1")["id"]
    scene.store.run(
        lambda tx: tx.session.execute(
            text(
                "INSERT INTO deliveries (id, brand, order_id, body, state, attempts, last_error, made_at)"
                " VALUES (:id, 'fernweh', :order, '', 'waiting', 0, '', 0)"
            ),
            {"id": scene.name, "order": order},
        )
    )

    def missed() -> None:
        with scene.store.transaction() as tx:
            tx.deliveries.missed(scene.name, status=500, error="late", give_up=True)

    def delivered() -> None:
        with scene.store.transaction() as tx:
            tx.deliveries.delivered(scene.name, status=204, at=NOW)

    def holds(answers: list[Any]) -> None:
        assert answers == [None, None]
        found = scene.rows("SELECT state, attempts FROM deliveries WHERE id = :id", id=scene.name)
        assert found == [("delivered", 2)]

    return Race(works=(missed, delivered), behind="FROM deliveries", holds=holds, in_turn=True)


def a_file_cleared_while_it_is_named(scene: Scene) -> Race:
    job = scene.order("1")["jobs"][0]["id"]
    artifacts = scene.plant.reception.services.artifacts

    def clear() -> None:
        """As the sweep does with a file that an earlier run left an hour ago."""
        (sha256,) = {path.parent.name + path.stem for path in artifacts.folder.glob("??/*.pdf")} - before
        scene.plant.flow.clear._clear(sha256, ".pdf")

    def holds(answers: list[Any]) -> None:
        assert answers == [None, None]
        with scene.store.reading() as tx:
            sha256 = tx.inserts.get(job).pdf_sha256
        assert artifacts.has(str(sha256), ".pdf")

    before = {path.parent.name + path.stem for path in artifacts.folder.glob("??/*.pdf")}
    make = partial(scene.plant.flow.tasks[MAKE].run, job, 0)
    return Race(works=(make, clear), behind="UPDATE inserts", holds=holds, in_turn=True)


HELD_BY_LOCKS = (
    a_targets_next_turns,
    a_body_that_is_not_understood,
    two_calls_for_one_task_of_a_person,
    two_orders_of_one_who_was_merged,
    an_order_while_its_customer_is_merged,
    a_piece_at_two_benches,
    a_wrong_piece_twice_in_a_parcel,
    a_scan_while_the_press_tells,
    a_reprint_sent_twice,
    a_photo_sent_twice,
    settings_saved_twice,
    an_event_told_twice,
    an_order_whose_cancellation_comes_at_the_same_moment,
    a_call_back_that_two_runs_send,
)
HELD_OTHERWISE = (
    a_photo_that_goes_while_its_card_is_drawn,
    a_file_cleared_while_it_is_named,
    two_who_are_recognised_on_a_day_without_threshold,
    a_new_targets_turns,
    an_order_that_is_imported_meanwhile,
    a_file_imported_by_two,
    a_reprint_asked_for_twice,
    a_card_made_twice,
    an_order_cancelled_while_its_card_is_drawn,
    an_item_made_twice,
    an_item_whose_other_run_took_its_photo_from_the_spool,
    an_item_cropped_while_it_is_made,
)
"""By updates that name the state they start from, by looking again, and by doing it once more."""


def run(plant: PhotoPlant, case: Callable[[Scene], Race]) -> None:
    race = case(Scene(plant))
    happen = in_between if race.in_turn else at_once
    race.holds(happen(plant.reception.services.store, *race.works, behind=race.behind))


@pytest.mark.parametrize("case", HELD_BY_LOCKS + HELD_OTHERWISE, ids=lambda case: case.__name__)
def test_two_at_once(plant: PhotoPlant, case: Callable[[Scene], Race]) -> None:
    run(plant, case)


@pytest.mark.parametrize("case", HELD_BY_LOCKS, ids=lambda case: case.__name__)
def test_it_takes_a_lock(plant: PhotoPlant, case: Callable[[Scene], Race]) -> None:
    with without_locks(), pytest.raises(AssertionError):
        run(plant, case)


def test_two_processes_start_on_an_empty_database(postgres: Cluster) -> None:
    with postgres.database() as url:
        watch, *stores = (Store(url) for _ in range(3))

        def start(store: Store) -> None:
            migrate(store)
            DbosQueue(store).prepare()

        assert at_once(watch, *(partial(start, store) for store in stores), behind="pg_class") == [None, None]
        for store in (watch, *stores):
            store.close()
