"""HP Site Flow: the piece goes into it as a component or an attachment of its order; it fetches the PDF.

Site Flow's published operations submit, validate, read and cancel orders; there is none that looks an order
up by the sender's own id. So a lost answer cannot be made good: an operator looks (SubmissionUncertain).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from app.domain.clock import Clock, SystemClock
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.errors import SubmissionUncertain, TargetError, TargetRefused, TargetUnavailable, WrongState
from app.store.secret import load_secret
from app.wire.guarded import AddressRefused, GuardedTransport
from app.wire.posting import Poster, Reply, transport_to
from app.wire.signed_link import file_address
from app.wire.siteflow_orders import as_attachment, as_component, error_in, event, order_id, signed_headers
from app.wire.stored_pdf import read_stored

_TAKEN = range(200, 300)
_REFUSED = range(300, 500)
_LATER = frozenset({408, 425, 429, 503})


class SiteFlowOptions(BaseModel):
    """What a Site Flow account can be set to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpUrl = Field(HttpUrl("https://orders.oneflow.io"), description="Site Flow's address.")
    path: str = Field("/api/order", pattern="^/", description="Where pieces are sent.")
    token: str = Field("", description="The token that names the secret.")
    secret: SecretStr = Field(SecretStr(""), description="What requests are signed with.")
    destination: str = Field("", description="The account that prints.")
    add_as: str = Field(
        "component", pattern="^(component|attachment)$", description="component or attachment of the order."
    )
    order: str = Field(
        "{order}",
        pattern=r"\{(order|name)\}",
        description="The sourceOrderId: {order} is the sender's, {name} the piece's; both make it an order "
        "of its own.",
    )
    sku: str = Field("INSERT", min_length=1, description="Your product for such pieces in Site Flow.")
    code: str = Field("insert", min_length=1, description="The component's code in that product.")
    events_path: str = Field(
        "", pattern="^(/.*)?$", description="Where news of pieces is sent; empty: nowhere."
    )
    tipin_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8000"), description="Where Site Flow reaches tipin, to fetch PDFs."
    )
    link_hours: float = Field(72.0, gt=0, le=720, description="How long it may fetch.")
    in_plant: bool = Field(
        False, description="Whether the address may be in the plant's own network; else it must be public."
    )
    ca_file: Path | None = Field(None, description="PEM file that its certificate is checked with.")
    seconds: float = Field(30.0, gt=0, description="How long it may take for an answer.")


class SiteFlowTarget(SilentTarget):
    """A target that is an account of Site Flow. What becomes of orders comes by its postbacks."""

    def __init__(self, poster: Poster, options: SiteFlowOptions, secret: bytes, clock: Clock) -> None:
        self._poster = poster
        self._options = options
        self._secret = secret
        self._clock = clock
        self._base = options.url.path.rstrip("/") if options.url.path else ""

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Submit a piece, once."""
        if ticket.sent_before:
            raise _uncertain(ticket, "it may have been sent before")
        read_stored(ticket, pdf)
        reply = self._send(self._options.path, self._body(ticket, self._clock.now()))
        if reply.status in _TAKEN:
            return Receipt(reference=order_id(reply.body) or ticket.name, detail=self._tell(ticket))
        said = f"HTTP {reply.status}: {error_in(reply.body) or 'no reason given'}"
        if reply.status in _LATER:
            raise TargetUnavailable(f"Site Flow does not take it now: {said}")
        if reply.status in _REFUSED:
            raise TargetRefused(
                f"Site Flow does not take {ticket.name}: {said}",
                mend="compare token, secret, sku and code of the target with the account",
            )
        raise _uncertain(ticket, said)

    def cancel(self, name: str, reference: str) -> bool:
        """Nothing: a piece may be part of its customer's order, which is not tipin's to cancel.

        Raises:
            WrongState: always.
        """
        raise WrongState(
            f"what Site Flow has is cancelled there: {name}, as {reference}",
            mend="cancel it in Site Flow, or take it out at the packing bench",
        )

    def _tell(self, ticket: Ticket) -> str:
        """Tell that the piece is ready to print; what went wrong with that, for it changes nothing."""
        if not self._options.events_path:
            return ""
        now = self._clock.now()
        body = event(ticket, order=self._order(ticket), status="printready", at=now)
        try:
            reply = self._send(self._options.events_path, body)
        except TargetError as error:
            return f"the event was not sent: {error.detail}"
        return "" if reply.status in _TAKEN else f"the event was answered with HTTP {reply.status}"

    def _send(self, path: str, body: bytes) -> Reply:
        headers = signed_headers(
            self._options.token,
            self._options.secret.get_secret_value(),
            method="POST",
            path=self._base + path,
            at=self._clock.now(),
        )
        try:
            return self._poster.ask("POST", path, body, headers)
        except AddressRefused as error:
            raise TargetRefused(
                f"Site Flow's address is refused: {error}", mend="set in_plant where it is the plant's own"
            ) from error

    def _body(self, ticket: Ticket, now: datetime) -> bytes:
        options = self._options
        lasts = timedelta(hours=options.link_hours)
        path = file_address(self._secret, f"{ticket.sha256}.pdf", now=now, lasts=lasts)
        url = str(options.tipin_url).rstrip("/") + path
        order = self._order(ticket)
        if options.add_as == "attachment":
            return as_attachment(ticket, destination=options.destination, order=order, url=url)
        return as_component(
            ticket, destination=options.destination, order=order, sku=options.sku, code=options.code, url=url
        )

    def _order(self, ticket: Ticket) -> str:
        # One pass, and no `format`: a sender's id may hold braces.
        parts = self._options.order.split("{name}")
        return ticket.name.join(part.replace("{order}", ticket.source_order_id) for part in parts)


def _uncertain(ticket: Ticket, why: str) -> SubmissionUncertain:
    return SubmissionUncertain(
        f"whether Site Flow has {ticket.name} is not known: {why}",
        mend="look the order up in Site Flow; then mark the piece as printed or print it anew",
    )


class SiteFlowDriver:
    """Makes targets of Site Flow accounts."""

    code = "siteflow"
    title = "HP Site Flow"
    options = SiteFlowOptions

    def make(self, options: SiteFlowOptions, data_dir: Path) -> SiteFlowTarget:
        """An account; nothing is sent yet."""
        host = httpx.URL(str(options.url)).host
        transport = GuardedTransport(
            private_hosts={host} if options.in_plant else (), inner=transport_to(options.ca_file)
        )
        poster = Poster(str(options.url).rstrip("/"), transport=transport, seconds=options.seconds)
        return SiteFlowTarget(poster, options, load_secret(data_dir).links, SystemClock())


PLUGIN = SiteFlowDriver()
