from __future__ import annotations

import inspect

import pytest

from app import errors

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.TipinError)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_every_error_is_in_the_tree_at_the_top_of_the_file(error: type[errors.TipinError]) -> None:
    assert errors.__doc__ is not None
    assert error.__name__ in errors.__doc__


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_every_error_has_a_title_a_slug_and_a_status(error: type[errors.TipinError]) -> None:
    raised = error("what is wrong", mend="do this")
    assert raised.title
    assert not raised.title.endswith(".")
    assert raised.slug.islower()
    assert 400 <= raised.status < 600
