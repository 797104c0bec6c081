"""An answer about individual records as a terminal shows it, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from recount.claim.words import Words
from recount.cli.output import console, print_csv
from recount.declare.event_measures import PERIODS, EventFork
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_bounds import WHYS
from recount.measure.event_cells import WITHIN_DAYS
from recount.measure.event_periods import Period

_MISSING = "(missing)"
WAITING = "waiting"
_CUT_OFF = "cut off"
_CSV = (
    "measure", "release", "kind", "period", "period_start", "through_date", "is_partial", "reading", "numerator",
    "denominator", "low", "high", "missing", "redacted", "suppressed", "whole", "is_synthetic", "receipt",
    "within_days", "outcomes", "estimate",
)  # fmt: skip


def print_events(answer: EventAnswer, words: Words) -> None:
    """Prints the answer: a table for each release, what it cannot say, warnings with their fix, the receipt."""
    out = console()
    out.print(Text(_title(answer, words), style="bold"))
    if not answer.rows:
        out.print(Text(_nothing(answer)))
    for _, rows in groupby(answer.rows, key=lambda each: each.release.release):
        held = list(rows)
        out.print(_release_line(held[0]))
        drawn = {"duration": _durations, "population": _populations}.get(answer.measure.kind, _table)
        out.print(drawn(held, answer, words))
    for line in _absences(answer, words):
        out.print(_hanging("–", line, "dim"))
    for each in answer.warnings:
        of = f" ({', '.join(each.releases)})" if each.releases else ""
        out.print(_hanging("!", f"{each.text.in_language(words.language)}{of}", "yellow"))
        out.print(_hanging(" ", f"Instead: {each.fix.in_language(words.language)}", "yellow"))
    for line in _below(answer, words):
        out.print(Text(line, style="dim"))


def print_event_csv(answer: EventAnswer) -> None:
    """Prints the answer as CSV: a row each, with a column for every dimension that splits it."""
    by = answer.asked.by
    rows: list[Sequence[object]] = []
    for each in answer.rows:
        measured = each.cell.measured
        low = None if measured.bounds is None else measured.bounds.low
        high = None if measured.bounds is None else measured.bounds.high
        rows.append(
            [
                answer.measure.measure,
                each.release.release,
                each.cell.kind,
                None if each.period is None else each.period.kind,
                each.start,
                each.through,
                str(each.is_partial).lower(),
                ";".join(f"{fork}={option}" for fork, option in each.reading.items()),
                measured.numerator,
                measured.denominator,
                low,
                high,
                *(measured.undecided[why] for why in WHYS),
                each.cell.whole,
                str(each.is_synthetic).lower(),
                answer.receipt.id,
                each.cell.parts.get(WITHIN_DAYS),
                ";".join(f"{name}={rows}" for name, rows in each.cell.outcomes.items()),
                each.cell.estimate,
                *(each.breakdown.get(name) for name in by),
            ]
        )
    print_csv((*_CSV, *by), rows)


def _title(answer: EventAnswer, words: Words) -> str:
    parts = [answer.measure.title.in_language(words.language)]
    for each in answer.asked.where:
        name = each.name.replace("_", " ")
        parts.append(f"{name} {_part(each.name, each.given, answer, words)}")
    return ", ".join(parts)


def _nothing(answer: EventAnswer) -> str:
    if answer.absent:
        return "No release of this record can answer it."
    return f"The record holds no {answer.measure.table.replace('_', ' ')}. Add a released file: recount add FILE."


def _release_line(row: EventRow) -> Text:
    made_up = ("SYNTHETIC, made up  ", "bold red") if row.is_synthetic else ("", "")
    title = "" if row.release.title.en == row.release.release else f"  {row.release.title.en}"
    return Text.assemble("\n", made_up, row.release.release, (title, "dim"))


def _table(rows: Sequence[EventRow], answer: EventAnswer, words: Words) -> Table:
    asked, measure = answer.asked, answer.measure
    forks = _varying(answer)
    is_share = measure.kind == "share"
    bounded = any(
        each.cell.measured.bounds is not None and not each.cell.measured.bounds.is_point for each in rows
    )
    reasons = [why for why in WHYS if any(each.cell.measured.undecided[why] for each in rows)]
    shares = is_share or any(each.cell.whole for each in rows)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for name in asked.by or ([] if forks else [""]):
        table.add_column(name.replace("_", " "), no_wrap=name in PERIODS)
    for fork in forks:
        table.add_column(fork.fork)
    table.add_column(measure.unit, justify="right", no_wrap=True)
    if is_share:
        table.add_column("of", justify="right", no_wrap=True)
    if shares:
        table.add_column("share", justify="right", no_wrap=True)
    if bounded:
        table.add_column("could be" if is_share else "at most", justify="right", no_wrap=True)
    for why in reasons:
        table.add_column(why, justify="right", no_wrap=True)
    before: list[str] = []
    for each in rows:
        cells = _labels(each, answer, words)
        shown = [
            "" if before[: index + 1] == cells[: index + 1] else cell for index, cell in enumerate(cells)
        ]
        before = cells
        if not asked.by and not forks:
            shown = ["Total"]
        shown += [each.reading[fork.fork].replace("_", " ") for fork in forks]
        shown += _numbers(each, words, is_share=is_share, shares=shares, bounded=bounded)
        shown += [words.number(each.cell.measured.undecided[why]) for why in reasons]
        table.add_row(*shown, style="bold" if each.cell.kind == "total" and asked.by else "")
    return table


def _durations(rows: Sequence[EventRow], answer: EventAnswer, words: Words) -> Table:
    """Returns a line for each time: what had happened within it, and the share to which it is expected."""
    forks = _varying(answer)
    outcomes = list(rows[0].cell.outcomes)
    reasons = [why for why in WHYS if any(each.cell.measured.undecided[why] for each in rows)]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for name in answer.asked.by or [""]:
        table.add_column(name.replace("_", " "), no_wrap=name in PERIODS)
    for fork in forks:
        table.add_column(fork.fork)
    table.add_column("within days", justify="right", no_wrap=True)
    headings = [_CUT_OFF if each == WAITING else each for each in outcomes]
    for heading in (*headings, "of", "expected", *reasons):
        table.add_column(heading, justify="right", no_wrap=True)
    before: list[str] = []
    for each in rows:
        labels = _labels(each, answer, words) or ["Total"]
        labels += [each.reading[fork.fork].replace("_", " ") for fork in forks]
        estimate = each.cell.estimate
        table.add_row(
            *["" if labels == before else label for label in labels],
            str(each.cell.parts[WITHIN_DAYS]),
            *(words.number(each.cell.outcomes[name]) for name in outcomes),
            words.number(each.cell.measured.denominator or 0),
            "–" if estimate is None else words.share(Fraction(estimate)),
            *(words.number(each.cell.measured.undecided[why]) for why in reasons),
        )
        before = labels
    return table


def _populations(rows: Sequence[EventRow], answer: EventAnswer, words: Words) -> Table:
    """Returns a line for each part: the mean, and the person-days and days that it is of."""
    forks = _varying(answer)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for name in answer.asked.by or [""]:
        table.add_column(name.replace("_", " "), no_wrap=name in PERIODS)
    for fork in forks:
        table.add_column(fork.fork)
    missing = any(each.cell.measured.undecided["missing"] for each in rows)
    for heading in ("people", "person-days", "days", *(["stints missing"] if missing else [])):
        table.add_column(heading, justify="right", no_wrap=True)
    before: list[str] = []
    for each in rows:
        measured = each.cell.measured
        labels = _labels(each, answer, words) or ["Total"]
        table.add_row(
            *(
                "" if before[: index + 1] == labels[: index + 1] else label
                for index, label in enumerate(labels)
            ),
            *(each.reading[fork.fork].replace("_", " ") for fork in forks),
            "–" if each.share is None else words.decimal(each.share, 1),
            words.number(measured.numerator),
            words.number(measured.denominator or 0),
            *([words.number(measured.undecided["missing"])] if missing else []),
            style="bold" if each.cell.kind == "total" and answer.asked.by else "",
        )
        before = labels
    return table


def _labels(each: EventRow, answer: EventAnswer, words: Words) -> list[str]:
    by = answer.asked.by
    if each.cell.kind == "total":
        return ["Total", *[""] * (len(by) - 1)] if by else []
    labels = []
    for name in by:
        label = each.breakdown[name]
        if label is None:
            labels.append(_MISSING)
        elif each.is_partial and each.period is not None and name == each.period.kind:
            labels.append(f"{label} ({_as_far(each, each.period, words)})")
        else:
            labels.append(_part(name, label, answer, words))
    return labels


def _as_far(each: EventRow, period: Period, words: Words) -> str:
    if each.start is None or each.through is None:
        return "not covered"
    begins = f"from {words.date(each.start)}" if each.start != period.start else ""
    ends = f"to {words.date(each.through)}" if each.through != period.last else ""
    return " ".join(filter(None, (begins, ends)))


def _numbers(each: EventRow, words: Words, *, is_share: bool, shares: bool, bounded: bool) -> list[str]:
    measured = each.cell.measured
    cells = [words.number(measured.numerator)]
    if is_share:
        cells.append(words.number(measured.denominator or 0))
        cells.append("–" if each.share is None else words.share(each.share))
    elif shares:
        whole = each.cell.whole
        cells.append(words.share(Fraction(measured.numerator, whole)) if whole else "")
    if bounded:
        bounds = measured.bounds
        if bounds is None or bounds.low is None or bounds.high is None:
            cells.append("")
        elif is_share and not bounds.is_point:
            cells.append(f"{words.share(bounds.low)} to {words.share(bounds.high)}")
        else:
            cells.append(words.share(bounds.high) if is_share else words.number(bounds.high))
    return cells


def _part(name: str, given: str, answer: EventAnswer, words: Words) -> str:
    """Returns the label of a code, a group or a text."""
    if name in PERIODS:
        return given
    dimension = answer.measure.dimensions[name]
    if dimension.grouped:
        return given.replace("_", " ")
    codes = words.catalog.events.tables[answer.measure.table].field(dimension.column).codes
    if codes is None:
        return given
    known = {
        each.code: each.label.in_language(words.language) for each in words.catalog.events.codes[codes].codes
    }
    return known.get(given, given)


def _varying(answer: EventAnswer) -> list[EventFork]:
    """Returns the forks at which the readings of the answer differ."""
    if not answer.asked.by_reading:
        return []
    return [
        each
        for each in answer.measure.forks
        if len({reading[each.fork] for reading in answer.asked.readings}) > 1
    ]


def _absences(answer: EventAnswer, words: Words) -> Iterator[str]:
    """Yields what releases cannot answer, one line for what is alike in several readings or files."""
    missing: dict[tuple[str, str, str | None], dict[str, None]] = {}
    files: dict[tuple[str, str, str | None], dict[str, None]] = {}
    for each in answer.absent:
        key = (each.release, each.because, each.only)
        missing.setdefault(key, {}).update(dict.fromkeys(each.missing))
        files.setdefault(key, {}).update(dict.fromkeys(each.files))
    for key_of, names in missing.items():
        release, because, only = key_of
        listed = words.listing([each.replace("_", " ") for each in names])
        yield f"{release}: {_absence(because, listed, list(files[key_of]), only, next(iter(names)), answer, words)}"


def _absence(
    because: str,
    names: str,
    files: Sequence[str],
    only: str | None,
    name: str,
    answer: EventAnswer,
    words: Words,
) -> str:
    if because == "not_in_cube":
        return (
            f"the record holds its counts alone, without {names}. Add the released file: {'; '.join(files)}."
        )
    if because == "no_rule":
        return f"no such rule is written for this release ({names})."
    if because == "no_identifier":
        return "the release gives no identifier of people, on which that rule rests."
    if because == "of_one_part":
        return f"every row has {names} {_part(name, str(only), answer, words)}; it says nothing of others."
    return f"the release does not give {names}."


def _hanging(mark: str, line: str, style: str) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(Text(mark, style=style), Text(line, style=style))
    return grid


def _below(answer: EventAnswer, words: Words) -> Iterator[str]:
    for fork in _varying(answer):
        yield f"{fork.fork}: {fork.question.in_language(words.language)}."
        for option in fork.options:
            default = " (the default)" if option.option == fork.default else ""
            label = option.label.in_language(words.language)
            yield f"  {option.option.replace('_', ' ')}: {label}{default}"
    if answer.measure.kind == "duration":
        yield f"{_CUT_OFF}: still waiting when the release was cut off, and followed no further."
        yield "expected: the share by Aalen and Johansen; those cut off count as long as they are followed."
    if answer.perhaps_out:
        yield words.say("sentence_perhaps_out", releases=words.listing(answer.perhaps_out))
    yield from (each.text.in_language(words.language) for each in answer.caveats)
    if len({each.release.release for each in answer.rows}) > 1:
        yield "Releases overlap and share no identifier: their rows are never added."
    readings = answer.readings if answer.asked.by_reading else 1
    yield f"{readings} of {answer.readings} readings · receipt {answer.receipt.short}"
