"""Receipts: the same question of the same record has one id, and anyone can compute it again."""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import recount
from recount import settings
from recount.ask import OpenRecord
from recount.claim.answer import verdict_as_json
from recount.claim.recompute import read_receipts, recompute_receipt
from recount.claim.verdict import check_claim
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.measures import Measure
from recount.declare.text import Text
from recount.errors import RecountError, UsageError
from recount.measure.answer import Question, answer_question
from recount.measure.prints import PrintBook
from recount.measure.receipt import Receipt, canonical_json, digest
from small_record import BOSTON, asked, claimed, released, small_record, where, without_conviction

SHARE = "share_without_conviction"
JULY = released("july", "2011-07-11")
SEPTEMBER = released("september", "2011-09-04")
CLAIM = claimed({"wording": "more_than", "of": "1/2"}, asked(SHARE), rests_on="july")


def book_of(catalog: Catalog, part: int = 183, **changed: Any) -> PrintBook:
    record = small_record(
        catalog,
        [JULY, SEPTEMBER],
        without_conviction("july", "2011-06-30", part, 352),
        without_conviction("september", "2011-07-31", 177, 369, removed_ewi_visa_overstay=60),
    )
    return PrintBook(record, replace(catalog, **changed))


def with_measure(catalog: Catalog, change: Callable[[Measure], Measure]) -> dict[str, dict[str, Measure]]:
    return {"measures": {**catalog.measures, SHARE: change(catalog.measures[SHARE])}}


def measured(book: PrintBook, **more: Any) -> Receipt:
    return answer_question(Question(SHARE, where(BOSTON), **more), book).receipt


def checked(book: PrintBook) -> Receipt:
    return check_claim(CLAIM, book).receipt


@pytest.fixture(params=[measured, checked], ids=["measure", "check"])
def receipt_of(request: pytest.FixtureRequest) -> Callable[[PrintBook], Receipt]:
    """How a receipt is had: of a measure, or of a claim."""
    return request.param


# What the id is computed from


def test_the_same_question_twice_has_one_id(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    assert receipt_of(book_of(catalog)).id == receipt_of(book_of(catalog)).id


def test_the_id_is_the_sha256_of_the_canonical_json_of_five_parts(
    catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]
):
    receipt = receipt_of(book_of(catalog))
    assert sorted(receipt.body) == ["definition", "question", "releases", "results", "schema"]
    text = json.dumps(receipt.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert receipt.id == hashlib.sha256(text.encode()).hexdigest()
    assert receipt.short == receipt.id[:12]


def test_changed_labels_descriptions_and_caveats_keep_the_id(
    catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]
):
    other = Text(en="other words", es="otras palabras")

    def reworded(measure: Measure) -> Measure:
        forks = [
            fork.model_copy(
                update={
                    "question": other,
                    "reason": "another reason",
                    "options": [option.model_copy(update={"label": other}) for option in fork.options],
                }
            )
            for fork in measure.forks
        ]
        return measure.model_copy(
            update={"title": other, "description": other, "population": other, "caveats": [], "forks": forks}
        )

    changed = book_of(catalog, **with_measure(catalog, reworded))
    assert receipt_of(changed).id == receipt_of(book_of(catalog)).id


def _other_default(measure: Measure) -> Measure:
    (fork,) = measure.forks
    return measure.model_copy(
        update={"forks": [fork.model_copy(update={"default": "entered_or_overstayed_only"})]}
    )


