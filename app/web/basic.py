"""HTTP Basic (RFC 7617), of which only the password counts: for senders that can set nothing but a URL."""

from __future__ import annotations

import base64
import binascii

from fastapi import Request
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase


class BasicPassword(SecurityBase):
    """The password of `https://ANY:PASSWORD@HOST/…`, or None where there is none that can be read.

    The framework's own answers broken credentials itself; here they are no credentials.
    """

    def __init__(self) -> None:
        self.model = HTTPBase(scheme="basic", description="The key as the password, under any name.")
        self.scheme_name = "Basic"

    async def __call__(self, request: Request) -> str | None:
        """The password."""
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name_and_password = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        return name_and_password.partition(":")[2] or None
