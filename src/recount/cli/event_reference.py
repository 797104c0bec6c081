"""The page on individual records: tables, layouts, measures, codes and duplicate rules, from the catalog."""

from __future__ import annotations

from collections.abc import Iterator

from recount.declare.catalog import Catalog
from recount.declare.cubes import load_cubes
from recount.declare.event_measures import EventMeasure
from recount.declare.events import EventLayout, EventTable
from recount.declare.linking import load_linking
from recount.declare.record_reading import load_record_reading
from recount.declare.tables import CodeList

_HEAD = """# Individual records

This page is written by `make docs`; edit the catalog instead.

Files of individual records are known by the names in their headers, whatever the file is called and wherever its
columns stand. A header that no layout has is refused, with the nearest known names. `recount add FILE…` says which
layout it recognised, and why.
"""


def records_text(catalog: Catalog) -> str:
    """Returns the page: how cells are read, tables, layouts, measures, duplicate rules, cubes and codes."""
    events = catalog.events
    lines = [_HEAD, *_reading(catalog), "", "## Tables"]
    for table in events.tables.values():
        lines += _table(table)
    lines += ["", "## Layouts", "", "| layout | source | table | rules | form | columns | known from |"]
    lines.append("| --- | --- | --- | --- | --- | ---: | --- |")
    lines += [_layout(each) for each in events.layouts.values()]
    lines += ["", "## Measures"]
    for measure in events.measures.values():
        lines += _measure(measure)
    lines += [
        "",
        "## Duplicate rules",
        "",
        "| rule | table | what it keeps | source |",
        "| --- | --- | --- | --- |",
    ]
    linking = load_linking(catalog)
    for rule in linking.duplicates.values():
        lines.append(f"| `{rule.rule}` | {rule.table or 'any'} | {rule.text.en} | {rule.source} |")
    lines += ["", "## Cubes", "", *_cubes(catalog), "", "## Codes"]
    own = [name for kind, name in events.files if kind == "codes" and name not in catalog.codes]
    for name in sorted(own):
        lines += _codes(events.codes[name])
    return "\n".join(lines) + "\n"


def _reading(catalog: Catalog) -> Iterator[str]:
    reading = load_record_reading(catalog)
    yield "## How cells are read"
    yield ""
    yield f"- Headers: {reading.header_reason} {reading.layout_reason} {reading.notes_reason}"
    yield f"- Blacked out, and named in `redacted_fields`: {reading.redaction_reason}"
    yield f"- Blank: {', '.join(reading.blank_texts)} too. {reading.blank_reason}"
    yield f"- Days before {reading.earliest_date} are set aside. {reading.earliest_reason}"
    yield (
        f"- Days more than {reading.latest_days_after_cut_off} days after the cut-off are set aside. "
        f"{reading.latest_reason}"
    )
    yield f"- Columns of another meaning are refused. {reading.share_reason}"
    yield f"- Identifiers cut to {reading.identifier_digits} digits are set aside whole. {reading.identifier_reason}"
    yield f"- States are inferred beside those recorded. {reading.state_reason}"


def _table(table: EventTable) -> Iterator[str]:
    yield from (
        "",
        f"### {table.table}",
        "",
        f"One row is {table.one_row_is}. In time by `{table.date}`.",
        "",
    )
    yield "| column | type | unit | codes | description |"
    yield "| --- | --- | --- | --- | --- |"
    for each in table.fields:
        yield f"| `{each.name}` | {each.type} | {each.unit or ''} | {each.codes or ''} | {each.description} |"


def _layout(each: EventLayout) -> str:
    return (
        f"| `{each.layout}` | {each.source} | {each.table} | {each.generation or ''} | {each.form} | "
        f"{len(each.columns)} | {each.known_from} |"
    )


def _measure(measure: EventMeasure) -> Iterator[str]:
    yield from ("", f"### {measure.measure}", "", measure.description.en, "")
    yield f"- Population: {measure.population.en}"
    yield f"- Unit: {measure.unit}; {measure.kind}, of `{measure.table}`"
    dimensions = ", ".join(f"`{each}`" for each in measure.dimensions)
    yield f"- Split by: {dimensions}, and spans of time"
    for fork in measure.forks:
        yield f"- Fork `{fork.fork}` ({fork.kind}), {fork.question.en}:"
        for option in fork.options:
            default = ", the default" if option.option == fork.default else ""
            yield f"  - `{option.option}`: {option.label.en}{default}"
        yield f"  - Decided {fork.decided}: {fork.reason}"
    for caveat in measure.caveats:
        yield f"- Caveat: {caveat.text.en} ({caveat.source})"


def _cubes(catalog: Catalog) -> Iterator[str]:
    cubes = load_cubes(catalog)
    yield (
        f"What is published of individual records are counts, and none below {cubes.threshold} stands alone. "
        f"{cubes.threshold_reason} Small counts are added up under `pooled`; an answer that a pooled count may or may "
        "not belong to gives both bounds."
    )
    yield ""
    reading = ", ".join(f"{fork}={option}" for fork, option in cubes.reading.items())
    yield f"Counted under {reading}. {cubes.reading_reason}"
    yield ""
    for each in cubes.cubes:
        yield f"- `{each.table}`: fiscal year, month, {', '.join(f'`{one.name}`' for one in each.dimensions)}"
    for left in cubes.left_out:
        yield f"- None of `{left.release}`: {left.reason}"


def _codes(codes: CodeList) -> Iterator[str]:
    yield from ("", f"### {codes.codes_of}", "", f"{codes.description} Source: {codes.source}.", "")
    yield from ("| code | label | group | spellings |", "| --- | --- | --- | --- |")
    for each in codes.codes:
        spellings = ", ".join(f"`{one}`" for one in each.spellings)
        yield f"| `{each.code}` | {each.label.en} | {each.group or ''} | {spellings} |"
