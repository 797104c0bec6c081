"""Explore without a browser: addresses, what the form offers, places, and questions without an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.api.explore_address import ExploreAddress
from recount.api.explore_answer import MOST_LINES, view_answer
from recount.api.explore_choices import Choices
from recount.api.explore_faults import fault_of, nothing_found
from recount.api.explore_places import PlaceIndex
from recount.api.explore_tables import tables_of
from recount.api.explore_words import ExploreWords
from recount.ask import OpenRecord, open_record
from recount.errors import UsageError
from recount.site.shell import Shell


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    return open_record(tmp_path_factory.mktemp("nobody"), public=True)


@pytest.fixture(scope="module")
def say(record: OpenRecord) -> ExploreWords:
    return ExploreWords(Shell("en", server=True, catalog=record.catalog))


@pytest.fixture(scope="module")
def choices(record: OpenRecord, say: ExploreWords) -> Choices:
    return Choices(record, say)


def address(*parameters: tuple[str, str]) -> ExploreAddress:
    return ExploreAddress.read(parameters)


# Addresses


def test_fields_of_the_form_become_the_parameters_of_the_api() -> None:
    sent = [
        ("measure", "arrests"),
        ("by", "aor"),
        ("by", "gender"),
        ("f.aor", "BOS"),
        ("f.aor", "SEA"),
        ("r.duplicates", "exact"),
        ("r.state", ""),
        ("t", "fiscal_year"),
        ("t.from", "2016"),
        ("t.to", "2018"),
        ("release", ""),
    ]
    assert ExploreAddress.read(sent).parameters == (
        ("measure", "arrests"),
        ("where", "aor=BOS,SEA"),
        ("where", "fiscal_year=2016..2018"),
        ("by", "aor,gender"),
        ("reading", "duplicates=exact"),
    )


@pytest.mark.parametrize(
    ("first", "last", "condition"),
    [
        ("2016", "2018", "fiscal_year=2016..2018"),
        ("2016", "2016", "fiscal_year=2016"),
        ("2016", "", "fiscal_year>=2016"),
        ("", "2018", "fiscal_year<=2018"),
    ],
)
def test_two_fields_of_time_make_one_condition(first: str, last: str, condition: str) -> None:
    asked = address(("measure", "arrests"), ("t", "fiscal_year"), ("t.from", first), ("t.to", last))
    assert asked.every("where") == [condition]


def test_a_code_with_a_comma_stands_in_quotes_among_others() -> None:
    asked = address(("f.port", "Brownsville, TX"), ("f.port", "Laredo"))
    assert asked.every("where") == ['port="Brownsville, TX",Laredo']
    assert asked.limits()[0].items == ("Brownsville, TX", "Laredo")


def test_a_county_with_its_state_is_one_place() -> None:
    (limit,) = address(("where", "jurisdiction=Suffolk County, MA")).limits()
    assert limit.items == ("Suffolk County, MA",)


_NAMES = st.sampled_from(
    ["measure", "by", "where", "period", "f.aor", "r.fork", "t", "t.from", "t.to", "place", "x"]
)
_VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)


@given(st.lists(st.tuples(_NAMES, _VALUES | st.sampled_from(["aor=Boston", "aor!=Boston", "", " "]))))
def test_an_address_read_again_is_the_same(sent: list[tuple[str, str]]) -> None:
    once = ExploreAddress.read(sent)
    again = ExploreAddress.read(once.parameters)
    assert again.parameters == once.parameters
    assert again.is_plain


def test_a_part_taken_away_leaves_the_others() -> None:
    asked = address(
        ("measure", "arrests"), ("where", "aor=Boston"), ("where", "fiscal_year=2016"), ("by", "aor,gender")
    )
    assert asked.without_part("aor").by == ("gender",)
    assert asked.without_limit("aor").every("where") == ["fiscal_year=2016"]
    assert asked.with_limit("aor", "Seattle").every("where") == ["fiscal_year=2016", "aor=Seattle"]


# What the form offers


SPLIT = ["arrests", "share_conviction_named_removed", "removals", "book_ins_recorded", "detainers", "encounters",
         "book_ins", "share_criminal_detained", "atd_participants", "people_removed", "average_bond"]  # fmt: skip
"""A measure of each table and kind."""


@pytest.mark.parametrize("name", SPLIT)
def test_whatever_the_form_offers_to_split_by_can_be_answered(
    record: OpenRecord, choices: Choices, name: str
) -> None:
    measure = choices.find(name)
    assert measure is not None
    answered = []
    for split in (*choices.splits(measure), *choices.spans(measure)):
        asked = address(("measure", name), ("by", split)).question()
        if tables_of(asked.put_to(record), choices.say):
            answered.append(split)
    assert answered
    if name in ("arrests", "removals", "book_ins", "people_removed"):
        assert answered == [*choices.splits(measure), *choices.spans(measure)]


def test_dimensions_that_the_counts_lack_stand_apart(choices: Choices) -> None:
    arrests = choices.find("arrests")
    assert arrests is not None
    held, elsewhere = choices.dimensions(arrests)
    assert {"aor", "method", "citizenship_group", "gender"} <= set(held)
    assert {"county", "state", "age", "citizenship"} <= set(elsewhere)


def test_what_is_asked_is_marked_in_the_form(choices: Choices) -> None:
    arrests = choices.find("arrests")
    assert arrests is not None
    asked = address(
        ("measure", "arrests"),
        ("where", "aor=Boston"),
        ("where", "fiscal_year=2018"),
        ("where", "method!=Located"),
        ("by", "gender"),
        ("reading", "duplicates=exact"),
        ("compare_with", "aor=Buffalo"),
    )
    offered = choices.offered(arrests, asked)
    area = next(each for each in offered.limits if each.name == "aor")
    assert [each.value for each in area.choices if each.is_chosen] == ["BOS"]
    assert [each.value for each in offered.splits if each.is_chosen] == ["gender"]
    assert (offered.first, offered.last) == ("2018", "2018")
    assert offered.others == ("method!=Located",)
    forks = {each.fork: [one.value for one in each.choices if one.is_chosen] for each in offered.forks}
    assert forks["duplicates"] == ["exact"]
    compared = [one.label for group in offered.compared for one in group.choices if one.is_chosen]
    assert compared == ["Buffalo"]
    assert "Boston" not in [one.label for group in offered.compared for one in group.choices]


def test_texts_as_released_are_choices_once_they_are_read(record: OpenRecord, say: ExploreWords) -> None:
    own = Choices(record, say)
    detainers = own.find("detainers")
    assert detainers is not None
    assert not own.is_learned("detainers")
    own.learn("detainers")
    assert own.is_learned("detainers")
    offered = own.offered(detainers, address(("measure", "detainers")))
    reasons = next(each for each in offered.limits if each.name == "lift_reason")
    assert "Booked into Detention" in [each.label for each in reasons.choices]


# Answers


def test_the_tables_hold_the_integers_of_the_answer(record: OpenRecord, say: ExploreWords) -> None:
    asked = address(("measure", "detained_population"), ("by", "criminality"), ("as_known_on", "2026-02-13"))
    (table,) = tables_of(asked.question().put_to(record), say)
    assert next(each.cells for each in table.lines) == ("Convicted", "18,030", "26.4\N{NO-BREAK SPACE}%")
    assert [each.is_total for each in table.lines] == [False, False, False, True]


def test_the_choice_that_moves_an_answer_most_is_said(record: OpenRecord, say: ExploreWords) -> None:
    asked = address(("measure", "share_no_record_detained"), ("by", "fiscal_year"), ("readings", "all"))
    view = view_answer(_public(asked, record), asked, say, "http://127.0.0.1/")
    assert view.moves
    assert all("moves it most" in each for each in view.moves)
    assert view.readings == "4 of 4 readings"


def test_a_long_table_is_cut_and_says_how_much(record: OpenRecord, say: ExploreWords) -> None:
    asked = address(("measure", "people_removed"), ("by", "jurisdiction"))
    view = view_answer(_public(asked, record), asked, say, "http://127.0.0.1/")
    assert sum(len(each.lines) for each in view.tables) == MOST_LINES
    assert sum(each.left_out for each in view.tables) == view.rows - MOST_LINES


def test_the_same_question_is_given_for_terminal_python_and_http(
    record: OpenRecord, say: ExploreWords
) -> None:
    asked = address(
        ("measure", "people_removed"),
        ("where", "jurisdiction=Suffolk County, MA"),
        ("as_known_on", "2013-01-01"),
    )
    view = view_answer(_public(asked, record), asked, say, "http://127.0.0.1/")
    assert view.elsewhere.terminal == (
        "recount measure people_removed --where 'jurisdiction=Suffolk County, MA' --as-known-on 2013-01-01"
    )
    namespace: dict[str, object] = {}
    exec(view.elsewhere.python, namespace)
    assert namespace["answer"].receipt().id == view.receipt  # type: ignore[attr-defined]
    assert view.elsewhere.curl.startswith("curl 'http://127.0.0.1/api/v1/measures/people_removed/answer?")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_measure_has_a_page(record: OpenRecord, language: str, choices: Choices) -> None:
    own = ExploreWords(Shell(language, server=True, catalog=record.catalog))  # type: ignore[arg-type]
    for measure in choices.every:
        asked = address(("measure", measure.measure))
        view = view_answer(_public(asked, record), asked, own, "http://127.0.0.1/")
        assert view.tables or view.fault is not None
        assert Choices(record, own).offered(measure, asked).measure is measure


def test_a_span_cut_short_has_no_share_over_time_and_the_page_says_so(
    record: OpenRecord, say: ExploreWords
) -> None:
    asked = address(
        ("measure", "arrests"),
        ("release", "ice-2018-icfo-36170"),
        ("by", "fiscal_year,gender"),
        ("per", "total"),
    )
    view = view_answer(_public(asked, record), asked, say, "http://127.0.0.1/")
    (table,) = tables_of(asked.question().put_to(record), say)
    share = next(index for index, each in enumerate(table.columns) if each.heading == "Share of total")
    parts = [each.cells for each in table.lines if each.cells[0].startswith("FY")]
    shown = {each[0]: bool(each[share]) for each in parts if each[1] in ("Male", "Female")}
    assert any(shown.values())
    assert {each for each, is_shown in shown.items() if not is_shown} == {
        each for each in shown if " (" in each
    }
    assert any(each.startswith("No share over time of what is cut short") for each in view.notes)


def test_a_rate_stands_beside_its_count_with_what_it_is_of(record: OpenRecord, say: ExploreWords) -> None:
    asked = address(
        ("measure", "removals"),
        ("release", "ice-2019-icfo-53623"),
        ("where", "aor=Boston"),
        ("where", "fiscal_year=2018"),
        ("per", "residents"),
    )
    view = view_answer(_public(asked, record), asked, say, "http://127.0.0.1/")
    (table,) = view.tables
    headings = [text for text, _ in table.headings]
    assert {"Residents", "Per 100,000"} <= set(headings)
    ((cells, _),) = table.lines
    numbers = dict(zip(headings, (each.text for each in cells), strict=True))
    count, residents = (int(numbers[name].replace(",", "")) for name in ("Events", "Residents"))
    assert numbers["Per 100,000"] == f"{count / residents * 100_000:.1f}"
    assert any("Census Bureau" in each for each in view.notes)


@pytest.mark.parametrize("measure", ["removals", "people_removed", "detained_population"])
def test_every_share_and_rate_that_is_offered_can_be_asked(
    record: OpenRecord, choices: Choices, measure: str
) -> None:
    found = choices.find(measure)
    assert found is not None
    split = choices.dimensions(found)[0][:2]
    for each in choices.pers(found, ""):
        asked = address(
            ("measure", measure), ("by", ",".join(split[:1] if "state" in split else split)),
            ("where", "fiscal_year=2018"), ("per", each.value),
        )  # fmt: skip
        asked.question().put_to(record).as_json()


# Places


def test_a_city_and_the_area_named_after_it_are_two_things(choices: Choices) -> None:
    found = (
        PlaceIndex(choices).search("boston", address(("measure", "arrests")), choices.find("arrests")).found
    )
    assert [each.name for each in found] == ["Boston area of responsibility", "Suffolk County, MA"]
    assert "It is not the city of that name." in found[0].what
    assert "Vermont" in found[0].what
    assert [each.address.every("where") for each in found[0].asks] == [["aor=Boston"]]


def test_a_place_that_the_measure_cannot_be_limited_to_leads_to_one_that_can(choices: Choices) -> None:
    index = PlaceIndex(choices)
    (county,) = index.search(
        "Suffolk County, MA", address(("measure", "arrests")), choices.find("arrests")
    ).found
    assert {each.address.measure for each in county.asks} <= {
        each.measure for each in choices.every if "jurisdiction" in choices.dimensions(each)[0]
    }


def test_an_unknown_place_is_answered_with_the_nearest(choices: Choices) -> None:
    search = PlaceIndex(choices).search("Bosten", address(), None)
    assert search.found == ()
    assert "Boston" in search.nearest


# Questions without an answer


def test_a_wrong_code_leads_to_the_nearest_questions(record: OpenRecord, say: ExploreWords) -> None:
    asked = address(("measure", "arrests"), ("where", "aor=Bosten"), ("by", "gender"))
    with pytest.raises(UsageError) as raised:
        asked.question().put_to(record).result()
    fault = fault_of(raised.value, asked, say)
    assert fault.summary == "No area of responsibility is called “Bosten”."
    assert next(each.address.every("where") for each in fault.ways) == ["aor=Boston"]
    assert fault.ways[0].address.by == ("gender",)


@pytest.mark.parametrize(
    ("parameters", "name", "right"),
    [
        ([("measure", "arests")], "measure", "arrests"),
        ([("measure", "arrests"), ("by", "gendr")], "by", "gender"),
        ([("measure", "arrests"), ("reading", "duplicates=exakt")], "reading", "duplicates=exact"),
        ([("measure", "arrests"), ("release", "ice-2019-icfo-5362")], "release", "ice-2019-icfo-53623"),
    ],
)
def test_every_kind_of_wrong_name_has_a_right_one(
    record: OpenRecord, say: ExploreWords, parameters: list[tuple[str, str]], name: str, right: str
) -> None:
    asked = address(*parameters)
    with pytest.raises(UsageError) as raised:
        asked.question().put_to(record).result()
    ways = fault_of(raised.value, asked, say).ways
    assert right in [each.address.first(name) for each in ways]


def test_a_missing_dimension_names_the_files_and_the_question_without_it(
    record: OpenRecord, say: ExploreWords
) -> None:
    asked = address(("measure", "arrests"), ("by", "county,gender"))
    fault = nothing_found(asked.question().put_to(record), asked, say)
    assert "EROArrests_FY2018.csv.gz" in fault.files
    assert [each.address.by for each in fault.ways] == [("gender",)]
    assert "without county" in fault.reasons[0]


def test_a_date_before_every_release_is_answered_with_today(record: OpenRecord, say: ExploreWords) -> None:
    asked = address(("measure", "detained_population"), ("as_known_on", "1990-01-01"))
    fault = nothing_found(asked.question().put_to(record), asked, say)
    assert [each.label for each in fault.ways] == ["Ask as known today"]


REACHED_FROM_THE_FORM = [
    [("measure", "arrests"), ("per", "residents")],
    [("measure", "detained_population"), ("by", "criminality"), ("where", "criminality=convicted")],
    [("measure", "book_ins"), ("period", "month"), ("per", "row")],
    [("measure", "arrests"), ("by", "gender"), ("readings", "all"), ("reading", "duplicates=exact")],
    [("measure", "arrests"), ("where", "aor=Boston"), ("compare_with", "aor=Boston")],
    [("measure", "people_removed"), ("by", "state,jurisdiction")],
    [("measure", "people_removed"), ("where", "state=MA"), ("where", "jurisdiction=Suffolk County, MA")],
]


@pytest.mark.parametrize("parameters", REACHED_FROM_THE_FORM)
def test_what_the_form_can_ask_wrongly_is_told_in_spanish(
    record: OpenRecord, parameters: list[tuple[str, str]]
) -> None:
    spanish = ExploreWords(Shell("es", server=True, catalog=record.catalog))
    asked = address(*parameters)
    with pytest.raises(UsageError) as raised:
        asked.question().put_to(record).as_json()
    fault = fault_of(raised.value, asked, spanish)
    assert not fault.english
    assert fault.summary != raised.value.summary


def _public(asked: ExploreAddress, record: OpenRecord):  # type: ignore[no-untyped-def]
    from types import SimpleNamespace

    question = asked.question()
    put = question.put_to(record)
    return SimpleNamespace(asked=question, question=put, receipt=put.receipt())


def test_user_rows_never_show(tmp_path: Path, choices: Choices) -> None:
    assert all(each.kind == "cube" for each in choices.record.record.parts)
