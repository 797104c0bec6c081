"""What a record says of its files and figures is Spanish on Spanish pages; a released file's own words are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import recount
from recount.ask.record import OpenRecord, open_record
from recount.errors import Worded, listed
from recount.record.store import FINDINGS
from recount.site.accounts import Accounts
from recount.site.material import Material
from recount.site.shell import Shell
from recount.site.sources import of_workbooks
from recount.site.told import Told, message_of
from recount.site.words import messages_of

SOURCE = Path(recount.__file__).parent


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record()


@pytest.fixture(scope="module")
def spanish(record: OpenRecord) -> Told:
    return Told(Shell("es", server=False, catalog=record.catalog))


def told_in(record: OpenRecord) -> Iterator[str]:
    """Yields every finding of a record, and what it says of its files."""
    yield from record.record.frames[FINDINGS].get_column("text").to_list()
    for layer in record.record.layers:
        for file in layer.manifest.files:
            yield from file.notes
            yield from (each.why for each in file.event_sheets)


def test_all_that_the_record_says_of_itself_has_its_spanish(record: OpenRecord, spanish: Told) -> None:
    assert {each for each in told_in(record) if spanish.spoken(each) is None} == set()


def test_the_message_and_values_of_a_sentence_make_it_again(record: OpenRecord) -> None:
    made = {each: message_of(each) for each in set(told_in(record))}
    assert all(found is not None and str(found) == text for text, found in made.items())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Detention FY22!D30, book_ins of FY2022: 17,035 through 2022-09-24, an earlier release had 17,038",
            "Detention FY22!D30, ingresos iniciales (book_ins) del AF2022: 17,035 hasta el 2022-09-24, "
            "una publicación anterior tenía 17,038",
        ),
        (
            "'Detention FY24', book_outs_by_reason: empty beside numbers: G80, H80, I80 and 2 more",
            "'Detention FY24', book_outs_by_reason: vacío junto a números: G80, H80, I80 y 2 más",
        ),
        (
            "ATD FY21 YTD!B11, atd_participants by month: the parts add up to 124, the total is 96",
            "ATD FY21 YTD!B11, personas en Alternativas a la Detención (atd_participants) por mes: "
            "las partes suman 124, el total es 96",
        ),
    ],
)
def test_what_is_filled_in_stays_and_the_sentence_around_it_is_spanish(
    spanish: Told, text: str, said: str
) -> None:
    assert spanish.spoken(text) == said


def test_what_no_message_made_is_marked_as_english(record: OpenRecord, spanish: Told) -> None:
    english = Told(Shell("en", server=False, catalog=record.catalog))
    assert spanish.said("A <remark> of the file") == '<span lang="en">A &lt;remark&gt; of the file</span>'
    assert english.said("A <remark> of the file") == "A &lt;remark&gt; of the file"


def test_the_message_with_the_most_words_of_its_own_made_a_sentence() -> None:
    found = message_of("X, t: no column is headed a, b")
    assert found is not None
    assert found.message == "%(sheet)s, %(table)s: no column is headed %(names)s"


def test_no_two_messages_have_the_same_words_around_what_is_filled_in() -> None:
    bare = [re.sub(r"%\(\w+\)s", "%s", each) for each in messages_of("findings.po")]
    alike = {each for each in bare if bare.count(each) > 1}
    assert alike == {"%s: %s"} & alike


def test_things_are_listed_with_how_many_more_there_are() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    more = listed(["a", "b", "c"], 2)
    assert (str(more), isinstance(more, Worded)) == ("a, b and 1 more", True)


def test_every_check_of_a_finding_has_a_name_in_words(record: OpenRecord) -> None:
    accounts = Accounts(Material(record))
    conflicts = re.compile(r"Conflict\(\s*\"(\w+)\"")
    raised = {
        each for path in (SOURCE / "clean").glob("*.py") for each in conflicts.findall(path.read_text())
    }
    found = set(record.record.frames[FINDINGS].get_column("check").to_list())
    named = {*accounts.checks, *of_workbooks(Shell("es", server=False, catalog=record.catalog))}
    assert found | raised <= named
