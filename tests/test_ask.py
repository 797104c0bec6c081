"""The Python face: questions put together step by step, and claims by name or by file."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import recount
from recount.ask import MeasureQuestion, OpenRecord
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
