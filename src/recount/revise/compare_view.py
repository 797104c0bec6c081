"""A comparison of two releases as tables of text, which a terminal and a page show alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.declare.catalog import Catalog
from recount.declare.tables import CodeList
from recount.revise.compare_findings import (
    SECTIONS,
    ColumnLabels,
    Comparison,
    FieldMissing,
    FigurePair,
    Judged,
    OnlyIn,
    PeriodCount,
    Section,
    StatisticRestated,
    VerdictChange,
)
from recount.revise.compare_phrases import SpokenWords, runs_of
from recount.revise.compare_saying import MOST_DECIMALS, NOTHING, Saying
from recount.revise.history import How

_INDENT = "\N{NO-BREAK SPACE}" * 2
_FIT = 12


@dataclass(frozen=True)
class TableView:
    """Rows of text under a header; the columns after `texts` hold numbers, but for the last `remarks`.

    `shown` fit a terminal.
    """

    caption: str
    header: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    shown: int
    note: str = ""
    remarks: int = 0


@dataclass(frozen=True)
class SectionView:
    """One section: what it comes to in a sentence, how many differences close a gate, and its tables."""

    section: Section
    title: str
    summary: str
    differences: int
    tables: tuple[TableView, ...]


def view_comparison(comparison: Comparison, catalog: Catalog, words: SpokenWords) -> list[SectionView]:
    """Returns every section of a comparison, in order and in the language of `words`."""
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
        found.append(
            SectionView(each, view.say(f"title_{each}"), summary, comparison.count(each), tuple(tables))
        )
    return found


class _View(Saying):
    def schema(self) -> tuple[str, list[TableView]]:
        found = self.comparison.schema
        if not found:
            return self.say("schema_same"), []
        tables = []
        for table in dict.fromkeys(each.table for each in found):
            rows = [
                (
                    f"{self.say(f'schema_{each.kind}')} {each.name}".strip(),
                    self.held(each.a),
                    self.held(each.b),
                )
                for each in found
                if each.table == table
            ]
            tables.append(TableView(table or self.say("workbook"), ("", "a", "b"), 3, tuple(rows), len(rows)))
        return self.say("schema_differ", differences=self.count(len(found), "difference")), tables

    def labels(self) -> tuple[str, list[TableView]]:
        found = self.comparison.labels
        tables = [each for one in found for each in self._labels(one)]
        lone = sum(each.only_a.values + each.only_b.values for each in found if each.kind != "check")
        if not lone:
            return self.say("labels_same", columns=self.count(len(found), "column")), tables
        columns = self.comparison.count("labels")
        said = {"values": self.count(lone, "value"), "columns": self.count(columns, "column")}
        return self.say("labels_differ", **said), tables

    def _labels(self, each: ColumnLabels) -> Iterator[TableView]:
        number = self.words.number
        lone = [(one, True) for one in each.only_a.shown] + [(one, False) for one in each.only_b.shown]
        lone.sort(key=lambda found: (-found[0].rows, found[0].code))
        codes = self._codes_of(each.table, each.column)
        labelled = [
            (self.label(codes, one.code) if codes else one.label, one.rows, is_a) for one, is_a in lone
        ]
        rows = [
            (label, number(count), NOTHING) if is_a else (label, NOTHING, number(count))
            for label, count, is_a in labelled
        ]
        notes = [*self._more("a", each.only_a), *self._more("b", each.only_b)]
        if each.suppressed_a or each.suppressed_b:
            pooled = {"a": number(each.suppressed_a), "b": number(each.suppressed_b)}
            notes.append(self.say("labels_pooled", **pooled))
        if rows:
            name = self.say("labels_checks") if each.kind == "check" else each.column.removesuffix("_code")
            header = self.heads("value", "rows_a", "rows_b")
            note = " ".join(notes)
            yield TableView(f"{each.table} · {name}", header, 1, tuple(rows), _FIT, note)

    def _more(self, side: str, only: OnlyIn) -> Iterator[str]:
        rest = only.values - len(only.shown)
        if rest > 0:
            rows = only.rows - sum(each.rows for each in only.shown)
            yield self.say(
                "labels_more", values=self.count(rest, "more_value"), side=side, rows=self.words.number(rows)
            )

    def _codes_of(self, table: str, column: str) -> CodeList | None:
        """The code list of a column in another language than English, in which findings name their values."""
        if self.words.language == "en":
            return None
        if table in self.catalog.tables:
            fields = {each.name: each.codes for each in self.catalog.tables[table].fields}
            return self.catalog.codes.get(fields.get(column) or "")
        events = self.catalog.events
        of_events = {each.name: each.codes for each in events.tables[table].fields}
        return events.codes.get(of_events.get(column) or "")

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
            self.say(
                "rows_differ",
                differ=self.count(differ, "table"),
                all=self.words.number(len(self.comparison.tables)),
            )
            if differ
            else self.say("rows_same")
        )
        header = self.heads("table", "a", "b", "difference", "share")
        return summary, [TableView("", header, 1, tuple(rows), len(rows))]

    def periods(self) -> tuple[str, list[TableView]]:
        tables = []
        is_printed = self.comparison.kind == "printed"
        for table in self.comparison.tables:
            own = [each for each in self.comparison.periods if each.table == table]
            for kind in ("fiscal_year", "month"):
                of_kind = [each for each in own if each.kind == kind]
                both = [each for each in of_kind if each.is_compared]
                shown = [each for each in both if each.difference] if is_printed or kind == "month" else both
                note = self._alone(of_kind)
                if kind == "month" and len(both) > len(shown):
                    alike = self.count(len(both) - len(shown), "month")
                    note = f"{self.say('periods_alike', months=alike)} {note}".strip()
                if shown:
                    header = self.heads(kind, "a", "b", "difference", "share", "")
                    rows = tuple(self._period(each) for each in reversed(shown))
                    tables.append(TableView(table, header, 1, rows, _FIT, note, remarks=1))
        changed = self.comparison.count("periods")
        whole = sum(each.is_compared and not each.cut_short for each in self.comparison.periods)
        if not whole:
            return self.say("periods_none"), tables
        key = "periods_differ_printed" if is_printed else "periods_differ_rows"
        return self.say(key, changed=self.words.number(changed), whole=self.words.number(whole)), tables

    def _period(self, each: PeriodCount) -> tuple[str, ...]:
        sides = self.say("both_sides") if len(each.cut_short) > 1 else "".join(each.cut_short)
        remarks = [self.say("periods_cut", sides=sides)] if sides else []
        pooled = [
            self.say("periods_untold_of", rows=self.words.number(more), side=name)
            for name, more in (("a", each.more_a), ("b", each.more_b))
            if more
        ]
        remarks += [self.say("periods_untold", rows=", ".join(pooled))] if pooled else []
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
                runs = ", ".join(
                    first if first == last else self.say("run", first=first, last=last)
                    for first, last in runs_of(own)
                )
                said = {"side": name, "periods": runs, "rows": self.words.number(rows)}
                notes.append(self.say("periods_alone", **said))
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
                header = self.heads("field", "", "a", "b", "points")
                tables.append(TableView(table, header, 2, rows, self.labels_shown))
        differ = self.comparison.count("missing")
        least = self.words.number(self.comparison.least_points)
        compared = [
            each for each in self.comparison.missing if each.blank_points is not None or each.redacted_points
        ]
        if not compared:
            return self.say("missing_untold"), tables
        fields = self.count(len(compared), "field")
        points = self.say("one_point" if least == "1" else "many_point", count=least)
        said = {"fields": fields, "points": points, "moved": self.words.number(len(moved))}
        return self.say("missing_differ", differ=self.words.number(differ), **said), tables

    def _missing(self, each: FieldMissing) -> Iterator[tuple[str, ...]]:
        kinds = (
            (self.say("missing_blank"), each.a.blank_share, each.b.blank_share, each.blank_points),
            (
                self.say("missing_redacted"),
                each.a.redacted_share,
                each.b.redacted_share,
                each.redacted_points,
            ),
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
            return self.say("restated_none"), []
        hows: Counter[How] = Counter()
        for each in self.comparison.restated:
            hows.update(each.by_how)
        others = [
            f"{self.words.number(count)} {self.say(f'how_{how}')}"
            for how, count in hows.most_common()
            if how != "restated"
        ]
        figures = self.count(compared, "figure")
        summary = self.say("restated_differ", count=self.words.number(len(pairs)), figures=figures)
        summary += " " + self.say("restated_others", others=", ".join(others)) if others else ""
        if not pairs:
            return summary, []
        by_statistic = tuple(self._statistic(each) for each in found)
        largest = self.heads("statistic", "restated", "of", "largest_a", "b", "change", "where")
        tables = [TableView("", largest, 1, by_statistic, len(by_statistic), remarks=1)]
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
        label = self.label(self.catalog.codes.get(codes or ""), each.statistic)
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
            (each for each in range(1, MOST_DECIMALS) if round(pair.a, each) != round(pair.b, each)),
            MOST_DECIMALS,
        )
        a, b = (self.words.decimal(each, decimals) for each in (pair.a, pair.b))
        return a, b, self.signed(pair.change, decimals)

    def _where(self, pair: FigurePair) -> str:
        table = self.catalog.tables[pair.table]
        codes = {each.name.removesuffix("_code"): each.codes for each in table.fields if each.codes}
        parts = [
            self.label(self.catalog.codes.get(codes.get(name) or ""), code)
            for name, code in pair.breakdown.items()
        ]
        return ", ".join([*parts, self.span(pair.span)])

    def _restated_records(self) -> tuple[str, list[TableView]]:
        months = [each for each in self.comparison.periods if each.kind == "month" and each.changed]
        whole = sum(
            each.kind == "month" and each.is_compared and not each.cut_short
            for each in self.comparison.periods
        )
        summary = self.say(
            "restated_records", count=self.words.number(len(months)), months=self.count(whole, "month")
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
        header = self.heads("largest", "a", "b", "difference", "share")
        return summary, [TableView("", header, 1, rows, 5)] if rows else []

    def verdicts(self) -> tuple[str, list[TableView]]:
        found = self.comparison.verdicts
        checked = self.comparison.claims_checked
        if not checked:
            return self.say("verdicts_none"), []
        turned = sum(each.turned for each in found)
        if not found:
            return self.say("verdicts_same", claims=self.count(checked, "claim")), []
        rows = tuple(row for each in found for row in self._verdict(each))
        said = {"claims": self.count(checked, "claim"), "turned": self.words.number(turned)}
        summary = self.say("verdicts_differ", count=self.words.number(len(found)), **said)
        return summary, [TableView("", self.heads("claim", "was", "is"), 3, rows, len(rows))]

    def _headline(self, judged: Judged) -> str:
        if self.words.language == "en":
            return judged.headline.replace("_", " ")
        messages = self.catalog.messages[self.words.language].messages
        return messages[f"headline_{judged.headline}"]

    def _verdict(self, change: VerdictChange) -> Iterator[tuple[str, ...]]:
        yield change.title, self._headline(change.a), self._headline(change.b)
        was, now = change.a.by_reading(), change.b.by_reading()
        for asked in dict.fromkeys((*was, *now)):
            values = was.get(asked, NOTHING), now.get(asked, NOTHING)
            if values[0] != values[1]:
                yield f"{_INDENT}{asked}", *values
