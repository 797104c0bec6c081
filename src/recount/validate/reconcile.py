"""Individual records held to printed totals: what is printed, what the rows or cubes count, and why they differ.

A row counts where it says what the printed figure is of. A row that names no code of a condition, or no date, may
belong or not: it is counted apart, as missing, and cells that a cube pools likewise.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

from recount.declare.reconciliation import KnownDifference, PrintedCheck, PrintedFigure, Reconciliation, Span
from recount.extract.printed_totals import Printed, PrintedNumber
from recount.validate.reconcile_parts import Count, count_cube, count_rows

Verdict = Literal["exact", "consistent", "differs", "not_comparable"]
ALL_PERIODS = "all"
_NOTHING_KNOWN = "Nobody has looked into this difference. "


class Part(Protocol):
    """What a reconciliation needs of one part of a record: see `recount.record.store.EventPart`."""

    @property
    def table(self) -> str:
        """The core table."""

    @property
    def release(self) -> str:
        """The release."""

    @property
    def kind(self) -> Literal["rows", "cube"]:
        """Rows, or counts of them."""

    @property
    def is_synthetic(self) -> bool:
        """Whether it is made up."""

    @property
    def source_file(self) -> str:
        """The released file."""

    @property
    def path(self) -> Path:
        """Where the Parquet file lies."""

    @property
    def first_date(self) -> datetime.date | None:
        """The first day of the table's own date."""

    @property
    def last_date(self) -> datetime.date | None:
        """The last one."""

    @property
    def cut_off(self) -> datetime.date | None:
        """The release's own last day."""


@dataclass(frozen=True)
class Reconciled:
    """One printed number, and what the record counts of the same: `difference` = `counted` − `printed`.

    `missing` rows, and `pooled` ones of cubes, may belong to the number or not; they are not in `counted`.
    `verdict` is exact where both are equal and nothing is pooled, consistent where the printed number lies between
    `counted` and `counted` + `missing` + `pooled`. `is_known` says that a declared reason explains this very
    count. `compared_of` and `agreeing` count single comparisons where many stand behind one line.
    """

    reconciliation: str
    check: str
    table: str
    release: str
    figure: str
    place: str
    period: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    printed: int | None
    counted: int | None
    missing: int
    pooled: int
    verdict: Verdict
    reason: str
    is_known: bool
    basis: str
    file: str
    sheet: str
    cell: str
    compared_of: int | None = None
    agreeing: int | None = None

    @property
    def difference(self) -> int | None:
        """How many more are counted than printed; none where either is not there."""
        return None if self.counted is None or self.printed is None else self.counted - self.printed


def verdict_of(printed: int, counted: int, missing: int, pooled: int, rounded_to: int = 1) -> Verdict:
    """Returns how a count stands to a printed number, which may be rounded."""
    highest = counted + missing + pooled
    # Twice the numbers, so that half of what they are rounded to stays whole; 5 rounds to 10 or to 0.
    if abs(printed - counted) * 2 <= rounded_to - rounded_to % 2 and not pooled:
        return "exact"
    lowest_printed, highest_printed = 2 * printed - rounded_to, 2 * printed + rounded_to
    reaches = 2 * counted <= highest_printed and 2 * highest >= lowest_printed
    return "consistent" if reaches else "differs"


def reconcile_printed(
    declared: Reconciliation,
    check: PrintedCheck,
    parts: Sequence[Part],
    printed: Printed,
    table_date: str,
) -> list[Reconciled]:
    """Returns a line for each printed number that `check` holds rows to, by release, figure and period.

    Args:
        declared: the reconciliation that the check is of.
        check: what is counted.
        parts: the record's; parts of other tables, other releases, and made-up ones are left out.
        printed: the numbers by figure and period.
        table_date: the date column of the table, by which cubes count.
    """
    found: list[Reconciled] = []
    for release in check.releases:
        own = [
            each
            for each in parts
            if each.table == check.table and each.release == release and not each.is_synthetic
        ]
        if not own:
            continue
        for name in check.figures:
            figure = declared.figure(name)
            spans = [each for each in declared.spans_of(figure) if each.label in printed.get(name, {})]
            numbers = printed.get(name, {})
            lines = _lines_of(declared, check, figure, spans, numbers, own, table_date)
            if check.add_up and all(each.verdict != "not_comparable" for each in lines) and lines:
                lines.append(_add_up(lines, check))
            found += lines
    return found


def _lines_of(
    declared: Reconciliation,
    check: PrintedCheck,
    figure: PrintedFigure,
    spans: Sequence[Span],
    numbers: Mapping[str, PrintedNumber],
    parts: Sequence[Part],
    table_date: str,
) -> list[Reconciled]:
    counts: dict[str, Count] = {each.label: Count() for each in spans}
    absent: dict[str, list[str]] = {}
    bases: dict[str, set[str]] = {each.label: set() for each in spans}
    unfit: dict[str, str] = {}
    for span in spans:
        problem = _why_not(span, parts, declared.edge_days)
        if problem is not None:
            unfit[span.label] = problem
    fit = [each for each in spans if each.label not in unfit]
    for part in parts:
        within = [each for each in fit if _overlaps(part, each)]
        if not within:
            continue
        if part.kind == "rows":
            counted, lacking = count_rows(part.path, check, figure, within), None
        else:
            counted, lacking = count_cube(part, check, figure, within, table_date)
        for span in within:
            bases[span.label].add(part.kind)
            counts[span.label] += counted[span.label]
            if lacking is not None:
                absent.setdefault(span.label, []).append(f"{part.source_file} ({lacking})")
    lines = []
    for span in spans:
        if span.label in absent:
            files = ", ".join(sorted(absent[span.label]))
            unfit[span.label] = f"The cube does not tell; add the released file: {files}."
        line = _line(declared, check, figure, span, numbers[span.label], parts[0].release)
        if span.label in unfit:
            lines.append(replace(line, reason=unfit[span.label]))
        else:
            basis = "+".join(sorted(bases[span.label]))
            lines.append(_judged(line, counts[span.label], basis, check, _rounded_to(declared)))
    return lines


