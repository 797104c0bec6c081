"""Reading YAML: what a scalar means, and where a mistake stands."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, parse_yaml, read_yaml
from recount.errors import CatalogError, ClaimFileError


class Door(Declared):
    """A declaration to read."""

    colour: str
    width: int = 1


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "NO", "True"])
def test_only_true_and_false_are_booleans_every_other_word_stays_a_word(word: str):
    assert parse_yaml(f"{word}: {word}", "x.yml").data == {word: word}


def test_true_and_false_are_booleans():
    assert parse_yaml("[true, false]", "x.yml").data == [True, False]


@pytest.mark.parametrize(
    ("written", "means"),
    [("0.1", Decimal("0.1")), ("-2.50", Decimal("-2.50")), ("0.30000000000000004", None)],
)
def test_a_number_with_a_point_is_exactly_what_was_written(written: str, means: Decimal | None):
    read = parse_yaml(f"share: {written}", "x.yml").data["share"]
    assert isinstance(read, Decimal)
    assert str(read) == str(means or written)


@pytest.mark.parametrize("written", ["01005", "1e3", "0x10", "0o7", "12:30"])
def test_a_number_in_another_notation_stays_text_as_written(written: str):
    assert parse_yaml(f"fips: {written}", "x.yml").data == {"fips": written}


def test_a_whole_number_may_be_grouped_with_underscores():
    assert parse_yaml("[0, -7, 140_000]", "x.yml").data == [0, -7, 140000]


def test_a_date_is_a_date_and_a_timestamp_stays_text():
    assert parse_yaml("[2011-11-30, 2011-11-30 10:00:00]", "x.yml").data == [
        datetime.date(2011, 11, 30),
        "2011-11-30 10:00:00",
    ]


def test_a_quoted_value_is_text():
    assert parse_yaml("['2011-11-30', '7', 'true', 'null']", "x.yml").data == [
        "2011-11-30",
        "7",
        "true",
        "null",
    ]


def test_a_date_that_no_calendar_has_is_an_error_with_its_line():
    with pytest.raises(CatalogError) as raised:
        parse_yaml("a: 1\nsaid: 2011-02-30", "x.yml")
    assert str(raised.value) == "x.yml cannot be read.\n  line 2  2011-02-30 is not a date"


def test_a_key_given_twice_is_an_error_with_its_line():
    with pytest.raises(CatalogError) as raised:
        parse_yaml("a:\n  b: 1\n  c: 2\n  b: 3", "x.yml")
    assert str(raised.value) == "x.yml cannot be read.\n  line 4  the key 'b' is given twice"


def test_a_key_may_stand_once_in_each_of_two_mappings():
    assert parse_yaml("[{a: 1}, {a: 2}]", "x.yml").data == [{"a": 1}, {"a": 2}]


def test_malformed_yaml_is_an_error_with_line_and_column():
    with pytest.raises(CatalogError, match=r"x\.yml is not YAML\.\n  line 2, column \d+  "):
        parse_yaml("a: [1\nb: 2", "x.yml")


def test_an_alias_of_what_holds_it_is_an_error():
    with pytest.raises(ClaimFileError, match="an alias refers to what holds it"):
        parse_yaml("a: &a [*a]", "x.yml", ClaimFileError)


def test_an_empty_file_is_an_error():
    with pytest.raises(CatalogError, match=r"x\.yml is empty"):
        parse_yaml("# nothing but a remark\n", "x.yml")


def test_a_file_that_is_not_utf_8_is_an_error_with_the_byte(tmp_path: Path):
    (tmp_path / "x.yml").write_bytes(b"a: \xe9")
    with pytest.raises(CatalogError, match=r"measures/x\.yml is not UTF-8 text\.\n  byte +3"):
        read_yaml(tmp_path / "x.yml", "measures/x.yml")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path):
    (tmp_path / "x.yml").write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_yaml(tmp_path / "x.yml", "x.yml").data == {"a": 1}


def test_a_file_that_does_not_exist_is_an_error(tmp_path: Path):
    with pytest.raises(CatalogError, match=r"x\.yml does not exist"):
        read_yaml(tmp_path / "x.yml", "x.yml")


def test_the_error_is_of_the_kind_asked_for():
    with pytest.raises(ClaimFileError):
        parse_yaml("a: [", "claim.yml", ClaimFileError)
    with pytest.raises(ClaimFileError):
        build_model(Door, parse_yaml("colour: [1]", "claim.yml"), ClaimFileError)


def test_a_line_is_that_of_the_nearest_value_at_or_above():
    document = parse_yaml("a: 1\nb:\n  - c: 2\n    d: 3", "x.yml")
    assert [document.line_of(each) for each in [("a",), ("b", 0, "d"), ("b", 0, "lost"), ("gone",)]] == [
        1,
        4,
        3,
        1,
    ]


def test_an_unknown_key_is_an_error_with_its_line_and_the_nearest_key():
    with pytest.raises(CatalogError) as raised:
        build_model(Door, parse_yaml("colour: red\nwidht: 2", "x.yml"))
    assert str(raised.value) == (
        "x.yml does not fit its schema.\n  line 2  widht: is not a known key; did you mean 'width'?"
    )


def test_a_missing_key_is_an_error():
    with pytest.raises(CatalogError, match="line 1  colour: is missing"):
        build_model(Door, parse_yaml("width: 2", "x.yml"))


def test_every_problem_of_a_file_is_told_at_once():
    with pytest.raises(CatalogError) as raised:
        build_model(Door, parse_yaml("width: wide\nheight: 2", "x.yml"))
    assert [label for label, _ in raised.value.facts] == ["line 1", "line 1", "line 2"]
    assert "(given: 'wide')" in str(raised.value)
