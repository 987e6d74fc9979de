"""Call-backs by Standard Webhooks: signed, with one id over every try."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks import Webhook

_SECRET_BYTES = 32
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a status, or why there was none. `wait` is the pause that the receiver asks for."""

    status: int | None = None
    error: str = ""
    wait: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it (any 2xx)."""
        return self.status is not None and httpx.codes.is_success(self.status)

    @property
    def gone(self) -> bool:
        """Whether the receiver asks never to be called again (410)."""
        return self.status == _GONE


def new_secret() -> str:
    """A fresh signing secret, `whsec_` and base64, as the receiver's library takes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(secret: str, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of one try.

    Args:
        secret: `whsec_…`.
        message_id: the same over every try; receivers tell repeats by it.
        body: UTF-8 JSON, exactly as it is sent.
        at: when this try is made; receivers refuse an old one.
    """
    # The library reads a time's clock face as UTC, so it must be UTC.
    moment = at.astimezone(UTC)
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(msg_id=message_id, timestamp=moment, data=body.decode()),
    }


class WebhookClient:
    """Sends call-backs through one transport; follows no redirect and reads no answer's body."""

    def __init__(self, *, transport: httpx.BaseTransport, timeout: float) -> None:
        self._client = httpx.Client(
            transport=transport,
            timeout=timeout,
            follow_redirects=False,
            headers={"user-agent": "tipin", "accept": "*/*", "accept-encoding": "identity"},
        )

    def post(self, url: str, *, secret: str, message_id: str, body: bytes, at: datetime) -> Answer:
        """Make one try. Never raises for what the receiver or the network does."""
        headers = signed_headers(secret, message_id, body, at)
        try:
            with self._client.stream("POST", url, content=body, headers=headers) as response:
                return Answer(
                    status=response.status_code,
                    error="" if response.is_success else f"answered {response.status_code}",
                    wait=_wait(response.headers.get("retry-after"), at),
                )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(error=f"{type(error).__name__}: {error}"[:300])

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


def _wait(header: str | None, now: datetime) -> timedelta | None:
    """RFC 9110, 10.2.3: seconds or an HTTP date."""
    if not header:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 86_400))
    try:
        return max(timedelta(0), parsedate_to_datetime(header).astimezone(UTC) - now)
    except ValueError:
        return None
