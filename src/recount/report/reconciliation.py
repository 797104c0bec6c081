"""What individual records are held to, and where they are known to differ: a page made from the catalog."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from recount.declare.catalog import load_catalog
from recount.declare.reconciliation import (
    DeclaredCheck,
    KnownDifference,
    PrintedCheck,
    Reconciliation,
    StatedYearCheck,
    load_reconciliations,
    show_period,
)

PAGE = "reconciliation.md"
_HEAD = """# What individual records are held to

Made from the catalog (`reconciliations/`) by `python -m recount.report.reconciliation docs`. `recount record
reconcile` runs every check on the record that is there; `--from DIR` reads the printed numbers in the files
themselves. A test holds the numbers below to the files.

- **exact**: the rows that say so are as many as printed.
- **consistent**: the printed number lies between the rows that surely count and those that may: rows that name no
  code or date, and cells that a cube pools.
- **differs**: it does not. A known difference has a reason, and the very count that it explains; any other is told
  as one that nobody has looked into.
- **not comparable**: no rows of these days are loaded, a part of them only, or a cube lacks the column; the file to
  add is named.

Rows count as recorded, duplicates among them. Made-up releases are left out.
"""


def write_page(declared: Mapping[str, Reconciliation]) -> str:
    """Returns the page as Markdown: each print, what is compared with it, and the known differences."""
    lines = [_HEAD]
    for each in declared.values():
        lines += [f"## {each.title.en}", "", each.source.rstrip(".") + ".", ""]
        lines += _checks(each.all_checks())
        lines += _differences(each)
    return "\n".join(lines).rstrip("\n") + "\n"


def _checks(checks: Sequence[DeclaredCheck]) -> Iterator[str]:
    yield "| check | records | what is compared |"
    yield "| --- | --- | --- |"
    for each in checks:
        records = "stints of any release"
        if isinstance(each, PrintedCheck):
            records = f"{each.table} of {', '.join(f'`{name}`' for name in each.releases)}"
        elif isinstance(each, StatedYearCheck):
            records = "all whose sheets state a fiscal year"
        yield f"| `{each.check}`: {each.title.en} | {records} | {each.compared} |"
    yield ""


def _differences(declared: Reconciliation) -> Iterator[str]:
    for check in declared.all_checks():
        if not check.differs:
            continue
        yield f"Known differences of `{check.check}`:"
        yield ""
        yield "| figure | period or file | printed | counted | off |"
        yield "| --- | --- | ---: | ---: | ---: |"
        for each in check.differs:
            yield from _found(declared, check, each)
        yield ""
        for reason in dict.fromkeys(each.reason for each in check.differs):
            yield reason
            yield ""


def _found(declared: Reconciliation, check: DeclaredCheck, known: KnownDifference) -> Iterator[str]:
    figure = None
    if isinstance(check, PrintedCheck):
        figure = declared.figure(known.figure or check.figures[0])
    spans = {} if figure is None else {each.label: each for each in declared.spans_of(figure)}
    for period, counted in known.found.items():
        printed = None if figure is None else figure.values.get(period)
        off = "" if printed is None else f"{counted - printed:+,}"
        shown = "all rows" if printed is None else f"{printed:,}"
        if (span := spans.get(period)) is not None:
            period_shown = show_period(period, span.from_date, span.through)
        else:
            period_shown = period
        yield f"| {figure.title.en if figure else 'rows'} | {period_shown} | {shown} | {counted:,} | {off} |"


def main() -> None:
    """Writes the page into the folder given, from the package's own catalog."""
    folder = Path(sys.argv[1])
    declared = load_reconciliations(load_catalog(overlay=folder / "no-overlay"))
    (folder / PAGE).write_text(write_page(declared), encoding="utf-8")


if __name__ == "__main__":
    main()
