"""`recount claim new`: a sentence is read, what is read is offered, answers decide, and the file is one that checks."""

from __future__ import annotations

import datetime
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import recount
from recount.ask.drafting.draft import ClaimDraft
from recount.ask.drafting.proposals import propose_measures
from recount.ask.drafting.sentence import Sentence, read_sentence
from recount.ask.drafting.steps import STEPS
from recount.ask.drafting.yaml_out import SCHEMA_LINE, claim_as_yaml
from recount.ask.record import OpenRecord
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.drafting import Drafting, load_drafting
from recount.declare.text import Language
from recount.declare.yaml_text import parse_yaml
from recount.errors import ClaimFileError, UnknownNameError, UsageError

DEPORTED = "so far, the program has resulted in the deportation of over 140,000 people"
BOSTON = "More than half of those picked up in Boston had no criminal convictions"
PLACES = {
    "jurisdiction": [
        "Boston / Suffolk County, MA",
        "Suffolk County, MA",
        "Suffolk County, NY",
        "Kings County, NY",
    ],
    "state": ["Massachusetts", "New York", "New Mexico"],
}
WHOLE = {
    "statement_language": "en",
    "said_by": "Laura Rotolo",
    "said": "2011-11-30",
    "appeared_title": "ICE's Mess in Massachusetts",
    "publisher": "ACLU: of Massachusetts",
    "appeared": "2011-11-30",
    "url": "",
    "type": "quantity",
    "measure": "people_removed",
    "where": "country=US",
    "asserts": "over 140,000",
    "period": "so_far",
    "rests_on": "",
    "fit": "near",
    "why": "Returns are counted too.",
    "reading": "",
    "caveat": "",
    "title": "Over 140,000 deported",
    "name": "over-140000",
}


@pytest.fixture(scope="module")
def drafting(catalog: Catalog) -> Drafting:
    return load_drafting(catalog)


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return recount.open()


def read(text: str, catalog: Catalog, drafting: Drafting) -> Sentence:
    labels = {"Nuevo México": "New Mexico"}
    return read_sentence(text, drafting, catalog.wording, PLACES, labels)


def whole(record: OpenRecord, language: Language = "en", **changed: str) -> ClaimDraft:
    return record.draft_claim(DEPORTED, language, **(WHOLE | changed))


def options(**changed: str) -> list[str]:
    pairs = (WHOLE | changed).items()
    return [text for key, value in pairs for text in ("--" + key.replace("_", "-"), value)]


def run(*arguments: str, code: int = 0, typed: str | None = None) -> str:
    result = CliRunner().invoke(app, ["claim", *arguments], prog_name="recount", input=typed)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


# What is read in a sentence


@pytest.mark.parametrize(
    ("text", "asserts"),
    [
        (DEPORTED, "over 140,000"),
        (BOSTON, "more_than 1/2"),
        ("just over a quarter of those are offenders", "just_over 1/4"),
        ("most of the people deported were criminals", "most"),
        ("nearly 70 % of arrests", "nearly 70 %"),
        ("fewer than 3 thousand people", "less_than 3,000"),
        ("no more than 1.5 million", "at_most 1,500,000"),
        ("la mayoría de los deportados", "most"),
        ("más de la mitad de los detenidos", "more_than 1/2"),
        ("casi el 70 % de los arrestos", "nearly 70 %"),
        ("poco más de un cuarto", "just_over 1/4"),
        ("alrededor de 3 mil personas", "about 3,000"),
        ("something happened", None),
    ],
)
def test_a_hedge_before_a_number_is_the_assertion(
    text: str, asserts: str | None, catalog: Catalog, drafting: Drafting
):
    found = read(text, catalog, drafting)
    assert (found.asserts, found.asserts_reason) == (asserts, None)


@pytest.mark.parametrize(
    ("text", "asserts"),
    [
        ("52 percent of those held", "at_least=51.5 %; below=52.5 %"),
        ("47.5 % of those held", "at_least=47.45 %; below=47.55 %"),
        ("140,000 people", "at_least=135,000; below=145,000"),
        ("1.5 million people", "at_least=1,450,000; below=1,550,000"),
    ],
)
def test_a_number_without_a_hedge_asserts_what_rounds_to_it(
    text: str, asserts: str, catalog: Catalog, drafting: Drafting
):
    found = read(text, catalog, drafting)
    assert found.asserts == asserts
    assert found.asserts_reason is not None


