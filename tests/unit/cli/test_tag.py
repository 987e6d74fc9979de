from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.cli.tag import COLUMNS
from tests import naive
from tests.shop import ORDERS, REFUNDS, RULES

HEADER = "order_id,customer_id,placed_at,value_minor,promised_at,delivered_at,cancelled_at,categories\n"
GOOD = HEADER + "1,7,2025-03-01 09:30:00,1000,,,,MUG|BAG\n"


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["tag", *map(str, arguments)])
    return done.exit_code, " ".join(done.output.split())


def write_stream(folder: Path) -> tuple[Path, Path]:
    orders, refunds = folder / "orders.csv.gz", folder / "credits.csv"
    with gzip.open(orders, "wt", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(HEADER.strip().split(","))
        for o in ORDERS:
            moments = [at.isoformat() if at else "" for at in (o.promised, o.delivered, o.cancelled)]
            customer = (o.customer or "").removeprefix("id:")
            at = o.at.strftime("%Y-%m-%d %H:%M:%S.%f")
            writer.writerow([o.id, customer, at, o.value, *moments, "|".join(sorted(o.categories))])
    with refunds.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["customer_id", "at", "value_minor"])
        writer.writerows([r.customer.removeprefix("id:"), r.at.isoformat(), r.value] for r in REFUNDS)
    return orders, refunds


def test_a_stream_is_tagged_as_the_naive_reference_tags_it(tmp_path: Path) -> None:
    orders, refunds = write_stream(tmp_path)
    out = tmp_path / "tags.csv"
    code, said = run(
        orders, "--credits", refunds, "--time-zone", "America/New_York", "--milestones", "2,5", "--out", out
    )
    assert code == 0, said
    with out.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert tuple(rows[0]) == COLUMNS
    assert [row["order_id"] for row in rows] == [order.id for order in ORDERS]
    # The command asks for 50 customers before there is a threshold; this stream has fewer.
    few = naive.Rules(zone=RULES.zone, milestones=(2, 5), population=50)
    # What became known after the order is nothing that a stream can say.
    as_written = [replace(order, shipped=None, revised=()) for order in ORDERS]
    expected = naive.tags(as_written, REFUNDS, few)
    for row in rows:
        tags = expected[row["order_id"]]
        assert {code for code in COLUMNS[1:7] if row[code] == "1"} == tags.occasions & set(COLUMNS[1:7])
        assert {row[code] for code in COLUMNS[1:7]} <= {"0", "1"}
        numbers = [row[name] for name in ("n_prior", "nth_year", "spend365", "threshold")]
        least = "" if tags.threshold is None else str(tags.threshold)
        assert numbers == [str(tags.n_prior), str(tags.nth_year), str(tags.spend), least]


def test_without_credits_and_gzipped(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(GOOD)
    code, _ = run(tmp_path / "orders.csv", "--out", tmp_path / "tags.csv.gz")
    assert code == 0
    with gzip.open(tmp_path / "tags.csv.gz", "rt") as text:
        assert text.read().splitlines()[1] == "1,1,0,0,0,0,0,0,1,0,"


def test_the_same_moment_in_another_zone_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.csv").write_text(GOOD.replace("2025-03-01 09:30:00", "2025-03-01T10:30:00+01:00"))
    for name in "ab":
        run(tmp_path / f"{name}.csv", "--out", tmp_path / f"{name}.out")
    assert (tmp_path / "a.out").read_bytes() == (tmp_path / "b.out").read_bytes()


BAD = {
    "no header": ("1,2,3\n", "has no column order_id, customer_id, placed_at, value_minor"),
    "empty file": ("", "has no column"),
    "no time": (GOOD + "2,7,,1000,,,,\n", "line 3, placed_at: is empty; write a time"),
    "broken time": (GOOD + "2,7,2025-02-30 10:00,1000,,,,\n", "'2025-02-30 10:00' is not a time"),
    "broken value": (GOOD + "2,7,2025-02-03 10:00,ten,,,,\n", "line 3, value_minor: 'ten' is not a whole"),
    "huge value": (GOOD + f"2,7,2025-02-03 10:00,{2**63},,,,\n", "out of range"),
    "no order": (GOOD + ",7,2025-02-03 10:00,10,,,,\n", "line 3, order_id: is empty"),
    "order twice": (GOOD + "1,7,2025-02-03 10:00,10,,,,\n", "'1' stands in line 2 already"),
    "short row": (GOOD + "2,7\n", "line 3: 2 cells under 8 columns"),
    "open quote": (GOOD + '2,"7,2025-02-03 10:00,10,,,,\n', "no readable CSV"),
}


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_line_and_mend_and_nothing_is_written(
    tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "orders.csv").write_text(text)
    code, said = run(tmp_path / "orders.csv", "--out", tmp_path / "tags.csv")
    assert code == 1
    assert says in said
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_every_bad_row_is_named_at_once(tmp_path: Path) -> None:
    rows = "".join(f"{n},7,never,1000,,,,\n" for n in range(2, 40))
    (tmp_path / "orders.csv").write_text(GOOD + rows)
    code, said = run(tmp_path / "orders.csv", "--out", tmp_path / "tags.csv")
    assert code == 1
    assert "38 rows cannot be understood" in said
    assert said.count("is not a time") == 20


def test_what_stood_there_before_survives_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("broken")
    (tmp_path / "tags.csv").write_text("of yesterday")
    assert run(tmp_path / "orders.csv", "--out", tmp_path / "tags.csv")[0] == 1
    assert (tmp_path / "tags.csv").read_text() == "of yesterday"


def test_credits_above_zero_are_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(GOOD)
    (tmp_path / "credits.csv").write_text("customer_id,at,value_minor\n7,2025-03-02 10:00:00,5\n")
    code, said = run(
        tmp_path / "orders.csv", "--credits", tmp_path / "credits.csv", "--out", tmp_path / "tags.csv"
    )
    assert code == 1
    assert "line 2, value_minor: 5 is above zero; write credits as negative amounts" in said


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [("--time-zone", "Europe/Atlantis", "is no time zone"), ("--milestones", "23,x", "is no list of numbers"),
     ("--milestones", "0", "counted from 1")],
)  # fmt: skip
def test_wrong_options_are_explained(tmp_path: Path, option: str, value: str, says: str) -> None:
    (tmp_path / "orders.csv").write_text(GOOD)
    code, said = run(tmp_path / "orders.csv", option, value, "--out", tmp_path / "tags.csv")
    assert code == 2
    assert says in said


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(GOOD)
    code, said = run(tmp_path / "orders.csv", "--out", tmp_path / "nowhere" / "tags.csv")
    assert code == 1
    assert "No such file or directory" in said
