from __future__ import annotations

import pytest

from app.domain.finishing import FINISHINGS, QUALITIES, check_finishing, check_quality


def test_names_of_ipp_s_registry_are_taken_and_others_told_with_them() -> None:
    assert [check_quality(name) for name in ("", *QUALITIES)] == ["", *QUALITIES]
    assert [check_finishing(name) for name in FINISHINGS] == list(FINISHINGS)
    with pytest.raises(ValueError, match="'best' is no quality; use one of: draft, normal, high"):
        check_quality("best")
    for said in ("origami", ""):
        with pytest.raises(ValueError, match="is no finishing; use one of: staple"):
            check_finishing(said)
