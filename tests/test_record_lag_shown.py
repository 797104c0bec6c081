"""Made-up releases of four last days, with delays that are known: what answers, triangles and receipts say of them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
import string
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from recount.ask import OpenRecord, open_record
from recount.cli.app import app
from recount.declare.catalog import Catalog, default_catalog
from recount.declare.release_lag import load_release_lag
from recount.measure.event_periods import Period
from recount.revise.late_spans import REPORTED_LATE, find_late_spans
from recount.synthesize.release import Request, synthesize

LAYOUT, HEAD = "ice-2026-03-arrests", 7
DELAYS = (0, 0, 0, 0, 0, 0, 1, 1, 2, 3)
"""Of every ten rows of a month six are entered in it, two in the next one, one after two and one after three months."""
CUT_OFFS = ("2025-03-31", "2025-06-30", "2025-10-31", "2026-02-28")
SEEDS = (11, 12, 13, 14)
NAMES = tuple(f"synthetic-g2-seed-{each}" for each in SEEDS)
Counts = dict[tuple[str, str], int]


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def place(day: datetime.date) -> int:
    return day.year * 12 + day.month


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Counts]]:
    """A folder with a record of four releases, and what each counts of a month by the truth beside the made-up file."""
    folder = tmp_path_factory.mktemp("late")
    (file,) = synthesize(default_catalog(), Request(LAYOUT, 4_000, 7, "csv"), folder / "made")
    lines = list(csv.reader(io.StringIO(file.path.read_text(encoding="utf-8-sig"))))
    truth = pl.read_parquet(file.rows_truth).sort("row_original")
    sure = truth.filter(
        ~pl.col("is_date_missing") & (pl.col("bad_date_field").fill_null("") != "apprehension_date")
    )
    seen: Counter[int] = Counter()
    reported = []
    # The last row of a month is entered in it, so that a release's last day is that of its month.
    newest_first = sure.sort("true_datetime", "row_original", descending=True)
    for row, when in newest_first.select("row_original", "true_datetime").iter_rows():
        month = place(when)
        reported.append((lines[row - 1], when.date(), month + DELAYS[seen[month] % len(DELAYS)]))
        seen[month] += 1
    counts: Counts = {}
    for seed, name, cut_off in zip(SEEDS, NAMES, CUT_OFFS, strict=True):
        last = datetime.date.fromisoformat(cut_off)
        told = [(line, day) for line, day, entered in reported if day <= last and entered <= place(last)]
        for _, day in told:
            key = (name, f"{day:%Y-%m}")
            counts[key] = counts.get(key, 0) + 1
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*lines[:HEAD], *(line for line, _ in told)])
        target = folder / file.path.name.replace("seed-7", f"seed-{seed}")
        target.write_text(text.getvalue(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOUNT_HOME", str(folder / "home"))
        run("add", *map(str, sorted(folder.glob("*.csv"))))
    shutil.rmtree(folder / "made")
    yield folder / "home", counts


@pytest.fixture
def home(made: tuple[Path, Counts], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECOUNT_HOME", str(made[0]))
    return made[0]


@pytest.fixture(scope="module")
def record(made: tuple[Path, Counts]) -> OpenRecord:
    return open_record(made[0] / "record")


@pytest.fixture(scope="module")
def told(made: tuple[Path, Counts]) -> Any:
    """The triangle of arrests as the command prints it in JSON."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOUNT_HOME", str(made[0]))
        return json.loads(run("revise", "arrests", "--triangle", "--format", "json"))


def still_to_come(counts: Counts, age: int) -> tuple[int, int]:
    """What the earlier releases count of months at an age in months, and what the last one does, by the truth."""
    earlier = latest = 0
    for name, cut_off in zip(NAMES[:-1], CUT_OFFS[:-1], strict=True):
        last = datetime.date.fromisoformat(cut_off)
        number = place(last) - 1 - age
        month = f"{number // 12:04d}-{number % 12 + 1:02d}"
        earlier += counts[name, month]
        latest += counts[NAMES[-1], month]
    return earlier, latest


