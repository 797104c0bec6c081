"""Columns of individual records, from text to typed values: by distinct value, since most repeat."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from recount.declare.frames import column_type
from recount.declare.record_reading import RecordReading
from recount.declare.tables import CodeList, Field

_DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y")
_DATETIME_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
)
_UNIVERSAL = r"(?:Z|\+00:?00| UTC)$"
"""How programs mark a time that they take to be universal; the releases give the agency's own clock."""
_UNIVERSAL_ENDS = ("Z", "+0000", "+00:00", " UTC")
_TIMES = ("date", "datetime")
_SPACES = r"\s\s|[^\S ]"
"""Spaces that are more than one between words. Few columns of times hold any, and looking is less work."""
_WHOLE = r"^(\d+)\.0+$"
"""How programs write a code that is a whole number, where other cells of its column are blank."""
_TRIED_FIRST = 100
_LOOKED_AT = 1_000
_SERIAL = r"^[1-9]\d{4}(?:\.\d+)?$"
"""How a spreadsheet writes a day when the cell is not formatted as one: days since 30 December 1899."""
_SERIAL_ORIGIN = datetime.datetime(1899, 12, 30)  # noqa: DTZ001  naive, as released
_SECONDS_A_DAY = 86_400
_TIME = pl.Datetime("us")
_TRUE, _FALSE = ("yes", "y", "true", "1", "1.0"), ("no", "n", "false", "0", "0.0")


@dataclass(frozen=True)
class Cells:
    """One column as read.

    `value` is typed; `is_redacted` and `is_misfit` are booleans of the same length. A misfit has text, is not
    blacked out, and is no value of its kind.
    """

    value: pl.Series
    is_redacted: pl.Series
    is_misfit: pl.Series


def read_cells(
    text: pl.Series,
    field: Field,
    codes: CodeList | None,
    reading: RecordReading,
    *,
    blank_is_none: bool,
    was_saved: bool = False,
    numbers: pl.Series | None = None,
) -> Cells:
    """Returns a column of text as values of `field`.

    Args:
        text: the cells.
        field: the core field.
        codes: its code list, where it has one.
        reading: what is blacked out or blank.
        blank_is_none: whether a blank says that there is none.
        was_saved: whether a program saved the table again, and wrote NA where a cell was blank.
        numbers: of each text a number, where known: equal numbers are equal texts.
    """
    read = _reader(field, codes, reading, blank_is_none, was_saved)
    if field.type in _TIMES and numbers is None:
        return _read_times_first(text, read, field)
    if numbers is None:
        numbers = number_texts(text)
    return read(text) if numbers is None else _read_distinct(text, read, numbers)


