"""`tipin webhooks`: where a brand's sender is told what became of its inserts."""

from __future__ import annotations

from typing import Annotated

import httpx
import typer

from app.cli.access import check_brand
from app.domain.call_back import Endpoint
from app.settings import Settings
from app.wire.webhooks import new_secret
from app.wiring import open_store

webhooks = typer.Typer(help="Where senders are told, by Standard Webhooks.", no_args_is_help=True)
BrandOption = Annotated[str, typer.Option(help="The brand whose sender is told.")]


@webhooks.command("set")
def set_endpoint(
    brand: BrandOption, url: Annotated[str, typer.Option(help="Where to POST, http or https.")]
) -> None:
    """Set a brand's address, and print a new signing secret. It is shown this once."""
    check_brand(brand)
    check_url(url)
    secret = new_secret()
    with open_store(Settings.read()).transaction() as tx:
        tx.deliveries.set_endpoint(Endpoint(brand=brand, url=url, secret=secret))
    typer.echo(secret)


@webhooks.command("show")
def show_endpoint(brand: BrandOption) -> None:
    """Print a brand's address."""
    with open_store(Settings.read()).reading() as tx:
        endpoint = tx.deliveries.endpoint(brand)
    if endpoint is None:
        typer.echo(f"{brand} has no address", err=True)
        raise typer.Exit(1)
    typer.echo(endpoint.url)


@webhooks.command("remove")
def remove_endpoint(brand: BrandOption) -> None:
    """Forget a brand's address; call-backs that wait are given up."""
    with open_store(Settings.read()).transaction() as tx:
        removed = tx.deliveries.remove_endpoint(brand)
    typer.echo("removed" if removed else f"{brand} has no address")
    raise typer.Exit(0 if removed else 1)


def check_url(url: str) -> None:
    """Refuse what is not an http(s) URL with a host."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise typer.BadParameter(f"{url!r} is not a URL: {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise typer.BadParameter(f"{url!r} is not an http or https URL with a host")
