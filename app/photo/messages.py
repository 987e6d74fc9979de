"""What the plant's process and a photo process say to each other: a line of JSON, and then bytes.

A photo process has read strangers' data, so nothing that it says may run code here: no pickles.
"""

from __future__ import annotations

from typing import IO, Final

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from app.domain.photo import Crop
from app.domain.product import Product
from app.photo.colour import Press
from app.photo.develop import Developed
from app.photo.master import Master

_BYTES: Final = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_LENGTH = 8
_LONGEST = 256 * 2**20


@dataclass(frozen=True)
class Printed:
    """What a photo is to be developed for."""

    product: Product
    press: Press
    crop: Crop | None


@dataclass(frozen=True)
class Asked:
    """A photo comes next as it is: develop it for a product, or make its master where there is none."""

    printed: Printed | None


@dataclass(frozen=True)
class Refused:
    """Why a photo cannot be printed."""

    detail: str
    mend: str
    reason: str


@dataclass(frozen=True, config=_BYTES)
class Answer:
    """One of the three."""

    developed: Developed | None = None
    master: Master | None = None
    refused: Refused | None = None


ASKED: Final = TypeAdapter(Asked)
ANSWER: Final = TypeAdapter(Answer)


def send(message: bytes, to: IO[bytes]) -> None:
    """Send one message."""
    to.write(len(message).to_bytes(_LENGTH) + message)
    to.flush()


def receive(of: IO[bytes]) -> bytes | None:
    """The next message, or None where the other side ended.

    Raises:
        ValueError: it is longer than any honest one.
    """
    head = of.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head)
    if length > _LONGEST:
        raise ValueError(f"a message of {length:,} bytes")
    message = of.read(length)
    return message if len(message) == length else None
