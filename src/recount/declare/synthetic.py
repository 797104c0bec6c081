"""What made-up releases are made of, and the mark by which each of their files is known."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, model_validator
from pydantic import Field as PydanticField

from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml
from recount.errors import CatalogError

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog
    from recount.declare.events import EventLayout

SYNTHETIC_MARK = "SYNTHETIC – made by recount synthesize"
"""How the first line of a made-up release begins."""
SYNTHETIC_KEY = "recount:synthetic"
"""The key of a Parquet file's own words that only a made-up release has."""
SYNTHETIC_NAME = "synthetic"
FILE = "synthetic.yml"

FileFormat = Literal["csv.gz", "csv", "xlsx", "parquet"]


def mark_line(seed: int) -> str:
    """Returns the words that stand in every made-up file."""
    return f"{SYNTHETIC_MARK}, seed {seed}; not a real release"


def is_synthetic(name: str, first_lines: Iterable[str], metadata: Mapping[str, str]) -> bool:
    """Whether a file is a made-up release: its name, a first line or its own words say so.

    Args:
        name: the name of the file, without folders.
        first_lines: its first lines as text, or the first cells of its rows.
        metadata: what the file says of itself: of a Parquet file, or the properties of a workbook.
    """
    mark = SYNTHETIC_MARK.casefold()
    return (
        SYNTHETIC_NAME in name.casefold()
        or any(mark in line.casefold() for line in first_lines)
        or SYNTHETIC_KEY in metadata
        or any(mark in value.casefold() for value in metadata.values())
    )


class Reasoned(Declared):
    """A choice, with why it was made and where it comes from."""

    reason: str
    source: str


class Pool(Reasoned):
    """Values of one or several text fields, drawn together, by weight.

    Each of `rows` is one value a field in the order of `fields`, and a weight. `level` says whether a
    person has one draw for good, or every event its own.
    """

    fields: list[str] = PydanticField(min_length=1)
    level: Literal["person", "event"]
    rows: list[tuple[list[str], int]] = PydanticField(min_length=1)

    @model_validator(mode="after")
    def _as_wide_as_the_fields(self) -> Pool:
        wrong = [values for values, _ in self.rows if len(values) != len(self.fields)]
        if wrong:
            raise ValueError(f"not one value a field of {', '.join(self.fields)}: {wrong[0]}")
        return self


class Area(Declared):
    """A place of arrests: area of responsibility and state by code, the rest as released."""

    area: str
    state: str
    county: str
    city: str
    landmarks: list[str] = PydanticField(min_length=1)
    weight: int


class Areas(Reasoned):
    """Places of arrests."""

    rows: list[Area]


class CodeWeights(Reasoned):
    """How often each code is drawn, and which of its spellings is written.

    `others` is shared by the codes that are not named; the first spelling that matches `spelling` is taken, and
    written in capitals where `capitals` says so.
    """

    codes: str
    weights: dict[str, int]
    others: int = 0
    never: list[str] = []
    spelling: str = ".+"
    capitals: bool = False


class Numbers(Reasoned):
    """The range of a number, ends included."""

    field: str
    level: Literal["person", "event"]
    lowest: int
    highest: int
    step: int = 1


class Shares(Reasoned):
    """A share of cells, by field."""

    shares: dict[str, Decimal]


class CopyKind(Reasoned):
    """One way in which a row is followed by another of the same person.

    `copies` rows are added, each `gap_minutes` after the one before. `sets` writes a value as released,
    `redraws` draws fields anew,
    those of a pool always another row of it. `same_event` says whether the copies tell of the same event, so that they
    are duplicates; `within_day` keeps them on its calendar day.
    """

    kind: str
    weight: int
    copies: int = 1
    gap_minutes: tuple[int, int] = (0, 0)
    sets: dict[str, str] = {}
    redraws: list[str] = []
    same_event: bool = True
    within_day: bool = False


class Copies(Declared):
    """How many events of a table are entered more than once, and how."""

    share: Decimal
    kinds: list[CopyKind] = PydanticField(min_length=1)


class BadDate(Declared):
    """An impossible date, and how raw files write it."""

    date: datetime.date
    text: str


class _Spelled(Declared):
    """A declaration of texts as released: a blank at an end is part of the text."""

    model_config = ConfigDict(str_strip_whitespace=False)


