"""Two releases held against each other: shown as a table or as HTML, given as JSON, as a frame, or as a page."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from recount.claim.answer_words import label_of_term, shown_terms
from recount.claim.columns import Mark
from recount.claim.rows import reading_label
from recount.claim.words import Words
from recount.declare.comparing import Comparing, load_comparing
from recount.declare.text import Language
from recount.errors import UnknownNameError, UsageError
from recount.measure.figures import MeasuredFigure
from recount.record.store import Record
from recount.revise.compare import compare_releases
from recount.revise.compare_findings import SECTIONS, Comparison, Judged, JudgedNumber, Section
from recount.revise.compare_values import CSV_HEADER, comparison_as_json, comparison_rows
from recount.revise.compare_view import SectionView, view_comparison

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa

    from recount.ask.record import OpenRecord


@dataclass(frozen=True, eq=False)
class ReleaseComparison:
    """What one release has and another lacks, and what each says otherwise; differences are b less a.

    Example:
        >>> import recount
        >>> record = recount.open()
        >>> comparison = record.compare("fy26-detentionstats02022026", "fy26-detentionstats-02122026")
        >>> comparison.differences("restated"), comparison.differences("schema")
        (236, 0)
        >>> comparison.to_polars("restated").height
        236
    """

    record: OpenRecord
    comparison: Comparison
    language: Language = "en"

    def sections(self) -> list[SectionView]:
        """Returns every section in words: tables and columns, labels, rows, periods, blanks, restated, verdicts."""
        return self._sections

    @functools.cached_property
    def _sections(self) -> list[SectionView]:
        return view_comparison(self.comparison, self.record.catalog, self.words)

    @functools.cached_property
    def words(self) -> Words:
        """The language of what is shown."""
        return Words(self.record.catalog, self.language)

    @functools.cached_property
    def comparing(self) -> Comparing:
        """The rules and the words of comparisons."""
        return load_comparing(self.record.catalog)

    def say(self, text: str, **filled_in: object) -> str:
        """Returns a text of comparisons in the language of what is shown, its names filled in."""
        return self.comparing.say(text, self.language, **filled_in)

    def differences(self, section: Section) -> int:
        """Returns how many differences of a section close a gate.

        Raises:
            UnknownNameError: for a section that there is not.
        """
        (name,) = read_sections([section])
        return self.comparison.count(name)

    def differing(self, sections: Iterable[str]) -> str:
        """Returns in words in which of these sections the two differ; empty where in none.

        Raises:
            UnknownNameError: for a section that there is not.
        """
        return self.comparison.name_differing(read_sections(sections))

    def as_json(self) -> dict[str, Any]:
        """Returns the comparison in the documented JSON schema."""
        return comparison_as_json(self.comparison)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yields a row for each difference, in the columns of the CSV: section, table, what, a, b, difference."""
        yield from comparison_rows(self.comparison)

    def to_polars(self, section: Section | None = None) -> pl.DataFrame:
        """Returns the differences as a Polars frame, of one section alone where it is named.

        Values are text as in the CSV, exact where they are fractions: a section counts rows, another shares.

        Raises:
            UnknownNameError: for a section that there is not.
        """
        import polars as pl  # noqa: PLC0415  few comparisons need it

        wanted = SECTIONS if section is None else tuple(read_sections([section]))
        kept = [each for each in self.rows() if each[0] in wanted]
        return pl.DataFrame(
            {
                name: pl.Series(
                    name, [None if each[at] is None else str(each[at]) for each in kept], pl.String
                )
                for at, name in enumerate(CSV_HEADER)
            }
        )

    def to_arrow(self, section: Section | None = None) -> pa.Table:
        """Returns the differences as a table of Arrow.

        Raises:
            UsageError: where pyarrow is not installed.
        """
        try:
            import pyarrow  # noqa: F401, PLC0415  is it there?
        except ImportError as absent:
            raise UsageError("pyarrow is not installed.", [("fix", "pip install pyarrow")]) from absent
        return self.to_polars(section).to_arrow()

    def to_pandas(self, section: Section | None = None) -> pd.DataFrame:
        """Returns the differences as a frame of pandas."""
        return self.to_arrow(section).to_pandas()

    def page(self) -> str:
        """Returns one self-contained HTML page."""
        from recount.report.compare_page import write_comparison  # noqa: PLC0415  few comparisons need it

        return write_comparison(self.comparison, self.sections(), self.words, self.comparing)

    def __str__(self) -> str:
        from recount.ask.comparison_showing import as_text  # noqa: PLC0415  as above

        return as_text(self)

    def _repr_html_(self) -> str:
        from recount.ask.comparison_showing import as_html  # noqa: PLC0415  as above

        return as_html(self)