def test_a_count_to_the_last_digit_asserts_exactly_itself(catalog: Catalog, drafting: Drafting):
    assert read("ICE held 68,289 people", catalog, drafting).asserts == "exactly 68,289"


def test_years_and_days_are_no_numbers(catalog: Catalog, drafting: Drafting):
    found = read("On 7 January 2026, as in 2019 and fiscal year 2024, 52 % were", catalog, drafting)
    assert [each.text for each in found.numbers] == ["52 %"]
    assert found.exact_date == datetime.date(2026, 1, 7)
    assert found.fiscal_years == (2024,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 30 November 2011", (2011, 11, 30)),
        ("on November 30, 2011", (2011, 11, 30)),
        ("el 30 de noviembre de 2011", (2011, 11, 30)),
        ("as of 2011-11-30", (2011, 11, 30)),
    ],
)
def test_days_are_read_as_both_languages_write_them(
    text: str, day: tuple[int, int, int], catalog: Catalog, drafting: Drafting
):
    assert read(text, catalog, drafting).exact_date == datetime.date(*day)


def test_a_day_that_no_calendar_has_is_no_date(catalog: Catalog, drafting: Drafting):
    assert read("on 31 November 2011", catalog, drafting).exact_date is None


def test_a_third_quarter_is_no_share(catalog: Catalog, drafting: Drafting):
    assert read("in the third quarter of 2024", catalog, drafting).numbers == ()


def test_places_are_read_by_every_name_and_all_of_one_name_are_told(catalog: Catalog, drafting: Drafting):
    assert read(BOSTON, catalog, drafting).places == (("jurisdiction", "Suffolk County, MA"),)
    assert read("in Suffolk County", catalog, drafting).places == (
        ("jurisdiction", "Suffolk County, MA"),
        ("jurisdiction", "Suffolk County, NY"),
    )
    assert read("en Nuevo México", catalog, drafting).places == (("state", "New Mexico"),)


def test_the_language_is_told_by_its_small_words(catalog: Catalog, drafting: Drafting):
    assert read(BOSTON, catalog, drafting).language == "en"
    assert read("más de la mitad de los detenidos no tenía condenas", catalog, drafting).language == "es"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the highest number of people ever held", "rank"),
        ("arrests doubled, up from 300", "compare"),
        ("book-ins rose every month", "series"),
        ("most of the growth is people without a record", "contribution"),
        ("they are the worst of the worst", "outside"),
        (DEPORTED, "quantity"),
    ],
)
def test_words_point_to_the_type(text: str, kind: str, catalog: Catalog, drafting: Drafting):
    assert read(text, catalog, drafting).type == kind


# Which measures are proposed


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        (BOSTON, "share_without_conviction"),
        (DEPORTED, "people_removed"),
        ("just over a quarter of those are offenders with serious criminal records", "share_level_1"),
        ("73 % of people held have no criminal record", "share_no_record_detained"),
        ("The average length of stay was 47.5 days", "average_length_of_stay"),
        ("180,000 people are monitored with ankle bracelets", "atd_participants"),
        ("Más de la mitad de los deportados en Massachusetts no tenía condenas", "share_without_conviction"),
    ],
)
def test_the_measure_that_shares_most_is_proposed_first(
    text: str, measure: str, catalog: Catalog, drafting: Drafting
):
    assert propose_measures(read(text, catalog, drafting), catalog, drafting)[0].measure.measure == measure


def test_of_equal_measures_the_one_whose_title_the_sentence_says_goes_first(
    catalog: Catalog, drafting: Drafting
):
    sentence = read("ICE held more than 60,000 people in January 2026", catalog, drafting)
    first, second = propose_measures(sentence, catalog, drafting)[:2]
    assert first.score == second.score
    assert [first.measure.measure, second.measure.measure] == ["detained_population", "atd_participants"]


