"""An answer as Explore shows it: tables, what moves it, what to know with it, and where else to take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recount.api.answers import PublicAnswer
from recount.api.explore_address import ExploreAddress
from recount.api.explore_commands import Elsewhere, answer_path, ask_elsewhere
from recount.api.explore_event_tables import notes_of_shares
from recount.api.explore_faults import Fault, absences, nothing_found
from recount.api.explore_rates import notes_of_rates
from recount.api.explore_tables import AnyAnswer, labels_of, rated_rows, sides_of, spread_of, tables_of
from recount.api.explore_words import AnyMeasure, ExploreWords
from recount.ask import MeasureQuestion
from recount.ask.layout import Block
from recount.ask.row_labels import kind_of
from recount.claim.rate_words import denominator_of, per_text
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer
from recount.measure.event_conditions import TIMES
from recount.measure.spread import Spread, SpreadRow
from recount.measure.statistics import TOTAL

MOST_LINES = 240
"""So many lines are shown: a page of them stays under 300 KB, and nobody reads more on a screen. The CSV has all."""
_MOST_MOVES = 3


@dataclass(frozen=True)
class TableCell:
    """A cell; one that repeats the line above is told to a screen reader alone."""

    text: str
    is_number: bool
    is_head: bool
    is_again: bool


@dataclass(frozen=True)
class TableView:
    """A table: what stands above it, headings, lines, and how many lines are left to the CSV."""

    caption: tuple[tuple[str, str], ...]
    headings: tuple[tuple[str, bool], ...]
    lines: tuple[tuple[tuple[TableCell, ...], bool], ...]
    left_out: int


@dataclass(frozen=True)
class Warned:
    """A mistake that the question invites, what to do instead, and whom that rests on."""

    text: str
    fix: str
    releases: str


@dataclass(frozen=True)
class Download:
    """A file to take away."""

    label: str
    path: str
    name: str


@dataclass(frozen=True)
class AnswerView:
    """Everything that is shown of an answer beside its chart."""

    title: str
    description: str
    tables: tuple[TableView, ...]
    rows: int
    fault: Fault | None
    moves: tuple[str, ...]
    readings: str
    reading: tuple[tuple[str, str, bool], ...]
    warnings: tuple[Warned, ...]
    notes: tuple[str, ...]
    caveats: tuple[str, ...]
    receipt: str
    elsewhere: Elsewhere
    downloads: tuple[Download, ...]


def view_answer(answer: PublicAnswer, address: ExploreAddress, say: ExploreWords, base: str) -> AnswerView:
    """Returns what is shown of an answer.

    Args:
        answer: to the question of the address.
        address: of Explore.
        say: the language of the page.
        base: where the server is, for commands.
    """
    question, words = answer.question, say.words
    found = question.difference().first if question.question.compare_with else question.result()
    blocks = tables_of(question, say)
    asked = answer.asked.in_language(words.language)
    name = f"recount-{found.measure.measure}-{answer.receipt.short}"
    return AnswerView(
        title=title_of(found.measure, address, say),
        description=found.measure.description.in_language(words.language),
        tables=tuple(_cut(blocks)),
        rows=sum(len(each.lines) for each in blocks),
        fault=None if blocks else nothing_found(question, address, say),
        moves=tuple(_moves(question, say)),
        readings=_readings(question, found, say),
        reading=tuple(_reading(found, say)),
        warnings=tuple(_warnings(question, say)),
        notes=tuple(_notes(question, found, say)),
        caveats=tuple(dict.fromkeys(each.text.in_language(words.language) for each in found.caveats)),
        receipt=answer.receipt.id,
        elsewhere=ask_elsewhere(address, answer.asked, base),
        downloads=(
            Download(say.gettext("Table, CSV"), answer_path(asked, "csv"), f"{name}.csv"),
            Download(say.gettext("Answer and receipt, JSON"), answer_path(asked, "json"), f"{name}.json"),
        ),
    )


def chart_downloads(answer: PublicAnswer, say: ExploreWords) -> tuple[Download, ...]:
    """Returns the chart as files to take away."""
    asked = answer.asked.in_language(say.words.language)
    name = f"recount-{answer.asked.measure}-{answer.receipt.short}"
    return (
        Download(say.gettext("Chart, PNG"), answer_path(asked, "png", "chart"), f"{name}.png"),
        Download(say.gettext("Chart, SVG"), answer_path(asked, "svg", "chart"), f"{name}.svg"),
    )


def title_of(measure: AnyMeasure, address: ExploreAddress, say: ExploreWords) -> str:
    """Returns the question in one line: the measure, what it is limited to, what splits it."""
    title = measure.title.in_language(say.words.language)
    parts = [title[:1].upper() + title[1:]]
    denominator = denominator_of(address.first("per") or None, say.words)
    if denominator is not None:
        parts[0] = f"{parts[0]} {per_text(denominator, say.words)}"
    for each in address.limits():
        said = say.limit(measure, each.name, each.text, each.items)
        plain = each.name in (*TIMES, "state", "jurisdiction", "country")
        parts.append(
            said
            if plain
            else say.gettext("%(dimension)s: %(what)s", dimension=say.dimension(each.name), what=said)
        )
    span = address.first("period")
    split = [each for each in ([span] if span else []) + list(address.by) if each != "reading"]
    title = ", ".join(parts)
    if split:
        by = say.words.listing([say.dimension(each) for each in dict.fromkeys(split)])
        title = say.gettext("%(title)s, by %(by)s", title=title, by=by)
    return title


def _cut(blocks: Sequence[Block]) -> Iterator[TableView]:
    left = MOST_LINES
    for block in blocks:
        shown = block.lines[:left]
        left -= len(shown)
        heads = next(
            (place for place, each in enumerate(block.columns) if each.is_number), len(block.columns)
        )
        lines = []
        before: tuple[str, ...] = ()
        for line in shown:
            again = 0
            while again < heads - 1 and line.cells[: again + 1] == before[: again + 1]:
                again += 1
            cells = tuple(
                TableCell(text, column.is_number, place < heads, place < again)
                for place, (text, column) in enumerate(zip(line.cells, block.columns, strict=True))
            )
            lines.append((cells, line.is_total))
            before = line.cells
        yield TableView(
            tuple(block.heading),
            tuple((each.heading, each.is_number) for each in block.columns),
            tuple(lines),
            len(block.lines) - len(shown),
        )


def _moves(question: MeasureQuestion, say: ExploreWords) -> Iterator[str]:
    """Yields what moves totals and only parts: under which readings lowest and highest, and by which choice."""
    if not question.all_readings or question.question.compare_with:
        return
    spread = spread_of(question)
    moved = [each for each in spread.rows if each.moved_most_by is not None]
    if not moved:
        if spread.rows and spread.answer.readings > 1:
            yield say.gettext("No reading that this record can count gives another answer.")
        return
    totals = [each for each in moved if _is_whole(each)] or moved
    for each in totals[-_MOST_MOVES:]:
        yield _move(each, spread, say)


def _is_whole(row: SpreadRow) -> bool:
    return all(each in (None, TOTAL) for each in row.sample.breakdown.values())


def _move(row: SpreadRow, spread: Spread, say: ExploreWords) -> str:
    measure, kind = spread.answer.measure, kind_of(spread.answer, say.words)
    labels = [each for each in labels_of(row.sample, spread.answer, say) if each]
    fork = row.moved_most_by or ""
    low, high = row.swings.get(fork, (None, None))
    said = say.gettext(
        "%(what)s: lowest %(lowest)s under %(low_reading)s, highest %(highest)s under %(high_reading)s.",
        what=", ".join(labels or [say.release(row.sample.release)]),
        lowest=say.reached(row.lowest, kind),
        low_reading=say.reading(measure, row.lowest.reading),
        highest=say.reached(row.highest, kind),
        high_reading=say.reading(measure, row.highest.reading),
    )
    if low is None or high is None:
        return said
    moved = say.gettext(
        "What moves it most is %(fork)s: from %(low)s to %(high)s by itself.",
        fork=say.fork(measure, fork),
        low=say.value(low, kind),
        high=say.value(high, kind),
    )
    return f"{said} {moved}"


def _readings(question: MeasureQuestion, found: AnyAnswer, say: ExploreWords) -> str:
    every = question.all_readings or "reading" in (question.question.by or ())
    asked = found.readings if every else 1
    if question.all_readings and not question.question.compare_with:
        counted = max((each.answered for each in spread_of(question).rows), default=0)
        if counted < asked:
            return say.ngettext(
                "%(num)s reading asked, of which this record can count %(counted)s",
                "%(num)s readings asked, of which this record can count %(counted)s",
                asked,
                counted=say.words.number(counted),
            )
    return say.ngettext(
        "%(asked)s of %(num)s reading",
        "%(asked)s of %(num)s readings",
        found.readings,
        asked=say.words.number(asked),
    )


def _reading(found: AnyAnswer, say: ExploreWords) -> Iterator[tuple[str, str, bool]]:
    """Yields the choice taken at each fork, and whether it is the default, where one reading is asked."""
    readings = found.question["readings"]
    if len(readings) != 1:
        return
    for fork in found.measure.forks:
        option = readings[0].get(fork.fork, fork.default)
        yield (
            say.fork(found.measure, fork.fork),
            say.option(found.measure, fork.fork, option),
            option == fork.default,
        )


def _warnings(question: MeasureQuestion, say: ExploreWords) -> Iterator[Warned]:
    language = say.words.language
    told = []
    for answer in _both(question):
        if isinstance(answer, EventAnswer):
            told += [each for each in answer.warnings if each not in told]
    for each in told:
        yield Warned(
            each.text.in_language(language),
            each.fix.in_language(language),
            say.words.listing(list(each.releases)),
        )


def _both(question: MeasureQuestion) -> list[AnyAnswer]:
    if question.question.compare_with:
        difference = question.difference()
        return [difference.first, difference.second]
    return [question.result()]


def _notes(question: MeasureQuestion, found: AnyAnswer, say: ExploreWords) -> Iterator[str]:
    """Yields how the numbers are to be read: flags, sums, what is not known, what releases cannot answer."""
    words = say.words
    if question.question.compare_with:
        first, second = sides_of(question.difference(), say)
        yield say.gettext("The difference is %(first)s less %(second)s.", first=first, second=second)
    both = [row for each in _both(question) for row in rated_rows(each, say)]
    yield from notes_of_rates(found, both, say)
    yield from [] if isinstance(found, Answer) else notes_of_shares(found, say)
    if isinstance(found, Answer):
        for flag in dict.fromkeys(flag for each in found.figures for flag in each.flags):
            yield "* " + words.say(f"flag_{flag}")
        sums = {each.place_code: each for each in found.figures if each.left_out}
        yield from dict.fromkeys(words.left_out(each) for each in sums.values())
        if found.absent and found.figures:
            names = sorted({each.release for each in found.absent})
            yield words.say("chart_note_absent", releases=words.listing(names))
    else:
        if any(each.is_partial for each in found.rows):
            yield say.gettext(
                "A span that a release covers only in part says how far; it is left out of no sum."
            )
        if any(each.cell.measured.undecided["suppressed"] for each in found.rows):
            yield say.gettext(
                "The public record holds individual records as counts in which small cells are pooled. What is pooled "
                "may belong here: the answer is at least the number shown, and at most the bound beside it."
            )
        if found.measure.kind == "duration":
            yield say.gettext(
                "Cut off: still waiting when the release ends. Expected: the share by Aalen and Johansen, in which "
                "those cut off count as long as they are followed."
            )
        if len({each.release.release for each in found.rows}) > 1:
            yield say.gettext("Releases overlap and share no identifier: their rows are never added.")
        if found.rows:
            yield from absences(found, say)
    if found.perhaps_out:
        yield words.say("sentence_perhaps_out", releases=words.listing(list(found.perhaps_out)))
