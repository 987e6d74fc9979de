"""The plant's three senders: each posts in its own format, with its own authentication."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import httpx

from app.demo import bodies
from app.demo.credentials import Credentials
from app.demo.history import DemoOrder
from app.demo.pictures import picture
from app.errors import TipinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service answered to one order, and how long it took in milliseconds."""

    sender: str
    order: DemoOrder
    status: int
    document: dict[str, Any]
    milliseconds: float


class Senders:
    """Posts demo orders to a running service. Over one connection, as a workflow system would."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self.client = httpx.Client(base_url=url, timeout=30)
        self.credentials = credentials
        self.key = {"authorization": f"Bearer {credentials.api_key}"}
        self._photos: dict[tuple[str, str], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def send(self, sender: str, order: DemoOrder) -> Answer:
        """Post one order as `sender` ("native", "siteflow" or "shopify").

        Raises:
            TipinError: the service refused it.
        """
        path, headers, body = getattr(self, f"_{sender}")(order)
        started = time.perf_counter()
        answer = self.client.post(path, content=body, headers={"content-type": "application/json", **headers})
        milliseconds = (time.perf_counter() - started) * 1000
        if answer.is_error:
            raise TipinError(f"order {order.number} was refused: {answer.text}")
        return Answer(
            sender=sender,
            order=order,
            status=answer.status_code,
            document=answer.json(),
            milliseconds=milliseconds,
        )

    def look(self, path: str) -> dict[str, Any]:
        """GET one resource as JSON."""
        answer = self.client.get(path, headers=self.key)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def _native(self, order: DemoOrder) -> tuple[str, dict[str, str], bytes]:
        photo = self._photo(order.brand, order.photo.picture) if order.photo else ""
        return "/v1/orders", self.key, json.dumps(bodies.native(order, photo)).encode()

    def _photo(self, brand: str, name: str) -> str:
        """The id of a picture, which is sent where it is not there yet: the same bytes are the same photo."""
        if (brand, name) not in self._photos:
            answer = self.client.post(
                "/v1/photos", params={"brand": brand}, content=picture(name), headers=self.key
            )
            if answer.is_error:
                raise TipinError(f"the picture {name!r} was refused: {answer.text}")
            self._photos[brand, name] = str(answer.json()["id"])
        return self._photos[brand, name]

    def _siteflow(self, order: DemoOrder) -> tuple[str, dict[str, str], bytes]:
        path = f"/hooks/siteflow/{order.brand}/api/order"
        stamp = datetime.now(UTC).isoformat()
        secret = self.credentials.siteflow_secret.encode()
        signature = hmac.new(secret, f"POST {path} {stamp}".encode(), "sha256").hexdigest()
        headers = {
            "x-oneflow-authorization": f"{self.credentials.siteflow_token}:{signature}",
            "x-oneflow-date": stamp,
            "x-oneflow-algorithm": "SHA256",
        }
        return path, self.key | headers, json.dumps(bodies.siteflow(order)).encode()

    def _shopify(self, order: DemoOrder) -> tuple[str, dict[str, str], bytes]:
        body = json.dumps(bodies.shopify(order)).encode()
        mac = hmac.digest(self.credentials.shopify_secret.encode(), body, "sha256")
        headers = {
            "x-shopify-topic": "orders/create",
            "x-shopify-hmac-sha256": base64.b64encode(mac).decode(),
            "x-shopify-webhook-id": hashlib.sha256(order.number.encode()).hexdigest()[:32],
        }
        return f"/hooks/shopify/{order.brand}", headers, body