class Hazards(Reasoned, _Spelled):
    """What is wrong with some rows, each as a share of them.

    In files of `present_from` rows or more every one occurs at least once, where a column can hold it.
    """

    present_from: int
    redacted_rows: Decimal
    redacted_fields: list[str]
    redactions: list[str] = PydanticField(min_length=1)
    bad_date_rows: Decimal
    bad_date_fields: list[str]
    bad_dates: list[BadDate] = PydanticField(min_length=1)
    tab_rows: Decimal
    tab_fields: list[str]
    na_text_rows: Decimal
    na_text_fields: list[str]
    text_date_rows: Decimal
    missing_date_rows: Decimal


class UnusedColumns(Reasoned):
    """What columns that go to no core field hold, by header; those not named here are blank.

    `blacked_out` are blacked out in every row; `same_as` holds another field again.
    """

    blacked_out: list[str]
    same_as: dict[str, str]


class Journeys(Reasoned):
    """How people pass through arrest, detention and removal; shares of people or of their passages."""

    without_identifier: dict[str, Decimal]
    """By table: who has none in one table has none in every table of a greater share."""
    passages: list[int]
    """Weights of one, two, three … passages a person."""
    encounter_only: Decimal
    has_detainer: Decimal
    has_stay: Decimal
    stay_without_arrest: Decimal
    median_stay_days: Decimal
    stay_spread: Decimal
    longest_stay_days: int
    stints: list[int]
    """Weights of one, two, three … stints a stay."""
    never_ending: Decimal
    removed_after_stay: Decimal
    removed_without_stay: Decimal
    lead_days: int
    midnight: Decimal


class FileForm(_Spelled):
    """How the files of a layout are laid out: those of a source, a generation and a form, or of one layout.

    `preamble` are the lines above the header; `{mark}`, `{title}`, `{first}`, `{last}` are filled in.
    `quote_text` puts every text in quotes. `dates` and `datetimes` are patterns of strftime; workbooks hold
    true dates instead. `blank` is what a missing value reads in text files. Columns that are blacked
    out in every row read `redaction`; of `hidden_where_filled` only the cells that hold something are, in the
    spelling `hidden`, as are cells blacked out here and there. `no_level` is what people without a
    threat level have. `titles` names the tables.
    """

    reason: str
    layouts: list[str] = []
    source: str | None = None
    generation: str | None = None
    form: Literal["raw", "processed"] | None = None
    formats: list[FileFormat] = PydanticField(min_length=1)
    first: datetime.date
    last: datetime.date
    delimiter: str = ","
    quote_text: bool = False
    dates: str = "%Y-%m-%d"
    datetimes: str = "%Y-%m-%d %H:%M:%S"
    blank: str = ""
    preamble: list[str] = []
    sheet: str = "Sheet1"
    titles: dict[str, str] = {}
    redaction: str = ""
    hidden: str = ""
    hidden_where_filled: list[str] = []
    no_level: str | None = None

    def fits(self, layout: EventLayout) -> bool:
        """Whether files of `layout` are laid out so."""
        return (
            (not self.layouts or layout.layout in self.layouts)
            and self.source in (None, layout.source)
            and self.generation in (None, layout.generation)
            and self.form in (None, layout.form)
        )


class Synthetic(Declared):
    """Everything that made-up releases are made of."""

    journeys: Journeys
    hazards: Hazards
    copies: dict[str, Copies]
    areas: Areas
    codes: list[CodeWeights]
    pools: list[Pool]
    numbers: list[Numbers]
    yes: Shares
    blanks: dict[str, Shares]
    blacked_out: Shares
    unused: UnusedColumns
    forms: list[FileForm]

    def form_of(self, layout: EventLayout) -> FileForm:
        """Returns how files of `layout` are laid out: the first form that fits.

        Raises:
            CatalogError: where none does.
        """
        for each in self.forms:
            if each.fits(layout):
                return each
        raise CatalogError(
            f"Nothing says how files of the layout {layout.layout!r} are laid out.",
            [
                ("source", layout.source),
                ("generation", str(layout.generation)),
                ("fix", f"add a form to {FILE}"),
            ],
        )


def load_synthetic(catalog: Catalog) -> Synthetic:
    """Returns what `catalog` declares of made-up releases; an overlay's file replaces the shipped one.

    Raises:
        CatalogError: where the file does not fit its model.
    """
    shipped, over = catalog.folders
    path = over / FILE if (over / FILE).is_file() else shipped / FILE
    return build_model(Synthetic, read_yaml(path, FILE))
