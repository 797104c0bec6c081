"""`recount record reconcile`: the record held to what is printed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from recount.declare.reconciliation import Reconciliation
    from recount.record.reconcile import Reconciliations
    from recount.validate.reconcile import Reconciled

_INDENT = 2
_PERIODS_SHOWN = 3
_STYLES = {"exact": "green", "consistent": "cyan", "differs": "yellow"}
_WORDS = {
    "exact": ("exact", "exact"),
    "consistent": ("consistent", "consistent"),
    "differs": ("differs", "differ"),
}


@tell_faults
def reconcile(
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help="The folder of the files that print the totals. Without it: the numbers that the catalog carries.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List every printed number, not only those that differ.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Hold individual records to what is printed elsewhere: totals, monthly counts, headcounts, stated years.

    Exact: the rows that say so are as many as printed. Consistent: the printed number lies between what surely
    and what possibly counts, as where cubes pool small counts. Differs: it does not, with the reason.
    """
    from recount.declare.catalog import default_catalog
    from recount.record.reconcile import reconcile_record
    from recount.record.store import open_record
    from recount.validate.reconcile import to_frame

    answer = reconcile_record(open_record(), default_catalog(), source)
    lines = to_frame(answer.lines)
    if output is Format.csv:
        print_csv(lines.columns, lines.iter_rows())
    elif output is Format.json:
        days = [each for each in lines.columns if each.endswith("_day")]
        print_json(
            {
                "lines": lines.cast(dict.fromkeys(days, str)).to_dicts(),
                "read_from": dict(answer.read_from),
                "changed": list(answer.changed),
                "without_rows": list(answer.without_rows),
                "without_file": list(answer.without_file),
            }
        )
    else:
        _print_table(answer, every=every)


def _print_table(answer: Reconciliations, *, every: bool) -> None:
    from rich.text import Text

    out = console()
    for name, declared in answer.declared.items():
        lines = [each for each in answer.lines if each.reconciliation == name]
        if not lines:
            continue
        out.print()
        out.print(Text.assemble((declared.title.en, "bold"), (f"  {_where(answer, declared)}", "dim")))
        for (check, release), of_check in _grouped(lines).items():
            _print_check(out, declared, check, release, of_check, every=every)
    notes = [
        *answer.changed,
        *_about_checks(answer.without_rows, "Nothing of their releases is in the record"),
        *_about_checks(answer.without_file, "The file that prints the numbers was not given (--from DIR)"),
    ]
    for note in notes:
        out.print()
        out.print(Text(note, "dim"))
    out.print()
    out.print(_summary(answer.lines))


def _where(answer: Reconciliations, declared: Reconciliation) -> str:
    """Returns where the numbers were read: a file's own name, or the catalog."""
    source = answer.read_from.get(declared.reconciliation)
    if source is None:
        return "the sheets themselves"
    if declared.document is None and not declared.headcounts:
        return "as quoted"
    if "/" in source or "." in source:
        return f"read in {Path(source).name}"
    return "as the catalog carries it"


def _grouped(lines: Iterable[Reconciled]) -> dict[tuple[str, str], list[Reconciled]]:
    found: dict[tuple[str, str], list[Reconciled]] = {}
    for each in lines:
        found.setdefault((each.check, each.release), []).append(each)
    return found


def _print_check(
    out: Console,
    declared: Reconciliation,
    check: str,
    release: str,
    lines: Sequence[Reconciled],
    *,
    every: bool,
) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from recount.validate.reconcile import ALL_PERIODS

    compared = [each for each in lines if each.verdict != "not_comparable"]
    titles = {each.check: each.title.en for each in declared.all_checks()}
    out.print()
    title = Text.assemble((titles[check], ""), (f"  {release}", "dim"))
    out.print(Padding(title, (0, 0, 0, _INDENT), expand=False))
    out.print(Padding(_verdicts(lines), (0, 0, 0, _INDENT), expand=False))
    differing = any(each.verdict == "differs" for each in lines)
    together = [each for each in compared if each.verdict == "differs" or each.period == ALL_PERIODS]
    shown = lines if every else together if differing else []
    if shown:
        out.print(Padding(_numbers(declared, shown), (0, 0, 0, 2 * _INDENT), expand=False))
    for reason in _reasons(lines, every=every):
        out.print(Padding(Text(reason, "dim"), (0, 0, 0, 2 * _INDENT), expand=False))


