"""`recount claim explain`: the paragraph, how it was counted, and what to cite, as text to paste."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import recount
from recount.ask.claim_explanation import ClaimExplanation
from recount.ask.record import OpenRecord
from recount.claim.paragraph import write_paragraph
from recount.claim.words import Words
from recount.cli.app import app
from recount.declare.text import LANGUAGES, Language
from recount.errors import UnknownNameError

BOSTON = "boston-no-convictions"


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return recount.open()


def explained(record: OpenRecord, name: str = BOSTON, language: Language = "en") -> ClaimExplanation:
    return record.explain_claim(name, language=language)


def section(explanation: ClaimExplanation, name: str) -> str:
    return "\n".join(next(each for each in explanation.method if each.name == name).items)


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["claim", "explain", *arguments], prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_the_paragraph_is_the_one_that_check_gives(record: OpenRecord):
    paragraph = write_paragraph(record.check(BOSTON), Words(record.catalog, "en"))
    assert explained(record).paragraph == paragraph


def test_the_method_says_what_was_counted_once_a_measure_and_where_it_was_asked(record: OpenRecord):
    counted = section(explained(record), "counted")
    assert counted.count("Share of the removed without a criminal conviction") == 1
    assert "Suffolk County, MA (speaks of it nearly)" in counted
    assert "Massachusetts (another population, no verdict)" in counted


def test_every_release_whose_figure_speaks_is_named_and_cited(record: OpenRecord):
    explanation = explained(record)
    used = {
        one.release.release
        for column in explanation.verdict.columns.values()
        for mark in column.marks
        for one in mark.spoken.figures
    }
    assert used == {"boston-globe-2011-07", "boston-globe-2011-09"}
    assert len(explanation.citation) == len(used) + 2
    for name in used:
        assert f"({name})" in section(explanation, "releases")
        assert any(f"release {name}." in each and "sha256" in each for each in explanation.citation)


def test_many_releases_of_one_title_stand_together_and_json_lists_each_with_its_files(record: OpenRecord):
    explanation = explained(record, "press-steadily-up-and-largest-2026")
    assert "ICE detention statistics FY2022: 14 releases" in section(explanation, "releases")
    (cited,) = [each for each in explanation.citation if "FY2022" in each]
    assert "fy22-detentionstats-02162022" in cited
    listed = explanation.as_json()["releases"]
    used = {
        one.release.release
        for column in explanation.verdict.columns.values()
        for mark in column.marks
        for one in mark.spoken.figures
    }
    assert [each["release"] for each in listed] == sorted(used)
    assert all(one["sha256"] for each in listed for one in each["files"])


def test_an_answer_of_several_numbers_names_each_of_them(record: OpenRecord):
    spread = section(explained(record, "trac-largely-border-arrests-2023"), "spread")
    assert "97.6" in spread
    assert "people held after an arrest by CBP: 4,674 (30 January 2021" in spread
    assert "the whole: 36,845 (30 September 2023" in spread


def test_every_measure_of_a_combination_is_said_to_be_counted(record: OpenRecord):
    counted = section(explained(record, "press-steadily-up-and-largest-2026"), "counted")
    assert "Average daily population" in counted
    assert "People held" in counted


def test_a_rank_among_many_names_a_few_and_counts_the_rest(record: OpenRecord):
    assert "and 21 more" in section(explained(record, "trac-san-antonio-leads-2021"), "counted")


def test_the_choices_stand_with_their_default_and_the_day_it_was_decided(record: OpenRecord):
    readings = section(explained(record), "readings")
    assert "The default is “everyone without a conviction”, decided on" in readings


def test_the_answers_give_every_reading_with_its_integers(record: OpenRecord):
    spread = section(explained(record), "spread")
    for value in ("183 of 352 = 52.0", "177 of 369 = 48.0", "60 of 369 = 16.3"):
        assert value in spread.replace("\N{NO-BREAK SPACE}", " ")


def test_an_answer_that_is_an_interval_stands_under_bounds(record: OpenRecord):
    assert "between 142,090 and 182,896" in section(explained(record, "over-140000-deported"), "bounds")
    assert "none is an interval" in section(explained(record), "bounds")


def test_gaps_and_what_decides_nothing_are_said(record: OpenRecord):
    explanation = explained(record)
    assert "nothing between 31 July 2011 and 31 August 2012" in section(explanation, "missing")
    assert "decide nothing" in section(explanation, "left_out")


def test_it_says_how_to_run_it_again_with_the_whole_receipt(record: OpenRecord):
    explanation = record.explain_claim(BOSTON, "2011-08-01")
    again = section(explanation, "again")
    assert f"recount check {BOSTON} --as-known-on 2011-08-01" in again
    assert explanation.verdict.receipt.id in again
    assert explanation.verdict.receipt.id in explanation.citation[-1]


def test_a_release_that_is_named_by_its_printer_is_not_named_twice(record: OpenRecord):
    cited = next(each for each in explained(record).citation if "boston-globe-2011-09" in each)
    assert cited.startswith("Boston Globe of 4 September 2011")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_claim_is_explained_in_both_languages(record: OpenRecord, language: Language):
    for claim in record.claims():
        explanation = explained(record, claim.claim, language)
        assert [each for each in explanation.method if not each.items] == []
        assert {"counted", "releases", "again"} <= {each.name for each in explanation.method} or (
            explanation.verdict.headline == "untestable"
        )
        assert "{" not in str(explanation)


def test_no_language_borrows_the_words_of_the_other(record: OpenRecord):
    assert "Qué se contó" in str(explained(record, BOSTON, "es"))
    for english in ("What was", "Method", "To cite", "decided on", "published on"):
        assert english not in str(explained(record, BOSTON, "es"))


def test_no_line_is_wider_than_a_hundred_but_for_what_must_not_break(record: OpenRecord):
    for line in str(explained(record)).splitlines():
        assert len(line) <= 100 or " " not in line.strip()


def test_a_notebook_shows_the_same_with_all_text_escaped(record: OpenRecord, tmp_path: Path):
    document = (record.catalog.folders[0] / "claims" / f"{BOSTON}.yml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yml"
    path.write_text(document.replace("said_by: {en: Laura", "said_by: {en: <b>Laura"), encoding="utf-8")
    html = record.explain_claim(path)._repr_html_()
    assert "&lt;b&gt;Laura" in html
    assert "<b>" not in html


def test_the_command_prints_what_python_gives(record: OpenRecord):
    assert run(BOSTON) == f"{explained(record)}\n"
    read = json.loads(run(BOSTON, "--language", "es", "--format", "json"))
    assert read == json.loads(json.dumps(explained(record, BOSTON, "es").as_json()))
    assert read["receipt"]["id"] == record.check(BOSTON).receipt.id


def test_an_explanation_is_no_table_of_values():
    assert "no table" in run(BOSTON, "--format", "csv", code=2)


def test_an_unknown_claim_is_answered_with_the_nearest(record: OpenRecord):
    assert BOSTON in run("boston-no-conviction", code=2)
    with pytest.raises(UnknownNameError):
        explained(record, "boston-no-conviction")
    assert "en, es" in run(BOSTON, "--language", "fr", code=2)


def test_readings_that_differ_in_codes_alone_are_told_apart_by_them(record: OpenRecord):
    explanation = explained(record, "council-2450-percent-2026")
    spread = section(explanation, "spread")
    assert "people held (arresting agency: ICE): up by 2,772.3" in spread
    assert "people held (arresting agency: Total): up by 40.0" in spread
    assert "arresting agency: ICE, criminality: Other immigration violator" in section(explanation, "counted")


def test_a_count_printed_before_its_year_ended_is_shown_as_the_least_there_were(record: OpenRecord):
    spread = section(explained(record, "ice-more-removals-since-2015"), "spread")
    assert "at least 57,627 (25 September 2021" in spread
    assert "removals in fiscal year 2024: 271,484 (30 September 2024" in spread


def test_a_word_that_moved_with_a_rule_says_so(record: OpenRecord):
    assert 'The word here was "open" at first' in section(
        explained(record, "trac-san-antonio-leads-2021"), "caveats"
    )
