"""From a claim and the record to a verdict: three columns, a headline, and all that comes with it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from recount.claim.asked import Asked
from recount.claim.columns import (
    COLUMNS,
    Column,
    ColumnName,
    Mark,
    ask_all,
    read_cited_column,
    read_column,
    read_print_columns,
    speaking_figures,
)
from recount.claim.record_figures import RecordFigure
from recount.claim.rule import Headline, Word, headline_of
from recount.declare.catalog import Catalog
from recount.declare.claim_types import Asserts, that_of, window_days_of
from recount.declare.claims import Claim
from recount.declare.interval import Interval
from recount.declare.measures import Caveat, Measure
from recount.declare.sources import KnownRelease
from recount.measure.figures import MeasuredFigure
from recount.measure.prints import PrintBook
from recount.measure.receipt import Receipt, digest, make_receipt
from recount.record.store import merge_releases
from recount.revise.restatements import Restatement, find_restatement

if TYPE_CHECKING:
    from recount.declare.event_measures import EventMeasure

_WORDS = ("why", "why_outside", "window_reason", "label", "title")
_OF_RECORDS = ("release", "days")
"""Keys that only claims on individual records fill."""
_DATED = ("a", "b", "subject", "rival", "part_start", "part_end", "whole_start", "whole_end")


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
    that = that_of(claim.asserts)
    asserted = None if that is None else that.interval(catalog.wording)
    asked = tuple(ask_all(claim, book))
    window = window_days_of(claim.asserts) or catalog.rules.share_window_days
    columns: dict[ColumnName, Column] = {}
    if claim.rests_on is not None:
        columns["cited"] = read_cited_column(claim, asked, book, as_known_on)
    if claim.asserts.type == "print":
        columns |= read_print_columns(claim, columns["cited"], book, as_known_on)
    else:
        for name in ("then", "now"):
            columns[name] = read_column(name, claim, asked, window, book, as_known_on)
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
    if _turns_on_window(claim, asked):
        for days in catalog.rules.other_windows_days:
            if days != window:
                others[days] = read_column("now", claim, asked, days, book, as_known_on).word
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


def _turns_on_window(claim: Claim, asked: Sequence[Asked]) -> bool:
    """Whether how long a figure speaks can change the word: of a quantity, where it is a share so far."""
    if isinstance(claim.asserts, Asserts):
        return claim.asserts.period == "so_far" and any(each.measure.kind == "share" for each in asked)
    return any(
        term.through is None and term.role in _DATED and not term.is_of_records
        for each in asked
        for term in each.terms
    )


def _what_changed(
    claim: Claim, columns: dict[ColumnName, Column], book: PrintBook
) -> tuple[Restatement | None, MeasuredFigure | None]:
    cited = columns.get("cited")
    now = speaking_figures(columns["now"])
    before = speaking_figures(cited if cited is not None and cited.tested else columns["then"])
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
    figures = speaking_figures(columns["now"])
    if headline in ("overtaken", "borne_out"):
        figures += speaking_figures(columns.get("cited") or columns["then"])
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
    spoken = [one for column in columns.values() for one in speaking_figures(column)]
    found: dict[str, Caveat] = {}
    for measure in (one for each in asked for one in each.measures):
        dates = [one.through_date for one in spoken if one.measure == measure.measure]
        for caveat in measure.caveats:
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


def _without_words(declared: Any) -> Any:
    """Returns what a claim asserts without the words that explain it, which change no number."""
    if isinstance(declared, dict):
        return {
            name: _without_words(each)
            for name, each in declared.items()
            if name not in _WORDS and (each or name not in _OF_RECORDS)
        }
    if isinstance(declared, list):
        return [_without_words(each) for each in declared]
    return declared


def _placeholder() -> Receipt:
    return Receipt("", {}, {})


def _receipt(verdict: Verdict, book: PrintBook) -> Receipt:
    claim = verdict.claim
    asserts = _without_words(claim.asserts.model_dump(mode="json", by_alias=True))
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
    asked = {one.measure: one for each in verdict.asked for one in each.measures}
    measures = {name: each for name, each in asked.items() if isinstance(each, Measure)}
    meaning: list[Any] = [book.definition(measures.values()), rules]
    if len(measures) < len(asked):
        meaning.append({"records": _define_records(asked, book)})
    if not isinstance(claim.asserts, Asserts):
        breaks = {name: [str(each.on) for each in one.breaks] for name, one in sorted(measures.items())}
        meaning.append({"breaks": breaks, "print_gap_days": catalog.rules.print_gap_days})
    definition = digest(meaning)
    used: dict[str, KnownRelease] = {}
    for column in verdict.columns.values():
        for mark in (*column.marks, *column.proxies):
            for one in mark.spoken.figures:
                known = used.get(one.release.release, one.release)
                # Of individual records a figure names the files of its own table.
                used[one.release.release] = (
                    known if known == one.release else merge_releases(known, one.release)
                )
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


def _define_records(measures: Mapping[str, Measure | EventMeasure], book: PrintBook) -> dict[str, str]:
    """What measures of individual records mean, by name."""
    return {
        name: book.events.definition(each)
        for name, each in sorted(measures.items())
        if not isinstance(each, Measure)
    }


def _figure_result(figure: MeasuredFigure) -> list[Any]:
    result = [figure.release.release, figure.through_date.isoformat(), figure.numerator, figure.denominator]
    if not isinstance(figure, RecordFigure):
        return result
    start = figure.period_start and figure.period_start.isoformat()
    return [*result, start, figure.is_whole, dict(sorted(figure.undecided.items()))]


def _mark_result(mark: Mark) -> list[Any]:
    return [
        mark.asked.index,
        dict(sorted(mark.asked.reading.items())),
        mark.said_from.isoformat(),
        mark.said_to.isoformat(),
        mark.outcome,
        mark.spoken.interval.as_json() if mark.spoken.interval else None,
        [_figure_result(one) for one in mark.spoken.figures],
        *_terms_result(mark),
    ]


def _terms_result(mark: Mark) -> list[Any]:
    """Every number that a claim of several was judged by, and what each part of a combination says."""
    terms = [[each.term, each.interval.as_json() if each.interval else None] for each in mark.spoken.terms]
    parts = [[one.outcome, one.interval.as_json() if one.interval else None] for one in mark.spoken.parts]
    return [{"terms": terms, "parts": parts}] if terms or parts else []