def number_texts(text: pl.Series) -> pl.Series | None:
    """Returns a number for each text, equal for equal ones; none where texts seem to repeat little."""
    some = text.gather_every(max(1, text.len() // _LOOKED_AT))
    if some.n_unique() * 2 > some.len():
        return None
    return text.cast(pl.Categorical(pl.Categories.random())).to_physical()


def _read_distinct(text: pl.Series, read: Callable[[pl.Series], Cells], numbers: pl.Series) -> Cells:
    """Returns cells of which each distinct one is read once."""
    of_blank = int(str(numbers.max() if numbers.count() else -1)) + 1
    every = numbers.fill_null(of_blank).to_numpy()
    # Some cell that has the number: which one makes no difference.
    place = np.full(of_blank + 1, -1, np.int64)
    place[every] = np.arange(len(every))
    used = np.flatnonzero(place >= 0)
    found = read(text.gather(place[used]))
    anew = np.zeros(of_blank + 1, np.uint32)
    anew[used] = np.arange(len(used), dtype=np.uint32)
    where = pl.Series(anew[every])
    return Cells(found.value.gather(where), found.is_redacted.gather(where), found.is_misfit.gather(where))


def _read_times_first(text: pl.Series, read: Callable[[pl.Series], Cells], field: Field) -> Cells:
    """Returns cells of which most are times as one format writes them; only the others are looked at closely."""
    times = _readers(text)[0](text)
    value = times.dt.date() if field.type == "date" else times
    others = (times.is_null() & text.is_not_null()).arg_true()
    nowhere = pl.repeat(False, text.len(), dtype=pl.Boolean, eager=True)
    if others.is_empty():
        return Cells(value, nowhere, nowhere)
    found = read(text.gather(others))
    return Cells(
        value.scatter(others, found.value),
        nowhere.clone().scatter(others, found.is_redacted),
        nowhere.clone().scatter(others, found.is_misfit),
    )


def _reader(
    field: Field, codes: CodeList | None, reading: RecordReading, blank_is_none: bool, was_saved: bool
) -> Callable[[pl.Series], Cells]:
    def read(text: pl.Series) -> Cells:
        joined = text
        if field.type not in _TIMES or text.str.contains(_SPACES).any():
            joined = text.str.replace_all(r"\s+", " ")
        joined = joined.str.strip_chars()
        joined = joined.set(joined == "", None)
        redacted = joined.str.contains(reading.redaction).fill_null(value=False)
        known: pl.Series | None = None
        if codes is not None:
            known = map_codes(joined.str.replace(_WHOLE, "${1}"), codes)
        blank = joined.is_in(reading.blank_texts).fill_null(value=True)
        if known is not None and not was_saved:
            # As the agency wrote it, a text that the code list knows is that code rather than a blank.
            blank &= known.is_null()
        shown = joined.set(blank | redacted, None)
        value = known.set(blank | redacted, None) if known is not None else _typed(shown, field)
        misfit = shown.is_not_null() & value.is_null()
        if codes is not None:
            ignored = [fold_spelling(each.spelling) for each in codes.ignored]
            misfit &= ~fold_spellings(shown).is_in(ignored).fill_null(value=False)
        if blank_is_none:
            value = value.set(blank & ~redacted, "none")
        return Cells(value, redacted, misfit)

    return read


def fold_spelling(spelling: str) -> str:
    """Returns a spelling as it is compared: spaces joined and trimmed, case ignored."""
    return " ".join(spelling.split()).lower()


def fold_spellings(text: pl.Series) -> pl.Series:
    """Returns trimmed texts as `fold_spelling` compares them."""
    return text.str.to_lowercase()


def map_codes(text: pl.Series, codes: CodeList) -> pl.Series:
    """Returns the code of each text, missing where the list has no such spelling or ignores it."""
    known = {
        fold_spelling(spelling): code for spelling, code in codes.by_spelling().items() if code is not None
    }
    # A label is a spelling too: processed files write it.
    for each in codes.codes:
        known.setdefault(fold_spelling(each.label.en), each.code)
    return fold_spellings(text).replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )


def _typed(text: pl.Series, field: Field) -> pl.Series:
    match field.type:
        case "text":
            return text
        case "date":
            return read_times(text).dt.date()
        case "datetime":
            return read_times(text)
        case "count":
            number = text.cast(pl.Float64, strict=False)
            return number.set(number != number.round(0), None).cast(pl.Int64, strict=False)
        case "number":
            return text.str.replace_all(r"[$,]", "").cast(pl.Float64, strict=False)
        case "boolean":
            folded = text.str.to_lowercase()
            value = pl.repeat(None, text.len(), dtype=pl.Boolean, eager=True)
            value = value.set(folded.is_in(_TRUE).fill_null(value=False), True)
            return value.set(folded.is_in(_FALSE).fill_null(value=False), False)
        case _:
            raise ValueError(f"{field.name}: {field.type} has a code list")


def read_times(text: pl.Series) -> pl.Series:
    """Returns times of day as released, naive; a day alone is its midnight; missing where it is neither.

    Months stand before days, as the agency writes them. A year of two digits is the year that it says, so
    that it is set aside as impossible rather than guessed.
    """
    plain = text
    if any(text.str.ends_with(each).any() for each in _UNIVERSAL_ENDS):
        plain = text.str.replace(_UNIVERSAL, "")
    readers = _readers(plain)
    rows = pl.DataFrame({"place": pl.int_range(0, plain.len(), eager=True), "text": plain}).drop_nulls()
    found = []
    for read in readers:
        if rows.is_empty():
            break
        values = read(rows.get_column("text"))
        known = values.is_not_null()
        if known.any():
            found.append(rows.select("place").with_columns(values.alias("value")).filter(known))
            rows = rows.filter(~known)
    times = pl.Series("text", [None], dtype=_TIME).new_from_index(0, plain.len())
    for each in found:
        if each.height == plain.len():
            return each.get_column("value").alias("text")
        times = times.scatter(each.get_column("place"), each.get_column("value"))
    return times


def _readers(text: pl.Series) -> list[Callable[[pl.Series], pl.Series]]:
    """Returns what reads times, the one first that reads most of the first texts."""
    readers: list[Callable[[pl.Series], pl.Series]] = [
        functools.partial(_read_format, format_=each) for each in (*_DATE_FORMATS, *_DATETIME_FORMATS)
    ]
    # No text is of two formats, so the order is one of speed alone.
    first = text.drop_nulls().head(_TRIED_FIRST)
    return sorted([*readers, _read_serial], key=lambda read: -read(first).count())


def _read_format(text: pl.Series, *, format_: str) -> pl.Series:
    if format_ in _DATE_FORMATS:
        return text.str.to_date(format_, strict=False).cast(_TIME)
    return text.str.to_datetime(format_, strict=False, time_unit="us")


def _read_serial(text: pl.Series) -> pl.Series:
    """Returns the times that numbers mean to a spreadsheet."""
    days = text.set(~text.str.contains(_SERIAL), None).cast(pl.Float64, strict=False)
    seconds = (days * _SECONDS_A_DAY).round(0).cast(pl.Int64)
    return (
        seconds.alias("seconds")
        .to_frame()
        .select(pl.lit(_SERIAL_ORIGIN).cast(_TIME) + pl.duration(seconds=pl.col("seconds")))
        .to_series()
    )


def empty_values(field: Field, length: int) -> pl.Series:
    """Returns a column of `field` in which every value is missing."""
    return pl.repeat(None, length, dtype=column_type(field), eager=True).alias(field.name)
