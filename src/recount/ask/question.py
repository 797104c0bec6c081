"""Questions put together step by step: lazy until asked, shown as a table or as HTML, given as frames."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from recount.claim.words import Words
from recount.declare.release_lag import SHORT_SPANS
from recount.declare.text import Language
from recount.errors import UsageError, Worded
from recount.measure.answer import Answer, Question, answer_question
from recount.measure.denominators import find_denominator
from recount.measure.prints import PrintBook
from recount.measure.questions import PERS, Per, read_date
from recount.measure.receipt import Receipt

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa

    from recount.ask.layout import Shown
    from recount.chart.draw import Chart
    from recount.chart.picture import Picture
    from recount.chart.theme import ThemeName
    from recount.chart.tiles import AskedKind
    from recount.declare.exports import FormatName
    from recount.export.writing import WrittenExport
    from recount.measure.difference import Difference
    from recount.measure.event_answer import EventAnswer
    from recount.measure.event_book import EventBook
    from recount.measure.explain import Explanation
    from recount.measure.spread import Spread

Given = str | int | Sequence[str | int]
"""A condition as Python gives it: a text, a number, or a list of either."""


@dataclass(frozen=True)
class MeasureQuestion:
    """A question to one measure, put together step by step.

    Each step returns a new question, and nothing is computed before an answer is asked for: by showing it, or by
    `result()`, `spread()`, `difference()`, `explain()`, `receipt()` or one of the frames. A measure of individual
    records has its `events`.

    Example:
        >>> import recount
        >>> removals = recount.open().measure("removals").release("ice-2019-icfo-53623")
        >>> boston = removals.by("fiscal_year").where(aor="Boston")
        >>> print(boston)  # doctest: +ELLIPSIS
        removals and returns, aor Boston
        <BLANKLINE>
        ice-2019-icfo-53623  ERO records of 2019-ICFO-53623
        fiscal year                events   at most   suppressed
        ──────────────────────────────────────────────────────────
        2016                        1,344     1,477          133
        2018                        2,367     2,515          148
        2019 (to 31 August 2019)    2,095     2,274          179
        Total                       5,806     6,266          460
        ! An area of responsibility spans several states ...
    """

    book: PrintBook
    question: Question
    events: EventBook | None = None
    all_readings: bool = False
    with_bounds: bool = False

    # Steps

    def where(self, **conditions: Given) -> MeasureQuestion:
        """Limits what is asked; conditions of earlier steps stay, and one on the same dimension takes their place.

        Args:
            conditions: by dimension. Of printed figures a place (`jurisdiction="Suffolk County, MA"`, `state="MA"`),
                codes (`criminality="convicted"`) or a span (`fiscal_year="2024..2025"`). Of individual records
                codes (`aor="Boston"`, a list of them, or `"!=Boston"`), numbers (`age=">=18"`) and spans
                (`date="2018-01-01..2018-06-30"`).

        Example:
            >>> import recount
            >>> arrests = recount.open().measure("arrests").where(aor=["Boston", "Seattle"], fiscal_year=2018)
            >>> arrests.question.where
            {'aor': 'Boston,Seattle', 'fiscal_year': '2018'}
        """
        return self._with(where={**self.question.where, **_texts(conditions)})

    def by(self, *dimensions: str) -> MeasureQuestion:
        """Splits the answer by spans of time, dimensions of the measure, `release` or `reading`.

        Printed figures by release, through_date, reading, fiscal_year, month, state, jurisdiction or a dimension;
        individual records by reading, week, month, quarter, fiscal_year, calendar_year, administration or a
        dimension.
        """
        return self._with(by=dimensions)

    def period(self, kind: str) -> MeasureQuestion:
        """Splits the answer by spans of time too: `fiscal_year`, `month`, `quarter`, `week`, `administration`."""
        by = self.question.by or ()
        return self if kind in by else self._with(by=(kind, *by))

    def release(self, release: str) -> MeasureQuestion:
        """Asks one release alone."""
        return self._with(release=release)

    def as_known_on(self, date: datetime.date | str) -> MeasureQuestion:
        """Leaves out every release that was not out by `date`."""
        return self._with(as_known_on=read_date(date))

    def reading(self, **options: str) -> MeasureQuestion:
        """Takes one option at each fork named; the others keep their default."""
        return self._with(reading={**(self.question.reading or {}), **options})

    def readings(self, which: Literal["all"] = "all") -> MeasureQuestion:
        """Asks every reading; what is shown is the spread: lowest, default, highest, and the fork that moves it most.

        Example:
            >>> import recount
            >>> boston = recount.open().measure("share_without_conviction").where(jurisdiction="Suffolk County, MA")
            >>> spread = boston.release("boston-globe-2011-09").readings("all").spread()
            >>> [(each.lowest.numerator, each.highest.numerator, each.moved_most_by) for each in spread.rows]
            [(60, 177, 'without_conviction')]

        Raises:
            UsageError: for anything but all.
        """
        if which != "all":
            raise UsageError(
                Worded("Readings are asked all at once."),
                [("fix", 'readings("all"), or reading(fork="option")')],
            )
        return replace(self, all_readings=True)

    def bounds(self) -> MeasureQuestion:
        """Shows the lowest and the highest of every number, and what is missing, also where nothing is.

        Example:
            >>> import recount
            >>> arrests = recount.open().measure("arrests").release("ice-2019-icfo-53623")
            >>> [each.heading for each in arrests.bounds().shown().blocks[0].columns]
            ['', 'events', 'lowest', 'highest', 'missing', 'redacted', 'suppressed']
        """
        return replace(self, with_bounds=True)

    def per(self, whole: str) -> MeasureQuestion:
        """Gives the parts of a count as shares (of row, column or total), or per 100,000 of a denominator.

        Example:
            >>> import recount
            >>> removals = recount.open().measure("removals").release("ice-2019-icfo-53623")
            >>> rates = removals.by("aor").where(fiscal_year=2018, aor="Boston,Los Angeles").per("residents").result()
            >>> [(each.breakdown["aor"], each.rate.base.count, each.rate.base.because) for each in rates.rows[:2]]
            [('BOS', 15116205, None), ('LOS', None, 'splits_state')]

        Raises:
            UnknownNameError: for any other whole.
        """
        find_denominator(whole, self.book.catalog)
        return self._with(per=whole)

    def compare_with(self, **conditions: Given) -> MeasureQuestion:
        """Asks for the difference to another place or period, named as in `where`.

        Example:
            >>> import recount
            >>> held = recount.open().measure("book_ins").where(fiscal_year=2024)
            >>> (row,) = held.compare_with(fiscal_year=2023).difference().rows
            >>> row.difference == row.first.numerator - row.second.numerator
            True
        """
        return self._with(compare_with={**(self.question.compare_with or {}), **_texts(conditions)})

    # Answers

    def result(self) -> Answer | EventAnswer:
        """Returns the answer, with its integers and receipt."""
        return self._result

    def spread(self) -> Spread:
        """Returns the answer over all readings: lowest, default, highest, and the fork that moves it most."""
        from recount.measure.spread import spread_answer  # noqa: PLC0415  few questions need it

        return spread_answer(replace(self, all_readings=True)._result)

    def difference(self) -> Difference:
        """Returns the difference to what the question is compared with, and its bounds.

        Raises:
            UsageError: where it is compared with nothing, or the two sides have something in common.
        """
        return self._difference

    def explain(self) -> Explanation:
        """Returns what the answer means: definition, choices, what was left out by the reason, and the SQL of it."""
        from recount.measure.explain import explain_figures, explain_records  # noqa: PLC0415  as above

        answer = self._result
        if isinstance(answer, Answer):
            return explain_figures(answer)
        return explain_records(self._asked, answer, self._records)

    def receipt(self) -> Receipt:
        """Returns the receipt of what is shown."""
        return self._difference.receipt if self.question.compare_with else self._result.receipt

    def as_json(self) -> dict[str, Any]:
        """Returns what is shown in the documented JSON schema."""
        if self.question.compare_with:
            return self._difference.as_json()
        if self.all_readings or not SHORT_SPANS & set(self.question.by or ()):
            return self.spread().as_json() if self.all_readings else self._result.as_json()
        from recount.ask.lag_rows import lag_as_json  # noqa: PLC0415  few questions need it

        return {**self._result.as_json(), **lag_as_json(self)}

    # Frames

    def to_polars(self) -> pl.DataFrame:
        """Returns the rows of what is shown as a Polars frame, one column a dimension.

        Example:
            >>> import recount
            >>> held = recount.open().measure("detained_population").as_known_on("2026-02-13")
            >>> held.by("criminality").to_polars().select("criminality", "numerator").rows()
            [('convicted', 18030), ('pending', 17895), ('other', 32364), ('total', 68289)]
        """
        from recount.ask.frames import frame_of  # noqa: PLC0415  few questions need it

        return frame_of(self)

    def to_arrow(self) -> pa.Table:
        """Returns the rows of what is shown as a table of Arrow."""
        from recount.ask.frames import arrow_of  # noqa: PLC0415  as above

        return arrow_of(self)

    def to_pandas(self) -> pd.DataFrame:
        """Returns the rows of what is shown as a frame of pandas, which comes with the engine's library."""
        return self.to_arrow().to_pandas()

    # Faces

    def export(
        self, to: Path | str, as_format: FormatName | None = None, *, force: bool = False
    ) -> WrittenExport:
        """Writes what is shown to a file, with definitions, caveats and receipt; the suffix says the format.

        Example:
            >>> import recount, tempfile
            >>> held = recount.open().measure("detained_population").as_known_on("2026-02-13")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     held.by("criminality").export(f"{folder}/held.csv").tables[0].rows
            4

        Raises:
            UsageError: where there are no rows, the format cannot hold them, or the place cannot be written.
        """
        from recount.ask.exporting import export_question  # noqa: PLC0415  few questions need it

        return export_question(self, Path(to), as_format, force=force)

    def chart(
        self,
        language: Language = "en",
        theme: ThemeName = "light",
        per: Per | None = None,
        kind: AskedKind = "auto",
    ) -> Chart:
        """Returns the answer as a chart of Altair: over time, unless the question names one date.

        Args:
            language: of everything on it.
            theme: colours for light or for dark paper.
            per: draws the parts of a count as shares; of printed figures, of their `total` alone. Rates are drawn
                of a question that asks them: `per("residents").chart()`.
            kind: `map` or `bars` of states or areas of responsibility side by side; `auto` draws a map where there
                are enough of them.

        Raises:
            UsageError: where there is nothing to draw, or what is asked is not drawn.
        """
        from recount.chart.draw import draw_picture  # noqa: PLC0415  slow to import, and not always needed

        return draw_picture(self.picture(language, per, kind), theme)

    def picture(
        self, language: Language = "en", per: Per | None = None, kind: AskedKind | None = None
    ) -> Picture:
        """Returns what the chart of the answer shows: its points, texts and table; as in `chart`.

        Without `kind` it is never a map.
        """
        from recount.chart.draw import (  # noqa: PLC0415  as above
            picture_of_event_question,
            picture_of_question,
        )

        if self.question.compare_with:
            raise UsageError(
                Worded("A difference is not drawn."),
                [("fix", Worded("chart both sides, without compare_with"))],
            )
        words = Words(self.book.catalog, language)
        asked = self._asked
        if self.events is not None:
            return picture_of_event_question(replace(asked, per=per or asked.per), self.events, words, kind)
        whole = per or next((each for each in PERS if each == asked.per), None)
        if whole not in (None, "total"):
            raise UsageError(
                Worded(
                    "Printed figures are drawn as shares of their total, and not of a %(whole)s.", whole=whole
                )
            )
        if whole is not None:
            asked = replace(asked, per=None)
        return picture_of_question(asked, self.book, words, "total" if whole else None, kind)

    def shown(self, language: Language = "en") -> Shown:
        """Returns what is asked laid out as tables and notes."""
        from recount.ask.showing import lay_out  # noqa: PLC0415  as above

        return lay_out(self, Words(self.book.catalog, language))

    def explained(self, language: Language = "en") -> Shown:
        """Returns the explanation laid out: definition, choices, what was left out, and the SQL."""
        from recount.ask.explanation_rows import lay_out_explanation  # noqa: PLC0415  as above

        return lay_out_explanation(self.explain(), Words(self.book.catalog, language))

    def __str__(self) -> str:
        from recount.ask.terminal import as_text  # noqa: PLC0415  as above

        return as_text(self.shown())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from recount.ask.notebook import as_html  # noqa: PLC0415  as above

        return as_html(self.shown())

    # How it is asked

    @property
    def _asked(self) -> Question:
        question = self.question
        if not self.all_readings:
            return question
        by = question.by
        if by is None:
            lists = self.events is None and question.as_known_on is None and question.compare_with is None
            by = ("release",) if lists else ()
        return question if "reading" in by else replace(question, by=(*by, "reading"))

    @functools.cached_property
    def _result(self) -> Answer | EventAnswer:
        question = replace(self._asked, compare_with=None)
        return answer_question(question, self.book) if self.events is None else self.events.answer(question)

    @functools.cached_property
    def _difference(self) -> Difference:
        from recount.measure.difference import compare_answers  # noqa: PLC0415  as above

        if not self.question.compare_with:
            raise UsageError(
                Worded("The question is compared with nothing."), [("fix", 'compare_with(aor="Seattle")')]
            )
        return compare_answers(self._asked, self.book, self.events)

    @property
    def _records(self) -> EventBook:
        if self.events is None:
            raise UsageError(
                Worded("%(measure)s counts no individual records.", measure=self.question.measure)
            )
        return self.events

    def _with(self, **changed: Any) -> MeasureQuestion:
        return replace(self, question=replace(self.question, **changed))


def _texts(conditions: Mapping[str, Given]) -> dict[str, str]:
    return {
        name: given
        if isinstance(given, str)
        else str(given)
        if isinstance(given, int)
        else ",".join(f'"{each}"' if "," in str(each) else str(each) for each in given)
        for name, given in conditions.items()
    }
