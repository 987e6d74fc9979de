from __future__ import annotations

import errno
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.domain.ticket import Outcome
from app.errors import SubmissionUncertain, TargetRefused, TargetUnavailable
from app.store.artifacts import write_new
from app.targets import hot_folder
from app.targets.hot_folder import HotFolder, HotFolderOptions, files
from tests.tickets import PDF, stored_pdf, ticket_for

NAME = "0123456789ABC-0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "press"
    path.mkdir()
    return path


@pytest.fixture
def target(folder: Path, tmp_path: Path) -> HotFolder:
    return hot_folder.PLUGIN.make(HotFolderOptions(folder=folder), tmp_path / "data")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_pdf_and_both_tickets_appear_and_nothing_else(
    target: HotFolder, folder: Path, tmp_path: Path
) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert _names(folder) == [f"{NAME}.json", f"{NAME}.pdf", f"{NAME}.xjdf"]
    assert (folder / f"{NAME}.pdf").read_bytes() == PDF


def test_both_tickets_carry_the_pdf_s_sha256(target: HotFolder, folder: Path, tmp_path: Path) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert json.loads((folder / f"{NAME}.json").read_bytes())["sha256"] == sha256
    ids = ET.parse(folder / f"{NAME}.xjdf").iter("{http://www.CIP4.org/JDFSchema_2_0}GeneralID")
    assert {each.get("IDUsage"): each.get("IDValue") for each in ids}["SHA256"] == sha256


