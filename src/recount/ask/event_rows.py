"""An answer about individual records laid out as tables, and as rows of CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from recount.ask.bound_rows import bound_cells, reasons_of, unbounded
from recount.ask.layout import Block, BlockMaker, Note, Shown, Weight, without_repeats
from recount.ask.rate_rows import (
    RatedRow,
    denominator_of,
    rate_cells,
    rate_headings,
    rate_notes,
    shares_left_out,
)
from recount.claim.words import Words
from recount.declare.event_measures import EventFork
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_cells import WITHIN_DAYS
from recount.measure.event_conditions import TIMES, Condition
from recount.measure.event_periods import ADMINISTRATION, Period

_MISSING = "(missing)"
_SUPPRESSED = "(suppressed)"
WAITING = "waiting"
_CUT_OFF = "cut off"
_PER = {"row": "share of row", "column": "share of column", "total": "share of total"}


def lay_out_events(answer: EventAnswer, words: Words, *, always_bounded: bool = False) -> Shown:
    """Returns a table for each release, what it cannot say, warnings with their fix, caveats and the receipt."""
    drawn = {"duration": _durations, "population": _populations}.get(answer.measure.kind, _table)
    blocks = [
        drawn(held, answer, words, always_bounded)
        for held in (list(rows) for _, rows in groupby(answer.rows, key=lambda each: each.release.release))
    ]
    return Shown(
        title=title_of(answer, words),
        blocks=tuple(blocks),
        notes=(
            *(Note(line, mark="–") for line in _covered(answer, words)),
            *unbounded(answer, words, always_bounded),
            *notes_of(answer, words),
        ),
        nothing=None if answer.rows else _nothing(answer),
    )


def notes_of(answer: EventAnswer, words: Words) -> Iterator[Note]:
    """Yields what to know with an answer: what is absent, warnings, caveats, the receipt."""
    for line in (*_absences(answer, words), *_uncovered(answer, words)):
        yield Note(line, mark="–")
    cut = [
        f"{each.period.label}, {each.release.release}"
        for each in answer.rows
        if each.is_partial and each.period
    ]
    yield from shares_left_out(answer.asked.is_share_over_time, cut, words)
    yield from _rates(answer, words)
    for each in answer.warnings:
        of = f" ({', '.join(each.releases)})" if each.releases else ""
        yield Note(f"{each.text.in_language(words.language)}{of}", mark="!", weight="warning")
        yield Note(f"Instead: {each.fix.in_language(words.language)}", mark=" ", weight="warning")
    yield from (Note(line) for line in _below(answer, words))


def _rates(answer: EventAnswer, words: Words) -> Iterator[Note]:
    denominator = denominator_of(answer.asked.question.per, words)
    if denominator is None:
        return
    counted = [each.dimension for each in denominator.dimensions if each.dimension in answer.asked.by]
    given = [each for each in answer.asked.where if denominator.place(each.name) is not None]
    rows = []
    for each in answer.rows:
        if each.rate is None:
            continue
        named = zip(answer.asked.by, labels_of(each, answer, words), strict=False)
        place = [label for name, label in named if name in counted and each.cell.kind == "part"]
        place = place or [say_condition(one, answer, words) for one in given]
        span = "" if each.period is None else part_text(each.period.kind, each.period.label, answer, words)
        rows.append(RatedRow(each.rate, each.release.release, span, " ".join(place), each.through))
    codes = {each.code: each.label for each in words.catalog.codes["areas_of_responsibility"].codes}
    yield from rate_notes(denominator, rows, words, lambda code: codes[code].in_language(words.language))


def title_of(answer: EventAnswer, words: Words) -> str:
    """Returns the measure and the conditions in words."""
    parts = [answer.measure.title.in_language(words.language)]
    parts += [say_condition(each, answer, words) for each in answer.asked.where]
    return ", ".join(parts)


def say_condition(condition: Condition, answer: EventAnswer, words: Words) -> str:
    """Returns a condition in words: "aor Boston", "aor not Boston or Seattle", "age at least 18"."""
    name, given = condition.name.replace("_", " "), condition.given
    operator = next((each for each in _SAID if given.startswith(each)), "")
    labels = given.removeprefix(operator)
    if condition.codes:
        items = [labels] if condition.part is not None else labels.split(",")
        labels = " or ".join(part_text(condition.name, each.strip('"'), answer, words) for each in items)
    elif condition.name == ADMINISTRATION:
        labels = part_text(ADMINISTRATION, labels, answer, words)
    return f"{name} {_SAID.get(operator, '')}{labels.replace('..', ' to ')}"


_SAID = {"!=": "not ", ">=": "at least ", "<=": "at most ", ">": "over ", "<": "under "}


def _nothing(answer: EventAnswer) -> str:
    if answer.absent:
        return "No release of this record can answer it."
    if answer.perhaps_out:
        return "No release that could answer it was surely out by then."
    what, question = answer.measure.table.replace("_", " "), answer.asked.question
    if question.release is not None:
        return f"{question.release} holds no {what}. Leave the release out, or name another: recount list releases."
    if question.as_known_on is not None:
        return f"No release of {what} was out by then. Name a later day, or leave it out."
    return f"The record holds no {what}. Add a released file: recount add FILE."


def heading_of(row: EventRow) -> tuple[tuple[str, Weight], ...]:
    """Returns what stands above the table of a release."""
    title = "" if row.release.title.en == row.release.release else f"  {row.release.title.en}"
    made_up: tuple[str, Weight] = ("SYNTHETIC, made up  " if row.is_synthetic else "", "alarm")
    return (made_up, (row.release.release, ""), (title, "dim"))


def _table(rows: Sequence[EventRow], answer: EventAnswer, words: Words, always_bounded: bool) -> Block:
    asked, measure = answer.asked, answer.measure
    forks = varying_forks(answer)
    is_share = measure.kind == "share"
    bounded = always_bounded or any(
        each.cell.measured.bounds is not None and not each.cell.measured.bounds.is_point for each in rows
    )
    reasons = reasons_of(rows, always_bounded)
    shares = is_share or (asked.question.per is None and any(each.cell.whole for each in rows))
    table = BlockMaker()
    for name in asked.by or ([] if forks else [""]):
        table.add_texts(name.replace("_", " "))
    for fork in forks:
        table.add_texts(fork.fork)
    table.add_numbers(measure.unit)
    if is_share:
        table.add_numbers("of")
    if shares:
        table.add_numbers("share")
    if always_bounded:
        table.add_numbers("lowest", "highest")
    elif bounded:
        table.add_numbers("could be" if is_share else "at most")
    if asked.per is not None:
        table.add_numbers(_PER[asked.per], *(["share could be"] if bounded else []))
    denominator = denominator_of(asked.question.per, words)
    if denominator is not None:
        table.add_numbers(*rate_headings(denominator, words, bounded=bounded))
    table.add_numbers(*reasons)
    labels = without_repeats([labels_of(each, answer, words) for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        cells = shown if asked.by or forks else ["Total"]
        cells += [each.reading[fork.fork].replace("_", " ") for fork in forks]
        cells += _numbers(
            each, words, is_share=is_share, shares=shares, bounded=bounded and not always_bounded
        )
        cells += bound_cells(each, words, is_share=is_share) if always_bounded else []
        if asked.per is not None:
            cells += _part_of(each, words, bounded=bounded)
        if denominator is not None:
            cells += rate_cells(each.rate, words, bounded=bounded)
        cells += [words.number(each.cell.measured.undecided[why]) for why in reasons]
        table.add_line(cells, is_total=each.cell.kind == "total" and bool(asked.by))
    return table.block(heading_of(rows[0]))


def _durations(rows: Sequence[EventRow], answer: EventAnswer, words: Words, always_bounded: bool) -> Block:
    """Returns a line for each time: what had happened within it, and the share to which it is expected."""
    forks = varying_forks(answer)
    outcomes = list(rows[0].cell.outcomes)
    reasons = reasons_of(rows, always_bounded)
    table = BlockMaker()
    for name in answer.asked.by or [""]:
        table.add_texts(name.replace("_", " "))
    for fork in forks:
        table.add_texts(fork.fork)
    table.add_numbers("within days")
    headings = [_CUT_OFF if each == WAITING else each for each in outcomes]
    for heading in (*headings, "of", "expected", *reasons):
        table.add_numbers(heading)
    before: list[str] = []
    for each in rows:
        labels = labels_of(each, answer, words) or ["Total"]
        labels += [each.reading[fork.fork].replace("_", " ") for fork in forks]
        estimate = each.cell.estimate
        table.add_line(
            [
                *["" if labels == before else label for label in labels],
                str(each.cell.parts[WITHIN_DAYS]),
                *(words.number(each.cell.outcomes[name]) for name in outcomes),
                words.number(each.cell.measured.denominator or 0),
                "–" if estimate is None else words.share(Fraction(estimate)),
                *(words.number(each.cell.measured.undecided[why]) for why in reasons),
            ]
        )
        before = labels
    return table.block(heading_of(rows[0]))


def _populations(rows: Sequence[EventRow], answer: EventAnswer, words: Words, always_bounded: bool) -> Block:
    """Returns a line for each part: the mean, and the person-days and days that it is of."""
    forks = varying_forks(answer)
    table = BlockMaker()
    for name in answer.asked.by or [""]:
        table.add_texts(name.replace("_", " "))
    for fork in forks:
        table.add_texts(fork.fork)
    missing = always_bounded or any(each.cell.measured.undecided["missing"] for each in rows)
    for heading in ("people", "person-days", "days", *(["stints missing"] if missing else [])):
        table.add_numbers(heading)
    labels = without_repeats([labels_of(each, answer, words) or ["Total"] for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        measured = each.cell.measured
        cells = [
            *shown,
            *(each.reading[fork.fork].replace("_", " ") for fork in forks),
            "–" if each.share is None else words.decimal(each.share, 1),
            words.number(measured.numerator),
            words.number(measured.denominator or 0),
            *([words.number(measured.undecided["missing"])] if missing else []),
        ]
        table.add_line(cells, is_total=each.cell.kind == "total" and bool(answer.asked.by))
    return table.block(heading_of(rows[0]))


def labels_of(each: EventRow, answer: EventAnswer, words: Words) -> list[str]:
    """Returns the parts of a row in words, by what splits the answer."""
    by = answer.asked.by
    if each.cell.kind == "total":
        return ["Total", *[""] * (len(by) - 1)] if by else []
    labels = []
    for name in by:
        label = each.breakdown[name]
        if label is None:
            labels.append(_SUPPRESSED if each.cell.kind == "suppressed" else _MISSING)
        elif each.is_partial and each.period is not None and name == each.period.kind:
            named = part_text(name, label, answer, words)
            labels.append(f"{named} ({_as_far(each, each.period, words)})")
        else:
            labels.append(part_text(name, label, answer, words))
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


def _part_of(each: EventRow, words: Words, *, bounded: bool) -> list[str]:
    share = each.part_of
    if share is None or not share.denominator:
        return ["", *([""] if bounded else [])]
    cells = [words.share(Fraction(share.numerator, share.denominator))]
    if bounded:
        bounds = share.bounds
        is_range = bounds is not None and not bounds.is_point
        cells.append(
            f"{words.share(bounds.low)} to {words.share(bounds.high)}"
            if is_range and bounds is not None and bounds.low is not None and bounds.high is not None
            else ""
        )
    return cells


def part_text(name: str, given: str, answer: EventAnswer, words: Words) -> str:
    """Returns the label of a code, a group or a text."""
    if name == ADMINISTRATION:
        labels = {each.name: each.label.in_language(words.language) for each in answer.asked.administrations}
        return labels.get(given, given)
    if name in TIMES:
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


def varying_forks(answer: EventAnswer) -> list[EventFork]:
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
        return (
            f"every row has {names} {part_text(name, str(only), answer, words)}; it says nothing of others."
        )
    return f"the release does not give {names}."


def _uncovered(answer: EventAnswer, words: Words) -> Iterator[str]:
    """Yields the releases of which no day lies within the days asked."""
    days = ", ".join(say_condition(each, answer, words) for each in answer.asked.where if each.spans)
    asked = {
        each.release.release: None
        for each in answer.rows
        if each.start is not None and each.through is not None and each.start > each.through
    }
    for name in asked:
        yield f"{name}: covers no day of {days}; its counts here say nothing."


def _covered(answer: EventAnswer, words: Words) -> Iterator[str]:
    """Yields the releases that cover a part of the days asked, and which."""
    limited = any(each.spans for each in answer.asked.where)
    what = "of the days asked" if limited else "of its time"
    for name, spans in answer.covered.items():
        if spans:
            days = words.listing([f"{words.date(first)} to {words.date(last)}" for first, last in spans])
            yield f"{name}: covers {what} only {days}."


def _below(answer: EventAnswer, words: Words) -> Iterator[str]:
    for fork in varying_forks(answer):
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
