"""When garbage is looked for."""

from __future__ import annotations

import gc

import pytest

from app.pdf.batch.garbage import collected_later


def test_nothing_is_collected_until_afterwards() -> None:
    with collected_later():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_looked_for_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="ours"), collected_later():
        raise ValueError("ours")
    assert gc.isenabled()


def test_a_process_that_does_without_goes_on_so() -> None:
    gc.disable()
    try:
        with collected_later():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