def read_sections(given: Iterable[str]) -> list[Section]:
    """Returns sections by name.

    Raises:
        UnknownNameError: for one that there is not.
    """
    found: list[Section] = []
    for name in given:
        if name not in get_args(Section):
            raise UnknownNameError("section", name, SECTIONS, [("known", ", ".join(SECTIONS))])
        found.append(next(each for each in SECTIONS if each == name))
    return found


def compare_in(
    record: OpenRecord, a: str, b: str, table: str | None, language: Language
) -> ReleaseComparison:
    """Returns two releases of a record held against each other, and every shipped claim judged under each.

    Raises:
        UnknownNameError: for an unknown release or table, with the nearest names.
        UsageError: where they report different things, or have no table in common.
    """
    from recount.measure.event_engine import open_engine  # noqa: PLC0415  printed figures do without

    comparison = compare_releases(
        record.record,
        record.catalog,
        (a, b),
        engine=lambda: open_engine(record.engine),
        judge=lambda narrowed: _judge(record, narrowed, language),
        table=table,
    )
    return ReleaseComparison(record, comparison, language)


def _judge(record: OpenRecord, narrowed: Record, language: Language) -> Mapping[str, tuple[str, Judged]]:
    """Returns how a record judges every shipped claim, and the numbers of `now` under each."""
    words = Words(record.catalog, language)
    asked = type(record)(narrowed, record.catalog, record.engine)
    found = {}
    for claim in asked.claims():
        try:
            verdict = asked.check(claim)
        except UnknownNameError:
            # No release out by then prints a place that the claim speaks of.
            found[claim.claim] = (claim.title.in_language(language), Judged("untestable", "untestable", ()))
            continue
        now = verdict.columns["now"]
        numbers: list[JudgedNumber] = []
        for mark in (*now.marks, *now.proxies):
            reading = reading_label(mark.asked, verdict, words)
            for asked_of, figure in _numbers_under(mark, reading, words):
                numbers.append(
                    JudgedNumber(
                        asked=asked_of,
                        outcome=mark.outcome,
                        value=mark.outcome if figure is None else words.value(figure),
                        release=None if figure is None else figure.release.release,
                        through_date=None if figure is None else figure.through_date,
                        numerator=None if figure is None else figure.numerator,
                        denominator=None if figure is None else figure.denominator,
                    )
                )
        found[claim.claim] = (
            claim.title.in_language(language),
            Judged(verdict.headline, now.word, tuple(dict.fromkeys(numbers))),
        )
    return found


def _numbers_under(mark: Mark, reading: str, words: Words) -> Iterator[tuple[str, MeasuredFigure | None]]:
    """The figure under a mark, or each that a claim of several numbers works with, by what it is called."""
    if not mark.spoken.terms and mark.spoken.parts:
        for term, value in shown_terms(mark.asked, mark.spoken):
            for figure in value.figures:
                yield f"{reading}, {label_of_term(term, words)}", figure
    elif not mark.spoken.terms:
        yield reading, mark.spoken.figures[0] if mark.spoken.figures else None
    for value in mark.spoken.terms:
        for figure in value.figures:
            label = label_of_term(mark.asked.terms[value.term], words) if value.is_named else ""
            named = [each for each in (reading, label or words.date(figure.through_date)) if each]
            yield ", ".join(named), figure