def test_a_proposal_names_the_words_that_it_rests_on(record: OpenRecord):
    first = record.draft_claim(DEPORTED).proposals()[0]
    assert first.words == ("deportation", "people")
    assert all(each.words for each in record.draft_claim(DEPORTED).proposals())


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_any_sentence_ranks_every_measure_in_one_order(catalog: Catalog, drafting: Drafting, text: str):
    ranked = propose_measures(read(text, catalog, drafting), catalog, drafting)
    assert sorted(each.measure.measure for each in ranked) == sorted(catalog.measures)
    keys = [(-each.score, each.unsaid, each.measure.measure) for each in ranked]
    assert keys == sorted(keys)


# What answers do


def test_nothing_that_was_read_is_taken_before_it_is_confirmed(record: OpenRecord):
    draft = record.draft_claim(DEPORTED)
    assert draft.suggestion("asserts") == "over 140,000"
    assert dict(draft.answers) == {"statement": DEPORTED}


def test_a_part_of_the_answer_gives_the_verdict_that_the_whole_gives(record: OpenRecord):
    draft = record.draft_claim(
        DEPORTED, said="2011-11-30", type="quantity", measure="people_removed", where="country=US"
    )
    assert draft.so_far() is None
    so_far = draft.answer("asserts", "over 140,000").so_far()
    final = whole(record).check()
    assert so_far is not None
    assert (
        (so_far.headline, so_far.asserted)
        == (final.headline, final.asserted)
        == ("supported", final.asserted)
    )


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("said", "30/11/2011", "is not a date"),
        ("measure", "people_removd", "people_removed"),
        ("where", "jurisdiction=Sufolk County, MA", "Suffolk County, MA"),
        ("where", "", "name one"),
        ("asserts", "overr 140,000", "no wording is called"),
        ("asserts", "over", "hedges a number"),
        ("asserts", "from=3", "No end is called"),
        ("period", "2011", "is not a date"),
        ("rests_on", "no-such-release", "No release is called"),
        ("fit", "good", "exact, near, proxy"),
        ("type", "guess", "quantity"),
        ("name", "Not A Name", "is no name"),
        ("said_by", "", "needs an answer"),
        ("reading", "level=1", "No fork"),
    ],
)
def test_what_is_no_answer_is_refused_at_its_step(record: OpenRecord, key: str, text: str, says: str):
    draft = record.draft_claim(DEPORTED, **{name: value for name, value in WHOLE.items() if name != key})
    with pytest.raises(UsageError) as raised:
        draft.answer(key, text)
    assert says in str(raised.value)


def test_an_unknown_step_is_answered_with_the_nearest(record: OpenRecord):
    with pytest.raises(UnknownNameError, match="measure"):
        record.draft_claim(DEPORTED, mesure="people_removed")


def test_a_number_chooses_among_the_measures_proposed(record: OpenRecord):
    draft = record.draft_claim(DEPORTED, type="quantity")
    assert draft.answer("measure", "1").answers["measure"] == draft.proposals()[0].measure.measure


def test_what_was_read_must_be_answered_even_where_nothing_would_do(record: OpenRecord):
    draft = record.draft_claim(BOSTON, type="quantity", measure="share_without_conviction")
    assert "--where" in [each.option for each in draft.missing()]
    with pytest.raises(UsageError, match="Suffolk County, MA"):
        draft.to_yaml()


def test_what_belongs_to_another_type_is_refused(record: OpenRecord):
    with pytest.raises(UsageError, match="--pattern does not belong"):
        whole(record, pattern="rising").to_yaml()


def test_every_step_has_its_question_in_both_languages(drafting: Drafting):
    for step in STEPS:
        assert drafting.texts[f"ask_{step.key}"].es != drafting.texts[f"ask_{step.key}"].en


