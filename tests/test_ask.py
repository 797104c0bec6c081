"""The Python face: questions put together step by step, and claims by name or by file."""

from __future__ import annotations

import datetime
import doctest
import importlib
import importlib.util
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import recount
from recount.ask import MeasureQuestion, OpenRecord
from recount.cli.app import app
from recount.errors import ClaimFileError, RecordError, UnknownNameError, UsageError
from recount.measure.questions import read_date
from small_record import asked, claimed
from test_claim_files import CLAIM
from tiny_release import replace_once

BOSTON = "Suffolk County, MA"
SHARE = "share_without_conviction"
OWN = replace_once(CLAIM, "release: july", "release: boston-globe-2011-07")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    return recount.open(tmp_path_factory.mktemp("no-record"))


@pytest.fixture
def boston(record: OpenRecord) -> MeasureQuestion:
    return record.measure(SHARE).where(jurisdiction=BOSTON)


def test_a_question_is_put_together_step_by_step_and_answered_at_the_end(boston: MeasureQuestion):
    answer = boston.as_known_on("2011-08-01").result()
    assert [(each.numerator, each.denominator) for each in answer.figures] == [(183, 352)]


def test_a_step_returns_a_new_question_and_leaves_the_old_one(boston: MeasureQuestion):
    later = boston.by("reading").as_known_on("2011-10-01")
    assert (boston.question.by, boston.question.as_known_on) == (None, None)
    assert [each.numerator for each in later.result().figures] == [177, 60]
    assert [each.numerator for each in boston.result().figures] == [183, 177, 247]


def test_the_order_of_steps_does_not_matter(record: OpenRecord):
    first = (
        record.measure(SHARE).where(jurisdiction=BOSTON).by("through_date").release("boston-globe-2011-09")
    )
    second = (
        record.measure(SHARE).release("boston-globe-2011-09").by("through_date").where(jurisdiction=BOSTON)
    )
    assert first.result().receipt.id == second.result().receipt.id


def test_a_reading_is_chosen_by_fork(boston: MeasureQuestion):
    answer = boston.reading(without_conviction="entered_or_overstayed_only").result()
    assert [each.numerator for each in answer.figures] == [60, 77]


def test_an_unknown_measure_is_told_when_it_is_named(record: OpenRecord):
    with pytest.raises(UnknownNameError) as raised:
        record.measure("share_without_convictions")
    assert raised.value.nearest[0] == SHARE


def test_a_claim_of_the_catalog_is_found_by_name(record: OpenRecord):
    assert record.claim("boston-no-convictions").order == 1
    assert record.check("boston-no-convictions").headline == "overtaken"


def test_a_claim_in_a_file_is_found_by_path(record: OpenRecord, tmp_path: Path):
    (tmp_path / "mine.yml").write_text(OWN, encoding="utf-8")
    (tmp_path / "mine").write_text(OWN, encoding="utf-8")
    for path in (tmp_path / "mine.yml", str(tmp_path / "mine.yml"), tmp_path / "mine"):
        assert record.claim(path).claim == "half-of-boston"
        assert record.check(path).headline == "overtaken"


def test_a_claim_in_hand_is_checked(record: OpenRecord):
    claim = claimed({"wording": "over", "of": 140_000}, asked("people_removed", "US"))
    assert record.check(claim).headline == "supported"


def test_a_claim_that_nothing_declares_is_answered_with_the_nearest(record: OpenRecord):
    with pytest.raises(UnknownNameError) as raised:
        record.claim("boston-no-conviction")
    assert raised.value.nearest == ["boston-no-convictions"]
    with pytest.raises(ClaimFileError, match="does not exist"):
        record.claim("missing.yml")


def test_a_receipt_in_hand_is_computed_again(record: OpenRecord, boston: MeasureQuestion):
    (found,) = record.recompute(boston.result().receipt.as_json())
    assert found.is_same