def _rounded_to(declared: Reconciliation) -> int:
    return 1 if declared.document is None else declared.document.rounded_to


def _overlaps(part: Part, span: Span) -> bool:
    if part.first_date is None or part.last_date is None:
        return False
    return part.first_date <= span.through and part.last_date >= span.from_date


def _why_not(span: Span, parts: Sequence[Part], edge_days: int) -> str | None:
    """Returns why a printed period cannot be compared: no rows of its days, or of a part of them only."""
    edge = datetime.timedelta(edge_days)
    within = [each for each in parts if _overlaps(each, span)]
    firsts = [each.first_date for each in within if each.first_date is not None]
    lasts = [each.last_date for each in within if each.last_date is not None]
    if not firsts or not lasts:
        return "No rows of these days are loaded."
    cut_off = max((each.cut_off for each in parts if each.cut_off is not None), default=None)
    if cut_off is not None and cut_off < span.through:
        return f"The release ends on {cut_off}, before the printed period does."
    if min(firsts) > span.from_date + edge or max(lasts) < span.through - edge:
        return f"The rows loaded hold a part of the period only: {min(firsts)} to {max(lasts)}."
    return None


def _line(
    declared: Reconciliation,
    check: PrintedCheck,
    figure: PrintedFigure,
    span: Span,
    number: PrintedNumber,
    release: str,
) -> Reconciled:
    return Reconciled(
        reconciliation=declared.reconciliation,
        check=check.check,
        table=check.table,
        release=release,
        figure=figure.figure,
        place=check.place,
        period=span.label,
        first_day=span.from_date,
        last_day=span.through,
        printed=number.value,
        counted=None,
        missing=0,
        pooled=0,
        verdict="not_comparable",
        reason="",
        is_known=False,
        basis="",
        file=number.file,
        sheet=number.sheet,
        cell=number.cell,
    )


def _judged(
    line: Reconciled, count: Count, basis: str, check: PrintedCheck, rounded_to: int = 1
) -> Reconciled:
    printed = line.printed or 0
    verdict = verdict_of(printed, count.counted, count.missing, count.pooled, rounded_to)
    reason, is_known = "", False
    if verdict == "differs":
        reason, is_known = explain(check.differs, check.otherwise, line.figure, line.period, count)
    return replace(
        line,
        counted=count.counted,
        missing=count.missing,
        pooled=count.pooled,
        verdict=verdict,
        reason=reason,
        is_known=is_known,
        basis=basis,
    )


def explain(
    differs: Sequence[KnownDifference], otherwise: str, figure: str | None, period: str, count: Count
) -> tuple[str, bool]:
    """Returns the reason of a difference, and whether a declared one explains this very count.

    Of a cube, that the count which the reason explains lies between what the cube surely and possibly counts.
    """
    highest = count.counted + count.missing + count.pooled if count.pooled else count.counted
    for each in differs:
        found = each.found.get(period) if each.figure in (None, figure) else None
        if found is not None and count.counted <= found <= highest:
            return each.reason, True
    return _NOTHING_KNOWN + otherwise, False


def _add_up(lines: Sequence[Reconciled], check: PrintedCheck) -> Reconciled:
    """Returns all periods together, held to the sum of the printed numbers."""
    first, last = lines[0], lines[-1]
    total = replace(
        first,
        period=ALL_PERIODS,
        last_day=last.last_day,
        printed=sum(each.printed or 0 for each in lines),
        cell=f"{first.cell}:{last.cell}" if first.cell and last.cell else "",
    )
    count = Count(
        sum(each.counted or 0 for each in lines),
        sum(each.missing for each in lines),
        sum(each.pooled for each in lines),
    )
    return _judged(total, count, first.basis, check)


def to_frame(lines: Sequence[Reconciled]) -> pl.DataFrame:
    """Returns the lines as a table, with the difference."""
    rows = [{**vars(each), "difference": each.difference} for each in lines]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def iterate_differences(lines: Sequence[Reconciled]) -> Iterator[Reconciled]:
    """Yields the lines that differ and that no declared reason explains."""
    yield from (each for each in lines if each.verdict == "differs" and not each.is_known)


_SCHEMA: dict[str, pl.DataType] = {
    "reconciliation": pl.String(),
    "check": pl.String(),
    "table": pl.String(),
    "release": pl.String(),
    "figure": pl.String(),
    "place": pl.String(),
    "period": pl.String(),
    "first_day": pl.Date(),
    "last_day": pl.Date(),
    "printed": pl.Int64(),
    "counted": pl.Int64(),
    "difference": pl.Int64(),
    "missing": pl.Int64(),
    "pooled": pl.Int64(),
    "verdict": pl.String(),
    "reason": pl.String(),
    "is_known": pl.Boolean(),
    "basis": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(),
    "cell": pl.String(),
    "compared_of": pl.Int64(),
    "agreeing": pl.Int64(),
}