def test_a_changed_default_changes_the_id(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    changed = book_of(catalog, **with_measure(catalog, _other_default))
    assert receipt_of(changed).id != receipt_of(book_of(catalog)).id


def test_a_changed_default_changes_the_id_even_where_the_integers_stay(catalog: Catalog):
    changed = book_of(catalog, **with_measure(catalog, _other_default))
    before, after = (
        measured(book, by=("reading",), release="september") for book in (book_of(catalog), changed)
    )
    assert sorted(map(canonical_json, before.body["results"])) == sorted(
        map(canonical_json, after.body["results"])
    )
    assert before.id != after.id


def test_a_changed_integer_changes_the_id(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    assert receipt_of(book_of(catalog, 184)).id != receipt_of(book_of(catalog)).id


def test_a_changed_sum_identity_changes_the_id(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    table = catalog.tables["secure_communities_figures"]
    fewer = table.model_copy(update={"sums": table.sums[:-1]})
    changed = book_of(catalog, tables={**catalog.tables, table.table: fewer})
    assert receipt_of(changed).id != receipt_of(book_of(catalog)).id


def test_another_file_of_a_release_changes_the_id(
    catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]
):
    book = book_of(catalog)
    release = book.record.releases["july"]
    file = release.files[0].model_copy(update={"sha256": "f" * 64})
    releases = {**book.record.releases, "july": release.model_copy(update={"files": [file]})}
    other = PrintBook(replace(book.record, releases=releases), catalog)
    assert receipt_of(other).id != receipt_of(book).id


def test_another_pipeline_version_changes_the_id(
    catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt], monkeypatch: pytest.MonkeyPatch
):
    before = receipt_of(book_of(catalog)).id
    monkeypatch.setattr(settings, "PIPELINE_VERSION", settings.PIPELINE_VERSION + 1)
    assert receipt_of(book_of(catalog)).id != before


@pytest.mark.parametrize(
    "question",
    [
        {"by": ()},
        {"release": "july"},
        {"as_known_on": datetime.date(2011, 8, 1)},
        {"reading": {"without_conviction": "entered_or_overstayed_only"}},
    ],
)
def test_another_question_has_another_id(catalog: Catalog, question: dict[str, Any]):
    assert measured(book_of(catalog), **question).id != measured(book_of(catalog)).id


def test_a_default_written_out_is_the_same_question(catalog: Catalog):
    written_out = measured(
        book_of(catalog), by=("release",), reading={"without_conviction": "all_without_conviction"}
    )
    assert written_out.id == measured(book_of(catalog)).id


def test_what_is_recorded_beside_is_not_hashed(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    receipt = receipt_of(book_of(catalog))
    assert receipt.beside["engine"] == "polars"
    elsewhere = replace(receipt, beside={"engine": "another", "pipeline_version": 99})
    assert digest(elsewhere.body) == receipt.id
    saved = receipt.as_json()
    saved["beside"] |= {"engine": "another", "pipeline_version": 99}
    assert recompute_receipt(saved, book_of(catalog)).is_same


# Computed again


def test_a_receipt_computed_again_is_the_same(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    receipt = receipt_of(book_of(catalog))
    found = recompute_receipt(receipt.as_json(), book_of(catalog))
    assert (found.is_same, found.saved_id, found.receipt.id) == (True, receipt.id, receipt.id)


def test_a_receipt_survives_json(catalog: Catalog, receipt_of: Callable[[PrintBook], Receipt]):
    saved = json.loads(json.dumps(receipt_of(book_of(catalog)).as_json()))
    assert recompute_receipt(saved, book_of(catalog)).is_same


questions = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(["share_without_conviction", "share_convicted", "people_removed"]),
        "where": st.sampled_from([{}, {"state": "MA"}, {"jurisdiction": BOSTON}]),
        "by": st.sampled_from(
            [
                None,
                (),
                ("release",),
                ("through_date",),
                ("reading",),
                ("release", "reading"),
                ("jurisdiction",),
            ]
        ),
        "release": st.sampled_from([None, "july", "september"]),
        "as_known_on": st.sampled_from([None, datetime.date(2011, 8, 1), datetime.date(2012, 1, 1)]),
    }
)


@given(question=questions)
@hypothesis_settings(max_examples=80)
def test_every_question_computed_again_is_the_same(catalog: Catalog, question: dict[str, Any]):
    receipt = answer_question(Question(**question), book_of(catalog)).receipt
    saved = json.loads(json.dumps(receipt.as_json()))
    assert recompute_receipt(saved, book_of(catalog)).is_same


def test_a_result_that_was_tampered_with_is_named(catalog: Catalog):
    saved = measured(book_of(catalog)).as_json()
    saved["results"][0][4] = 184
    found = recompute_receipt(saved, book_of(catalog))
    differences = {each.where: (each.saved, each.computed) for each in found.differences}
    assert not found.is_same
    assert differences["results[0][4]"] == ("184", "183")
    assert "id" in differences


def test_a_verdict_that_was_tampered_with_is_named(catalog: Catalog):
    saved = copy.deepcopy(checked(book_of(catalog)).as_json())
    assert saved["results"]["headline"] == "overtaken"
    saved["results"]["headline"] = "supported"
    found = recompute_receipt(saved, book_of(catalog))
    assert [each.where for each in found.differences] == ["id", "results.headline"]


def test_an_id_that_was_tampered_with_is_named(catalog: Catalog):
    saved = measured(book_of(catalog)).as_json()
    saved["id"] = "0" * 64
    found = recompute_receipt(saved, book_of(catalog))
    assert [(each.where, each.saved) for each in found.differences] == [("id", "0" * 64)]


def test_a_record_that_has_changed_since_is_told_by_where(catalog: Catalog):
    found = recompute_receipt(measured(book_of(catalog)).as_json(), book_of(catalog, 184))
    assert [(each.where, each.saved, each.computed) for each in found.differences] == [
        ("results[0][4]", "183", "184")
    ]


def test_a_release_that_came_since_is_told(catalog: Catalog):
    found = recompute_receipt(measured(book_of(catalog), release="july").as_json(), book_of(catalog))
    assert found.is_same
    fewer = small_record(catalog, [JULY], without_conviction("july", "2011-06-30", 183, 352))
    saved = measured(PrintBook(fewer, catalog)).as_json()
    assert [each.where for each in recompute_receipt(saved, book_of(catalog)).differences] == [
        "releases",
        "results",
    ]


# Files


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_a_receipt_is_read_from_an_answer_a_list_of_answers_or_alone(catalog: Catalog, tmp_path: Path):
    receipt = measured(book_of(catalog)).as_json()
    answer = answer_question(Question(SHARE, where(BOSTON)), book_of(catalog)).as_json()
    verdict = verdict_as_json(check_claim(CLAIM, book_of(catalog)), catalog)
    assert read_receipts(write(tmp_path / "alone.json", receipt)) == [receipt]
    assert read_receipts(write(tmp_path / "answer.json", answer)) == [receipt]
    found = read_receipts(write(tmp_path / "several.json", [answer, verdict]))
    assert [each["id"] for each in found] == [receipt["id"], verdict["receipt"]["id"]]
    assert all(recompute_receipt(each, book_of(catalog)).is_same for each in found)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "{}",
        "3",
        "null",
        "[3]",
        '{"receipt": null}',
        '{"receipt": {"id": "0"}}',
        '{"schema": "recount-receipt/0", "id": "", "question": {"ask": "measure"}, "definition": "", '
        '"releases": [], "results": []}',
    ],
)
def test_a_file_without_a_receipt_is_wrong_usage(tmp_path: Path, content: str):
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read_receipts(path)
    assert raised.value.exit_code == 2
    assert "answer.json" in raised.value.summary