def test_the_lag_by_age_is_that_of_the_truth(record: OpenRecord, made: tuple[Path, Counts]):
    (triangle,) = record.revise_records("arrests").triangle().triangles
    assert triangle.held.series.is_synthetic
    assert triangle.held.series.releases == NAMES
    for age, lag in enumerate(triangle.held.lag.ages[:4]):
        assert (lag.counted, lag.latest) == still_to_come(made[1], age)
        assert lag.still_to_come is not None
        rest = Fraction(sum(each > age for each in DELAYS), len(DELAYS))
        # Months hold no multiples of ten rows, so that the truth itself is off by a part of ten rows of each.
        assert abs(lag.still_to_come - rest) < Fraction(3, 100)


def test_every_count_of_the_triangle_is_that_of_the_truth(record: OpenRecord, made: tuple[Path, Counts]):
    (triangle,) = record.revise_records("arrests").triangle().triangles
    found = {(each.release, each.period.label): each.counted for each in triangle.held.cells if each.counted}
    assert found == made[1]


def test_a_recent_month_is_marked_with_the_lag_at_its_age_and_the_releases_it_was_measured_on(
    record: OpenRecord, made: tuple[Path, Counts]
):
    asked = record.measure("arrests").by("month").where(date="2025-11-01..2026-02-28")
    found = asked.as_json()["release_lag"]
    assert found["recent"] == [f"2025-12, {NAMES[-1]}", f"2026-01, {NAMES[-1]}", f"2026-02, {NAMES[-1]}"]
    february = found["measured"]["late"][-1]
    earlier, latest = still_to_come(made[1], 0)
    assert february["lag"]["still_to_come"] == str(Fraction(latest - earlier, latest))
    assert (february["lag"]["releases"], february["lag"]["held_to"]) == (list(NAMES[:-1]), [NAMES[-1]])
    said = " ".join(each.text for each in asked.shown().notes)
    assert all(each in said for each in NAMES)
    assert "Nothing is added to the counts: recount revise arrests --triangle." in said
    (spanish,) = [each.text for each in asked.shown("es").notes if "registra tarde" in each.text]
    assert "No se añade nada a los recuentos" in spanish


def test_a_month_counted_again_by_a_later_release_says_what_it_lacked_itself(
    record: OpenRecord, made: tuple[Path, Counts]
):
    asked = record.measure("arrests").by("month").release(NAMES[0]).where(month="2025-03")
    (march,) = asked.as_json()["release_lag"]["measured"]["late"]
    counted, latest = made[1][NAMES[0], "2025-03"], made[1][NAMES[-1], "2025-03"]
    assert march["counted_again"] == {
        "held_to": NAMES[-1],
        "counted": counted,
        "latest": latest,
        "still_to_come": str(Fraction(latest - counted, latest)),
    }
    assert f"2025-03, {NAMES[0]} lacked" in " ".join(each.text for each in asked.shown().notes)


def test_the_lag_is_the_same_whichever_spans_and_parts_are_asked(record: OpenRecord):
    asked = record.measure("arrests").by("month").release(NAMES[-1])
    whole = asked.as_json()["release_lag"]["measured"]["late"][-1]
    limited = asked.where(month="2026-02").as_json()["release_lag"]["measured"]["late"][-1]
    split = asked.by("month", "gender").as_json()["release_lag"]["measured"]["late"][-1]
    assert whole == limited == split


def test_a_share_says_that_the_lag_is_measured_of_counts(record: OpenRecord):
    asked = record.measure("share_convicted_arrested").by("month").release(NAMES[-1])
    assert asked.as_json()["release_lag"]["measured"] is None
    assert "is measured of counts, in one reading" in " ".join(each.text for each in asked.shown().notes)


def test_releases_that_were_not_compared_are_named_with_the_reason(record: OpenRecord):
    notes = [each.text for each in record.measure("arrests").by("month").shown().notes]
    (named,) = [each for each in notes if each.startswith("Not compared")]
    assert "ice-2019-icfo-53623 (the record holds counts of it alone)" in named


def test_no_number_or_receipt_of_an_answer_is_moved_by_the_lag(record: OpenRecord):
    answer = record.measure("arrests").by("month").as_json()
    again = record.events.answer(record.measure("arrests").by("month").question).as_json()
    assert answer.pop("release_lag")
    assert answer == again


