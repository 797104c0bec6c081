"""What an answer means and rests on: definition, choices, what was left out and why, and the SQL of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.measure.answer import Answer
from recount.measure.event_bounds import State

if TYPE_CHECKING:
    from recount.measure.event_answer import EventAnswer
    from recount.measure.event_batches import Batch
    from recount.measure.event_book import EventBook
    from recount.measure.questions import Question

Dialect = str
DIALECTS: tuple[Dialect, ...] = ("duckdb", "pyspark")
"""What SQL is written for; Spark is called as Ibis calls it."""


@dataclass(frozen=True)
class LeftOut:
    """Of the rows of a release: how many are counted, and how many are not, by the reason.

    `repeated` are dropped by the rule of duplicates, `outside` do not meet the conditions, and `undecided` may or
    may not, by what is not known of them.
    """

    release: str
    rows: int
    repeated: int
    outside: int
    undecided: Mapping[str, int]
    counted: int

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            "release": self.release,
            "rows": self.rows,
            "repeated": self.repeated,
            "outside": self.outside,
            **self.undecided,
            "counted": self.counted,
        }


@dataclass(frozen=True)
class Explanation:
    """An answer, what was left out of it by release, and the SQL that counts it by engine."""

    answer: Answer | EventAnswer
    left_out: tuple[LeftOut, ...]
    sql: Mapping[Dialect, Sequence[str]]

    def as_json(self) -> dict[str, Any]:
        """Returns the answer in the documented JSON schema, and the explanation beside."""
        measure = self.answer.measure
        forks = [
            {
                "fork": fork.fork,
                "question": fork.question.model_dump(),
                "default": fork.default,
                "decided": fork.decided.isoformat(),
                "reason": fork.reason,
                "options": {each.option: each.label.model_dump() for each in fork.options},
            }
            for fork in measure.forks
        ]
        return {
            **self.answer.as_json(),
            "explanation": {
                "description": measure.description.model_dump(),
                "population": measure.population.model_dump(),
                "table": measure.table,
                "forks": forks,
                "left_out": [each.as_json() for each in self.left_out],
                "sql": {name: list(statements) for name, statements in self.sql.items()},
            },
        }


def explain_records(question: Question, answer: EventAnswer, book: EventBook) -> Explanation:
    """Returns the explanation of an answer about individual records, in its first reading."""
    from recount.measure.event_counts import ReadingCount  # noqa: PLC0415  only events need it

    asked = answer.asked
    counting = ReadingCount(book, asked, asked.readings[0])
    batches = counting.batches(book.parts_out(question))
    left_out: dict[str, LeftOut] = {}
    totals = {
        each.release.release: each.cell.measured
        for each in answer.rows
        if each.cell.kind == "total" and each.reading == asked.readings[0]
    }
    sql: dict[Dialect, list[str]] = {each: [] for each in DIALECTS}
    for batch in batches:
        if asked.measure.function is None:
            frame = counting.frame(batch)
            if frame is None:
                continue
            for dialect, statement in _statements(batch, frame, book).items():
                if statement not in sql[dialect]:
                    sql[dialect].append(statement)
        for release, (rows, kept) in _rows(batch, book).items():
            measured = totals.get(release)
            if measured is None or release not in totals:
                continue
            before = left_out.get(release)
            every = rows + (before.rows if before else 0)
            repeated = rows - kept + (before.repeated if before else 0)
            counted = measured.numerator if measured.tally is None else _known(measured.tally.rows)
            undecided = 0 if measured.tally is None else _perhaps(measured.tally.rows)
            left_out[release] = LeftOut(
                release=release,
                rows=every,
                repeated=repeated,
                outside=every - repeated - counted - undecided if measured.tally is not None else 0,
                undecided={str(why): number for why, number in measured.undecided.items()},
                counted=counted,
            )
    return Explanation(answer, tuple(left_out[name] for name in sorted(left_out)), sql)


def explain_figures(answer: Answer) -> Explanation:
    """Returns the explanation of an answer about printed figures: they are read, and no SQL counts them."""
    return Explanation(answer, (), {})


def _known(tally: Mapping[tuple[State, State], int]) -> int:
    return sum(rows for (state, _), rows in tally.items() if state == "yes")


def _perhaps(tally: Mapping[tuple[State, State], int]) -> int:
    return sum(rows for (state, _), rows in tally.items() if state == "unknown")


def _rows(batch: Batch, book: EventBook) -> dict[str, tuple[int, int]]:
    """Returns, by release, how many rows a batch has, and how many its rule keeps."""
    counts = []
    for events in (book.table(batch), book.kept(batch)):
        number = events.row_count.sum() if batch.is_cube else events.count()
        grouped = events.group_by(release=events.release).aggregate(rows=number.cast("int64"))
        counts.append(dict(book.engine.rows(grouped)))
    return {release: (rows, counts[1].get(release, 0)) for release, rows in counts[0].items()}


def _statements(batch: Batch, frame: Any, book: EventBook) -> dict[Dialect, str]:
    import ibis  # noqa: PLC0415  slow to import, and only events need it

    from recount.link.duplicates import keep_rows  # noqa: PLC0415  as above
    from recount.measure.event_scan import counting_expression  # noqa: PLC0415  as above

    name = f"{frame.table.table}_counts" if batch.is_cube else frame.table.table
    events = ibis.table(book.table(batch).schema(), name=name)
    kept = events if batch.rule == "as_recorded" else keep_rows(events, batch.rule, book.linking)
    expression = counting_expression(frame, kept)
    return {each: str(ibis.to_sql(expression, dialect=each)) for each in DIALECTS}
