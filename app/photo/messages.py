"""What the plant's process and a photo process say to each other: JSON, and then pictures as they are.

A photo process has read strangers' data, so nothing that it says may run code here: no pickles.
"""

from __future__ import annotations

from dataclasses import replace
from typing import IO, Final

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from app.domain.photo import Crop
from app.domain.product import Product
from app.photo.colour import Press
from app.photo.develop import Developed, Picture
from app.photo.master import Master

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


@dataclass(frozen=True)
class Answer:
    """One of the three. Pictures come behind it, each in a message of its own."""

    developed: Developed | None = None
    master: Master | None = None
    refused: Refused | None = None


ASKED: Final = TypeAdapter(Asked)
_ANSWER: Final = TypeAdapter(Answer)


def send_answer(answer: Answer, to: IO[bytes]) -> None:
    """Send an answer with its pictures."""
    bare, pictures = answer, []
    if answer.master is not None:
        pictures = [answer.master.data]
        bare = replace(answer, master=replace(answer.master, data=b""))
    elif answer.developed is not None:
        pictures = [picture.data for panel in answer.developed.panels for picture in panel]
        panels = tuple(tuple(replace(each, data=b"") for each in panel) for panel in answer.developed.panels)
        bare = replace(answer, developed=replace(answer.developed, panels=panels))
    for message in (_ANSWER.dump_json(bare), *pictures):
        send(message, to)


def receive_answer(of: IO[bytes]) -> Answer | None:
    """The next answer with its pictures, or None where the other side ended.

    Raises:
        ValueError: it is none, or longer than any honest one.
    """
    message = receive(of)
    if message is None:
        return None
    answer = _ANSWER.validate_json(message)
    try:
        if answer.master is not None:
            return replace(answer, master=replace(answer.master, data=_picture(of)))
        if answer.developed is not None:
            panels = tuple(tuple(_filled(each, of) for each in panel) for panel in answer.developed.panels)
            return replace(answer, developed=replace(answer.developed, panels=panels))
    except EOFError:
        return None
    return answer


def _filled(picture: Picture, of: IO[bytes]) -> Picture:
    return replace(picture, data=_picture(of))


def _picture(of: IO[bytes]) -> bytes:
    data = receive(of)
    if data is None:
        raise EOFError
    return data


def send(message: bytes, to: IO[bytes]) -> None:
    """Send one message."""
    to.write(len(message).to_bytes(_LENGTH))
    to.write(message)
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
