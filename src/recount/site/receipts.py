"""Receipts: a page for each answer that a page shows, and the file that `recount receipt` takes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recount.ask.csv_rows import csv_of
from recount.claim.answer import verdict_as_json
from recount.claim.verdict import Verdict
from recount.measure.receipt import Receipt
from recount.site.chapters import Contents, File, Page
from recount.site.exhibits import Exhibit, as_json_file
from recount.site.material import Material
from recount.site.shell import Shell

MOST_ROWS = 500
"""A page shows so many rows of an answer; the file of it holds all."""

_SHOWN = (
    "place_name", "aor", "period_start", "through_date", "release", "reading", "breakdown", "kind", "numerator",
    "denominator", "low", "high",
)  # fmt: skip
_NUMBERS = {"numerator", "denominator", "low", "high"}


@dataclass(frozen=True)
class Integers:
    """The integers of an answer as a table: headings, which hold numbers, rows, and how many more there are."""

    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int


def receipt_path(receipt: Receipt, suffix: str = "html") -> str:
    """Returns where the page of a receipt lies, or its file with the suffix `json`."""
    return f"receipts/{receipt.short}.{suffix}"


def receipts_of(material: Material, exhibits: Iterable[Exhibit]) -> Contents:
    """Returns the pages and files of the receipts of some answers."""
    held = {each.receipt.short: each for each in exhibits}
    pages: dict[str, Page] = {}
    files: dict[str, File] = {}
    for each in held.values():
        pages[receipt_path(each.receipt)] = functools.partial(_page_of_answer, each, material)
        files[receipt_path(each.receipt, "json")] = functools.partial(_file_of, each)
    return Contents(pages, files)


def _file_of(exhibit: Exhibit) -> bytes:
    return as_json_file(exhibit.receipt.as_json())


def receipt_of_verdict(material: Material, verdict: Verdict) -> Contents:
    """Returns the page and the file of a verdict's receipt."""
    return Contents(
        pages={receipt_path(verdict.receipt): lambda shell: _page_of_verdict(verdict, material, shell)},
        files={
            receipt_path(verdict.receipt, "json"): lambda: as_json_file(verdict.receipt.as_json()),
            data_path(verdict.claim.claim, "json"): lambda: as_json_file(
                verdict_as_json(verdict, material.catalog)
            ),
        },
    )


def data_path(name: str, suffix: str) -> str:
    """Returns where a file of data lies."""
    return f"data/{name}.{suffix}"


def _page_of_answer(exhibit: Exhibit, material: Material, shell: Shell) -> bytes:
    measure = exhibit.answer.measure
    return shell.render(
        "receipt.html.j2",
        receipt_path(exhibit.receipt),
        receipt=exhibit.receipt,
        title=measure.title.in_language(shell.language),
        about=f"measures/{measure.measure}.html",
        commands=(f"{exhibit.command} --format json > answer.json", "recount receipt answer.json"),
        integers=integers_of(exhibit),
        releases=_releases(exhibit.receipt, material),
    )


def _page_of_verdict(verdict: Verdict, material: Material, shell: Shell) -> bytes:
    name = verdict.claim.claim
    return shell.render(
        "receipt.html.j2",
        receipt_path(verdict.receipt),
        receipt=verdict.receipt,
        title=verdict.claim.title.in_language(shell.language),
        about=f"claims/{name}.html",
        commands=(f"recount check {name} --format json > answer.json", "recount receipt answer.json"),
        integers=_integers_of_verdict(verdict),
        releases=_releases(verdict.receipt, material),
    )


def integers_of(exhibit: Exhibit) -> Integers:
    """Returns the integers of an answer, with what tells its rows apart; named as in the CSV."""
    header, rows = csv_of(exhibit.asked)
    names = [*(each for each in _SHOWN if each in header), *(exhibit.question.by or ())]
    names = [each for each in dict.fromkeys(names) if each in header]
    columns = [list(header).index(each) for each in names]
    told = [
        (name, index)
        for name, index in zip(names, columns, strict=True)
        if any(row[index] not in (None, "") for row in rows)
    ]
    shown = rows[:MOST_ROWS]
    return Integers(
        headings=tuple(name for name, _ in told),
        numeric=tuple(name in _NUMBERS for name, _ in told),
        rows=tuple(tuple(_text(row[index]) for _, index in told) for row in shown),
        left_out=len(rows) - len(shown),
    )


def _integers_of_verdict(verdict: Verdict) -> Integers:
    rows: list[tuple[str, ...]] = []
    for name, column in verdict.columns.items():
        for mark in (*column.marks, *column.proxies):
            reading = ";".join(f"{fork}={option}" for fork, option in mark.asked.reading.items())
            for one in mark.spoken.figures:
                rows.append(
                    (
                        name,
                        mark.outcome,
                        one.measure,
                        one.place_name,
                        one.through_date.isoformat(),
                        one.release.release,
                        reading,
                        _text(one.numerator),
                        _text(one.denominator),
                    )
                )
    headings = (
        "column", "outcome", "measure", "place_name", "through_date", "release", "reading", "numerator",
        "denominator",
    )  # fmt: skip
    kept = tuple(dict.fromkeys(rows))
    return Integers(headings, tuple(each in _NUMBERS for each in headings), kept, 0)


def _releases(receipt: Receipt, material: Material) -> Sequence[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Returns each release that a receipt names: its id, its title's key, and its files with their hashes."""
    found = []
    for each in receipt.body["releases"]:
        known = material.record.record.releases.get(each["release"])
        names = {} if known is None else {file.sha256: file.name for file in known.files}
        files = tuple((names.get(sha, ""), sha) for sha in each["files"])
        found.append((each["release"], "" if known is None else f"releases/{known.release}.html", files))
    return found


def _text(value: object) -> str:
    return "" if value is None else str(value)
