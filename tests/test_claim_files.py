"""Claims in files of a user's own: checked where every name is known, otherwise answered by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from recount.claim.files import read_claim_file
from recount.claim.verdict import check_claim
from recount.declare.catalog import Catalog
from recount.errors import ClaimFileError
from recount.measure.prints import PrintBook
from small_record import BOSTON, released, small_book, without_conviction
from tiny_release import replace_once

CLAIM = """\
claim: half-of-boston
title: More than half had no convictions
statement: More than half of those removed had no convictions.
statement_language: en
said_by: A council member
said: {from: 2011-11-30, to: 2011-11-30}
appeared:
  title: Minutes
  publisher: The council
  date: 2011-12-01
rests_on:
  release: july
  basis: The minutes name it.
asserts:
  type: quantity
  period: so_far
  that: {wording: more_than, of: "1/2"}
  measured_by:
    - measure: share_without_conviction
      where: {jurisdiction: "Suffolk County, MA"}
      readings:
        without_conviction: [all_without_conviction]
      fit: near
      why: The minutes say Boston.
"""


@pytest.fixture(scope="module")
def book(catalog: Catalog) -> PrintBook:
    return small_book(
        catalog, [released("july", "2011-07-11")], without_conviction("july", "2011-06-30", 183, 352)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.yml"


def refused(path: Path, book: PrintBook, text: str) -> ClaimFileError:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClaimFileError) as raised:
        read_claim_file(path, book)
    assert raised.value.exit_code == 2
    assert "mine.yml" in raised.value.summary
    return raised.value


def line_of(text: str, part: str) -> str:
    (number,) = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return f"line {number}"


def test_a_good_file_is_checked(path: Path, book: PrintBook):
    path.write_text(CLAIM, encoding="utf-8")
    claim = read_claim_file(path, book)
    assert (claim.claim, claim.said_by.es) == ("half-of-boston", "A council member")
    assert check_claim(claim, book).headline == "supported"


def test_a_file_with_a_byte_order_mark_is_read(path: Path, book: PrintBook):
    path.write_text(CLAIM, encoding="utf-8-sig")
    assert read_claim_file(path, book).claim == "half-of-boston"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "measure: share_without_conviction",
            "measure: share_without_convictions",
            "share_without_conviction",
        ),
        ('"Suffolk County, MA"', '"Sufolk County, MA"', BOSTON),
        ("jurisdiction:", "juristiction:", "jurisdiction"),
        ("release: july", "release: jully", "july"),
        ("wording: more_than", "wording: more_then", "more_than"),
        ("wording: more_than", "wording: somewhat", "choose from: most, more_than"),
        ("without_conviction: [", "no_conviction: [", "without_conviction"),
        ("[all_without_conviction]", "[all_without_convictions]", "all_without_conviction"),
        (
            "[all_without_conviction]",
            "[x]",
            "choose from: all_without_conviction, entered_or_overstayed_only",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_its_line_and_the_nearest_or_the_choices(
    path: Path, book: PrintBook, old: str, new: str, says: str
):
    text = replace_once(CLAIM, old, new)
    facts = dict(refused(path, book, text).facts)
    assert says in facts[line_of(text, new)]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("to: 2011-11-30", "to: 2011-13-45", "2011-13-45 is not a date"),
        ("date: 2011-12-01", "date: 1 December", "date"),
        ("fit: near", "fit: nearly", "'exact', 'near' or 'proxy'"),
        ("type: quantity", "type: ranking", "'quantity', 'print', 'outside', 'compare', 'rank'"),
        ("said_by:", "siad_by:", "did you mean 'said_by'?"),
        ("  period: so_far", "  perod: so_far", "did you mean 'period'?"),
        ("period: so_far", "period: exact", "through"),
        ("claim: half-of-boston", "claim: Half of Boston", "claim"),
        ('of: "1/2"', "of: 0.5.1", "write a number as"),
        ("from: 2011-11-30", "from: 2011-12-30", "from must not be after to"),
        ("from: 2011-11-30", "from: 2011-11-29", "need a basis"),
        ("title: Minutes", "title: Minutes\n  title: Records", "the key 'title' is given twice"),
    ],
)
def test_a_value_that_cannot_be_is_answered_with_its_line(
    path: Path, book: PrintBook, old: str, new: str, says: str
):
    text = replace_once(CLAIM, old, new)
    error = refused(path, book, text)
    assert says in str(error)
    labels = [label for label, _ in error.facts]
    assert all(label.startswith("line ") for label in labels)
    number = next(i for i, line in enumerate(text.splitlines(), start=1) if new.splitlines()[-1] in line)
    assert any(int(label.removeprefix("line ")) <= number for label in labels)


@pytest.mark.parametrize("key", ["statement", "said_by", "said", "appeared", "asserts"])
def test_a_missing_key_is_named(path: Path, book: PrintBook, key: str):
    kept, skipping = [], False
    for line in CLAIM.splitlines(keepends=True):
        if not line.startswith(" "):
            skipping = line.startswith(f"{key}:")
        if not skipping:
            kept.append(line)
    assert f"{key}: is missing" in str(refused(path, book, "".join(kept)))


@pytest.mark.parametrize(
    ("that", "says"),
    [
        ('{above: "1/2", at_least: "1/2", reason: r}', "above or at_least, not both"),
        ('{below: "1/2", at_most: "1/2", reason: r}', "below or at_most, not both"),
        ('{above: "3/4", below: "1/2", reason: r}', "holds no number"),
        ('{above: "1/2", below: "1/2", reason: r}', "holds no number"),
        ('{above: "1/2"}', "need a reason"),
        ("{reason: r}", "either a wording, or ends"),
        ('{wording: most, above: "1/2", reason: r}', "either a wording, or ends"),
        ('{equals: "1/2", above: "1/4", reason: r}', "'equals' stands alone"),
        ("{wording: more_than}", "give it under 'of'"),
        ('{wording: most, of: "1/2"}', "leave 'of' out"),
    ],
)
def test_ends_that_do_not_go_together_are_answered_with_their_line(
    path: Path, book: PrintBook, that: str, says: str
):
    text = replace_once(CLAIM, '{wording: more_than, of: "1/2"}', that)
    error = refused(path, book, text)
    assert says in str(error)
    assert line_of(text, "that:") in dict(error.facts)


def test_an_interval_may_be_written_out_with_a_reason(path: Path, book: PrintBook):
    text = replace_once(
        CLAIM, '{wording: more_than, of: "1/2"}', '{above: "52 %", reason: the minutes say 52}'
    )
    path.write_text(text, encoding="utf-8")
    assert check_claim(read_claim_file(path, book), book).headline == "contradicted"


def test_every_problem_is_told_at_once_in_order_of_line(path: Path, book: PrintBook):
    text = replace_once(CLAIM, "release: july", "release: jully")
    text = replace_once(text, "measure: share_without_conviction", "measure: share")
    labels = [label for label, _ in refused(path, book, text).facts]
    assert labels == [line_of(text, "jully"), line_of(text, "measure: share")]


def test_one_place_is_named_and_no_more(path: Path, book: PrintBook):
    text = replace_once(CLAIM, "where: {jurisdiction:", "where: {state: MA, jurisdiction:")
    assert "one place" in str(refused(path, book, text))


def test_a_claim_asserts_a_count_or_a_share_and_not_both(path: Path, book: PrintBook):
    more = "    - {measure: people_removed, where: {country: US}, fit: near, why: The same.}\n"
    assert "a count or a share, not both" in str(refused(path, book, CLAIM + more))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"claim: [", "is not YAML"),
        (b"- 1", "does not fit its schema"),
        (CLAIM.encode().replace(b"council", b"conc\xffil"), "is not UTF-8 text"),
        (CLAIM.encode("utf-16"), "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_claim_is_wrong_usage(path: Path, book: PrintBook, content: bytes, says: str):
    path.write_bytes(content)
    with pytest.raises(ClaimFileError) as raised:
        read_claim_file(path, book)
    assert (raised.value.exit_code, says in raised.value.summary) == (2, True)


def test_a_missing_file_or_a_folder_is_wrong_usage(tmp_path: Path, book: PrintBook):
    with pytest.raises(ClaimFileError, match=r"mine\.yml does not exist"):
        read_claim_file(tmp_path / "mine.yml", book)
    with pytest.raises(ClaimFileError, match="cannot be read"):
        read_claim_file(tmp_path, book)


# Types that work with several numbers

SEVERAL = """\
claim: several
title: Several numbers
statement: So it is.
statement_language: en
said_by: A council member
said: {from: 2011-11-30, to: 2011-11-30}
appeared: {title: Minutes, publisher: The council, date: 2011-12-01}
asserts:
  type: combination
  holds: {and: [grew, largest, rose, mostly]}
  parts:
    - part: grew
      title: it grew
      asserts:
        type: compare
        a: {through: 2011-06-30}
        b: {as_of: 2011-05-31}
        by: rise
        that: {wording: about, of: "68 %"}
        measured_by: [{measure: people_removed, where: {country: US}, fit: near, why: It counts removals.}]
    - part: largest
      title: it is the largest
      asserts:
        type: rank
        subject: {where: {criminality: other}}
        rivals: {criminality: [convicted, pending]}
        measured_by: [{measure: detained_population, fit: near, why: It counts those held.}]
    - part: rose
      title: it rose
      asserts:
        type: series
        pattern: rising
        over: {by: month, from: 2011-01-01}
        measured_by: [{measure: average_daily_population, fit: near, why: It averages those held.}]
    - part: mostly
      title: it is mostly theirs
      asserts:
        type: contribution
        part: {where: {arresting_agency: cbp}}
        start: {as_of: 2011-01-01}
        end: {as_of: 2011-11-30}
        that: {wording: most}
        measured_by: [{measure: detained_population, fit: near, why: Of those held.}]
