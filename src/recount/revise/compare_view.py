"""A comparison of two releases as tables of text, which a terminal and a page show alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.declare.catalog import Catalog
from recount.declare.comparing import load_comparing
from recount.revise.compare_findings import (
    SECTIONS,
    ColumnLabels,
    Comparison,
    FieldMissing,
    FigurePair,
    OnlyIn,
    PeriodCount,
    Section,
    StatisticRestated,
    VerdictChange,
)
from recount.revise.compare_phrases import count_of, label_of, runs_of
from recount.revise.history import How
from recount.revise.phrases import HOW, NumberWords, short_span

NOTHING = "–"
_MINUS = "\N{MINUS SIGN}"
_INDENT = "\N{NO-BREAK SPACE}" * 2
_MOST_DECIMALS = 4
_TITLES: dict[Section, str] = {
    "schema": "Tables and columns",
    "labels": "Value labels",
    "rows": "Rows",
    "periods": "Rows by period",
    "missing": "Missing values",
    "restated": "Restated figures",
    "verdicts": "Verdicts",
}
_FIT = 12


@dataclass(frozen=True)
class TableView:
    """Rows of text under a header; the columns after `texts` hold numbers. `shown` fit a terminal."""

    caption: str
    header: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    shown: int
    note: str = ""


@dataclass(frozen=True)
class SectionView:
    """One section: what it comes to in a sentence, how many differences close a gate, and its tables."""

    section: Section
    title: str
    summary: str
    differences: int
    tables: tuple[TableView, ...]


def view_comparison(comparison: Comparison, catalog: Catalog, words: NumberWords) -> list[SectionView]:
    """Returns every section of a comparison, in order."""
    view = _View(comparison, catalog, words)
    makers: dict[Section, Callable[[], tuple[str, list[TableView]]]] = {
        "schema": view.schema,
        "labels": view.labels,
        "rows": view.rows,
        "periods": view.periods,
        "missing": view.missing,
        "restated": view.restated,
        "verdicts": view.verdicts,
    }
    found = []
    for each in SECTIONS:
        summary, tables = makers[each]()
        found.append(SectionView(each, _TITLES[each], summary, comparison.count(each), tuple(tables)))
    return found


class _View:
    def __init__(self, comparison: Comparison, catalog: Catalog, words: NumberWords) -> None:
        self.comparison = comparison
        self.catalog = catalog
        self.words = words
        comparing = load_comparing(catalog)
        self.labels_shown = comparing.labels_shown
        self.restated_shown = comparing.restated_shown

    def number(self, value: int | str | None) -> str:
        if isinstance(value, int):
            return self.words.number(value)
        return NOTHING if value is None else value

    def signed(self, value: Fraction | int | None, decimals: int | None = None) -> str:
        if value is None:
            return NOTHING
        exact = Fraction(value)
        size = abs(exact)
        text = self.words.number(size) if decimals is None else self.words.decimal(size, decimals)
        if not exact:
            return text
        if decimals is not None:
            # A small difference is not rounded to none.
            enough = (each for each in range(decimals, _MOST_DECIMALS) if round(size, each))
            text = self.words.decimal(size, next(enough, _MOST_DECIMALS))
        return ("+" if exact > 0 else _MINUS) + text

    def percent(self, share: Fraction | None) -> str:
        return NOTHING if share is None else self.words.share(share)

    def change_share(self, share: Fraction | None) -> str:
        if share is None:
            return ""
        if not share:
            return self.words.share(share)
        return ("+" if share > 0 else _MINUS) + self.words.share(abs(share))

    def schema(self) -> tuple[str, list[TableView]]:
        found = self.comparison.schema
        if not found:
            return "Both have the same tables and columns.", []
        tables = []
        for table in dict.fromkeys(each.table for each in found):
            rows = [
                (
                    f"{each.kind.replace('_', ' ')} {each.name}".strip(),
                    self.number(each.a),
                    self.number(each.b),
                )
                for each in found
                if each.table == table
            ]
            tables.append(TableView(table or "workbook", ("", "a", "b"), 3, tuple(rows), len(rows)))
        return f"{count_of(len(found), 'difference')}.", tables

    def labels(self) -> tuple[str, list[TableView]]:
        found = self.comparison.labels
        tables = [each for one in found for each in self._labels(one)]
        lone = sum(each.only_a.values + each.only_b.values for each in found if each.kind != "check")
        if not lone:
            return f"Both use the same values in {count_of(len(found), 'column')}.", tables
        columns = self.comparison.count("labels")
        return f"{count_of(lone, 'value')} in one alone; {count_of(columns, 'column')} surely differ.", tables

    def _labels(self, each: ColumnLabels) -> Iterator[TableView]:
        number = self.words.number
        lone = [(one, True) for one in each.only_a.shown] + [(one, False) for one in each.only_b.shown]
        lone.sort(key=lambda found: (-found[0].rows, found[0].code))
        rows = [
            (one.label, number(one.rows), NOTHING) if is_a else (one.label, NOTHING, number(one.rows))
            for one, is_a in lone
        ]
        notes = [*self._more("a", each.only_a), *self._more("b", each.only_b)]
        if each.suppressed_a or each.suppressed_b:
            notes.append(
                f"{number(each.suppressed_a)} rows of a and {number(each.suppressed_b)} of b are pooled, and may hold "
                "any value."
            )
        if rows:
            name = "checks" if each.kind == "check" else each.column.removesuffix("_code")
            header = ("value", "rows of a", "rows of b")
            note = " ".join(notes)
            yield TableView(f"{each.table} · {name}", header, 1, tuple(rows), _FIT, note)

    def _more(self, side: str, only: OnlyIn) -> Iterator[str]:
        rest = only.values - len(only.shown)
        if rest > 0:
            rows = only.rows - sum(each.rows for each in only.shown)
            yield f"{count_of(rest, 'more value')} of {side} alone, in {self.words.number(rows)} rows."

    def rows(self) -> tuple[str, list[TableView]]:
        rows = []
        for each in self.comparison.rows:
            if each.name is None or each.a != each.b:
                share = Fraction(each.b - each.a, each.a) if each.a else None
                rows.append(
                    (
                        each.table if each.name is None else f"{_INDENT}{each.name}",
                        self.words.number(each.a),
                        self.words.number(each.b),
                        self.signed(each.b - each.a),
                        self.change_share(share),
                    )
                )
        differ = self.comparison.count("rows")
        summary = (
            f"{count_of(differ, 'table')} of {len(self.comparison.tables)} with another number of rows."
            if differ
            else "The same number of rows in every table."
        )
        header = ("table", "a", "b", "difference", "share")
        return summary, [TableView("", header, 1, tuple(rows), len(rows))]

    def periods(self) -> tuple[str, list[TableView]]:
        tables = []
        is_printed = self.comparison.kind == "printed"
        for table in self.comparison.tables:
            own = [each for each in self.comparison.periods if each.table == table]
            for kind, name in (("fiscal_year", "fiscal year"), ("month", "month")):
                of_kind = [each for each in own if each.kind == kind]
                both = [each for each in of_kind if each.is_compared]
                shown = [each for each in both if each.difference] if is_printed or kind == "month" else both
                note = self._alone(of_kind)
                if kind == "month" and len(both) > len(shown):
                    note = f"{count_of(len(both) - len(shown), 'month')} alike. {note}".strip()
                if shown:
                    header = (name, "a", "b", "difference", "share", "")
                    rows = tuple(self._period(each) for each in reversed(shown))
                    tables.append(TableView(table, header, 1, rows, _FIT, note))
        changed = self.comparison.count("periods")
        whole = sum(each.is_compared and not each.cut_short for each in self.comparison.periods)
        what = "numbers printed" if is_printed else "rows"
        if not whole:
            return "No whole month or year that both cover.", tables
        return f"{changed:,} of {whole:,} months and years that both cover whole differ in {what}.", tables

    def _period(self, each: PeriodCount) -> tuple[str, ...]:
        remarks = [f"cut short by {' and '.join(each.cut_short)}"] if each.cut_short else []
        pooled = [
            f"{self.words.number(more)} of {name}"
            for name, more in (("a", each.more_a), ("b", each.more_b))
            if more
        ]
        remarks += [f"not told: {', '.join(pooled)}"] if pooled else []
        return (
            each.label,
            self.number(each.a),
            self.number(each.b),
            self.signed(each.difference),
            self.change_share(each.share),
            "; ".join(remarks),
        )

    def _alone(self, periods: Sequence[PeriodCount]) -> str:
        notes = []
        for name, own in (
            ("a", [each for each in periods if each.b is None]),
            ("b", [each for each in periods if each.a is None]),
        ):
            if own:
                rows = sum((each.a or 0) + (each.b or 0) for each in own)
                notes.append(f"{name} alone: {', '.join(runs_of(own))}; {self.words.number(rows)} rows.")
        return " ".join(notes)

    def missing(self) -> tuple[str, list[TableView]]:
        tables = []
        moved = [each for each in self.comparison.missing if each.most_points]
        for table in self.comparison.tables:
            own = sorted(
                (each for each in moved if each.table == table),
                key=lambda each: (-each.most_points, each.field),
            )
            rows = tuple(row for each in own for row in self._missing(each))
            if rows:
                header = ("field", "", "a", "b", "points")
                tables.append(TableView(table, header, 2, rows, self.labels_shown))
        differ = self.comparison.count("missing")
        least = self.words.number(self.comparison.least_points)
        compared = [
            each for each in self.comparison.missing if each.blank_points is not None or each.redacted_points
        ]
        if not compared:
            return "Neither tells what is missing.", tables
        return (
            f"{differ:,} of {count_of(len(compared), 'field')} by {least} point{'' if least == '1' else 's'} or more; "
            f"{len(moved):,} at all.",
            tables,
        )

    def _missing(self, each: FieldMissing) -> Iterator[tuple[str, ...]]:
        kinds = (
            ("blank", each.a.blank_share, each.b.blank_share, each.blank_points),
            ("blacked out", each.a.redacted_share, each.b.redacted_share, each.redacted_points),
        )
        name = each.field
        for kind, a, b, points in kinds:
            if points:
                yield name, kind, self.percent(a), self.percent(b), self.signed(points, 1)
                name = ""

    def restated(self) -> tuple[str, list[TableView]]:
        if self.comparison.kind == "records":
            return self._restated_records()
        found = [each for each in self.comparison.restated if each.restated]
        compared = sum(each.compared for each in self.comparison.restated)
        pairs = [one for each in found for one in each.restated]
        if not compared:
            return "No figure of the same span and place is in both.", []
        hows: Counter[How] = Counter()
        for each in self.comparison.restated:
            hows.update(each.by_how)
        others = [f"{count:,} {HOW[how]}" for how, count in hows.most_common() if how != "restated"]
        rest = f" The others: {', '.join(others)}." if others else ""
        summary = (
            f"{len(pairs):,} of {count_of(compared, 'figure')} of one span and place are restated.{rest}"
        )
        if not pairs:
            return summary, []
        by_statistic = tuple(self._statistic(each) for each in found)
        largest = ("statistic", "restated", "of", "largest: a", "b", "change", "where")
        tables = [TableView("", largest, 1, by_statistic, len(by_statistic))]
        return summary, tables

    def _statistic(self, each: StatisticRestated) -> tuple[str, ...]:
        pair = each.largest
        if pair is None:
            raise ValueError("a statistic without a restated figure has no largest")
        table = self.catalog.tables[each.table]
        named = (
            "statistic_name" if any(one.name == "statistic_name" for one in table.fields) else "figure_name"
        )
        codes = table.field(named).codes
        label = label_of(self.catalog.codes.get(codes or ""), each.statistic)
        return (
            label,
            self.words.number(len(each.restated)),
            self.words.number(each.compared),
            *self._values(pair),
            self._where(pair),
        )

    def _values(self, pair: FigurePair) -> tuple[str, str, str]:
        if pair.unit == "share":
            a, b = self.words.share(pair.a, [pair.b]), self.words.share(pair.b, [pair.a])
            return a, b, self.signed(pair.change * 100, 1)
        if pair.a.denominator == pair.b.denominator == 1:
            return self.words.number(pair.a), self.words.number(pair.b), self.signed(pair.change)
        decimals = next(
            (each for each in range(1, _MOST_DECIMALS) if round(pair.a, each) != round(pair.b, each)),
            _MOST_DECIMALS,
        )
        a, b = (self.words.decimal(each, decimals) for each in (pair.a, pair.b))
        return a, b, self.signed(pair.change, decimals)

    def _where(self, pair: FigurePair) -> str:
        table = self.catalog.tables[pair.table]
        codes = {each.name.removesuffix("_code"): each.codes for each in table.fields if each.codes}
        parts = [
            label_of(self.catalog.codes.get(codes.get(name) or ""), code)
            for name, code in pair.breakdown.items()
        ]
        return ", ".join([*parts, short_span(pair.span)])

    def _restated_records(self) -> tuple[str, list[TableView]]:
        months = [each for each in self.comparison.periods if each.kind == "month" and each.changed]
        whole = sum(
            each.kind == "month" and each.is_compared and not each.cut_short
            for each in self.comparison.periods
        )
        summary = (
            f"Rows are never matched. {len(months):,} of {count_of(whole, 'month')} that both cover whole have another "
            "count of rows."
        )
        months.sort(key=lambda each: (-abs(each.difference or 0), each.table, each.label))
        rows = tuple(
            (
                f"{each.table} {each.label}",
                self.number(each.a),
                self.number(each.b),
                self.signed(each.difference),
                self.change_share(each.share),
            )
            for each in months[: self.restated_shown]
        )
        header = ("largest", "a", "b", "difference", "share")
        return summary, [TableView("", header, 1, rows, 5)] if rows else []

    def verdicts(self) -> tuple[str, list[TableView]]:
        found = self.comparison.verdicts
        checked = self.comparison.claims_checked
        if not checked:
            return "No claim was checked.", []
        turned = sum(each.turned for each in found)
        if not found:
            return f"None of {count_of(checked, 'claim')} differs, whichever of the two is the latest.", []
        rows = tuple(row for each in found for row in self._verdict(each))
        summary = (
            f"{len(found):,} of {count_of(checked, 'claim')} rest on other numbers with b as the latest release; "
            f"{turned:,} with another verdict."
        )
        return summary, [TableView("", ("claim", "was, with a", "is, with b"), 3, rows, len(rows))]

    def _verdict(self, change: VerdictChange) -> Iterator[tuple[str, ...]]:
        yield change.title, change.a.headline.replace("_", " "), change.b.headline.replace("_", " ")
        was, now = change.a.by_reading(), change.b.by_reading()
        for asked in dict.fromkeys((*was, *now)):
            values = was.get(asked, NOTHING), now.get(asked, NOTHING)
            if values[0] != values[1]:
                yield f"{_INDENT}{asked}", *values
