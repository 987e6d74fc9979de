from __future__ import annotations

import struct
from datetime import datetime

import pytest

from app.wire.ipp.encode import encode
from app.wire.ipp.message import Attributes, Content, Message, Value, collection, integer
from app.wire.ipp.tags import Group, Tag


def _job(attributes: Attributes) -> Message:
    return Message(2, 1, ((Group.JOB, attributes),))


@pytest.mark.parametrize(
    "attributes",
    [
        {"": integer(1)},
        {"copies": ()},
        {"media-col": collection({"": integer(1)})},
        {"a" * 40_000: integer(1)},
    ],
    ids=["no name", "no value", "a member without a name", "a name too long"],
)
def test_what_cannot_be_said_is_an_error(attributes: Attributes) -> None:
    with pytest.raises(ValueError, match=r"name|longer"):
        encode(_job(attributes))


@pytest.mark.parametrize(
    ("tag", "content"),
    [(Tag.TEXT, "x" * 40_000), (Tag.DATE_TIME, datetime(2026, 1, 1)), (Tag.INTEGER, 1.5)],  # noqa: DTZ001 -- the point
)
def test_a_value_that_does_not_fit_is_an_error(tag: Tag, content: Content) -> None:
    with pytest.raises(ValueError, match=r"longer|time zone|no simple value"):
        encode(_job({"it": (Value(tag, content),)}))


def test_a_number_beyond_32_bits_is_an_error() -> None:
    with pytest.raises(struct.error):
        encode(_job({"copies": integer(2**31)}))
