"""What an inbound format is: how its senders prove who they are, and how its bodies become orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.brand import Brand
from app.domain.order import Order
from app.domain.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSecret:
    """A secret shared with a sender. `token` is its public name where the sender sends one, else empty."""

    token: str = ""
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request as it came in. Header names are in lower case; `path` is percent-decoded.

    `tail` is the part of the path after the hook's own address, with its leading slash, or empty.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    tail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a parser may know besides the body. `headers` are those that its format asked to keep."""

    brand: Brand
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A body understood.

    `content` is a digest of what it says, whatever its spacing or key order: the same order sent again
    has the same one.
    """

    order: Order
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSample:
    """A worked example: a body a sender may post, and whether it is an order. Run by the contract test.

    `refused_at` lists the JSON pointers of what is wrong with it; empty for a good order.
    """

    says: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    refused_at: tuple[str, ...] = ()


class Format(Protocol):
    """One inbound format. A module in `app/formats` exposes one as `PLUGIN`."""

    @property
    def code(self) -> str:
        """Stable name, snake_case, equal to the module's name; part of the hook's address."""
        ...

    @property
    def title(self) -> str:
        """Its name for people."""
        ...

    @property
    def documentation(self) -> str:
        """How a sender is connected, in Markdown."""
        ...

    @property
    def signed(self) -> bool:
        """Whether its senders sign with a shared secret."""
        ...

    @property
    def needs_key(self) -> bool:
        """Whether an API key is needed too, because the body is not covered by a signature."""
        ...

    @property
    def headers(self) -> tuple[str, ...]:
        """Names, in lower case, of the headers that a body is parsed with, and is kept with."""
        ...

    @property
    def samples(self) -> tuple[FormatSample, ...]:
        """Worked examples: at least one order, and one refusal."""
        ...

    def authenticate(
        self, message: Message, secrets: Sequence[HookSecret], now: datetime, tolerance: timedelta
    ) -> None:
        """Check the sender's signature.

        Args:
            message: what came in.
            secrets: the secrets of the brand's senders in this format.
            now: the present moment.
            tolerance: how far a signed time stamp may be from it.

        Raises:
            Unauthenticated: the signature is missing, wrong or stale.
        """
        ...

    def brand_of(self, body: bytes) -> str | None:
        """The brand that a body itself names, or None. A hook's address names it too.

        Raises:
            MalformedOrder: the body cannot be read at all.
        """
        ...

    def recognise(self, body: bytes) -> bool:
        """Whether a body looks like this format: enough to tell a sender that knocks at the wrong door."""
        ...

    def report(self, body: bytes, context: Context) -> Report | None:
        """What a body tells of orders and customers after the order; None where it is to be read as an order.

        Raises:
            MalformedOrder: with every violation found.
            UnknownFormat: it tells nothing that this format knows.
        """
        ...

    def parse(self, body: bytes, context: Context) -> Parsed:
        """The order that a body describes.

        Raises:
            MalformedOrder: with every violation found, not just the first.
            UnknownFormat: it is no order of this format at all.
        """
        ...