@pytest.mark.parametrize(
    "parts",
    [
        {"type": "compare", "a": "criminality=other", "b": "criminality=convicted", "compared_by": "difference",
         "asserts": "above=0", "asserts_reason": "More of them."},
        {"type": "compare", "a": "as_of=2026-02-07", "b": "through=2025-01-12", "compared_by": "rise",
         "asserts": "about 68 %"},
        {"type": "rank", "subject": "criminality=other", "end": "highest", "top": "1", "rivals": "criminality=others"},
        {"type": "rank", "subject": "as_of=2026-02-07", "end": "highest", "top": "1", "rivals": "",
         "over": "by=print; from=2019-01-01; ever=yes"},
        {"type": "series", "pattern": "rising", "over": "by=print; from=2025-10-01"},
        {"type": "series", "pattern": "each", "over": "by=print; from=2025-10-01", "asserts": "over 10,000"},
        {"type": "contribution", "of": "growth", "part": "criminality=other", "start": "as_of=2025-01-31",
         "until": "as_of=2026-02-07", "asserts": "most"},
        {"type": "print", "asserts": "over 60,000", "rests_on": "fy26-detentionstats-02122026",
         "rests_on_basis": "Named."},
    ],
)  # fmt: skip
def test_every_type_is_written_and_read_again(record: OpenRecord, parts: dict[str, str], tmp_path: Path):
    kept = {key: text for key, text in WHOLE.items() if key not in ("asserts", "period")}
    draft = record.draft_claim(
        DEPORTED, **(kept | {"measure": "detained_population", "said": "2026-02-13", "where": ""} | parts)
    )
    written = draft.write(tmp_path / "claim.yml")
    claim = record.claim(written)
    assert claim.asserts.type == parts["type"]
    assert claim == draft.claim()


PARTS = {"type": "combination", "parts": "many=over-70000-held-2026; half=more-than-half-held-2026"}


def combined(record: OpenRecord, holds: str) -> ClaimDraft:
    kept = {key: text for key, text in WHOLE.items() if key in _OF_ANY}
    return record.draft_claim(DEPORTED, **(kept | PARTS | {"holds": holds, "rests_on": ""}))


_OF_ANY = {"statement_language", "said_by", "said", "appeared_title", "publisher", "appeared", "url", "caveat", "title",
           "name"}  # fmt: skip


@pytest.mark.parametrize(
    "holds", ["many and half", "many or not half", "half and many", "not (many and half)"]
)
def test_a_combination_takes_its_parts_from_claims(record: OpenRecord, tmp_path: Path, holds: str):
    written = combined(record, holds).write(tmp_path / "claim.yml")
    made = record.claim(written).asserts
    assert made.type == "combination"
    parts = {each.part: each.asserts for each in made.parts}
    assert parts == {
        "many": record.claim("over-70000-held-2026").asserts,
        "half": record.claim("more-than-half-held-2026").asserts,
    }
    assert sorted(made.holds.parts()) == ["half", "many"]
    assert record.check(written).receipt.id == record.check(written).receipt.id


@pytest.mark.parametrize(
    ("holds", "says"),
    [
        ("many and half or many", "put brackets"),
        ("many and (half", "a bracket open"),
        ("many!", "no name of a part"),
        ("many", "half"),
    ],
)
def test_parts_that_do_not_hold_together_are_refused(record: OpenRecord, holds: str, says: str):
    with pytest.raises(UsageError) as raised:
        combined(record, holds)
    assert says in str(raised.value)


def test_a_combination_is_no_part_of_another(record: OpenRecord):
    with pytest.raises(UsageError, match="cannot be a part"):
        combined(record, "many and half").answer(
            "parts", "many=press-removals-rose-2024; half=more-than-half-held-2026"
        )


# What is written


texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Co", "Cn"]), min_size=1, max_size=150
)


@given(texts, texts)
def test_any_text_comes_back_from_the_file_as_it_was(drafting: Drafting, first: str, second: str):
    values = {"claim": "a", "title": first, "said": {"from": datetime.date(2011, 1, 2)},
              "asserts": {"top": 3, "ever": True, "measured_by": [{"where": {"state": second}, "why": first}]},
              "caveats": [first, second]}  # fmt: skip
    assert parse_yaml(claim_as_yaml(values, "a.yml", drafting, "en"), "a.yml").data == values


@pytest.mark.parametrize(
    "word", ["no", "on", "true", "null", "2011-11-30", "140,000", "1/2", "- a", "a: b", "#", "~"]
)
def test_a_text_that_yaml_reads_otherwise_is_quoted(drafting: Drafting, word: str):
    text = claim_as_yaml({"title": word}, "a.yml", drafting, "en")
    assert parse_yaml(text, "a.yml").data == {"title": word}


