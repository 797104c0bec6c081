"""From a claim and the record to a verdict: three columns, a headline, and all that comes with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from recount.claim.evidence import (
    Availability,
    Speaker,
    Spoken,
    speak_in_release,
    speak_over_releases,
)
from recount.claim.rule import Headline, Outcome, Word, headline_of, judge_print, word_of
from recount.declare.catalog import Catalog
from recount.declare.claims import Claim, Fit, MeasuredBy
from recount.declare.interval import Interval
from recount.declare.measures import Caveat, Measure
from recount.measure.figures import Absent, MeasuredFigure, authority_ranks
from recount.measure.places import Place
from recount.measure.prints import PrintBook
from recount.measure.receipt import Receipt, define_measures, digest, make_receipt
from recount.revise.restatements import Restatement, find_restatement

ColumnName = Literal["cited", "then", "now"]
COLUMNS: tuple[ColumnName, ...] = ("cited", "then", "now")


@dataclass(frozen=True, eq=False)
class Asked:
    """One measure asked of one place under one reading, with every figure the record holds of it."""

    index: int
    measure: Measure
    place: Place
    reading: dict[str, str]
    is_default: bool
    declared: MeasuredBy
    figures: tuple[MeasuredFigure, ...]
    absent: tuple[Absent, ...]


@dataclass(frozen=True, eq=False)
class Mark:
    """What one reading says in one column, for a statement said between two days.

    `fit` is `near` at best where a sum leaves places out.
    """

    asked: Asked
    said_from: datetime.date
    said_to: datetime.date
    spoken: Spoken
    fit: Fit

    @property
    def outcome(self) -> Outcome:
        """Met, not met, open or absent."""
        return self.spoken.outcome


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its word, what each reading says, and the proxies beside.

    `tested` of `readings` readings speak. `differ_by` names what the word depends on: a fork, `measure`,
    `place`, or `said` (the day the statement was said).
    """

    name: ColumnName
    word: Word
    marks: tuple[Mark, ...]
    proxies: tuple[Mark, ...]
    tested: int
    readings: int
    differ_by: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the record says of a claim.

    `columns` lacks `cited` where the claim rests on no release. `other_windows` gives the word of `now`
    under other windows for shares. `provisional` names why the verdict is provisional.
    """

    claim: Claim
    asserted: Interval | None
    as_known_on: datetime.date | None
    asked: tuple[Asked, ...]
    columns: dict[ColumnName, Column]
    headline: Headline
    restatement: Restatement | None
    overtaken_by: MeasuredFigure | None
    provisional: tuple[str, ...]
    window_days: int
    other_windows: dict[int, Word]
    perhaps_out: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    receipt: Receipt

    @property
    def is_provisional(self) -> bool:
        """Whether a quotation, a retelling or an approximate date carries the verdict."""
        return bool(self.provisional)

    def column(self, name: ColumnName) -> Column | None:
        """Returns a column, `None` where the claim has none of that name."""
        return self.columns.get(name)


def check_claim(claim: Claim, book: PrintBook, as_known_on: datetime.date | None = None) -> Verdict:
    """Returns the verdict on `claim`.

    Args:
        claim: a claim whose names the catalog knows.
        book: the record's prints.
        as_known_on: leaves out every release that was not out by then.

    Raises:
        UnknownNameError: where a place or the cited release is not in the record.
    """
    catalog = book.catalog
    if claim.asserts.type == "outside":
        return _outside(claim, book, as_known_on)
    if claim.asserts.that is None:
        raise TypeError("a claim that is measured asserts an interval")
    asserted = claim.asserts.that.interval(catalog.wording)
    asked = tuple(_ask_all(claim, book))
    window = claim.asserts.window_days or catalog.rules.share_window_days
    columns: dict[ColumnName, Column] = {}
    if claim.rests_on is not None:
        columns["cited"] = _cited(claim, asked, asserted, book, as_known_on)
    if claim.asserts.type == "print":
        columns |= _print_columns(claim, columns["cited"], book, as_known_on)
    else:
        for name in ("then", "now"):
            columns[name] = _column(name, claim, asked, asserted, window, book, as_known_on)
    restatement, overtaken_by = _what_changed(claim, columns, book)
    cited = columns.get("cited")
    headline = headline_of(
        cited.word if cited else None,
        columns["then"].word,
        columns["now"].word,
        restated=restatement is not None,
        same_table_was_out=overtaken_by is not None,
    )
    others: dict[int, Word] = {}
    if claim.asserts.type == "quantity" and claim.asserts.period == "so_far":
        for days in catalog.rules.other_windows_days:
            if any(each.measure.kind == "share" for each in asked) and days != window:
                others[days] = _column("now", claim, asked, asserted, days, book, as_known_on).word
    verdict = Verdict(
        claim=claim,
        asserted=asserted,
        as_known_on=as_known_on,
        asked=asked,
        columns=columns,
        headline=headline,
        restatement=restatement,
        overtaken_by=overtaken_by,
        provisional=_provisional(headline, columns, catalog),
        window_days=window,
        other_windows=others,
        perhaps_out=_perhaps_out(asked, book, as_known_on),
        caveats=_caveats(asked, columns),
        receipt=_placeholder(),
    )
    return replace(verdict, receipt=_receipt(verdict, book))


def _ask_all(claim: Claim, book: PrintBook) -> Iterable[Asked]:
    for index, declared in enumerate(claim.asserts.measured_by):
        measure = book.catalog.measure(declared.measure)
        place = book.places.find(declared.where)
        for number, reading in enumerate(measure.readings()):
            if any(reading[fork] not in options for fork, options in declared.readings.items()):
                continue
            figures, absent = book.measure(measure, place, [reading])
            yield Asked(index, measure, place, reading, number == 0, declared, tuple(figures), tuple(absent))


def _cited(
    claim: Claim,
    asked: Sequence[Asked],
    asserted: Interval,
    book: PrintBook,
    as_known_on: datetime.date | None,
) -> Column:
    if claim.rests_on is None:
        raise TypeError("the claim rests on no release")
    name = claim.rests_on.release
    release = book.record.releases.get(name)
    hidden = release is None or (as_known_on is not None and release.out_by(as_known_on) == "not_out")
    notes = ["cited_not_in_record"] if release is None else ["cited_not_out"] if hidden else []
    marks = []
    for each in asked:
        figures = () if hidden else each.figures
        spoken = speak_in_release(figures, name, claim.asserts.through, asserted)
        marks.append(_mark(each, claim.said.from_date or claim.said.to_date, claim.said.to_date, spoken))
    if claim.asserts.type == "print":
        marks = [
            _as_print(each, asserted, release is not None and _is_good_copy(release.authority, book))
            for each in marks
        ]
    return _as_column("cited", marks, notes)


def _is_good_copy(authority: str, book: PrintBook) -> bool:
    ranks = authority_ranks(book.catalog)
    return ranks[authority] <= ranks[book.catalog.rules.copy_good_enough]


def _as_print(mark: Mark, asserted: Interval, good: bool) -> Mark:
    printed = [] if mark.spoken.interval is None else [mark.spoken.interval]
    outcome = judge_print(printed, asserted, copy_good_enough=good)
    return replace(mark, spoken=replace(mark.spoken, outcome=outcome))


def _print_columns(
    claim: Claim, cited: Column, book: PrintBook, as_known_on: datetime.date | None
) -> dict[ColumnName, Column]:
    """What a release printed does not change; it could be seen once it was out."""
    release = book.record.releases.get(claim.rests_on.release) if claim.rests_on else None
    said = claim.said.from_date or claim.said.to_date
    day = said if as_known_on is None else min(said, as_known_on)
    state = "not_out" if release is None else release.out_by(day)
    then: Column = replace(cited, name="then")
    if state == "not_out":
        then = replace(then, word="untestable", tested=0, marks=(), notes=("cited_not_out",))
    elif state == "perhaps":
        then = replace(
            then, word="open" if cited.word != "untestable" else "untestable", notes=("publication_dates",)
        )
    return {"then": then, "now": replace(cited, name="now")}


def _column(
    name: ColumnName,
    claim: Claim,
    asked: Sequence[Asked],
    asserted: Interval,
    window: int,
    book: PrintBook,
    as_known_on: datetime.date | None,
) -> Column:
    marks: list[Mark] = []
    for start, end in _segments(claim, asked, window, book):
        day = start if name == "then" else None
        if as_known_on is not None:
            day = as_known_on if day is None else min(day, as_known_on)
        for each in asked:
            available = _available({one.release.release for one in each.figures}, book, day)
            if claim.asserts.period == "exact":
                speaker = Speaker(asserted, through=claim.asserts.through)
            else:
                speaker = Speaker(asserted, said=start, window_days=window)
            marks.append(_mark(each, start, end, speak_over_releases(each.figures, available, speaker)))
    notes = [each.spoken.note for each in marks if each.spoken.note is not None]
    return _as_column(name, marks, notes)


def _available(names: set[str], book: PrintBook, day: datetime.date | None) -> Availability:
    if day is None:
        return Availability(frozenset(names), frozenset())
    states = {name: book.record.releases[name].out_by(day) for name in names}
    return Availability(
        frozenset(name for name, state in states.items() if state == "out"),
        frozenset(name for name, state in states.items() if state == "perhaps"),
    )


def _segments(
    claim: Claim, asked: Sequence[Asked], window: int, book: PrintBook
) -> list[tuple[datetime.date, datetime.date]]:
    """The days on which it may have been said, cut wherever what speaks can change."""
    last = claim.said.to_date
    figures = [one for each in asked for one in each.figures]
    dates = {each.through_date for each in figures}
    first = claim.said.from_date or min([*dates, last])
    if first == last:
        return [(last, last)]
    day = datetime.timedelta(days=1)
    cuts = {first}
    for date in dates:
        cuts |= {date, date + day, date + datetime.timedelta(days=window) + day}
    for release in {each.release.release for each in figures}:
        known = book.record.releases[release]
        cuts |= {known.earliest, known.published_to or known.earliest}
    starts = sorted(each for each in cuts if first <= each <= last)
    return [
        (start, starts[index + 1] - day if index + 1 < len(starts) else last)
        for index, start in enumerate(starts)
    ]


def _mark(asked: Asked, start: datetime.date, end: datetime.date, spoken: Spoken) -> Mark:
    fit = asked.declared.fit
    if fit == "exact" and any(each.is_partial for each in spoken.figures):
        fit = "near"
    return Mark(asked, start, end, spoken, fit)


def _as_column(name: ColumnName, marks: Sequence[Mark], notes: Iterable[str]) -> Column:
    speaking = _merge([each for each in marks if each.fit != "proxy"])
    proxies = _merge([each for each in marks if each.fit == "proxy"])
    readings = {_reading_key(each.asked) for each in speaking}
    tested = {_reading_key(each.asked) for each in speaking if each.outcome != "absent"}
    word = word_of(each.outcome for each in speaking)
    differ = _differ_by(speaking) if word == "depends" else ()
    return Column(
        name, word, speaking, proxies, len(tested), len(readings), differ, tuple(dict.fromkeys(notes))
    )


def _reading_key(asked: Asked) -> tuple[Any, ...]:
    return (asked.index, *sorted(asked.reading.items()))


def _merge(marks: list[Mark]) -> tuple[Mark, ...]:
    """Joins neighbouring days on which a reading says the same from the same figures."""
    merged: dict[tuple[Any, ...], list[Mark]] = {}
    for each in marks:
        run = merged.setdefault(_reading_key(each.asked), [])
        last = run[-1] if run else None
        if last and (last.spoken.outcome, last.spoken.figures, last.spoken.interval, last.spoken.note) == (
            each.spoken.outcome,
            each.spoken.figures,
            each.spoken.interval,
            each.spoken.note,
        ):
            run[-1] = replace(last, said_to=each.said_to)
        else:
            run.append(each)
    return tuple(each for run in merged.values() for each in run)


def _axes(mark: Mark) -> dict[str, Any]:
    return {
        "place": mark.asked.place,
        "measure": mark.asked.measure.measure,
        **mark.asked.reading,
    }


def _differ_by(marks: Sequence[Mark]) -> tuple[str, ...]:
    """Names what alone turns a met reading into one that is not, or all that the nearest pairs differ in."""
    pairs = []
    for met in (each for each in marks if each.outcome == "met"):
        for unmet in (each for each in marks if each.outcome == "not_met"):
            first, second = _axes(met), _axes(unmet)
            names = {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}
            if met.said_to < unmet.said_from or unmet.said_to < met.said_from:
                names.add("said")
            pairs.append(frozenset(names))
    smallest = min((len(each) for each in pairs), default=0)
    return tuple(sorted({name for each in pairs if len(each) == smallest for name in each}))


def _speaking_figures(column: Column | None) -> list[MeasuredFigure]:
    if column is None:
        return []
    found = [one for each in column.marks if each.outcome != "absent" for one in each.spoken.figures]
    return list(dict.fromkeys(found))


def _what_changed(
    claim: Claim, columns: dict[ColumnName, Column], book: PrintBook
) -> tuple[Restatement | None, MeasuredFigure | None]:
    cited = columns.get("cited")
    now = _speaking_figures(columns["now"])
    before = _speaking_figures(cited if cited is not None and cited.tested else columns["then"])
    restated = next(
        (
            found
            for first in before
            for second in now
            if (found := find_restatement(first, second)) is not None
        ),
        None,
    )
    if claim.rests_on is None or claim.rests_on.release not in book.record.releases:
        return restated, None
    rested_on = book.record.releases[claim.rests_on.release]
    said = claim.said.from_date
    was_out = next(
        (
            each
            for each in now
            if said is not None
            and each.release.release != rested_on.release
            and each.release.reports == rested_on.reports
            and each.release.out_by(said) == "out"
        ),
        None,
    )
    return restated, was_out


def _provisional(headline: Headline, columns: dict[ColumnName, Column], catalog: Catalog) -> tuple[str, ...]:
    figures = _speaking_figures(columns["now"])
    if headline in ("overtaken", "borne_out"):
        figures += _speaking_figures(columns.get("cited") or columns["then"])
    reasons = {
        each.release.authority
        for each in figures
        if each.release.authority in catalog.rules.provisional_authorities
    }
    if any(each.through_precision == "approximate" for each in figures):
        reasons.add("approximate")
    return tuple(sorted(reasons))


def _perhaps_out(
    asked: Sequence[Asked], book: PrintBook, as_known_on: datetime.date | None
) -> tuple[str, ...]:
    if as_known_on is None:
        return ()
    names = {one.release.release for each in asked for one in each.figures}
    return tuple(
        sorted(name for name in names if book.record.releases[name].out_by(as_known_on) == "perhaps")
    )


def _caveats(asked: Sequence[Asked], columns: dict[ColumnName, Column]) -> tuple[Caveat, ...]:
    spoken = [one for column in columns.values() for one in _speaking_figures(column)]
    found: dict[str, Caveat] = {}
    for each in asked:
        dates = [one.through_date for one in spoken if one.measure == each.measure.measure]
        for caveat in each.measure.caveats:
            if not dates or any(caveat.speaks_of(date) for date in dates):
                found.setdefault(caveat.caveat, caveat)
    return tuple(found.values())


def _outside(claim: Claim, book: PrintBook, as_known_on: datetime.date | None) -> Verdict:
    empty = {
        name: Column(name, "untestable", (), (), 0, 0, (), ())
        for name in COLUMNS
        if name != "cited" or claim.rests_on is not None
    }
    verdict = Verdict(
        claim, None, as_known_on, (), empty, "untestable", None, None, (), 0, {}, (), (), _placeholder()
    )
    return replace(verdict, receipt=_receipt(verdict, book))


def _placeholder() -> Receipt:
    return Receipt("", {}, {})


def _receipt(verdict: Verdict, book: PrintBook) -> Receipt:
    claim = verdict.claim
    asserts = claim.asserts.model_dump(
        mode="json",
        by_alias=True,
        exclude={"measured_by": {"__all__": {"why"}}, "why_outside": True, "window_reason": True},
    )
    question = {
        "ask": "check",
        "claim": claim.claim,
        "asserts": asserts,
        "asserted_interval": verdict.asserted.as_json() if verdict.asserted else None,
        "said": [claim.said.from_date and claim.said.from_date.isoformat(), claim.said.to_date.isoformat()],
        "rests_on": claim.rests_on.release if claim.rests_on else None,
        "as_known_on": verdict.as_known_on and verdict.as_known_on.isoformat(),
        "window_days": verdict.window_days,
    }
    catalog = book.catalog
    rules = catalog.rules.model_dump(mode="json", include={"provisional_authorities", "copy_good_enough"})
    definition = digest(
        [
            define_measures({each.measure.measure: each.measure for each in verdict.asked}.values(), catalog),
            rules,
        ]
    )
    used = {
        one.release.release: one.release
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        for one in mark.spoken.figures
    }
    results = {
        "headline": verdict.headline,
        "columns": {
            name: {
                "word": column.word,
                "marks": [_mark_result(each) for each in (*column.marks, *column.proxies)],
            }
            for name, column in verdict.columns.items()
        },
    }
    receipt = make_receipt(question, definition, used.values(), results)
    whole = claim.model_dump(mode="json", by_alias=True)
    return replace(receipt, beside={**receipt.beside, "claim": whole})


def _mark_result(mark: Mark) -> list[Any]:
    return [
        mark.asked.index,
        dict(sorted(mark.asked.reading.items())),
        mark.said_from.isoformat(),
        mark.said_to.isoformat(),
        mark.outcome,
        mark.spoken.interval.as_json() if mark.spoken.interval else None,
        [
            [one.release.release, one.through_date.isoformat(), one.numerator, one.denominator]
            for one in mark.spoken.figures
        ],
    ]
