"""One figure across releases as a terminal, CSV or JSON shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from recount.claim.words import Words
from recount.cli.output import Format, console, print_csv, print_json
from recount.errors import EXIT_DATA
from recount.measure.figures import MeasuredFigure
from recount.measure.statistics import code_list_of
from recount.revise.intervals import IntervalFigure, day_of_year
from recount.revise.lateness import SpanChange, YearOfChanges
from recount.revise.phrases import (
    ASIDE,
    HOW,
    NumberWords,
    Values,
    counted_through,
    name_span,
    published,
    short_day,
    short_span,
    summarise_history,
)
from recount.revise.revision import Basis, HistoryAnswer, IntervalsAnswer, LatenessAnswer
from recount.revise.values import history_as_json, intervals_as_json, lateness_as_json

_FLAGGED = "*"
_HISTORY_CSV = (
    "measure", "span", "from", "to", "release", "authority", "published_from", "published_to", "through_date",
    "through_precision", "is_whole", "value", "exact", "numerator", "denominator", "change", "change_exact", "how",
    "order_is_certain", "flags", "receipt",
)  # fmt: skip
_LATENESS_CSV = (
    "measure", "fiscal_year", "span", "from", "to", "prints", "first", "latest", "change", "change_exact",
    "change_share", "restatements", "lag_days", "followed_days", "receipt",
)  # fmt: skip
_INTERVALS_CSV = (
    "measure", "from", "through", "days", "numerator", "denominator", "value", "exact", "error",
    "value_by_own_days", "restated_before", "is_redefined", "earlier_release", "later_release",
    "is_approximate", "flags", "receipt",
)  # fmt: skip


def show_history(answer: HistoryAnswer, output: Format, words: Words) -> None:
    """Prints what each release said of one span, and what it comes to."""
    history, measure = answer.history, answer.basis.measure
    if output is Format.json:
        print_json(history_as_json(answer))
        return
    if output is Format.csv:
        print_csv(_HISTORY_CSV, _history_rows(history_as_json(answer)))
        return
    values = Values(measure, [each.value for each in history.rows], words)
    table = _table(gap=1)
    days = {each.figure.through_date for each in history.rows}
    table.add_column("published", no_wrap=True)
    if history.span.can_be_unfinished or len(days) > 1:
        table.add_column("through", no_wrap=True)
    table.add_column(measure.unit if measure.kind != "share" else "share", justify="right", no_wrap=True)
    table.add_column("change", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("release", overflow="fold")
    for each in history.rows:
        through = [counted_through(each.figure)] if len(table.columns) > 5 else []  # noqa: PLR2004
        table.add_row(
            published(each.figure.release),
            *through,
            values.value(each.value) + (_FLAGGED if each.figure.flags else ""),
            values.change(each.change),
            HOW[each.how],
            each.figure.release.release,
            style="" if each.stands else "dim",
        )
    below = [" ".join(summarise_history(history, values))]
    below += [
        f"{each.figure.release.release} may have come out before the release above it."
        for each in history.uncertain
    ]
    flags = [flag for each in history.rows for flag in each.figure.flags]
    _print_answer(answer.basis, name_span(history.span, words), [table], below, flags, words)


def _history_rows(answer: dict[str, Any]) -> Iterator[list[object]]:
    span = answer["span"]
    for each in answer["rows"]:
        row = {**each, "flags": ";".join(each["flags"]), "is_whole": str(each["is_whole"]).lower()}
        row["order_is_certain"] = str(each["order_is_certain"]).lower()
        row |= {"measure": answer["measure"]["name"], "receipt": answer["receipt"]["id"]}
        row |= {"span": span["kind"], "from": span["from"], "to": span["to"]}
        yield [row[name] for name in _HISTORY_CSV]


def show_lateness(answer: LatenessAnswer, output: Format, words: Words, *, by_span: bool) -> None:
    """Prints size and lateness of restatements: a line for each fiscal year, or for each span.

    CSV has a line for each span either way.
    """
    lateness, measure = answer.lateness, answer.basis.measure
    if output is Format.json:
        print_json(lateness_as_json(answer))
        return
    if output is Format.csv:
        print_csv(_LATENESS_CSV, _lateness_rows(lateness_as_json(answer)))
        return
    sizes = [year.median_change for year in lateness.years]
    sizes += [each.largest_change.change for each in lateness.years if each.largest_change is not None]
    shown = [each.value for change in lateness.changes for each in change.history.settled]
    values = Values(measure, shown if by_span else [], words, sizes)
    named = "months" if measure.by_month or measure.period == "month" else "days"
    if by_span:
        table = _spans_table([each for each in lateness.changes if each.is_compared], values)
    else:
        years = [*lateness.years, *([lateness.whole] if len(lateness.years) > 1 else [])]
        table = _years_table(years, named, values)
    below = [
        f"Of the {named} that more than one release prints whole: how far the first such print was from the latest, "
        f"and how many days after the end the last change came out. Medians are over the restated ones."
    ]
    followed = lateness.whole.median_followed
    if followed is not None:
        below.append(f"They were followed for {_number(followed, words)} days (median) after their end.")
    aside = ", ".join(f"{count} {ASIDE[how]}" for how, count in lateness.set_aside.items())
    below.append(
        f"{words.number(lateness.prints)} prints; {words.number(lateness.unfinished)} count a part of their span"
        + (f", {words.number(lateness.redefined)} are of an earlier definition" if lateness.redefined else "")
        + (f"; set aside: {aside}." if aside else ".")
    )
    _print_answer(answer.basis, "restatements", [table] if lateness.changes else [], below, [], words)


def _years_table(years: Sequence[YearOfChanges], named: str, values: Values) -> Table:
    table = _table(gap=1)
    table.add_column("year", no_wrap=True)
    table.add_column(named, justify="right", no_wrap=True)
    table.add_column("restated", justify="right", no_wrap=True)
    table.add_column("median change", justify="right", no_wrap=True)
    table.add_column("largest change")
    table.add_column("median lag", justify="right", no_wrap=True)
    table.add_column("longest lag")
    for year in years:
        restated = f"{len(year.restated)} of {len(year.compared)}" if year.compared else "–"
        table.add_row(
            "all" if year.fiscal_year is None else str(year.fiscal_year),
            str(len(year.spans)),
            restated,
            _with_percent(year.median_change, year.median_share, values),
            _largest(year, values),
            "" if year.median_lag is None else f"{_number(year.median_lag, values.words)} days",
            _longest(year),
            style="bold" if year.fiscal_year is None else "",
        )
    return table


def _with_percent(change: Fraction | None, share: Fraction | None, values: Values) -> str:
    if change is None:
        return ""
    percent = f" ({values.percent(share)})" if share is not None and values.measure.kind != "share" else ""
    return values.size(change) + percent


def _largest(year: YearOfChanges, values: Values) -> str:
    largest = year.largest_change
    if largest is None:
        return ""
    return f"{_with_percent(largest.change, largest.share, values)} {short_span(largest.span)}"


def _longest(year: YearOfChanges) -> str:
    longest = year.longest_lag
    return "" if longest is None else f"{longest.lag_days} days {short_span(longest.span)}"


def _spans_table(changes: Sequence[SpanChange], values: Values) -> Table:
    table = _table()
    for heading in ("", "first", "latest", "change", "in percent", "releases", "restated", "lag", "followed"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for each in changes:
        first, latest = each.history.first, each.history.latest
        table.add_row(
            short_span(each.span),
            "" if first is None else values.value(first.value),
            "" if latest is None else values.value(latest.value),
            values.change(each.change),
            "" if each.share is None else values.percent(each.share),
            str(each.prints),
            f"{each.restatements} ×" if each.restatements else "–",
            "" if each.lag_days is None else f"{each.lag_days} days",
            "" if each.followed_days is None else f"{each.followed_days} days",
        )
    return table


def _lateness_rows(answer: dict[str, Any]) -> Iterator[list[object]]:
    for each in answer["spans"]:
        row = {**each, "measure": answer["measure"]["name"], "receipt": answer["receipt"]["id"]}
        row |= {"span": each["span"]["kind"], "from": each["span"]["from"], "to": each["span"]["to"]}
        row |= {name: each[name] and each[name]["value"] for name in ("first", "latest")}
        yield [row[name] for name in _LATENESS_CSV]


def show_intervals(answer: IntervalsAnswer, output: Format, words: Words, *, is_one: bool) -> None:
    """Prints figures between dates.

    Raises:
        Exit: with the code of data at fault, where the one figure asked cannot be.
    """
    if output is Format.json:
        print_json(intervals_as_json(answer))
    elif output is Format.csv:
        print_csv(_INTERVALS_CSV, _interval_rows(intervals_as_json(answer)))
    else:
        _print_intervals(answer, words)
    if is_one and answer.intervals[0].error is not None:
        raise typer.Exit(EXIT_DATA)


def _print_intervals(answer: IntervalsAnswer, words: Words) -> None:
    found, measure = answer.intervals, answer.basis.measure
    values = Values(measure, [each.value for each in found], words)
    table = _table(gap=1)
    table.add_column("from", no_wrap=True)
    table.add_column("through", no_wrap=True)
    table.add_column("days", justify="right", no_wrap=True)
    table.add_column(measure.unit, justify="right", no_wrap=True)
    if measure.kind == "share":
        table.add_column("of", justify="right", no_wrap=True)
        table.add_column("share", justify="right", no_wrap=True)
    elif measure.kind == "count":
        table.add_column("a day", justify="right", no_wrap=True)
    is_weighed = any(each.restated_before is not None for each in found)
    if is_weighed:
        table.add_column("restated", justify="right", no_wrap=True)
    table.add_column("releases", overflow="fold")
    below: list[str] = []
    for each in found:
        mark = _FLAGGED if each.flags else ""
        names = [each.later.release.release]
        if each.earlier is not None and len(found) == 1:
            names.insert(0, each.earlier.release.release)
        table.add_row(
            short_day(each.first_day),
            counted_through(each.later),
            str(each.days),
            *_interval_cells(each, values, mark),
            *([values.change(_fraction(each.restated_before))] if is_weighed else []),
            "\n".join(names),
        )
        below += _notes(each, values)
    if len(found) == 1 and found[0].earlier is not None:
        earlier, later = found[0].earlier, found[0].later
        below.insert(0, _sum(earlier, later, measure.kind, words))
    if any(each.earlier is not None for each in found):
        told = "What a later release restates of the days before falls into the figure between"
        more = "; restated is how much of it comes from whole months before that it prints otherwise"
        below.append(told + (more if is_weighed else "") + ".")
    flags = [flag for each in found for flag in each.flags]
    _print_answer(answer.basis, "between releases", [table], below, flags, words)


def _interval_cells(each: IntervalFigure, values: Values, mark: str) -> list[str]:
    words, kind = values.words, values.measure.kind
    if each.error is not None:
        return [
            {"fell": "fell", "part_exceeds_whole": "no share", "nobody": "nobody"}[each.error.code] + mark
        ] + (["", ""] if kind == "share" else [""] if kind == "count" else [])
    if kind == "mean" or each.numerator is None:
        return [values.value(each.value) + mark]
    if kind == "share" and each.denominator is not None:
        return [words.number(each.numerator) + mark, words.number(each.denominator), values.value(each.value)]
    return [words.number(each.numerator) + mark, words.decimal(Fraction(each.numerator, each.days), 1)]


def _sum(earlier: MeasuredFigure, later: MeasuredFigure, kind: str, words: Words) -> str:
    """Returns the sum that gives a figure between two prints."""
    first, last = words.date(earlier.through_date), words.date(later.through_date)
    if kind == "mean":
        after, before = later.interval.low or Fraction(0), earlier.interval.low or Fraction(0)
        one = f"{words.decimal(after, 2)} over {day_of_year(later)} days through {last}"
        other = f"{words.decimal(before, 2)} over {day_of_year(earlier)} days through {first}"
        return f"{one}, less {other}, each times its days."
    counts = dict(earlier.counts)
    parts = [
        f"{words.number(after)} less {words.number(counts.get(name, 0))}" for name, after in later.counts
    ]
    return f"{' of '.join(parts)}: counted through {last}, less through {first}."


def _notes(each: IntervalFigure, values: Values) -> Iterator[str]:
    words = values.words
    day = words.date(each.later.through_date)
    if each.error is not None:
        before, after = _number(each.error.before, words), _number(each.error.after, words)
        if each.error.code == "fell":
            yield f"{each.error.name} fell from {before} to {after} by {day}: it was restated, or one print is wrong."
        elif each.error.code == "part_exceeds_whole":
            yield f"Up to {day} the part grew by {before} and its whole by {after}: one of them was restated."
        else:
            yield f"Up to {day} nobody was counted."
    if each.is_redefined:
        yield f"By {day} the table is split into other parts, and may count something else than before."
    for figure, own in each.other_days:
        yield (
            f"{figure.release.release} gives a mean over {own} days, not {day_of_year(figure)}: "
            f"only times {own} is it a whole number of people at midnight."
        )
    if each.value_by_own_days is not None and each.earlier is not None:
        yield f"By its own days the figure through {day} is {values.value(each.value_by_own_days)}."
    elif each.other_days and each.earlier is not None:
        yield f"By its own days there is nothing between it and the print before, through {day}."


def _interval_rows(answer: dict[str, Any]) -> Iterator[list[object]]:
    for each in answer["rows"]:
        row = {**each, "measure": answer["measure"]["name"], "receipt": answer["receipt"]["id"]}
        row["error"] = each["error"] and each["error"]["code"]
        row["earlier_release"] = each["earlier"] and each["earlier"]["release"]
        row["later_release"] = each["later"]["release"]
        row["is_approximate"] = str(each["is_approximate"]).lower()
        row["is_redefined"] = str(each["is_redefined"]).lower()
        row["flags"] = ";".join(each["flags"])
        yield [row[name] for name in _INTERVALS_CSV]


def _fraction(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _number(value: Fraction, words: NumberWords) -> str:
    return str(words.number(value) if value.denominator == 1 else words.decimal(value, 1))


def _table(gap: int = 2) -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, gap, 0, 0))


def _print_answer(
    basis: Basis, what: str, tables: Sequence[Table], below: Sequence[str], flags: Sequence[str], words: Words
) -> None:
    out = console()
    out.print(Text(", ".join([basis.measure.title.en, *_conditions(basis, words), what]), style="bold"))
    for table in tables:
        out.print(table)
    if not tables:
        out.print(Text("No release prints it whole under these conditions."))
    for line in dict.fromkeys(below):
        out.print(Text(line))
    for flag in dict.fromkeys(flags):
        out.print(Text(f"{_FLAGGED} {words.say(f'flag_{flag}')}", style="dim"))
    if basis.not_printed_by:
        count = len(basis.not_printed_by)
        named = ", ".join(basis.not_printed_by[:3]) + (f" and {count - 3} more" if count > 3 else "")  # noqa: PLR2004
        out.print(Text(f"Not printed under these conditions by {named}.", style="dim"))
    if basis.perhaps_out:
        said = words.say("sentence_perhaps_out", releases=words.listing(basis.perhaps_out))
        out.print(Text(said, style="dim"))
    for caveat in basis.caveats:
        out.print(Text(caveat.text.en, style="dim"))
    readings = len(basis.measure.readings())
    out.print(Text(f"1 of {readings} readings · receipt {basis.receipt.short}", style="dim"))


def _conditions(basis: Basis, words: Words) -> list[str]:
    labels = []
    for name, code in basis.where.items():
        if name == "country" or basis.measure.statistic is None:
            continue
        codes = words.catalog.codes[code_list_of(words.catalog.tables[basis.measure.table], name)]
        labels.append(next((each.label.en for each in codes.codes if each.code == code), code))
    for fork in basis.measure.forks:
        labels += [each.label.en for each in fork.options if basis.reading.get(fork.fork) == each.option]
    return labels
