"""The reference pages, written from the catalog and from the commands' own help."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from recount.cli.event_reference import records_text
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.denominators import Denominator, load_denominators
from recount.declare.measures import Measure
from recount.declare.monthly_tables import MonthlyTables
from recount.declare.tables import CodeList, Table
from recount.declare.workbooks import Expected, SheetLayout

_LONG = 40
_NOTE = "This page is written by `make docs`; edit the catalog or the command instead."
_DOES = {"error": "refuses the record", "report": "reports", "flag": "reports and flags the rows"}


def write_reference(folder: Path, catalog: Catalog) -> None:
    """Writes the data dictionary, the page on individual records and the command reference to `folder`."""
    (folder / "data-dictionary.md").write_text(dictionary_text(catalog), encoding="utf-8")
    (folder / "individual-records.md").write_text(records_text(catalog), encoding="utf-8")
    (folder / "command-line.md").write_text(command_text(), encoding="utf-8")


def dictionary_text(catalog: Catalog) -> str:
    """Returns the data dictionary: every table, measure, claim, sheet and code list of the catalog."""
    lines = ["# Data dictionary", "", _NOTE, "", "## Tables"]
    for table in catalog.tables.values():
        lines += _table(table)
    lines += ["", "## Measures"]
    for measure in catalog.measures.values():
        lines += _measure(measure)
    lines += ["", "## Claims", ""]
    for claim in catalog.claims_in_order():
        lines.append(f"- `{claim.claim}`: {claim.title.en}. {claim.said_by.en}, {claim.said.to_date}.")
    lines += [
        "",
        "## Wording",
        "",
        "What a hedge asserts. A relative one multiplies the number that it hedges.",
        "",
    ]
    lines += ["| wording | in words | interval | reason |", "| --- | --- | --- | --- |"]
    for hedge in catalog.wording.hedges:
        ends = {
            "above": hedge.above,
            "at least": hedge.at_least,
            "below": hedge.below,
            "at most": hedge.at_most,
        }
        shown = ", ".join(f"{name} {end}" for name, end in ends.items() if end is not None)
        lines.append(
            f"| `{hedge.hedge}` | {hedge.en} | {shown}{' × the number' * hedge.relative} | {hedge.reason} |"
        )
    lines += ["", "## Sheets of workbooks", ""]
    lines.append(
        "Tables are found by their titles and headings, never by a fixed cell. A workbook of a fiscal year that should"
    )
    lines.append("have a table and lacks it is reported.")
    for sheet in catalog.sheets.values():
        lines += _sheet(sheet)
    for monthly in catalog.monthly.values():
        lines += _monthly(monthly)
    lines += ["", "## Codes"]
    for codes in catalog.codes.values():
        lines += _codes(codes)
    lines += ["", "## Denominators"]
    for denominator in load_denominators(catalog).values():
        lines += _denominator(denominator)
    lines += ["", "## Usage warnings"]
    for each in catalog.warnings.warnings:
        lines += ["", f"### {each.warning}", "", each.text.en]
    return "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"### {table.table}", "", f"One row is {table.one_row_is}.")
    yield f"Unique key: {', '.join(f'`{each}`' for each in table.unique_key)}."
    yield from (
        "",
        "| column | type | unit | codes | missing | description |",
        "| --- | --- | --- | --- | --- | --- |",
    )
    for each in table.fields:
        missing = "may be" if each.may_be_missing else "never"
        yield (
            f"| `{each.name}` | {each.type} | {each.unit or ''} | {each.codes or ''} | {missing} "
            f"| {each.description} |"
        )
    if table.sums:
        yield from ("", "Sums that hold in every print:", "")
        for identity in table.sums:
            yield f"- `{identity.total}` = {' + '.join(f'`{each}`' for each in identity.parts)}. {identity.reason}"
    if table.checks:
        yield from ("", "Checks:", "")
    for check in table.checks:
        yield f"- `{check.check}` ({_DOES[check.severity]}): {check.description}"


def _measure(measure: Measure) -> Iterator[str]:
    yield from ("", f"### {measure.measure}", "", measure.description.en, "")
    yield f"- Population: {measure.population.en}"
    yield f"- Unit: {measure.unit}; {measure.kind}, {measure.period}"
    if measure.statistic is not None:
        yield f"- Statistic: `{measure.statistic}` of `{measure.table}`{_where(measure.where)}"
    if measure.counts:
        yield f"- Counts{_where(measure.counts)}"
    if measure.dimensions:
        yield f"- Split by: {', '.join(f'`{each}`' for each in measure.dimensions)}{' and month' * measure.by_month}"
    if measure.numerator is not None:
        yield f"- Numerator: `{measure.numerator}`"
    if measure.denominator is not None:
        yield f"- Denominator: `{measure.denominator}`"
    if measure.printed_as is not None:
        yield f"- Also printed as a bound: `{measure.printed_as}`"
    if measure.complement_of is not None:
        yield f"- Complement of: `{measure.complement_of.measure}`"
    for fork in measure.forks:
        yield f"- Fork `{fork.fork}` ({fork.kind}), {fork.question.en}:"
        for option in fork.options:
            default = ", the default" if option.option == fork.default else ""
            takes = f" (`{option.figure}`)" if option.figure is not None else _where(option.where)
            yield f"  - `{option.option}`: {option.label.en}{takes}{default}"
        yield f"  - Decided {fork.decided}: {fork.reason}"
    for caveat in measure.caveats:
        yield f"- Caveat: {caveat.text.en} ({caveat.source})"


def _denominator(denominator: Denominator) -> Iterator[str]:
    yield from ("", f"### {denominator.denominator}", "", denominator.description.en, "")
    yield f"- Unit: {denominator.unit}; asked with `--per {denominator.denominator}`"
    yield f"- Source: {denominator.source}"
    yield f"- Why: {denominator.reason}"
    if denominator.printed is not None:
        yield f"- Printed: `{denominator.printed.measure}`. {denominator.printed.reason}"
    for each in denominator.counts:
        yield f"- Counted on {each.as_of}, published {each.published}: {each.source}"
    if denominator.years_between is not None:
        yield f"- Between counts: {denominator.years_between.reason}"
    for place in denominator.dimensions:
        counted = {"own": "counted", "county_areas": "whole states put together"}
        yield f"- By `{place.dimension}`: {place.none_because if place.by is None else counted[place.by]}"


def _where(conditions: Mapping[str, Sequence[str]]) -> str:
    shown = [f"{name} {' or '.join(f'`{each}`' for each in codes)}" for name, codes in conditions.items()]
    return f", where {' and '.join(shown)}" if shown else ""


def _sheet(sheet: SheetLayout) -> Iterator[str]:
    yield from ("", f"### Sheet {sheet.sheet}, of {sheet.source}", "")
    yield f"Known by its name: `{sheet.names}`. Expected {_expected(sheet)}."
    if sheet.facility_columns:
        columns = ", ".join(f"`{each.to}`" for each in sheet.facility_columns)
        yield f"One row a facility, into `{sheet.core}`: {columns}."
    elif not sheet.tables:
        yield "It holds no table."
    if sheet.tables:
        yield from ("", "| table | into | figure | period | expected |", "| --- | --- | --- | --- | --- |")
    for each in sheet.tables:
        figure = f"`{each.figure}`" if each.figure is not None else "as its labels say"
        yield f"| `{each.table}` | `{each.core}` | {figure} | {each.period} | {_expected(each)} |"


def _monthly(monthly: MonthlyTables) -> Iterator[str]:
    yield from ("", f"### Sheets of {monthly.source}", "")
    yield f"Months by fiscal year, rounded to {monthly.rounded_to}, into `{monthly.core}`. {monthly.rounded_reason}"
    yield from ("", "| sheet | table | figure |", "| --- | --- | --- |")
    for each in monthly.tables:
        yield f"| {each.sheet} | `{each.table}` | `{each.figure}` |"
    yield from ("", f"Other sheets are not read. {monthly.other_sheets}")


def _expected(thing: Expected) -> str:
    if thing.expected_from is None:
        return "not in any year"
    until = f" to FY{thing.expected_through - 1}" if thing.expected_through is not None else ""
    return f"from FY{thing.expected_from + 1}{until}"


def _codes(codes: CodeList) -> Iterator[str]:
    yield from ("", f"### {codes.codes_of}", "", f"{codes.description} Source: {codes.source}.", "")
    if len(codes.codes) > _LONG:
        first, last = codes.codes[0], codes.codes[-1]
        yield f"{len(codes.codes)} codes, from `{first.code}` ({first.label.en}) to `{last.code}` ({last.label.en})."
        return
    yield from ("| code | label | spellings | reason |", "| --- | --- | --- | --- |")
    for each in codes.codes:
        spellings = ", ".join(f"`{one}`" for one in each.spellings)
        yield f"| `{each.code}` | {each.label.en} | {spellings} | {each.reason or ''} |"


def command_paths() -> tuple[tuple[str, ...], ...]:
    """Returns the words of every command, as the application has them: the whole, then each with those below it."""
    import typer

    from recount.cli.app import app

    def below(path: tuple[str, ...], command: Any) -> Iterator[tuple[str, ...]]:
        yield path
        for name, each in getattr(command, "commands", {}).items():
            yield from below((*path, name), each)

    return tuple(below((), typer.main.get_command(app)))


def command_text() -> str:
    """Returns the help of every command, at a fixed width and without colour."""
    from typer.testing import CliRunner

    from recount.cli.app import app

    runner = CliRunner(env={"TERMINAL_WIDTH": "100", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    lines = ["# Command line", "", _NOTE, ""]
    lines += [
        "Exit codes: 0 answered, 2 wrong usage, 3 the data or the catalog is at fault, 130 interrupted.",
        "",
        "`RECOUNT_HOME` names the folder of your own record and catalog; without it, the platform's folder for",
        "application data is used.",
    ]
    for path in command_paths():
        shown = runner.invoke(app, [*path, "--help"], prog_name="recount").output
        lines += ["", f"## {' '.join(('recount', *path))}", "", "```"]
        lines += [line.rstrip() for line in shown.strip("\n").splitlines()]
        lines.append("```")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("RECOUNT_HOME", os.devnull)
    write_reference(Path(sys.argv[1]), load_catalog())
