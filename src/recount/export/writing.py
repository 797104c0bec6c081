"""Exports, written: choose, describe, write beside, swap in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.exports import FormatName
from recount.errors import UsageError
from recount.export.account import Account, make_account
from recount.export.claim_review import AUTHOR, as_json_lines, describe_review
from recount.export.columnar import sha256_of, write_beside, write_csv, write_parquet
from recount.export.dataset import write_dataset
from recount.export.places import (
    FILE_A_TABLE,
    NotWrittenError,
    Place,
    find_place,
    read_format,
    refuse_existing,
    staged,
    work_folder,
)
from recount.export.tables import ExportTable, choose_tables
from recount.measure.receipt import Receipt
from recount.progress import track
from recount.record.store import Record

_LINKED = ".jsonld"
AccountOf = Callable[[str, Sequence[ExportTable]], Account]


@dataclass(frozen=True)
class WrittenTable:
    """One table as written: its rows, the releases they are of, and those that are made up."""

    table: str
    rows: int
    releases: tuple[str, ...]
    synthetic: tuple[str, ...]


@dataclass(frozen=True)
class WrittenExport:
    """One file, or one package, as written.

    `beside` are the files that lie beside it and belong to it. `notes` say what the format could not hold.
    """

    path: Path
    beside: tuple[Path, ...]
    tables: tuple[WrittenTable, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    receipt: Receipt


def write(
    record: Record,
    catalog: Catalog,
    what: str,
    to: Path,
    *,
    as_format: FormatName | None = None,
    releases: Sequence[str] = (),
    public: bool = False,
    force: bool = False,
) -> tuple[WrittenExport, ...]:
    """Writes tables of the record to a file or a folder, and returns what was written.

    Args:
        record: what is exported.
        catalog: declares its tables.
        what: a table, the counts of one (`arrests_cube`), or `all`.
        to: a file whose suffix says the format, or a folder.
        as_format: the format, where the path does not say it.
        releases: names of releases; none for all of them.
        public: gives the fixed counts that the package ships in place of individual records.
        force: replaces files that are there.

    Raises:
        UsageError: where nothing is there to export, the format cannot hold it, or the place cannot be written.
            What was there before is kept.
        RecordError: where the record is at fault.
    """
    read_format(to, as_format)
    tables = choose_tables(record, catalog, what, releases, public=public)

    def account_of(name: str, chosen: Sequence[ExportTable]) -> Account:
        return make_account(name, chosen, catalog, releases, public=public)

    return write_tables(tables, what, to, account_of, as_format=as_format, force=force)


def write_tables(
    tables: Sequence[ExportTable],
    what: str,
    to: Path,
    account_of: AccountOf,
    *,
    as_format: FormatName | None = None,
    force: bool = False,
) -> tuple[WrittenExport, ...]:
    """Writes tables to a file or a folder, and returns what was written.

    Args:
        tables: one or several.
        what: the name of all of them together.
        to: a file whose suffix says the format, or a folder.
        account_of: makes what goes with some of the tables, which have a name together.
        as_format: the format, where the path does not say it.
        force: replaces files that are there.

    Raises:
        UsageError: where the format cannot hold them, or the place cannot be written. What was there is kept.
    """
    format_name = read_format(to, as_format)
    place = find_place(to, format_name, what, tables)
    if not place.makes_folder and format_name != "datapackage":
        # The rest is looked at once it is written: what lies beside depends on the format.
        refuse_existing(place.folder, [Path(each) for each in place.files], force=force)
    with staged(place.folder, to, makes_folder=place.makes_folder, force=force) as stage:
        try:
            if format_name in FILE_A_TABLE:
                pairs = list(zip(tables, place.files, strict=True))
                done = [
                    _write_file(each, account_of(each.name, [each]), place, stage / file)
                    for each, file in track(pairs, "Exporting")
                ]
            else:
                named = tables[0].name if len(tables) == 1 else what
                done = [_write_whole(account_of(named, tables), place, stage)]
        except pl.exceptions.PolarsError as failed:
            raise NotWrittenError(str(failed)) from failed
    return tuple(done)


def _write_file(table: ExportTable, account: Account, place: Place, path: Path) -> WrittenExport:
    notes: list[str] = []
    beside: list[Path] = []
    if place.format == "parquet":
        write_parquet(table, account, path)
        sha256 = sha256_of(path)
    else:
        if place.format == "csv":
            sha256 = write_csv(table, path)
        else:
            # Slow to import, and only these two formats need it.
            from recount.export.labelled import write_labelled  # noqa: PLC0415

            notes = write_labelled(table, account, path, "stata" if place.format == "stata" else "spss")
            sha256 = sha256_of(path)
        beside = write_beside(account, path, sha256)
    beside.append(write_dataset(account, path, place.format, sha256))
    return _written(account, place, path.name, beside, notes)


def _write_whole(account: Account, place: Place, stage: Path) -> WrittenExport:
    name = place.files[0]
    notes: list[str] = []
    beside: list[Path] = []
    if place.format == "xlsx":
        from recount.export.workbook import WorkbookExport  # noqa: PLC0415  as above

        notes = WorkbookExport(account, stage / name, work_folder(stage)).write()
    elif place.format == "sqlite":
        from recount.export.databases import write_sqlite  # noqa: PLC0415  as above

        beside = write_sqlite(account, stage / name)
    elif place.format == "duckdb":
        from recount.export.databases import write_duckdb  # noqa: PLC0415  as above

        write_duckdb(account, stage / name, work_folder(stage))
    else:
        from recount.export.package import write_package  # noqa: PLC0415  as above

        write_package(account, stage)
        beside = sorted(each for each in stage.rglob("*") if each.is_file() and each.name != name)
        relative = [each.relative_to(stage) for each in beside]
        return _written(account, place, name, [stage / each for each in relative], notes, stage)
    path = stage / name
    # DuckDB gives each file an identifier of its own, so that no digest holds for the next one.
    digest = None if place.format == "duckdb" else sha256_of(path)
    beside.append(write_dataset(account, path, place.format, digest))
    return _written(account, place, name, beside, notes)


def _written(
    account: Account,
    place: Place,
    name: str,
    beside: Sequence[Path],
    notes: Sequence[str],
    stage: Path | None = None,
) -> WrittenExport:
    below = [each.relative_to(stage) if stage is not None else Path(each.name) for each in beside]
    return WrittenExport(
        path=place.folder / name,
        beside=tuple(place.folder / each for each in below),
        tables=tuple(
            WrittenTable(each.name, each.rows, tuple(one.release for one in each.releases), each.synthetic)
            for each in account.tables
        ),
        warnings=account.warnings,
        notes=tuple(notes),
        receipt=account.receipt,
    )


def write_claim(
    verdicts: Sequence[Verdict],
    words: Words,
    to: Path,
    *,
    url: str | None = None,
    author: str = AUTHOR,
    force: bool = False,
) -> Path:
    """Writes verdicts as schema.org's ClaimReview, and returns the file.

    Args:
        verdicts: one, or several, which are written as a list.
        words: the language of the reviews.
        to: a file that ends in .jsonld or .json.
        url: where the review is published.
        author: who publishes it.
        force: replaces a file that is there.

    Raises:
        UsageError: where the file cannot be written, or is there already.
    """
    if to.suffix.casefold() not in (_LINKED, ".json"):
        raise UsageError(
            f"{to} names no format of claims.",
            [("choose from", f"{_LINKED}, .json")],
        )
    if url is not None and not url.startswith(("https://", "http://")):
        raise UsageError(
            f"{url!r} is no address of a page.", [("example", "--url https://example.org/check")]
        )
    text = as_json_lines([describe_review(each, words, url=url, author=author) for each in verdicts])
    with staged(to.parent, to, makes_folder=False, force=force) as stage:
        (stage / to.name).write_text(text, encoding="utf-8")
    return to
