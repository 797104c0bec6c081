"""A made-up release: files in the form of a layout, and the truth about each beside it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.events import EventLayout
from recount.declare.synthetic import FileForm, FileFormat, Synthetic, load_synthetic, mark_line
from recount.errors import UnknownNameError, UsageError
from recount.synthesize.columns import Identifiers, fill_columns, main_field, plan_columns
from recount.synthesize.draws import stream
from recount.synthesize.events import TIMES, draw_rows, hide_identifiers, take_rows
from recount.synthesize.fields import Filler
from recount.synthesize.hazards import Spoiler
from recount.synthesize.journeys import Window
from recount.synthesize.parquet_file import ParquetFile
from recount.synthesize.text_file import TextFile
from recount.synthesize.truth import (
    SCHEMA_VERSION,
    count_truth,
    shows_identifiers,
    true_rows,
    truth_files,
    write_truth,
)
from recount.synthesize.workbook_file import WorkbookFile

ROWS_OF_PARQUET = 1_000_000
"""Rows after which Parquet goes on in another file, where nothing else is asked for."""


@dataclass(frozen=True)
class Request:
    """What to make up.

    `files` is how many files the rows are split into, `None` for one, and of Parquet one a million rows.
    `sheet_rows` is how many rows a sheet takes before it goes on in another. `texts_in_cells` writes texts of a
    workbook into its cells, as some programs do, and not into a part that all cells share.
    """

    layout: str
    rows: int
    seed: int
    format: FileFormat | None = None
    files: int | None = None
    sheet_rows: int | None = None
    identifiers: Identifiers = "hash"
    texts_in_cells: bool = False


@dataclass(frozen=True)
class MadeFile:
    """One file made up, the truth about its rows, and the counts by hazard."""

    path: Path
    rows_truth: Path
    counts_truth: Path
    counts: dict[str, Any]


def synthesize(catalog: Catalog, asked: Request, folder: Path, *, overwrite: bool = False) -> list[MadeFile]:
    """Makes a release up in `folder`, and returns its files. The same request gives the same bytes.

    Raises:
        UnknownNameError: where no layout has the name, with the nearest.
        UsageError: where the request cannot be met, or a file is there already.
        CatalogError: where nothing says what a field holds or how a file is laid out.
    """
    layouts = catalog.events.layouts
    if asked.layout not in layouts:
        raise UnknownNameError("layout", asked.layout, layouts, [("list", "recount synthesize --list")])
    layout = layouts[asked.layout]
    synthetic = load_synthetic(catalog)
    form = synthetic.form_of(layout)
    file_format = asked.format or form.formats[0]
    _refuse_nonsense(asked, form, file_format)
    sizes = _sizes(asked, file_format)
    targets = [folder / _file_name(asked, file_format, number, len(sizes)) for number in range(len(sizes))]
    _refuse_to_overwrite(targets, overwrite=overwrite)
    folder.mkdir(parents=True, exist_ok=True)
    making = _Making(catalog, layout, synthetic, form, file_format, asked)
    blocks = making.blocks()
    return [making.make_file(target, size, blocks) for target, size in zip(targets, sizes, strict=True)]


def _refuse_nonsense(asked: Request, form: FileForm, file_format: FileFormat) -> None:
    for name, number in (
        ("--rows", asked.rows),
        ("--files", asked.files),
        ("--sheet-rows", asked.sheet_rows),
    ):
        if number is not None and number < 1:
            raise UsageError(f"{name} {number} is less than one.", [("fix", "ask for one or more")])
    if asked.seed < 0:
        raise UsageError(f"--seed {asked.seed} is negative.", [("fix", "take a whole number from 0 on")])
    if asked.files is not None and asked.files > asked.rows:
        raise UsageError(f"{asked.rows:,} rows cannot fill {asked.files:,} files.")
    if file_format not in form.formats:
        raise UsageError(
            f"Files of the layout {asked.layout} are no {file_format}.",
            [("choose from", ", ".join(form.formats))],
        )


def _sizes(asked: Request, file_format: FileFormat) -> list[int]:
    count = asked.files or (-(-asked.rows // ROWS_OF_PARQUET) if file_format == "parquet" else 1)
    size, more = divmod(asked.rows, count)
    return [size + (number < more) for number in range(count)]


def _file_name(asked: Request, file_format: FileFormat, number: int, count: int) -> str:
    part = f"_{number + 1}-of-{count}" if count > 1 else ""
    return f"SYNTHETIC_{asked.layout}_{asked.rows}-rows_seed-{asked.seed}{part}.{file_format}"


def _refuse_to_overwrite(targets: Sequence[Path], *, overwrite: bool) -> None:
    there = [
        each
        for target in targets
        for each in (target, *truth_files(target))
        if each.exists() and not overwrite
    ]
    if there:
        raise UsageError(f"{there[0]} is there already.", [("fix", "choose another folder, or add --force")])


@dataclass
class _Making:
    catalog: Catalog
    layout: EventLayout
    synthetic: Synthetic
    form: FileForm
    file_format: FileFormat
    asked: Request

    def __post_init__(self) -> None:
        self.table = self.catalog.events.table(self.layout.table)
        self.columns = plan_columns(
            self.layout, self.table, self.form, self.synthetic, self.asked.identifiers
        )
        self.main = main_field(self.layout.table, self.columns)
        self.mark = mark_line(self.asked.seed)

    def blocks(self) -> Iterator[tuple[int, pl.DataFrame]]:
        """Yields the numbers and rows of blocks of people, without end."""
        block = 0
        window = Window(self.form.first, self.form.last)
        while True:
            rows = draw_rows(self.synthetic, self.layout.table, window, self.asked.seed, block)
            hidden = hide_identifiers(self.synthetic, self.layout.table, self.asked.seed, block)
            yield block, rows.with_columns(hidden.gather(rows["person"]).alias("is_hidden"))
            block += 1

    def make_file(self, target: Path, size: int, blocks: Iterator[tuple[int, pl.DataFrame]]) -> MadeFile:
        """Writes one file and the truth beside it, each beside its place and then swapped in."""
        beside = target.with_name(f".writing.{target.name}")
        writer = self._writer(beside, size)
        truth: list[pl.DataFrame] = []
        try:
            while writer.rows < size:
                block, rows = next(blocks)
                truth.append(self._write_block(writer, block, rows, size - writer.rows))
            writer.close()
            beside.replace(target)
        except BaseException:
            writer.abandon()
            raise
        finally:
            beside.unlink(missing_ok=True)
        every = pl.concat(truth).select(pl.lit(target.name).alias("file_original"), pl.all())
        counts = {
            "schema": SCHEMA_VERSION,
            "synthetic": self.mark,
            "file": target.name,
            "layout": self.layout.layout,
            "table": self.layout.table,
            "seed": self.asked.seed,
            "identifiers": self.asked.identifiers if shows_identifiers(self.columns) else None,
            "cut_off": str(self.form.last),
            **count_truth(every, self.form.last, identifiers_shown=shows_identifiers(self.columns)),
        }
        return MadeFile(target, *write_truth(every, counts, target, self.mark), counts)

    def _write_block(
        self, writer: TextFile | WorkbookFile | ParquetFile, block: int, rows: pl.DataFrame, wanted: int
    ) -> pl.DataFrame:
        table, seed = self.layout.table, self.asked.seed
        filler = Filler(self.catalog.events, self.synthetic, table, seed, block, rows)
        filled = fill_columns(filler, self.columns, self.asked.identifiers)
        shares = [each for each in self.synthetic.blacked_out.shares if each in filled.columns]
        filled = filled.with_columns(filler.missing_draw(each).alias(f"missing {each}") for each in shares)
        main = TIMES[table].main
        order = pl.Series("row of block", range(len(rows)))
        taken = take_rows(rows.with_columns(order), wanted).sort(main, "person", "event", "copy")
        spoiler = Spoiler(
            synthetic=self.synthetic,
            form=self.form,
            columns=self.columns,
            declared=[each.name for each in self.table.fields],
            main=self.main,
            rng=stream(seed, block, f"{table} hazards"),
            at_least=int(writer.rows == 0 and wanted >= self.synthetic.hazards.present_from),
            is_workbook=self.file_format == "xlsx",
        )
        spoiled, done = spoiler.spoil(filled[taken["row of block"]])
        places = writer.write(spoiled)
        return pl.concat([places, true_rows(taken, main, block), done], how="horizontal")

    def _writer(self, path: Path, size: int) -> TextFile | WorkbookFile | ParquetFile:
        if self.file_format == "parquet":
            return ParquetFile(path, self.columns, self.mark)
        words = {
            "mark": self.mark,
            "table": self.table.title.en,
            "title": self.form.titles.get(self.layout.table, self.table.title.en),
            "first": _month_day_year(self.form.first),
            "last": _month_day_year(self.form.last),
        }
        preamble = [line.format_map(words) for line in self.form.preamble]
        if self.file_format != "xlsx":
            return TextFile(path, self.form, self.columns, preamble)
        sheet = self.form.sheet.format_map(words)
        return WorkbookFile(
            path,
            self.columns,
            preamble,
            sheet,
            self.mark,
            self.asked.sheet_rows,
            size,
            texts_in_cells=self.asked.texts_in_cells,
        )


def _month_day_year(day: datetime.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
