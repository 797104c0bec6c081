"""Figures that two releases print of the same span and place with other values, and what that is called."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_start
from recount.declare.interval import Interval
from recount.declare.sources import KnownRelease
from recount.declare.tables import Table
from recount.link.printed import gather_prints
from recount.measure.figures import MeasuredFigure, authority_ranks
from recount.measure.statistics import TOTAL, dimensions_of
from recount.revise.compare_findings import FigurePair, StatisticRestated
from recount.revise.history import How, Parts, PrintedValue, reach_of, trace_history
from recount.revise.spans import YEAR_TO_DATE, Span, month_span, quarter_span

Key = tuple[Any, ...]
_PLACES = ("facility_name", "facility_code")
_SHARED = ("period_kind", "fiscal_year", "period_start", "through_date", "through_precision")


@dataclass(frozen=True)
class _Number:
    """One printed number, what it is split by, and the span that it speaks of."""

    value: Fraction
    is_count: bool
    unit: str | None
    breakdown: tuple[tuple[str, str], ...]
    period: str
    fiscal_year: int | None
    start: datetime.date | None
    through: datetime.date
    precision: str
    flags: tuple[str, ...]
    cell: str


class Restatements:
    """Holds the figures of two releases against each other, statistic by statistic."""

    def __init__(self, catalog: Catalog, releases: tuple[KnownRelease, KnownRelease]) -> None:
        self.catalog = catalog
        self.releases = releases
        self._ranks = authority_ranks(catalog)
        self._doubtful = frozenset(catalog.rules.restatement_doubtful_flags)

    def compare(self, table: Table, rows: tuple[pl.DataFrame, pl.DataFrame]) -> Iterator[StatisticRestated]:
        """Yields, for each statistic of a table that both releases print, what became of its figures.

        A figure is known by its statistic, unit, breakdown, place and span; of two numbers of one figure in a
        release the one that no check marks stands, then the first. A fiscal year so far is one span, so that
        more days are movement. How a print stands to an earlier one is told as `recount revise` tells it.

        Args:
            table: a table of figures; others yield nothing.
            rows: its rows in a and in b.
        """
        if "place_code" in rows[0].columns:
            rows = _of_shared_places(rows)
        numbers = _read(table, rows[0]), _read(table, rows[1])
        for statistic in sorted(numbers[0].keys() & numbers[1].keys()):
            yield self._compare(table, statistic, numbers[0][statistic], numbers[1][statistic])

    def _compare(
        self, table: Table, statistic: str, a: Mapping[Key, _Number], b: Mapping[Key, _Number]
    ) -> StatisticRestated:
        shared = sorted(a.keys() & b.keys(), key=_order)
        parts = {**_parts(a, self.releases[0]), **_parts(b, self.releases[1])}
        reach = reach_of(
            self._figure(statistic, each, side)
            for side, numbers in ((0, a), (1, b))
            for each in _furthest(numbers).values()
        )
        hows: Counter[How] = Counter()
        restated: list[FigurePair] = []
        for key in shared:
            first, second = a[key], b[key]
            if (first.value, first.through) == (second.value, second.through):
                hows["same"] += 1
                continue
            figures = [self._figure(statistic, first, 0), self._figure(statistic, second, 1)]
            span = _span(first, second)
            later = trace_history(span, figures, reach, self._doubtful, parts).rows[-1]
            how = self._how(later)
            hows[how] += 1
            if how == "restated":
                restated.append(self._pair(table, statistic, (first, second), span, later))
        restated.sort(key=lambda each: -abs(each.change))
        return StatisticRestated(
            table.table, statistic, len(shared), dict(sorted(hows.items())), tuple(restated)
        )

    def _how(self, later: PrintedValue) -> How:
        # Nothing stands before it where the earlier print is set aside for a check that marks it.
        return "doubtful" if later.how == "first" else later.how

    def _pair(
        self, table: Table, statistic: str, pair: tuple[_Number, _Number], span: Span, later: PrintedValue
    ) -> FigurePair:
        a, b = pair
        is_b: Literal["a", "b"] = "b" if later.figure.release.release == self.releases[1].release else "a"
        return FigurePair(
            table=table.table,
            statistic=statistic,
            unit=a.unit,
            breakdown={name: code for name, code in a.breakdown if code != TOTAL},
            span=span,
            a=a.value,
            b=b.value,
            through_a=a.through,
            through_b=b.through,
            how=later.how,
            later=is_b,
            cell_a=a.cell,
            cell_b=b.cell,
        )

    def _figure(self, statistic: str, number: _Number, side: int) -> MeasuredFigure:
        release = self.releases[side]
        whole = int(number.value) if number.is_count else None
        return MeasuredFigure(
            measure=statistic,
            kind="count" if number.is_count else "mean",
            reading={},
            place_kind="",
            place_code="",
            place_name="",
            through_date=number.through,
            through_precision=number.precision,
            release=release,
            authority_rank=self._ranks[release.authority],
            numerator=whole,
            denominator=None,
            interval=Interval.point(number.value),
            numerator_basis="printed",
            denominator_basis=None,
            counts=() if whole is None else ((statistic, whole),),
            cells=(),
            is_sum=False,
            jurisdictions=0,
            left_out=(),
            period=number.period,
            period_start=number.start,
            fiscal_year=number.fiscal_year,
            flags=number.flags,
        )


def _read(table: Table, rows: pl.DataFrame) -> dict[str, dict[Key, _Number]]:
    """Returns the numbers of a release by statistic and key."""
    names = {each.name for each in table.fields}
    if "statistic_name" in names:
        return _read_statistics(table, rows)
    if "figure_name" in names:
        return _read_places(table, rows)
    return _read_facilities(table, rows) if {"facility_name", "through_date"} <= names else {}


def _of_shared_places(rows: tuple[pl.DataFrame, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = ["place_kind", "place_code"]
    a, b = rows
    return a.join(b, on=keys, how="semi"), b.join(a, on=keys, how="semi")


def _read_statistics(table: Table, rows: pl.DataFrame) -> dict[str, dict[Key, _Number]]:
    dimensions = [f"{each}_code" for each in dimensions_of(table)]
    dimensions += [each for each in _PLACES if each in rows.columns]
    has_flags = "flags" in rows.columns
    precision = pl.col("through_precision") if "through_precision" in rows.columns else pl.lit("day")
    number = pl.col("value_number") if "value_number" in rows.columns else pl.lit(None, dtype=pl.Float64)
    ordered = rows.sort(table.unique_key).select(
        "statistic_name",
        "unit_code",
        *(each for each in _SHARED if each != "through_precision"),
        precision.alias("through_precision"),
        "value_count",
        number.alias("value_number"),
        (pl.col("flags") if has_flags else pl.lit(None, dtype=pl.String)).alias("flags"),
        "sheet_original",
        "cell_original",
        *(pl.col(each).fill_null(TOTAL) for each in dimensions),
    )
    found: dict[str, dict[Key, _Number]] = {}
    names = [each.removesuffix("_code") for each in dimensions]
    for row in ordered.iter_rows():
        statistic, unit, kind, year, start, through, exactly, count, value, flags, sheet, cell, *codes = row
        if count is None and value is None:
            continue
        one = _Number(
            value=Fraction(count) if count is not None else Fraction(repr(value)),
            is_count=count is not None,
            unit=unit,
            breakdown=tuple(zip(names, codes, strict=True)),
            period=kind,
            fiscal_year=year,
            start=start,
            through=through,
            precision=exactly,
            flags=() if flags is None else tuple(flags.split(";")),
            cell=f"{sheet}!{cell}",
        )
        key = (kind, _span_key(one), one.is_count, unit, *codes)
        known = found.setdefault(statistic, {})
        if key not in known or (known[key].flags and not one.flags):
            known[key] = one
    return found


def _span_key(number: _Number) -> str:
    if number.period in (YEAR_TO_DATE, "fiscal_year"):
        return str(number.fiscal_year)
    day = number.start if number.period in ("month", "quarter") else number.through
    return "" if day is None else day.isoformat()


def _read_places(table: Table, rows: pl.DataFrame) -> dict[str, dict[Key, _Number]]:
    """Returns running totals by place: of one figure of a place the print through the latest day.

    A figure may be printed, or follow from others of its print: one release prints a total and another its parts.
    """
    found: dict[str, dict[Key, _Number]] = {}
    for print_ in sorted(gather_prints(rows, table), key=lambda each: each.through_date):
        for name, count in print_.counts.items():
            cells = [print_.cells[each] for each in sorted(count.of) if each in print_.cells]
            found.setdefault(name, {})[print_.place_kind, print_.place_code] = _Number(
                value=Fraction(count.value),
                is_count=True,
                unit=None,
                breakdown=(("place", print_.place_name),),
                period="cumulative",
                fiscal_year=None,
                start=None,
                through=print_.through_date,
                precision=print_.through_precision,
                flags=(),
                cell="; ".join(f"{each.file}, row {each.row}" for each in cells),
            )
    return found


def _read_facilities(table: Table, rows: pl.DataFrame) -> dict[str, dict[Key, _Number]]:
    """Returns the averages of a fiscal year so far that stand in columns of their own, by facility.

    Facilities of one name are told apart by city and state.
    """
    averages = [each.name for each in table.fields if each.type == "number"]
    found: dict[str, dict[Key, _Number]] = {name: {} for name in averages}
    for row in rows.sort(table.unique_key).iter_rows(named=True):
        key = tuple(row[each] for each in ("facility_name", "city", "state_original", "fiscal_year"))
        flags = () if row["flags"] is None else tuple(row["flags"].split(";"))
        for name in averages:
            known = found[name].get(key)
            if row[name] is None or (known is not None and not (known.flags and not flags)):
                continue
            found[name][key] = _Number(
                value=Fraction(repr(row[name])),
                is_count=False,
                unit=None,
                breakdown=(("facility_name", row["facility_name"]),),
                period=YEAR_TO_DATE,
                fiscal_year=row["fiscal_year"],
                start=fiscal_year_start(row["fiscal_year"]),
                through=row["through_date"],
                precision=row["through_precision"],
                flags=flags,
                cell=f"{row['sheet_original']}, row {row['row_original']}",
            )
    return {name: numbers for name, numbers in found.items() if numbers}


def _order(key: Key) -> tuple[str, ...]:
    return tuple("" if each is None else str(each) for each in key)


def _furthest(numbers: Mapping[Key, _Number]) -> dict[int | None, _Number]:
    """Returns, of each fiscal year, a number through its last day: it tells how far a release reaches."""
    found: dict[int | None, _Number] = {}
    for each in numbers.values():
        known = found.get(each.fiscal_year)
        if known is None or each.through > known.through:
            found[each.fiscal_year] = each
    return found


def _parts(numbers: Mapping[Key, _Number], release: KnownRelease) -> Parts:
    """Returns the codes that a release's numbers are split into, by span and dimension."""
    found: dict[tuple[str, datetime.date | None, datetime.date], dict[str, set[str]]] = {}
    for each in numbers.values():
        of_span = found.setdefault((release.release, each.start, each.through), {})
        for name, code in each.breakdown:
            # A place is no part of a definition: facilities open and close.
            if name not in (*(place.removesuffix("_code") for place in _PLACES), "place"):
                of_span.setdefault(name, set()).update({code} - {TOTAL})
    return {
        key: {name: frozenset(codes) for name, codes in by_name.items()} for key, by_name in found.items()
    }


def _span(first: _Number, second: _Number) -> Span:
    through = max(first.through, second.through)
    if first.period == "month" and first.start is not None:
        return month_span(first.start)
    if first.period == "quarter" and first.start is not None:
        return quarter_span(first.start)
    if first.fiscal_year is not None and first.period in (YEAR_TO_DATE, "fiscal_year"):
        return Span("fiscal_year", fiscal_year_start(first.fiscal_year), fiscal_year_end(first.fiscal_year))
    if first.period == "snapshot":
        return Span("day", through, through)
    return Span("since_start", None, through)