@pytest.mark.parametrize(
    "given", ["2011-08-01", datetime.date(2011, 8, 1), datetime.datetime(2011, 8, 1, 12, tzinfo=datetime.UTC)]
)
def test_a_date_is_a_day(given: str | datetime.date):
    read = read_date(given)
    assert (read, type(read)) == (datetime.date(2011, 8, 1), datetime.date)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2011",
        "20110801",
        "2011-8-1",
        "2011-13-45",
        "01/08/2011",
        "2011-W31-1",
        " 2011-08-01",
        "२०११-०८-०१",
    ],
)
def test_anything_else_is_no_date(text: str):
    with pytest.raises(UsageError, match="is not a date"):
        read_date(text)


def test_opening_reads_the_users_record_over_the_embedded_one(tmp_path: Path):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(RecordError):
        recount.open(tmp_path)


# What a question shows, and as what it is given

CUBES = "ice-2019-icfo-53623"


@pytest.fixture
def removals(record: OpenRecord) -> MeasureQuestion:
    return record.measure("removals").release(CUBES).by("fiscal_year").where(aor=["Boston", "Seattle"])


@pytest.fixture
def held(record: OpenRecord) -> MeasureQuestion:
    return record.measure("detained_population").by("criminality").as_known_on("2026-02-13")


