"""`recount revise`: what it prints, its pictures, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import recount
from recount.ask import OpenRecord
from recount.claim.words import Words
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.revise.drawing import draw_history, lay_out_history
from recount.revise.phrases import published
from recount.revise.revision import Revision
from small_statistics import figure, so_far, statistics_book, workbook

SVG = "{http://www.w3.org/2000/svg}"
WIDTH = 100


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["revise", *arguments], prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


# What is printed


def test_a_months_history_lists_each_release_and_sums_it_up():
    told = run("book_ins", "--month", "2025-11")
    assert re.search(r"2–3 Feb 2026 +30 Nov 2025 +38,395 +−15 +restated +fy26-detentionstats02022026", told)
    assert "First 38,410, latest 38,412 (+2, 0.01\N{NO-BREAK SPACE}%), between 38,395" in told
    assert "Restated twice." in told


def test_without_a_span_restatements_are_summed_up_by_fiscal_year():
    told = run("book_ins")
    assert re.search(r"2024 +12 +11 of 11 +9 \(0\.04", told)
    assert re.search(r"^all ", told, re.MULTILINE)


def test_each_month_can_be_listed_instead():
    assert re.search(r"2025-11 +38,410 +38,412 +\+2", run("book_ins", "--each"))


def test_the_figure_between_two_days_shows_its_sum_and_both_releases():
    told = run("removals_printed", "--between", "2026-01-07", "2026-02-07")
    assert re.search(r"8 Jan 2026 +7 Feb 2026 +31 +44,028", told)
    assert "162,192 less 118,164" in told
    assert "fy26-detentionstats01082026" in told and "fy26-detentionstats-02122026" in told


def test_from_and_to_ask_the_same_as_between():
    two = run("removals_printed", "--from", "2026-01-07", "--to", "2026-02-07")
    assert two == run("removals_printed", "--between", "2026-01-07", "2026-02-07")


def test_a_mean_over_other_days_than_its_release_says_is_told():
    told = " ".join(run("average_daily_population", "--between", "2026-01-07", "2026-02-07").split())
    assert "gives a mean over 95 days, not 99" in told


def test_a_print_that_a_check_marks_bears_an_asterisk_and_its_reason():
    told = run("book_ins", "--month", "2024-12")
    assert "7*" in told and "doubtful" in told
    assert "* it stands for days after the last one counted" in told


@pytest.mark.parametrize(
    "asked",
    [
        ("book_ins", "--month", "2021-01"),
        ("book_ins",),
        ("book_outs",),
        ("average_length_of_stay", "--each"),
        ("removals_printed", "--fiscal-year", "2024"),
        ("book_outs", "--intervals", "2024"),
        ("average_daily_population", "--intervals", "2021"),
        ("share_criminal_booked_in", "--intervals", "2026"),
        ("people_removed", "--on", "2011-09-30"),
    ],
)
def test_no_line_is_wider_than_the_terminal_and_no_cell_is_cut(asked: tuple[str, ...]):
    told = run(*asked)
    assert max(len(line.rstrip()) for line in told.splitlines()) <= WIDTH
    assert "…" not in told


# JSON and CSV


def test_json_has_the_same_integers_and_receipt_as_python():
    answer = json.loads(run("book_ins", "--month", "2025-11", "--format", "json"))
    python = recount.open().revise("book_ins").history(month="2025-11")
    assert [each["value"] for each in answer["rows"]] == [each.value for each in python.history.rows]
    assert answer["receipt"]["id"] == python.basis.receipt.id


@pytest.mark.parametrize(
    ("asked", "schema", "rows"),
    [
        (("book_ins", "--month", "2025-11"), "recount-history/1", "rows"),
        (("book_ins",), "recount-lateness/1", "spans"),
        (("removals_printed", "--intervals", "2026"), "recount-intervals/1", "rows"),
        (("removals_printed", "--between", "2026-01-07", "2026-02-07"), "recount-intervals/1", "rows"),
    ],
)
def test_json_is_one_value_and_csv_one_table_of_the_same_rows(asked: tuple[str, ...], schema: str, rows: str):
    answer = json.loads(run(*asked, "--format", "json"))
    table = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv"))))
    assert answer["schema"] == schema
    assert len(table) == len(answer[rows])
    assert {each["receipt"] for each in table} == {answer["receipt"]["id"]}


# Refusals


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("bookins",), "nearest  book_ins"),
        (("book_ins", "--month", "2025-05"), "nearest  2024-11, 2024-12, 2025-01, 2025-10, 2025-11"),
        (("book_ins", "--month", "November"), "write it as 2025-11"),
        (("removals_printed", "--month", "2025-11"), "not printed by month"),
        (("detained_population", "--fiscal-year", "2026"), "give --on 2026-02-07"),
        (("removals_printed", "--fiscal-year", "1999"), "nearest  2019"),
        (("removals_printed", "--on", "2026-01-08"), "2026-01-07, 2026-01-25"),
        (
            ("removals_printed", "--between", "2025-01-11", "2026-02-07"),
            "every count starts again on 1 October",
        ),
        (("removals_printed", "--from", "2026-01-07"), "Two days are wanted"),
        (("removals_printed", "--intervals", "2018"), "nearest  2019"),
        (("average_length_of_stay", "--intervals", "2026"), "a mean over people who left"),
        (("book_ins", "--month", "2025-11", "--on", "2026-02-07"), "One span at a time"),
        (("book_ins", "--month", "2025-11", "--each"), "leave out --month"),
        (("book_ins", "--where", "criminality"), "is not name=value"),
        (("book_ins", "--where", "criminality=convcted"), "nearest"),
        (("book_ins", "--reading", "a=b"), "No fork of book_ins"),
        (("book_ins", "--as-known-on", "soon"), "is not a date"),
        (("book_ins", "-o", "history.svg"), "A picture is of one span's history"),
        (("book_ins", "--month", "2025-11", "-o", "history.png"), "write history.svg"),
    ],
)
def test_a_question_that_cannot_be_asked_exits_2_with_one_paragraph(asked: tuple[str, ...], said: str):
    told = run(*asked, code=2)
    assert said in told
    assert told.startswith("recount: ")


def test_a_count_that_falls_between_two_days_is_shown_and_exits_3(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    releases = [workbook("january", "2026-01-08"), workbook("february", "2026-02-12")]
    rows = [
        so_far("january", "2026-01-07", "removals", 50),
        so_far("february", "2026-02-07", "removals", 40),
    ]
    small = OpenRecord(statistics_book(catalog, releases, *rows).record, catalog)
    monkeypatch.setattr("recount.ask.open_record", lambda **_: small)
    told = run("removals_printed", "--between", "2026-01-07", "2026-02-07", code=3)
    assert "removals fell from 50 to 40 by 7 February 2026" in " ".join(told.split())
    assert "-10" not in told and "−10" not in told
    assert "fell" in run("removals_printed", "--intervals", "2026")


# Pictures


def history_picture(catalog: Catalog, *counts: int) -> str:
    releases = [workbook(f"r{at}", f"2026-{at + 1:02}-10") for at in range(len(counts))]
    rows = [
        figure(
            each.release, "2025-11-30", "book_ins", kind="month", start="2025-11-01", count=count, cell="A1"
        )
        for each, count in zip(releases, counts, strict=True)
    ]
    answer = Revision(statistics_book(catalog, releases, *rows), "book_ins").history(month="2025-11")
    return draw_history(answer, Words(catalog, "en"))


def test_a_picture_has_a_mark_for_each_release_and_its_figures_as_text(catalog: Catalog):
    drawn = ElementTree.fromstring(history_picture(catalog, 10, 12, 12))
    marks = drawn.findall(f".//{SVG}g/{SVG}title")
    assert [each.text for each in marks] == [
        "r0, published 10 Jan 2026: 10 through 30 November 2025, first.",
        "r1, published 10 Feb 2026: 12 through 30 November 2025, restated.",
        "r2, published 10 Mar 2026: 12 through 30 November 2025, same.",
    ]
    title, described = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert title is not None and title.text == "Book-ins into detention, November 2025"
    assert described is not None and all(str(each.text) in str(described.text) for each in marks)


def test_a_picture_needs_nothing_from_elsewhere_and_knows_the_dark(catalog: Catalog):
    drawn = history_picture(catalog, 10, 12)
    assert "prefers-color-scheme: dark" in drawn
    assert re.findall(r"(?:href|src|url|script|@import)\b", drawn) == []
    assert re.findall(r"https?://[^\"]*", drawn) == ["http://www.w3.org/2000/svg"]


def test_the_same_history_is_drawn_the_same(catalog: Catalog):
    assert history_picture(catalog, 10, 12) == history_picture(catalog, 10, 12)


def test_a_print_far_below_stands_in_a_strip_and_does_not_flatten_the_rest():
    answer = recount.open().revise("book_ins").history(month="2021-01")
    picture = lay_out_history(answer, Words(recount.open().catalog, "en"))
    assert [each.label for each in picture.strip] == ["238", "7,948"]
    heights = {each.y for each in picture.marks}
    assert max(heights) - min(heights) > 100


def test_no_two_values_are_written_over_each_other():
    for month in ("2021-12", "2022-01", "2023-10"):
        answer = recount.open().revise("book_outs").history(month=month)
        picture = lay_out_history(answer, Words(recount.open().catalog, "en"))
        written = [each for each in picture.marks if each.label]
        assert written
        for at, one in enumerate(written):
            for other in written[at + 1 :]:
                assert abs(one.x - other.x) > 20 or abs(one.label_y - other.label_y) > 10


def test_a_picture_is_written_beside_the_table(tmp_path: Path):
    path = tmp_path / "november.svg"
    told = run("book_ins", "--month", "2025-11", "-o", str(path))
    assert "38,395" in told
    assert ElementTree.fromstring(path.read_text(encoding="utf-8")).tag == f"{SVG}svg"


def test_a_picture_that_cannot_be_written_exits_2(tmp_path: Path):
    path = tmp_path / "missing" / "november.svg"
    assert "cannot be written" in run("book_ins", "--month", "2025-11", "-o", str(path), code=2)


# Phrases


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2026-01-08", "2026-01-08"), "8 Jan 2026"),
        (("2026-01-08", "2026-01-09"), "8–9 Jan 2026"),
        (("2026-01-31", "2026-02-01"), "31 Jan – 1 Feb 2026"),
        (("2025-12-31", "2026-01-01"), "31 Dec 2025 – 1 Jan 2026"),
        (("2026-01-08", None), "from 8 Jan 2026"),
        ((None, "2026-01-08"), "by 8 Jan 2026"),
        ((None, None), "undated"),
    ],
)
def test_a_release_says_between_which_days_it_came_out(dates: tuple[str | None, str | None], said: str):
    assert published(workbook("a", dates)) == said
