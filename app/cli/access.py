"""`tipin keys`, `tipin hooks`, `tipin operators`: who may send, read and sign in."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from app.domain.access import ALL_BRANDS, Caller, Role, hash_password, new_api_key
from app.domain.clock import SystemClock
from app.domain.format import HookSecret
from app.settings import Settings
from app.wiring import brands_in_force, open_store

keys = typer.Typer(help="API keys of machines.", no_args_is_help=True)
hooks = typer.Typer(help="Secrets shared with senders that sign.", no_args_is_help=True)
operators = typer.Typer(help="People who sign in to the page.", no_args_is_help=True)

_SHORTEST_PASSWORD = 12
BrandOption = Annotated[str, typer.Option(help="The one brand it is for; all brands without it.")]


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What the key is called in logs and lists.")] = "plant",
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.PLANT,
    brand: BrandOption = ALL_BRANDS,
) -> None:
    """Make an API key and print it. It is shown this once; only its SHA-256 is kept."""
    check_brand(brand)
    key = new_api_key()
    with open_store(Settings.read()).transaction() as tx:
        tx.access.add_key(key, Caller(name=name, role=role, brand=brand), made_at=SystemClock().now())
    typer.echo(key)


@keys.command("revoke")
def revoke_keys(name: Annotated[str, typer.Argument(help="The name the keys were made with.")]) -> None:
    """Revoke every key of that name, at once."""
    with open_store(Settings.read()).transaction() as tx:
        count = tx.access.revoke_keys(name, at=SystemClock().now())
    typer.echo(f"{count} revoked")
    raise typer.Exit(0 if count else 1)


@hooks.command("secret")
def set_secret(
    brand: Annotated[str, typer.Option(help="The brand whose sender signs with it.")],
    format_code: Annotated[str, typer.Option("--format", help="The sender's format, such as shopify.")],
    token: Annotated[str, typer.Option(help="The secret's public name (Site Flow's token).")] = "",
    secret: Annotated[
        str | None,
        typer.Option(envvar="TIPIN_HOOK_SECRET", help="The sender's secret; a new one is made without it."),
    ] = None,
) -> None:
    """Set the secret that a sender signs with, and print it."""
    check_brand(brand)
    chosen = secret or secrets.token_urlsafe(32)
    with open_store(Settings.read()).transaction() as tx:
        tx.access.set_hook_secret(brand, format_code, HookSecret(token=token, secret=chosen))
    typer.echo(chosen)


@operators.command("create")
def create_operator(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OPERATOR,
    brand: BrandOption = ALL_BRANDS,
    password: Annotated[
        str | None,
        typer.Option(envvar="TIPIN_OPERATOR_PASSWORD", help="Asked for where it is not given."),
    ] = None,
) -> None:
    """Add a person who signs in, or give them another password, role or brand."""
    check_brand(brand)
    chosen = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(chosen) < _SHORTEST_PASSWORD:
        typer.echo(f"a password needs {_SHORTEST_PASSWORD} characters", err=True)
        raise typer.Exit(2)
    with open_store(Settings.read()).transaction() as tx:
        tx.access.set_operator(Caller(name=name, role=role, brand=brand), hash_password(chosen))
    typer.echo(f"{name} may sign in")


def check_brand(brand: str) -> None:
    """Refuse a brand that does not exist: what is made for it would open nothing."""
    known = brands_in_force(Settings.read())
    if brand != ALL_BRANDS and brand not in known:
        raise typer.BadParameter(f"there is no brand {brand!r}; there are {', '.join(sorted(known))}")