class Outline(HTMLParser):
    """Gathers the tags that are open, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_nothing_is_computed_before_an_answer_is_asked_for(record: OpenRecord):
    question = record.measure("removals").by("nothing").where(nowhere="x").readings("all")
    with pytest.raises(UnknownNameError):
        question.result()


def test_conditions_of_several_steps_hold_together(removals: MeasureQuestion):
    assert removals.where(gender="male").question.where == {"aor": "Boston,Seattle", "gender": "male"}
    assert removals.where(aor="Boston").question.where == {"aor": "Boston"}


def test_a_question_shows_as_a_table_of_a_hundred_columns(removals: MeasureQuestion, held: MeasureQuestion):
    for question in (removals, held, removals.readings("all"), held.readings("all")):
        text = repr(question)
        assert max(map(len, text.splitlines())) <= 100
        assert question.receipt().short in text


def test_a_notebook_shows_the_table_with_its_caveats(removals: MeasureQuestion, held: MeasureQuestion):
    for question in (removals, held):
        outline = Outline()
        outline.feed(question._repr_html_())
        assert outline.open == []
        text = " ".join(outline.text)
        assert question.receipt().short in text
        assert question.result().caveats[0].text.en in text


def test_frames_hold_the_integers_of_the_answer(removals: MeasureQuestion):
    answer = removals.result()
    numbers = [each.cell.measured.numerator for each in answer.rows]  # type: ignore[union-attr]
    assert removals.to_polars().get_column("numerator").to_list() == numbers
    assert removals.to_arrow().column("numerator").to_pylist() == numbers
    assert removals.to_pandas()["numerator"].tolist() == numbers


def test_a_spread_and_a_difference_are_frames_too(removals: MeasureQuestion):
    assert {"lowest_value", "highest_value", "moved_most_by"} <= set(
        removals.readings("all").to_polars().columns
    )
    difference = removals.where(aor="Boston").compare_with(aor="Seattle")
    assert {"difference", "low", "high", "first_numerator"} <= set(difference.to_polars().columns)


def run(*arguments: str) -> Any:
    told = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


@pytest.mark.parametrize(
    ("steps", "arguments"),
    [
        (
            lambda record: record.measure("removals").by("fiscal_year").where(aor="Boston").release(CUBES),
            ("removals", "--by", "fiscal_year", "--where", "aor=Boston", "--release", CUBES),
        ),
        (
            lambda record: (
                record.measure("removals").period("quarter").where(aor=["SEA", "BOS"]).readings("all")
            ),
            ("removals", "--period", "quarter", "--where", "aor=Boston,Seattle", "--readings", "all"),
        ),
        (
            lambda record: (
                record.measure("arrests").where(aor="BOS", fiscal_year=2018).compare_with(aor="SEA")
            ),
            (
                "arrests",
                "--where",
                "aor=Boston",
                "--where",
                "fiscal_year=2018",
                "--compare-with",
                "aor=Seattle",
            ),
        ),
        (
            lambda record: record.measure("book_ins").where(fiscal_year=2024).compare_with(fiscal_year=2023),
            ("book_ins", "--where", "fiscal_year=2024", "--compare-with", "fiscal_year=2023"),
        ),
        (
            lambda record: (
                record.measure("book_ins")
                .by("criminality", "arresting_agency")
                .per("row")
                .where(fiscal_year="2024")
            ),
            (
                "book_ins",
                "--by",
                "criminality,arresting_agency",
                "--per",
                "row",
                "--where",
                "fiscal_year=2024",
            ),
        ),
    ],
)
def test_a_question_from_python_and_from_the_terminal_has_the_same_integers_and_receipt(
    record: OpenRecord, steps: Any, arguments: tuple[str, ...]
):
    question = steps(record)
    told = run("measure", *arguments)
    assert told == json.loads(json.dumps(question.as_json()))
    assert told["receipt"]["id"] == question.receipt().id


@pytest.mark.parametrize("kind", ["spread", "difference", "shares"])
def test_every_kind_of_answer_is_computed_again_from_its_receipt(
    record: OpenRecord, removals: MeasureQuestion, kind: str
):
    question = {
        "spread": removals.readings("all"),
        "difference": removals.where(aor="Boston").compare_with(aor="Seattle"),
        "shares": removals.by("fiscal_year", "aor").per("column"),
    }[kind]
    (found,) = record.recompute(question.receipt().as_json())
    assert found.is_same


def test_records_and_figures_are_drawn_from_python(removals: MeasureQuestion, held: MeasureQuestion):
    for question in (removals, held):
        assert question.chart().to_dict()["usermeta"]["recount"]["title"]
    with pytest.raises(UsageError, match="A difference is not drawn"):
        removals.compare_with(aor="Dallas").chart()


def test_an_explanation_counts_every_row_of_a_release_once(removals: MeasureQuestion):
    (left_out,) = removals.explain().left_out
    parts = left_out.repeated + left_out.outside + left_out.counted
    assert left_out.rows == parts + sum(left_out.undecided.values())
    assert left_out.counted > 0


def test_an_explanation_gives_the_statement_for_both_engines(removals: MeasureQuestion):
    sql = removals.explain().sql
    assert list(sql) == ["duckdb", "pyspark"]
    assert all("removals_counts" in statement for statements in sql.values() for statement in statements)


def test_printed_figures_are_explained_by_definition_and_choices(record: OpenRecord):
    question = record.measure(SHARE).where(jurisdiction=BOSTON)
    assert "everyone without a conviction" in str([question.explained().blocks])


def with_examples() -> Iterator[str]:
    """Yields the modules of the Python face whose text has an example."""
    for each in pkgutil.walk_packages(recount.ask.__path__, "recount.ask."):
        source = importlib.util.find_spec(each.name).origin
        if ">>> " in Path(source).read_text(encoding="utf-8"):
            yield each.name


@pytest.mark.parametrize("module", [*with_examples()])
def test_the_examples_of_the_python_face_run(module: str):
    found = doctest.testmod(importlib.import_module(module))
    assert (found.failed, found.attempted > 0) == (0, True)


@pytest.mark.parametrize("arguments", [["check"], ["--help"], ["measure", "--help"]])
def test_checking_and_helping_load_no_engine(arguments: list[str]):
    code = (
        "import sys; from recount.cli.app import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit: pass\n"
        "print([each for each in ('ibis', 'duckdb', 'pyspark', 'pandas', 'altair') if each in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
