"""The tables of individual records: one for each release, with what is not known and what it could be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from recount.api.explore_rates import asked_denominator, cells_of_rate, headings_of_rate
from recount.api.explore_words import ExploreWords
from recount.ask.layout import Block, BlockMaker, Column, Weight
from recount.ask.rate_rows import shares_left_out
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_bounds import WHYS
from recount.measure.event_cells import WITHIN_DAYS
from recount.measure.figures import MeasuredFigure


def event_tables(answer: EventAnswer, say: ExploreWords) -> list[Block]:
    """Returns a table for each release; tables of one line each are one table."""
    drawn = {"duration": _durations, "population": _populations}.get(answer.measure.kind, _events)
    by_release = groupby(answer.rows, key=lambda each: each.release.release)
    return _together([drawn(list(rows), answer, say) for _, rows in by_release], say)


def event_headings(answer: EventAnswer, say: ExploreWords) -> list[str]:
    """Returns the headings of what splits an answer."""
    within = [say.heading("within_days")] if answer.measure.kind == "duration" else []
    return [say.heading(each) for each in answer.asked.by] + within


def event_labels(row: EventRow, answer: EventAnswer, say: ExploreWords) -> list[str]:
    """Returns what a row is of, a cell for each heading."""
    by = answer.asked.by
    within = [str(row.cell.parts[WITHIN_DAYS])] if answer.measure.kind == "duration" else []
    if row.cell.kind == "total":
        return ([say.gettext("Total"), *[""] * (len(by) - 1)] if by else []) + within
    labels = []
    for name in by:
        label = row.breakdown[name]
        if label is None and row.cell.kind == "suppressed":
            labels.append(say.pooled())
        elif label is not None and row.period is not None and name == row.period.kind:
            span = say.period(row.period)
            labels.append(f"{span} ({say.far(row)})" if row.is_partial else span)
        else:
            labels.append(say.part(answer.measure, name, label))
    return labels + within


def notes_of_shares(answer: EventAnswer, say: ExploreWords) -> Iterator[str]:
    """Yields which spans are cut short, and so have no share over time."""
    cut = [
        f"{say.period(each.period)}, {each.release.release}"
        for each in answer.rows
        if each.is_partial and each.period is not None
    ]
    for note in shares_left_out(answer.asked.is_share_over_time, cut, say.words):
        yield note.text


def caption_of(row: MeasuredFigure | EventRow, say: ExploreWords) -> tuple[tuple[str, Weight], ...]:
    """Returns what stands above the table of a release of individual records."""
    if not isinstance(row, EventRow):
        return ()
    made_up: list[tuple[str, Weight]] = (
        [(say.gettext("Synthetic, made up"), "alarm")] if row.is_synthetic else []
    )
    title = say.release(row.release)
    named: list[tuple[str, Weight]] = [(title, "")]
    if title != row.release.release:
        named.append((row.release.release, "dim"))
    return (*made_up, *named)


def per_heading(per: str | None, say: ExploreWords) -> str:
    """Returns the heading of shares, by what they are shares of."""
    said = {
        "row": say.gettext("Share of row"),
        "column": say.gettext("Share of column"),
        "total": say.gettext("Share of total"),
    }
    return said[per] if per else say.gettext("Share")


def heading_of_count(answer: Answer | EventAnswer, say: ExploreWords) -> str:
    """Returns the heading of what is counted."""
    unit = say.unit(answer.measure)
    return unit[:1].upper() + unit[1:]


def _together(blocks: list[Block], say: ExploreWords) -> list[Block]:
    """Returns tables of one line each as one table, a line for each release, where their columns are the same."""
    alike = len(blocks) > 1 and all(
        len(each.lines) == 1 and each.columns == blocks[0].columns for each in blocks
    )
    if not alike or blocks[0].columns[0].is_number:
        return blocks
    nameless = not blocks[0].columns[0].heading
    table = BlockMaker(list(blocks[0].columns[1:] if nameless else blocks[0].columns))
    table.columns.insert(0, Column(say.heading("release")))
    for each in blocks:
        cells = each.lines[0].cells
        table.add_line([" · ".join(text for text, _ in each.heading), *(cells[1:] if nameless else cells)])
    return [table.block()]


def _events(rows: Sequence[EventRow], answer: EventAnswer, say: ExploreWords) -> Block:
    asked, measure, words = answer.asked, answer.measure, say.words
    is_share = measure.kind == "share"
    bounded = any(
        each.cell.measured.bounds is not None and not each.cell.measured.bounds.is_point for each in rows
    )
    whys = [why for why in WHYS if any(each.cell.measured.undecided[why] for each in rows)]
    denominator = asked_denominator(answer, say)
    shares = is_share or (asked.question.per is None and any(each.cell.whole for each in rows))
    table = BlockMaker()
    table.add_texts(*(event_headings(answer, say) or [""]))
    if asked.by_reading:
        table.add_texts(say.heading("reading"))
    table.add_numbers(heading_of_count(answer, say))
    if is_share:
        table.add_numbers(say.gettext("of"))
    if shares:
        table.add_numbers(per_heading(None, say))
    if bounded:
        table.add_numbers(say.gettext("Could be") if is_share else say.gettext("At most"))
    if asked.per is not None:
        table.add_numbers(per_heading(asked.per, say), *([say.gettext("Could be")] if bounded else []))
    if denominator is not None:
        table.add_numbers(*headings_of_rate(denominator, say, bounded=bounded))
    table.add_numbers(*(say.why(each)[:1].upper() + say.why(each)[1:] for each in whys))
    labels = [event_labels(each, answer, say) or [say.gettext("Total")] for each in rows]
    for each, shown in zip(rows, labels, strict=True):
        measured = each.cell.measured
        cells = [*shown, *([say.reading(measure, each.reading)] if asked.by_reading else [])]
        cells.append(words.number(measured.numerator))
        if is_share:
            cells.append(words.number(measured.denominator or 0))
            cells.append("–" if each.share is None else words.share(each.share))
        elif shares:
            whole = each.cell.whole
            cells.append(words.share(Fraction(measured.numerator, whole)) if whole else "")
        if bounded:
            cells.append(_could_be(each, say, is_share=is_share))
        if asked.per is not None:
            cells += _part_of(each, say, bounded=bounded)
        cells += [] if denominator is None else cells_of_rate(each.rate, say, bounded=bounded)
        cells += [words.number(measured.undecided[why]) for why in whys]
        table.add_line(cells, is_total=each.cell.kind == "total" and bool(asked.by))
    return table.block(caption_of(rows[0], say))


def _could_be(each: EventRow, say: ExploreWords, *, is_share: bool) -> str:
    bounds = each.cell.measured.bounds
    if bounds is None or bounds.low is None or bounds.high is None:
        return ""
    if is_share:
        return say.bounds(bounds, "share") or say.words.share(bounds.high)
    return say.words.number(bounds.high)


def _part_of(each: EventRow, say: ExploreWords, *, bounded: bool) -> list[str]:
    share = each.part_of
    if share is None or not share.denominator:
        return ["", *([""] if bounded else [])]
    own = say.words.share(Fraction(share.numerator, share.denominator))
    return [own, *([say.bounds(share.bounds, "share")] if bounded else [])]


def _durations(rows: Sequence[EventRow], answer: EventAnswer, say: ExploreWords) -> Block:
    """Returns a line for each time: what had happened within it, and the share to which it is expected."""
    words = say.words
    outcomes = list(rows[0].cell.outcomes)
    said = {
        "waiting": say.gettext("Cut off"),
        "removed": say.gettext("Removed"),
        "released": say.gettext("Released"),
        "ended": say.gettext("Ended"),
        "other": say.gettext("Otherwise"),
    }
    table = BlockMaker()
    table.add_texts(*event_headings(answer, say))
    if answer.asked.by_reading:
        table.add_texts(say.heading("reading"))
    for name in outcomes:
        table.add_numbers(said.get(name, name.replace("_", " ")))
    table.add_numbers(say.gettext("of"), say.gettext("Expected"))
    labels = [event_labels(each, answer, say) for each in rows]
    for each, shown in zip(rows, labels, strict=True):
        cells = [*shown, *([say.reading(answer.measure, each.reading)] if answer.asked.by_reading else [])]
        cells += [words.number(each.cell.outcomes[name]) for name in outcomes]
        estimate = each.cell.estimate
        cells += [
            words.number(each.cell.measured.denominator or 0),
            "–" if estimate is None else words.share(Fraction(estimate)),
        ]
        table.add_line(cells)
    return table.block(caption_of(rows[0], say))


def _populations(rows: Sequence[EventRow], answer: EventAnswer, say: ExploreWords) -> Block:
    """Returns a line for each part: the mean, and the person-days and days that it is of."""
    words = say.words
    table = BlockMaker()
    table.add_texts(*(event_headings(answer, say) or [""]))
    if answer.asked.by_reading:
        table.add_texts(say.heading("reading"))
    table.add_numbers(heading_of_count(answer, say), say.gettext("Person-days"), say.gettext("Days"))
    labels = [event_labels(each, answer, say) or [say.gettext("Total")] for each in rows]
    for each, shown in zip(rows, labels, strict=True):
        measured = each.cell.measured
        cells = [*shown, *([say.reading(answer.measure, each.reading)] if answer.asked.by_reading else [])]
        cells += [
            "–" if each.share is None else words.decimal(each.share, 1),
            words.number(measured.numerator),
            words.number(measured.denominator or 0),
        ]
        table.add_line(cells, is_total=each.cell.kind == "total" and bool(answer.asked.by))
    return table.block(caption_of(rows[0], say))