def test_the_file_checks_as_the_draft_does_and_says_how(record: OpenRecord, tmp_path: Path):
    draft = whole(record)
    path = draft.write(tmp_path / "claim.yml")
    assert record.check(path).receipt.id == draft.check().receipt.id
    text = path.read_text(encoding="utf-8")
    assert text.startswith(SCHEMA_LINE)
    assert "recount check claim.yml" in text
    assert list(tmp_path.glob(".*")) == []


def test_comments_are_in_the_language_asked(record: OpenRecord):
    assert "Compruébela con" in whole(record, "es").to_yaml()


def test_a_file_that_is_there_is_not_replaced_unless_asked(record: OpenRecord, tmp_path: Path):
    path = tmp_path / "claim.yml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        whole(record).write(path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert record.claim(whole(record).write(path, force=True)).claim == "over-140000"


def test_what_makes_no_claim_is_not_written(record: OpenRecord, tmp_path: Path):
    draft = whole(record)
    broken = ClaimDraft(record, {**draft.answers, "where": "state=Atlantis"})
    with pytest.raises(ClaimFileError, match="Atlantis"):
        broken.write(tmp_path / "claim.yml")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(record: OpenRecord, tmp_path: Path):
    with pytest.raises(UsageError, match="cannot be written"):
        whole(record).write(tmp_path / "nowhere" / "claim.yml")


# The command


def test_options_answer_every_step_and_the_same_options_give_the_same_bytes(tmp_path: Path):
    paths = [tmp_path / "a" / "claim.yml", tmp_path / "b" / "claim.yml"]
    for path in paths:
        path.parent.mkdir()
        told = run("new", DEPORTED, "--no-input", "--to", str(path), *options())
        assert "The record supports it" in told
    assert paths[0].read_bytes() == paths[1].read_bytes()
    result = CliRunner().invoke(app, ["check", str(paths[0])])
    assert result.exit_code == 0
    assert "The record supports it" in result.output


def test_without_input_what_is_missing_is_named_by_its_option():
    told = run("new", DEPORTED, "--no-input", "--type", "quantity", code=2)
    assert "--said-by" in told
    assert "--measure" in told
    assert "[people_removed]" in told


def test_the_dialogue_offers_what_was_read_and_shows_the_answer_so_far(tmp_path: Path):
    typed = ["", "An author", "yesterday", "2011-11-30", "An article", "A paper", "", "", "", "1", "", "", "", "",
             "near", "Returns are counted too.", "", "", ""]  # fmt: skip
    path = tmp_path / "claim.yml"
    told = run("new", DEPORTED, "--to", str(path), typed="\n".join(typed) + "\n")
    assert "[over 140,000]" in told
    assert "'yesterday' is not a date" in told
    assert "So far: The record supports it" in " ".join(told.split())
    assert recount.open().check(path).headline == "supported"


def test_the_dialogue_speaks_spanish(tmp_path: Path):
    told = run("new", BOSTON, "--language", "es", "--to", str(tmp_path / "a.yml"), typed="\n", code=2)
    assert "Quién lo dijo" in told
    assert "Leído en la frase" in told


def test_input_that_ends_early_names_what_is_missing(tmp_path: Path):
    path = tmp_path / "claim.yml"
    assert "--said-by" in run("new", DEPORTED, "--to", str(path), typed="", code=2)
    assert not path.exists()


def test_a_file_in_the_way_is_refused_before_anything_is_asked(tmp_path: Path):
    path = tmp_path / "claim.yml"
    path.write_text("mine", encoding="utf-8")
    told = run("new", DEPORTED, "--to", str(path), typed="", code=2)
    assert "is there already" in told


def test_an_interrupt_leaves_nothing_and_ends_with_130(tmp_path: Path):
    started = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from recount.cli.app import main; main()",
            "claim",
            "new",
            DEPORTED,
            "--to",
            "claim.yml",
        ],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout is not None
        _wait_for("Language of the statement", iter(started.stdout.readline, ""))
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "nothing was left half-written" in told
    assert list(tmp_path.glob("*claim*")) == []


def _wait_for(text: str, lines: Iterator[str]) -> None:
    assert any(text in line for line in lines)


def test_the_schema_is_printed_for_editors():
    assert '"$schema"' in run("schema")