"""


def test_a_good_file_of_several_types_is_read(path: Path, book: PrintBook):
    path.write_text(SEVERAL, encoding="utf-8")
    assert read_claim_file(path, book).asserts.type == "combination"


@pytest.mark.parametrize(
    ("part", "instead", "on", "told"),
    [
        ("by: rise", "by: growth", "by: growth", "'difference', 'ratio', 'rise' or 'fall'"),
        ("as_of: 2011-05-31", "asof: 2011-05-31", "b: {asof", "did you mean 'as_of'?"),
        ("as_of: 2011-05-31", "as_of: 2011-05-31, through: 2011-04-30", "b: {as_of", "not both"),
        ("a: {through", "a: {measure: people_remved, through", "a: {", "nearest: people_removed"),
        ("a: {through", "a: {where: {criminality: other}, through", "a: {", "choose from: country"),
        ("a: {through", "a: {measure: share_convicted, through", "{measure: people_removed", "of one kind"),
        ("[convicted, pending]", "[convicted, pendng]", "rivals:", "nearest: pending"),
        ("[convicted, pending]", "everyone", "rivals:", "others"),
        ("subject: {where: {criminality: other}}", "subject: {}", "asserts:", "names its own criminality"),
        ("pattern: rising", "pattern: climbing", "pattern:", "'never_falling'"),
        ("pattern: rising", "pattern: first", "asserts:", "under 'that'"),
        (
            "measure: average_daily_population",
            "measure: detained_population",
            "over:",
            "not printed by month",
        ),
        ("by: month", "by: quarter", "over:", "'month', 'fiscal_year' or 'print'"),
        ("arresting_agency: cbp", "arresting_agency: cpb", "part: {where", "nearest: cbp"),
        ("holds: {and: [grew,", "holds: {and: [grows,", "asserts:", "grew, largest, rose, mostly"),
        ("part: mostly", "part: rose", "asserts:", "two parts have the same name"),
        ("type: contribution", "type: share", "type: share", "'contribution'"),
        ("that: {wording: most}", "that: {wording: mst}", "that: {wording: mst", "called 'mst'"),
    ],
)
def test_a_mistake_in_a_type_of_several_numbers_is_told_with_its_line_and_the_choices(
    path: Path, book: PrintBook, part: str, instead: str, on: str, told: str
):
    text = replace_once(SEVERAL, part, instead)
    lines = text.splitlines()
    facts = refused(path, book, text).facts
    found = [lines[int(name.removeprefix("line ")) - 1] for name, fact in facts if told in fact]
    assert any(on in line for line in found)
