"""The shapes of JSON that the API gives, as its OpenAPI document declares them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object of the API; what it holds beyond its declared names may grow."""

    model_config = ConfigDict(extra="allow")


class Texts(Shape):
    """One text in both languages."""

    en: str
    es: str


class Fact(Shape):
    """What to change, or what to choose from."""

    label: str
    text: str


class ProblemShape(Shape):
    """What is wrong with a request, as RFC 9457 says it, and what to change."""

    type: str = Field(description="The kind of problem: an address that explains it.")
    title: str
    status: int
    detail: str = Field(description="What is wrong with this request.")
    facts: list[Fact]
    nearest: list[str] = Field(description="Known names nearest to the one that was given.")


class Page(Shape):
    """One page of a list in a total order; `next` is the address of the page after it."""

    total: int
    offset: int
    limit: int
    next: str | None
    record: str = Field(description="Which record the list is of: the first digits of its identity.")


class Bounds(Shape):
    """An interval with exact ends (`"183/352"`); null where it has no end."""

    low: str | None
    high: str | None
    low_open: bool
    high_open: bool


class ReceiptRelease(Shape):
    """A release that an answer rests on, with the sha256 of its files."""

    release: str
    files: list[str]


class ReceiptShape(Shape):
    """What an answer rests on. `id` is the sha256 of the canonical JSON of all but `id` and `beside`."""

    id: str = Field(pattern="^[0-9a-f]{64}$")
    schema_: str = Field(alias="schema")
    question: dict[str, Any]
    definition: str
    releases: list[ReceiptRelease]
    results: Any
    beside: dict[str, Any]


class MeasureName(Shape):
    """A measure, in short."""

    name: str
    title: Texts
    unit: str
    kind: str


class Row(Shape):
    """One number of an answer: its integers, its exact bounds, and the release that it is of.

    A printed figure has its place and the cells that print it; a count of individual records what is missing,
    redacted or suppressed.
    """

    release: str
    authority: str
    published_from: str | None
    published_to: str | None
    reading: dict[str, str]
    numerator: int | None
    denominator: int | None
    share: float | None
    bounds: Bounds | None
    through_date: str | None
    breakdown: dict[str, str | None]


class AnswerShape(Shape):
    """An answer: its rows, what is absent, what to know with it, and the receipt.

    With `readings=all` it has `spread`; with `compare_with` it has `differences` instead of `rows`.
    """

    schema_: Literal["recount-answer/1"] = Field(alias="schema")
    question: dict[str, Any] = Field(description="What was asked, every default written out.")
    measure: MeasureName
    rows: list[Row] = []
    absent: list[dict[str, Any]] = []
    spread: list[dict[str, Any]] = []
    differences: list[dict[str, Any]] = []
    releases_perhaps_out: list[str]
    warnings: list[dict[str, Any]] = []
    caveats: list[Texts]
    receipt: ReceiptShape


class MeasureItem(MeasureName):
    """A measure as listed."""

    asks: Literal["printed figures", "individual records"]
    href: str


class MeasurePage(Page):
    """Measures by name."""

    items: list[MeasureItem]


class OptionShape(Shape):
    """One way to decide a fork."""

    option: str
    label: Texts


class ForkShape(Shape):
    """A choice that a definition leaves open, with its default, the day it was decided and the reason."""

    fork: str
    kind: Literal["rows", "column", "numerator"]
    question: Texts
    default: str
    decided: str
    reason: str
    options: list[OptionShape]


class MeasureShape(MeasureItem):
    """A measure as defined."""

    description: Texts
    population: Texts
    table: str
    dimensions: list[str] = Field(description="What it can be limited to and split by, beside spans of time.")
    spans: list[str] = Field(description="Spans of time by which it can be split.")
    forks: list[ForkShape]
    caveats: list[Texts]
    answer: str
    chart: str


class TableItem(Shape):
    """A table as listed."""

    name: str
    kind: Literal["figures", "cube"]
    title: str
    one_row_is: str
    rows_count: int
    href: str


class TablePage(Page):
    """Tables by name."""

    items: list[TableItem]


class ColumnShape(Shape):
    """A column: its type, unit and codes."""

    name: str
    type: str
    description: str
    unit: str | None
    may_be_missing: bool
    code_list: str | None
    codes: list[dict[str, Any]] | None


class TableShape(TableItem):
    """A table as declared."""

    unique_key: list[str]
    columns: list[ColumnShape]
    warnings: list[str]
    releases: list[str]
    receipt: ReceiptShape
    rows: str


class RowsPage(Page):
    """Rows of a table, in the order of its unique key."""

    table: str
    items: list[dict[str, Any]]


class ClaimItem(Shape):
    """A claim as listed."""

    claim: str
    title: Texts
    statement: str
    said_by: Texts
    href: str


class ClaimPage(Page):
    """Claims in their declared order."""

    items: list[ClaimItem]


class ClaimShape(Shape):
    """A claim as declared: the statement, and what it asserts."""

    claim: str
    title: Texts
    statement: str


class VerdictShape(Shape):
    """What the record says of a claim."""

    schema_: Literal["recount-answer/1"] = Field(alias="schema")
    claim: ClaimShape
    headline: str
    provisional: list[str]
    columns: dict[str, Any]
    paragraph: Texts
    receipt: ReceiptShape


class ReleaseItem(Shape):
    """A release as listed."""

    release: str
    source: str
    title: Texts
    printed_by: str
    authority: str
    published_from: str | None
    published_to: str | None
    covers_through: str
    href: str


class ReleasePage(Page):
    """Releases by name."""

    items: list[ReleaseItem]


class ReleaseFile(Shape):
    """A released file by name and sha256."""

    name: str
    sha256: str


class ReleaseShape(ReleaseItem):
    """A release, with its files and the rows that tables have of it."""

    published_basis: str
    path: str | None
    files: list[ReleaseFile]
    tables: dict[str, int]


class Health(Shape):
    """That the server is there, or ready."""

    status: Literal["ok"]


class Index(Shape):
    """Where everything is."""

    name: str
    version: str
    record: str
    links: dict[str, str]


class VegaLite(Shape):
    """A chart as Vega-Lite."""
