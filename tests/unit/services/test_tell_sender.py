from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from app.domain.call_back import DeliveryState
from app.domain.ids import job_id, order_id
from app.flow.queue import TELL
from app.services.tell_sender import TellSender
from app.store.orders import StoredOrder
from app.wire.webhooks import WebhookClient
from tests import plant
from tests.plant import BRAND, NO_CARD, Plant

JOB = job_id(BRAND.code, "A-1", "1")
MESSAGE = f"msg_{JOB}_0_insert_none"


class Receiver:
    """The sender's side: answers what it is told to, and remembers."""

    def __init__(self) -> None:
        self.status = 204
        self.headers: dict[str, str] = {}
        self.requests: list[httpx.Request] = []
        self.fails: Callable[[], None] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.fails()
        request.read()
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers)


@pytest.fixture
def receiver(still: Plant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    made = Receiver()
    client = WebhookClient(transport=httpx.MockTransport(made), timeout=1)
    task = still.flow.tasks[TELL].run
    assert isinstance(task, TellSender)
    monkeypatch.setattr(task, "_client", client)
    yield made
    client.close()


def test_an_order_without_a_card_gets_its_one_call_back(still: Plant, receiver: Receiver) -> None:
    secret = still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    assert still.queued()[f"{MESSAGE}-0"].queue_partition_key == BRAND.code
    still.run(TELL, MESSAGE, 0)
    (request,) = receiver.requests
    told = Webhook(secret).verify(request.content, dict(request.headers))
    assert told["type"] == "insert.none"
    assert told["data"]["source_order_id"] == "A-1"
    assert "insert" not in told["data"]["links"]
    (call_back,) = still.call_backs(JOB)
    assert (call_back.state, call_back.last_status) == (DeliveryState.DELIVERED, 204)


def test_what_was_taken_is_not_sent_again(still: Plant, receiver: Receiver) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    still.run(TELL, MESSAGE, 0)
    still.run(TELL, MESSAGE, 0)
    assert len(receiver.requests) == 1


def test_a_retry_keeps_id_and_body_and_signs_anew(still: Plant, receiver: Receiver) -> None:
    secret = still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    receiver.status = 503
    still.run(TELL, MESSAGE, 0)
    still.clock.ahead = timedelta(seconds=90)
    receiver.status = 200
    still.run(TELL, MESSAGE, 1)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == MESSAGE
    assert first.content == second.content
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    Webhook(secret).verify(second.content, dict(second.headers))
    (call_back,) = still.call_backs(JOB)
    assert (call_back.state, call_back.attempts) == (DeliveryState.DELIVERED, 2)
    assert still.queued()[f"{MESSAGE}-1"].status == "DELAYED"


def test_the_receiver_may_ask_for_a_longer_pause(still: Plant, receiver: Receiver) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    receiver.status, receiver.headers = 429, {"retry-after": "3600"}
    still.run(TELL, MESSAGE, 0)
    until = still.queued()[f"{MESSAGE}-1"].delay_until_epoch_ms
    assert until is not None
    assert until / 1000 > still.clock.now().timestamp() + 3500


def test_a_receiver_that_is_gone_is_not_called_again(still: Plant, receiver: Receiver) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    receiver.status = 410
    still.run(TELL, MESSAGE, 0)
    assert still.call_backs(JOB)[0].state is DeliveryState.GIVEN_UP
    assert f"{MESSAGE}-1" not in still.queued()


def test_after_days_it_is_given_up(still: Plant, receiver: Receiver) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    receiver.status = 500
    still.clock.ahead = timedelta(days=4, minutes=1)
    still.run(TELL, MESSAGE, 12)
    assert still.call_backs(JOB)[0].state is DeliveryState.GIVEN_UP


def test_a_network_that_fails_is_a_reason_not_a_fault(still: Plant, receiver: Receiver) -> None:
    def cut() -> None:
        raise httpx.ReadTimeout("slow")

    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    receiver.fails = cut
    still.run(TELL, MESSAGE, 0)
    (call_back,) = still.call_backs(JOB)
    assert (call_back.state, call_back.last_error) == (DeliveryState.WAITING, "ReadTimeout: slow")


def test_a_redirect_is_not_followed(still: Plant, receiver: Receiver) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    receiver.status, receiver.headers = 307, {"location": "http://169.254.169.254/"}
    still.run(TELL, MESSAGE, 0)
    assert len(receiver.requests) == 1
    assert still.call_backs(JOB)[0].last_status == 307


def test_without_an_address_the_call_back_is_kept_and_goes_nowhere(still: Plant) -> None:
    still.accept(1, decision=NO_CARD)
    (call_back,) = still.call_backs(JOB)
    assert call_back.state is DeliveryState.NOWHERE
    assert json.loads(call_back.body)["type"] == "insert.none"
    assert still.queued() == {}


def test_an_address_that_was_removed_meanwhile_ends_it(still: Plant, receiver: Receiver) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    with still.store.transaction() as tx:
        assert tx.deliveries.remove_endpoint(BRAND.code)
        assert not tx.deliveries.remove_endpoint(BRAND.code)
    still.run(TELL, MESSAGE, 0)
    assert still.call_backs(JOB)[0].state is DeliveryState.GIVEN_UP
    assert receiver.requests == []


def test_given_up_it_says_why(still: Plant) -> None:
    still.listen_at("https://sender.example/hook")
    still.accept(1, decision=NO_CARD)
    still.give_up(TELL, MESSAGE, 0, "it ended the program")
    (call_back,) = still.call_backs(JOB)
    assert (call_back.state, call_back.last_error) == (DeliveryState.GIVEN_UP, "it ended the program")


def test_tasks_carry_ids_only_a_priority_and_the_pinned_version(still: Plant) -> None:
    job = still.accept(1)
    (task,) = still.queued().values()
    assert task.workflow_uuid == job
    assert json.loads(task.inputs)["positionalArgs"] == [job, 0]
    assert task.priority > 1
    assert task.application_version == "1"


def test_a_task_is_undone_with_its_transaction(still: Plant) -> None:
    order, now = plant.order_of(2), still.clock.now()
    stored = StoredOrder(
        id=order_id(order.brand, order.source_order_id),
        order=order,
        customer_key=None,
        received_at=now,
        needed_by=now,
    )
    with pytest.raises(KeyError), still.store.transaction() as tx:  # noqa: PT012 -- the raise is the point
        still.put(tx, stored, plant.DECISION, now)
        raise KeyError
    assert still.queued() == {}