def _verdicts(lines: Sequence[Reconciled]) -> Text:
    """Returns how many are exact, consistent or differ, and how many cannot be compared."""
    from rich.text import Text

    parts: list[tuple[str, str]] = []
    for verdict, (one, several) in _WORDS.items():
        found = [each for each in lines if each.verdict == verdict]
        if not found:
            continue
        text = f"{len(found):,} {one if len(found) == 1 else several}"
        style = _STYLES[verdict]
        if verdict == "differs":
            known = all(each.is_known for each in found)
            text, style = (text + ", for a known reason", style) if known else (text, "bold red")
        elif len({each.figure for each in lines}) == 1:
            text += _which_periods(lines, verdict)
        parts += [(" · ", "dim"), (text, style)]
    rest = [each for each in lines if each.verdict == "not_comparable"]
    if rest:
        parts += [(" · ", "dim"), (f"{len(rest):,} not comparable", "dim")]
    return Text.assemble(*parts[1:])


def _which_periods(lines: Sequence[Reconciled], verdict: str) -> str:
    """Returns the periods of one verdict after a comma: a few by name, many where they follow each other."""
    places = [number for number, each in enumerate(lines) if each.verdict == verdict]
    names = [_period(lines[number]) for number in places]
    if len(names) <= _PERIODS_SHOWN:
        return ", " + ", ".join(names) if all(names) else ""
    return f", {names[0]} to {names[-1]}" if places[-1] - places[0] == len(places) - 1 else ""


def _period(line: Reconciled) -> str:
    from recount.declare.reconciliation import show_period

    return show_period(line.period, line.first_day, line.last_day)


def _numbers(declared: Reconciliation, lines: Sequence[Reconciled]) -> Table:
    from rich import box
    from rich.table import Table

    from recount.validate.reconcile import ALL_PERIODS

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    figures = {each.figure: each.title.en for each in declared.figures}
    whats = [figures.get(each.figure, each.file if not each.sheet else each.sheet) for each in lines]
    table.add_column("what", overflow="fold")
    table.add_column("period", no_wrap=True)
    for heading in ("printed", "counted", "off"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("cell", style="dim", no_wrap=True)
    before = None
    for what, each in zip(whats, lines, strict=True):
        table.add_row(
            "" if what == before else what,
            "all together" if each.period == ALL_PERIODS else _period(each),
            _count(each.printed),
            _counted(each),
            _off(each),
            each.cell,
        )
        before = what
    return table


def _counted(line: Reconciled) -> str:
    """Returns the count; of a cube from what surely to what possibly counts."""
    if line.counted is None or not line.pooled:
        return _count(line.counted)
    return f"{line.counted:,}–{line.counted + line.missing + line.pooled:,}"


def _off(line: Reconciled) -> str:
    """Returns by how much a count is off print; of a cube, by how much at least."""
    if line.counted is None or line.printed is None:
        return "–"
    highest = line.counted + line.missing + line.pooled
    if line.pooled and line.verdict == "consistent":
        return "0"
    off = highest - line.printed if line.pooled and highest < line.printed else line.counted - line.printed
    return f"{off:+,}" if off else "0"


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _reasons(lines: Sequence[Reconciled], *, every: bool) -> list[str]:
    """Returns each reason once; of what cannot be compared only where nothing else stands, or all is asked."""
    differing = [each.reason for each in lines if each.verdict == "differs"]
    rest = [each.reason for each in lines if each.verdict == "not_comparable"]
    alone = all(each.verdict == "not_comparable" for each in lines)
    reasons = [*differing, *(rest if every or alone else [])]
    missing = max((each.missing for each in lines if each.verdict != "not_comparable"), default=0)
    if missing:
        reasons.append(f"Up to {missing:,} rows of a period do not say, and might belong too.")
    return list(dict.fromkeys(each for each in reasons if each))


def _about_checks(names: Sequence[str], what: str) -> list[str]:
    return [f"{what}: {', '.join(names)}."] if names else []


def _summary(lines: Sequence[Reconciled]) -> Text:
    from rich.text import Text

    compared = [each for each in lines if each.verdict != "not_comparable"]
    counts = {verdict: sum(each.verdict == verdict for each in compared) for verdict in _WORDS}
    unknown = sum(each.verdict == "differs" and not each.is_known for each in compared)
    text = ", ".join(f"{count:,} {_WORDS[verdict][count > 1]}" for verdict, count in counts.items() if count)
    if unknown:
        text += f" ({unknown:,} of them without a known reason)"
    elif counts["differs"]:
        text += " (each for a known reason)" if counts["differs"] > 1 else " (for a known reason)"
    return Text(f"{len(compared):,} printed numbers compared: {text or 'none'}.")