def test_the_pdf_appears_first_and_json_last(
    target: HotFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = Path.rename

    def watched(self: Path, to: Path) -> Path:
        seen.append(to.suffix)
        return real(self, to)

    monkeypatch.setattr(Path, "rename", watched)
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert seen == [".pdf", ".xjdf", ".json"]


def test_what_the_press_took_away_does_not_come_back(target: HotFolder, folder: Path, tmp_path: Path) -> None:
    pdf = stored_pdf(tmp_path)
    target.deliver(ticket_for(), pdf)
    for path in folder.iterdir():
        path.unlink()
    target.deliver(ticket_for(), pdf)
    assert _names(folder) == []


def test_another_file_under_the_same_name_is_refused(target: HotFolder, folder: Path, tmp_path: Path) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    other = b"%PDF-1.6 other"
    with pytest.raises(TargetRefused, match="another file"):
        target.deliver(ticket_for(other), stored_pdf(tmp_path, other))
    assert (folder / f"{NAME}.pdf").read_bytes() == PDF


def test_a_reprint_is_another_card(target: HotFolder, folder: Path, tmp_path: Path) -> None:
    pdf = stored_pdf(tmp_path)
    target.deliver(ticket_for(), pdf)
    target.deliver(ticket_for(generation=1), pdf)
    assert len(_names(folder)) == 6


def test_a_stored_pdf_that_was_changed_is_refused(target: HotFolder, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TargetRefused, match="was changed"):
        target.deliver(replace(ticket_for(), sha256="0" * 64), stored_pdf(tmp_path))
    assert _names(folder) == []


def test_a_stored_pdf_that_is_gone_is_refused(target: HotFolder, tmp_path: Path) -> None:
    with pytest.raises(TargetRefused, match="cannot be read"):
        target.deliver(ticket_for(), tmp_path / "none.pdf")


def test_a_missing_folder_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "not-mounted"
    target = hot_folder.PLUGIN.make(HotFolderOptions(folder=missing), tmp_path / "data")
    with pytest.raises(TargetUnavailable) as raised:
        target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert "not-mounted" in raised.value.detail
    assert "mounted" in raised.value.mend
    assert not missing.exists()


@pytest.mark.parametrize("failing", range(4))
def test_a_full_disk_leaves_nothing_and_the_next_try_succeeds(
    target: HotFolder, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    real, calls = write_new, iter(range(100))

    def full(path: Path, content: bytes) -> None:
        if next(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        real(path, content)

    monkeypatch.setattr(files, "write_new", full)
    with pytest.raises(TargetUnavailable, match="No space left"):
        target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert _names(folder) == []
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert len(_names(folder)) == 3


def test_a_pdf_that_left_before_its_ticket_came_is_uncertain(
    target: HotFolder, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.rename

    def dies_after_the_pdf(self: Path, to: Path) -> Path:
        if to.suffix == ".xjdf":
            raise KeyboardInterrupt
        return real(self, to)

    pdf = stored_pdf(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies_after_the_pdf)
        with pytest.raises(KeyboardInterrupt):
            target.deliver(ticket_for(), pdf)
    (folder / f"{NAME}.pdf").unlink()
    with pytest.raises(SubmissionUncertain, match="before its ticket"):
        target.deliver(ticket_for(), pdf)


def test_two_workers_with_one_ticket_show_one_card(
    target: HotFolder, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf, real, shown = stored_pdf(tmp_path), os.link, []
    rename = Path.rename

    def overtaken(own: Path, record: Path) -> None:
        monkeypatch.setattr(os, "link", real)
        target.deliver(ticket_for(), pdf)  # the other worker, from start to end
        real(own, record)

    def counted(self: Path, to: Path) -> Path:
        moved = rename(self, to)
        shown.append(to.name)
        return moved

    monkeypatch.setattr(os, "link", overtaken)
    monkeypatch.setattr(Path, "rename", counted)
    target.deliver(ticket_for(), pdf)
    assert shown == [f"{NAME}.pdf", f"{NAME}.xjdf", f"{NAME}.json"]
    assert len(_names(folder)) == 3


def _sorting(folder: Path, tmp_path: Path, *folders: dict[str, object]) -> HotFolder:
    options = HotFolderOptions.model_validate({"folder": folder, "folders": folders})
    return hot_folder.PLUGIN.make(options, tmp_path / "data")


def test_pieces_are_sorted_into_sub_folders_by_the_first_rule_that_holds(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "rush").mkdir()
    (folder / "cards" / "300").mkdir(parents=True)
    target = _sorting(
        folder,
        tmp_path,
        {"folder": "rush", "when": {"product": "mug-11oz"}},
        {"folder": "cards/300", "when": {"stock": "300 g uncoated", "size": "105x148"}},
        {"folder": "rush"},
    )
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert _names(folder / "cards" / "300") == [f"{NAME}.json", f"{NAME}.pdf", f"{NAME}.xjdf"]
    target.deliver(replace(ticket_for(generation=1), product="mug-11oz"), stored_pdf(tmp_path))
    assert len(_names(folder / "rush")) == 3
    assert _names(folder) == ["cards", "rush"]


def test_a_stock_without_a_sub_folder_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    target = _sorting(folder, tmp_path, {"folder": "felt", "when": {"stock": "felt"}})
    with pytest.raises(TargetRefused) as raised:
        target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert "300 g uncoated" in raised.value.detail
    assert "105 x 148 mm" in raised.value.detail
    assert "folders" in raised.value.mend
    assert _names(folder) == []


def test_a_missing_sub_folder_is_unavailable_and_is_not_made(folder: Path, tmp_path: Path) -> None:
    target = _sorting(folder, tmp_path, {"folder": "later"})
    with pytest.raises(TargetUnavailable, match="later"):
        target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert _names(folder) == []
    (folder / "later").mkdir()
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert len(_names(folder / "later")) == 3


def test_what_was_begun_in_one_sub_folder_is_not_begun_again_in_another(folder: Path, tmp_path: Path) -> None:
    (folder / "old").mkdir()
    (folder / "new").mkdir()
    _sorting(folder, tmp_path, {"folder": "old"}).deliver(ticket_for(), stored_pdf(tmp_path))
    _sorting(folder, tmp_path, {"folder": "new"}).deliver(ticket_for(), stored_pdf(tmp_path))
    assert (len(_names(folder / "old")), _names(folder / "new")) == (3, [])


def test_a_record_of_an_older_version_still_counts(target: HotFolder, folder: Path, tmp_path: Path) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    (record,) = (path for path in (tmp_path / "data").rglob(NAME) if path.is_file())
    said = json.loads(record.read_bytes())
    record.write_text(json.dumps({name: said[name] for name in ("marker", "sha256")}))
    for path in folder.iterdir():
        path.unlink()
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert _names(folder) == []


@pytest.mark.parametrize("tickets", [["json"], ["xjdf"], ["json", "xjdf"]])
def test_only_the_tickets_that_are_asked_for_appear(folder: Path, tmp_path: Path, tickets: list[str]) -> None:
    options = HotFolderOptions.model_validate({"folder": folder, "tickets": tickets})
    hot_folder.PLUGIN.make(options, tmp_path / "data").deliver(ticket_for(), stored_pdf(tmp_path))
    assert _names(folder) == sorted(f"{NAME}.{each}" for each in ["pdf", *tickets])


@pytest.mark.parametrize("name", ["", "/etc", "../up", "a/../../b", ".hidden", "a//b", "a/", "a\\b", "a\nb"])
def test_a_sub_folder_lies_inside(name: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        HotFolderOptions.model_validate({"folders": [{"folder": name}]})


def test_a_results_folder_says_what_became_of_a_card(folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.mkdir()
    options = HotFolderOptions(folder=folder, results=results)
    target = hot_folder.PLUGIN.make(options, tmp_path / "data")
    receipt = target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert receipt.followed
    assert target.progress(NAME, receipt.reference).outcome is Outcome.WAITING
    (results / f"{NAME}.json").write_text('{"state": "failed", "reason": "no paper"}')
    os.utime(results / f"{NAME}.json", (0, 0))
    progress = target.progress(NAME, receipt.reference)
    assert (progress.outcome, progress.detail) == (Outcome.LOST, "failed: no paper")


def test_without_a_results_folder_nothing_is_asked(target: HotFolder, tmp_path: Path) -> None:
    assert not target.deliver(ticket_for(), stored_pdf(tmp_path)).followed
    assert target.progress(NAME, "").outcome is Outcome.WAITING


def test_what_is_taken_back_leaves_nothing_and_does_not_come_again(
    target: HotFolder, folder: Path, tmp_path: Path
) -> None:
    pdf = stored_pdf(tmp_path)
    target.deliver(ticket_for(), pdf)
    target.deliver(ticket_for(generation=1), pdf)
    assert target.cancel(NAME, "")
    assert _names(folder) == [f"{NAME[:-1]}1{suffix}" for suffix in (".json", ".pdf", ".xjdf")]
    assert target.cancel(NAME, "")  # the same to whoever asks again
    target.deliver(ticket_for(), pdf)  # a worker that slept meanwhile
    assert len(_names(folder)) == 3


@pytest.mark.parametrize("suffix", [".json", ".xjdf", ".pdf"])
def test_what_the_press_began_to_take_is_left_to_it(
    target: HotFolder, folder: Path, tmp_path: Path, suffix: str
) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    (folder / f"{NAME}{suffix}").unlink()
    left = _names(folder)
    assert not target.cancel(NAME, "")
    assert _names(folder) == left
    assert not target.cancel("9999999999999-0", "")


@pytest.mark.parametrize("done", range(1, 4))
def test_a_recall_that_was_cut_short_is_finished_by_the_next(
    target: HotFolder, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    real, calls = Path.rename, iter(range(100))

    def cut_short(self: Path, to: Path) -> Path:
        if next(calls) == done:
            raise KeyboardInterrupt
        return real(self, to)

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr(Path, "rename", cut_short)
        target.cancel(NAME, "")
    assert target.cancel(NAME, "")
    assert _names(folder) == []


def test_a_folder_that_is_not_writable_says_so(
    target: HotFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))

    def refuse(self: Path, _to: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(TargetUnavailable, match="Permission denied"):
        target.cancel(NAME, "")


def test_a_folder_that_is_not_there_is_told_apart_from_one_that_cannot_be_written(tmp_path: Path) -> None:
    missing = tmp_path / "not-mounted"
    target = hot_folder.PLUGIN.make(HotFolderOptions(folder=missing), tmp_path)
    with pytest.raises(TargetUnavailable, match=r"there is no folder .*not-mounted: mount it, or make it"):
        target.condition()
    assert not missing.exists(), "made here, it would hide that the mount is gone"
    missing.mkdir()
    assert target.condition().attention == ()
