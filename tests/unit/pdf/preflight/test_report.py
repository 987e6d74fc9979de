from __future__ import annotations

import json

import pytest

from app.domain.geometry import Box
from app.errors import PreflightFailed
from app.pdf.preflight import Finding, Outcome, Report, Severity, preflight
from tests.sound_pdf import PROFILE, append, saved, sound, text


def outcome(*findings: Finding, severity: Severity = Severity.ERROR) -> Outcome:
    return Outcome("no-rot", "Nothing rots", severity, findings)


def report(*outcomes: Outcome) -> Report:
    return Report("p", "PDF/X-4", 2, outcomes)


ROTTEN = Finding("it rots", "cut it off", 2, Box(1, 2, 3, 4), "font F1")


def test_a_report_without_findings_passes() -> None:
    assert report(outcome()).passed
    report(outcome()).require_passed()


def test_a_warning_does_not_stop_a_file() -> None:
    warned = report(outcome(ROTTEN, severity=Severity.WARNING))
    assert warned.passed
    assert [o.name for o in warned.warnings] == ["no-rot"]


def test_an_error_stops_it_with_every_place_and_mend() -> None:
    with pytest.raises(PreflightFailed, match=r"no-rot: it rots .*\(and 1 more\)") as caught:
        report(outcome(ROTTEN, Finding("worse", "bin it"))).require_passed()
    assert [v.pointer for v in caught.value.violations] == ["/pages/1", ""]
    assert caught.value.mend == "cut it off"


def test_a_place_is_said_in_words() -> None:
    assert ROTTEN.where == "page 2, 1.0 mm from the left, 2.0 mm from the top: font F1"
    assert Finding("", "").where == ""


def test_a_report_is_json() -> None:
    document = json.loads(json.dumps(report(outcome(ROTTEN)).document()))
    assert document["passed"] is False
    assert document["checks"][0]["findings"][0]["box"] == [1, 2, 3, 4]


def test_a_place_is_measured_from_the_trim_s_top_left_corner() -> None:
    pdf = sound()
    append(pdf, b"q 0.5 0.5 0 0 k " + text(12, 40, size=4) + b"Q", page=1)
    found = preflight(saved(pdf), PROFILE).warnings[0].findings[0]
    assert found.page == 2
    assert found.box is not None
    assert (found.box.x, found.box.bottom) == pytest.approx((12.14, 40), abs=0.01)


def test_a_long_list_of_findings_is_cut_and_counted() -> None:
    pdf = sound()
    append(pdf, b"q 0.5 0.5 0 0 k " + b"".join(text(20, 40 + n, 4) for n in range(30)) + b"Q")
    found = preflight(saved(pdf), PROFILE).warnings[0]
    assert (len(found.findings), found.more) == (20, 10)


def test_the_templates_own_safe_zone_can_be_asked_for() -> None:
    pdf = sound()
    append(pdf, b"q /Over gs 0 0 0 1 k " + text(6, 40) + b"Q")
    assert preflight(saved(pdf), PROFILE).passed
    assert [o.name for o in preflight(saved(pdf), PROFILE, safe=8).errors] == ["safe-zone"]