def test_a_file_that_is_missing_or_no_text_is_wrong_usage(tmp_path: Path):
    with pytest.raises(UsageError, match=r"missing\.json cannot be read"):
        read_receipts(tmp_path / "missing.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_receipts(tmp_path / "bytes.json")


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [one for key, inner in value.items() for one in _paths(inner, (*path, key))]
    elif isinstance(value, list):
        found += [one for index, inner in enumerate(value) for one in _paths(inner, (*path, index))]
    return found


@given(data=st.data(), of_claim=st.booleans())
@hypothesis_settings(max_examples=150)
def test_a_damaged_receipt_is_different_or_wrong_usage_and_never_breaks_down(
    catalog: Catalog, data: st.DataObject, of_claim: bool
):
    book = book_of(catalog)
    saved = json.loads(json.dumps((checked(book) if of_claim else measured(book)).as_json()))
    path = data.draw(st.sampled_from([each for each in _paths(saved) if each[0] != "beside"]))
    inner = saved
    for step in path[:-1]:
        inner = inner[step]
    junk = data.draw(st.sampled_from([None, 3, "", "x", [], {}, [None], {"x": 1}]))
    if inner[path[-1]] == junk:
        return
    inner[path[-1]] = junk
    try:
        found = recompute_receipt(saved, book)
    except RecountError as told:
        assert told.exit_code == 2
    else:
        assert not found.is_same


def test_a_receipt_whose_question_lacks_a_part_is_wrong_usage(catalog: Catalog):
    for ask in ("measure", "check", "else"):
        saved = measured(book_of(catalog)).as_json() | {"question": {"ask": ask}}
        with pytest.raises(UsageError) as raised:
            recompute_receipt(saved, book_of(catalog))
        assert raised.value.exit_code == 2


# The same call, however it is made

ASKED = [
    ["measure", SHARE, "--where", f"jurisdiction={BOSTON}", "--format", "json"],
    ["measure", SHARE, "--where", f"jurisdiction={BOSTON}", "--by", "reading,release", "--format", "json"],
    ["measure", "people_removed", "--as-known-on", "2012-06-01", "--format", "json"],
]


def in_python(record: OpenRecord) -> list[dict[str, Any]]:
    boston = record.measure(SHARE).where(jurisdiction=BOSTON)
    country = record.measure("people_removed").as_known_on("2012-06-01")
    return [each.result().as_json() for each in (boston, boston.by("release", "reading"), country)]


def test_the_command_gives_the_integers_and_the_receipt_of_the_python_call():
    runner = CliRunner()
    printed = [json.loads(runner.invoke(app, arguments).stdout) for arguments in ASKED]
    assert printed == json.loads(json.dumps(in_python(recount.open())))
    assert [(each["numerator"], each["denominator"]) for each in printed[0]["rows"]] == [
        (183, 352),
        (177, 369),
        (247, 512),
    ]


def test_the_installed_command_gives_the_receipt_of_the_python_call(tmp_path: Path):
    command = shutil.which("recount", path=str(Path(sys.executable).parent))
    assert command is not None
    done = subprocess.run(
        [command, *ASKED[0]],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
    )
    expected = in_python(recount.open())[0]
    assert json.loads(done.stdout)["rows"] == json.loads(json.dumps(expected["rows"]))
    assert json.loads(done.stdout)["receipt"]["id"] == expected["receipt"]["id"]
    assert done.stderr == ""
