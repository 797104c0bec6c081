"""Printed figures limited to spans of time, and their parts as shares of rows, columns and totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from recount.declare.catalog import Catalog
from recount.errors import UsageError, Worded
from recount.measure.figures import MeasuredFigure
from recount.measure.questions import PERS, Question

if TYPE_CHECKING:
    from recount.declare.denominators import Denominator
    from recount.declare.measures import Measure
    from recount.measure.event_conditions import Condition
    from recount.measure.prints import PrintBook

TOTAL = "total"


@dataclass(frozen=True)
class TimeLimits:
    """Conditions on time. A figure lies in the span in which its last counted day lies."""

    conditions: tuple[Condition, ...]

    def take(self, figures: Sequence[MeasuredFigure]) -> list[MeasuredFigure]:
        """Returns the figures that lie within every condition."""
        return [
            each
            for each in figures
            if all(
                any(start <= each.through_date < end for start, end in limit.spans)
                for limit in self.conditions
            )
        ]

    @property
    def written_out(self) -> dict[str, str]:
        """The conditions as a question gives them."""
        from recount.measure.event_conditions import written_out as written_conditions  # noqa: PLC0415  as below

        return written_conditions(self.conditions)


def split_where(where: Mapping[str, str], catalog: Catalog) -> tuple[TimeLimits, dict[str, str]]:
    """Returns the conditions on time, and the others as given.

    Raises:
        UsageError: for an impossible span, and spans that have no day in common.
    """
    # Slow to import, and the figures of claims need none of it.
    from recount.declare.administrations import load_administrations  # noqa: PLC0415
    from recount.measure.event_conditions import (  # noqa: PLC0415
        TIMES,
        read_times,
        refuse_contradicting_times,
    )

    administrations = load_administrations(catalog) if set(where) & set(TIMES) else ()
    limits = [
        each for name in TIMES if name in where for each in read_times(name, where[name], administrations)
    ]
    refuse_contradicting_times(limits)
    return TimeLimits(tuple(limits)), {name: text for name, text in where.items() if name not in TIMES}


def refuse_operator(name: str, text: str) -> None:
    """Refuses what no printed figure can answer: what remains without a code, or an order of codes.

    Raises:
        UsageError: where a condition begins with an operator.
    """
    if text.startswith(("!=", ">=", "<=")):
        raise UsageError(
            Worded(
                "%(condition)s cannot be asked of printed figures: they give the numbers of codes.",
                condition=name + text,
            ),
            [("fix", Worded("name codes, with commas between: %(condition)s", condition=f"{name}=…"))],
        )


def give_shares(
    figures: Sequence[MeasuredFigure], per: str | None, dimensions: Sequence[str], measure_kind: str
) -> list[MeasuredFigure]:
    """Returns figures with what each is a share of, where a question asks it.

    Raises:
        UsageError: where the measure is no count, or is split by too few dimensions.
    """
    if per is None or per not in PERS:
        return list(figures)
    if measure_kind != "count":
        raise UsageError(
            Worded("--per takes the parts of a count, and this is a %(kind)s.", kind=measure_kind),
            [("fix", Worded("leave --per out"))],
        )
    needed = 1 if per == "total" else 2
    if len(dimensions) < needed:
        raise UsageError(
            Worded("--per %(whole)s needs 2 dimensions of a statistic in --by.", whole=per)
            if needed > 1
            else Worded("--per %(whole)s needs 1 dimension of a statistic in --by.", whole=per),
            [("fix", "recount describe MEASURE names its dimensions")],
        )
    kept = {"total": (), "row": tuple(dimensions[:-1]), "column": tuple(dimensions[-1:])}[per]
    numbers = {_key(each, each.breakdown): each.numerator for each in figures}
    shown = []
    for each in figures:
        whole = {name: code if name in kept else TOTAL for name, code in each.breakdown.items()}
        shown.append(replace(each, share_of=numbers.get(_key(each, whole))))
    return shown


def denominator_of(question: Question, catalog: Catalog) -> Denominator | None:
    """Returns what a question's numbers are divided by, `None` where it asks shares or neither.

    Raises:
        UnknownNameError: where it is per something that is no share and no denominator.
    """
    if question.per is None or question.per in PERS:
        return None
    from recount.measure.denominators import find_denominator  # noqa: PLC0415  slow to import, and claims do without

    return find_denominator(question.per, catalog)


def divide(
    figures: Sequence[MeasuredFigure],
    denominator: Denominator | None,
    measure: Measure,
    question: Question,
    book: PrintBook,
) -> list[MeasuredFigure]:
    """Returns figures with their rates, where a question asks it.

    Raises:
        UsageError: where the measure is no count, or the denominator is printed in another table.
    """
    if denominator is None:
        return list(figures)
    from recount.measure.figure_rates import give_rates  # noqa: PLC0415  as above

    return give_rates(figures, denominator, measure, book, question.as_known_on)


def _key(figure: MeasuredFigure, breakdown: Mapping[str, str]) -> tuple[Any, ...]:
    return (
        figure.release.release,
        figure.through_date,
        figure.period_start,
        tuple(sorted(figure.reading.items())),
        tuple(sorted(breakdown.items())),
    )