def test_marked_spans_have_a_flag_for_a_chart_to_draw(record: OpenRecord):
    answer = record.events.answer(record.measure("arrests").by("month").release(NAMES[-1]).question)
    flags = find_late_spans(answer, record.events, load_release_lag(record.catalog)).flags
    february = Period("month", 2026 * 12 + 1)
    assert flags[NAMES[-1], february] == (REPORTED_LATE,)
    assert (NAMES[-1], Period("month", 2025 * 12)) not in flags


def test_a_chart_draws_marked_spans_hollow_and_says_what_they_lacked(record: OpenRecord):
    asked = record.measure("arrests").by("month").release(NAMES[-1]).where(date="2025-06-01..2026-02-28")
    picture = asked.picture()
    flagged = [each.at.isoformat() for panel in picture.panels for each in panel.points if each.flags]
    assert flagged == ["2025-12-01", "2026-01-01", "2026-02-01"]
    (note,) = [each for each in picture.notes if each.startswith("Hollow, and lines to it dotted")]
    assert "February 2026 " in note


def test_a_chart_of_releases_that_nothing_is_known_of_is_drawn_as_before(record: OpenRecord):
    picture = record.measure("arrests").by("month").release("ice-2019-icfo-53623").picture()
    assert not any(each.flags for panel in picture.panels for each in panel.points)
    assert not any("reported late" in each for each in picture.notes)


@pytest.mark.usefixtures("home")
def test_the_terminal_shows_counts_by_release_then_ages_then_estimates_named_so():
    told = run("revise", "arrests", "--triangle", "--where", "date=2024-10-01..2026-02-28")
    above, below = told.split("ESTIMATES, not figures")
    assert "SYNTHETIC, made up" in above
    assert "days after the end" in above and "0–15" in above and "about" not in above
    assert "2026-02" in below and "about" in below
    assert "Not compared: ice-2018-icfo-36170" in below


@pytest.mark.usefixtures("home")
def test_csv_has_a_line_for_every_count_and_no_estimate(told: Any):
    rows = list(csv.DictReader(io.StringIO(run("revise", "arrests", "--triangle", "--format", "csv"))))
    (triangle,) = told["triangles"]
    assert [int(each["counted"]) for each in rows] == [each["counted"] for each in triangle["cells"]]
    assert {each["receipt"] for each in rows} == {told["receipt"]["id"]}
    assert {each["is_synthetic"] for each in rows} == {"true"}
    assert not any("estimate" in name for name in rows[0])


def test_json_keeps_estimates_apart_and_names_them_so(told: Any):
    (triangle,) = told["triangles"]
    assert "estimate" not in json.dumps([triangle["cells"], triangle["ages"], told["receipt"]])
    assert triangle["estimates"]["is_estimate"] is True
    assert [each["period"] for each in triangle["estimates"]["rows"]] == ["2025-12", "2026-01", "2026-02"]
    assert all(each["is_estimate"] and each["spans"] == 3 for each in triangle["estimates"]["rows"])


@pytest.mark.usefixtures("home")
def test_by_a_dimension_every_line_names_its_part():
    arguments = ("revise", "arrests", "--triangle", "--by", "gender", "--where", "month=2025-06")
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv"))))
    assert {each["gender"] for each in rows} >= {"female", "male"}


def test_the_receipt_is_computed_again(record: OpenRecord):
    asked = record.revise_records("arrests", by=["quarter", "gender"], where={"aor": "Boston"})
    (again,) = record.recompute(asked.triangle().receipt.as_json())
    assert again.is_same


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("arrests",), "counts individual records"),
        (("arrests", "--month", "2025-06"), "counts individual records"),
        (("arrests", "--triangle", "--by", "fiscal_year"), "one of month, quarter and week"),
        (("share_convicted_arrested", "--triangle"), "A triangle is of counts"),
        (("book_ins", "--triangle", "--by", "aor"), "splits the triangle of individual records"),
        (("arests", "--triangle"), "arrests"),
    ],
)
def test_what_cannot_be_asked_of_records_is_refused_with_what_to_do(arguments: Any, said: str):
    assert said in run("revise", *arguments, code=2)


def test_the_sentences_fill_in_the_same_names_in_both_languages(catalog: Catalog):
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    for text in load_release_lag(catalog).records.texts.values():
        assert names(text.en) == names(text.es)
