"""ICE's Secure Communities files into figures, activations and releases."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recount.acquire.files import SourceFile
from recount.clean.places import Place, resolve_places
from recount.clean.prints import Prints
from recount.clean.values import Row, SetAsideRow, parse_count, read_rows, show_cells
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease, Layout, Release
from recount.declare.text import Text
from recount.errors import ReleaseFileError, ValueInFileError
from recount.extract.text_tables import RawTable

CoreRow = dict[str, Any]


@dataclass
class Cleaned:
    """What one file became.

    `rows_in` = `rows_kept` + the number of `set_aside`. Core rows are by table; `jurisdictions` are
    the places that the file lists.
    """

    file: SourceFile
    layout: str
    rows_in: int
    rows_kept: int
    set_aside: list[SetAsideRow]
    core: dict[str, list[CoreRow]]
    releases: list[KnownRelease]
    jurisdictions: list[Place] = field(default_factory=list)


def clean_figures_by_jurisdiction(raw: RawTable, layout: Layout, catalog: Catalog) -> Cleaned:
    """Returns the figures and activations of ICE's table by jurisdiction.

    Assumes that the table is cumulative through the date in the file's name, and that a row is one
    jurisdiction. Rows of jurisdictions that are not activated are set aside, not read as zeros.

    Raises:
        ValueInFileError: where cells do not fit, or a jurisdiction is listed twice.
    """
    rows, aside = read_rows(raw, layout, catalog)
    through = _through_of(raw.file, layout, catalog)
    release = _release_of_file(raw.file, layout, catalog, through)
    _refuse_repeated(rows, "fips", raw.file, layout, catalog)
    names = layout.jurisdiction_names
    if names is None:
        raise TypeError(f"the layout {layout.layout} declares no jurisdiction_names")
    figures: list[CoreRow] = []
    activations: list[CoreRow] = []
    places: list[Place] = []
    for row in rows:
        fips, state = row.text("fips"), row.text("state")
        if row.values["abbrev"] != state:
            raise ValueInFileError(
                f"{raw.file.relative}, row {row.number:,}: two columns name two states.",
                [("abbrev", row.original["abbrev"]), ("state", row.original["state"])],
            )
        _refuse_other_states_code(fips, state, row, raw.file, layout, catalog)
        place = Place("jurisdiction", fips, names.write_out(row.text("county"), fips, state), state)
        places.append(place)
        for header, column in layout.columns.items():
            if column.figure is not None:
                figures.append(
                    _figure_row(release.release, place, through, "day", column.figure, raw.file, row, header)
                    | {"value_kind": "count", "value_count": row.values[header]}
                )
        activations.append(
            _activation_row(release.release, raw.file, row)
            | {"place_name": place.name, "state_code": state, "aor_code": row.values["aor"]}
        )
    core = {"secure_communities_figures": figures, "secure_communities_activations": activations}
    rows_in = len(raw.rows) + len(raw.empty_lines)
    return Cleaned(raw.file, layout.layout, rows_in, len(rows), aside, core, [release], places)


def clean_activations(raw: RawTable, layout: Layout, catalog: Catalog) -> Cleaned:
    """Returns the activations that a list of dates by county prints."""
    rows, aside = read_rows(raw, layout, catalog)
    _refuse_repeated(rows, "fips", raw.file, layout, catalog)
    dates = [date for row in rows if (date := row.date("activation_date")) is not None]
    if not dates:
        raise ReleaseFileError(f"{raw.file.relative} gives no activation date.")
    release = _release_of_file(raw.file, layout, catalog, max(dates))
    core = {
        "secure_communities_activations": [
            _activation_row(release.release, raw.file, row)
            | {
                "statewide_date": row.values["statewide_date"],
                "is_borough": row.values["borough"],
                "is_parish": row.values["parish"],
                "is_city": row.values["city"],
            }
            for row in rows
        ]
    }
    rows_in = len(raw.rows) + len(raw.empty_lines)
    return Cleaned(raw.file, layout.layout, rows_in, len(rows), aside, core, [release])


def clean_printed_figures(
    raw: RawTable, layout: Layout, catalog: Catalog, known: Mapping[str, Place]
) -> Cleaned:
    """Returns the figures that prints give, and the prints as releases.

    A row is a figure of the print at its address. "two sources agree" is two prints: the sources are
    named one after the other, and the row's address, dates and grade are the first one's.

    Raises:
        UnknownCodeError: where a place is not known.
        ValueInFileError: where a value does not fit its figure, or rows of one print disagree on it.
    """
    rows, aside = read_rows(raw, layout, catalog)
    places = resolve_places(rows, "geography", known, raw.file.relative, catalog)
    prints = Prints(raw.file, layout, catalog, rows)
    figures: list[CoreRow] = []
    for row in rows:
        for release in prints.of_row(row):
            through = row.date("through")
            if through is None:
                raise TypeError("a figure needs the date through which it counts")
            figures.append(
                _figure_row(
                    release.release,
                    places[row.number],
                    through,
                    row.text("through_precision"),
                    row.text("metric"),
                    raw.file,
                    row,
                    "value",
                )
                | _printed_value(row, prints.declared_as(release.release), raw.file, layout, catalog)
                | ({} if "value" in row.corrected else {"print_note": row.values["confidence"]})
            )
    rows_in = len(raw.rows) + len(raw.empty_lines)
    core = {"secure_communities_figures": figures}
    return Cleaned(raw.file, layout.layout, rows_in, len(rows), aside, core, prints.all())


def _figure_row(
    release: str,
    place: Place,
    through: datetime.date,
    precision: str,
    figure: str,
    file: SourceFile,
    row: Row,
    header: str,
) -> CoreRow:
    return {
        "release": release,
        "place_kind": place.kind,
        "place_code": place.code,
        "place_name": place.name,
        "state_code": place.state_code,
        "through_date": through,
        "through_precision": precision,
        "figure_name": figure,
        "value_original": row.original[header],
        "print_note": f"corrected: {row.corrected[header]}" if header in row.corrected else None,
        "file_original": file.name,
        "row_original": row.number,
        "cell_original": header,
    }


def _activation_row(release: str, file: SourceFile, row: Row) -> CoreRow:
    return {
        "release": release,
        "county_fips": row.text("fips"),
        "activation_date": row.values["activation_date"],
        "file_original": file.name,
        "row_original": row.number,
    }


def _printed_value(
    row: Row, declared: Release | None, file: SourceFile, layout: Layout, catalog: Catalog
) -> CoreRow:
    figure = row.text("metric")
    kind = next(each.kind for each in catalog.codes["figures"].codes if each.code == figure)
    cell = row.text("value")
    try:
        if kind == "share_above":
            if not re.fullmatch(r"0(\.\d+)?", cell):
                raise ValueError(cell)
            return {"value_kind": kind}
        count = parse_count(cell)
    except ValueError as misfit:
        wanted = "a share between 0 and 1" if kind == "share_above" else "a whole number, digits only"
        raise ValueInFileError(
            f"{file.relative}: 1 cell does not fit the column.",
            [
                ("column", f"value, for {figure}: {wanted}"),
                ("cells", show_cells([(row.number, cell)])),
                (
                    "fix",
                    "mend the file, or add a correction with its reason to\n"
                    + catalog.corrections_file(layout.source),
                ),
            ],
        ) from misfit
    unit = None if declared is None else declared.prints_about.get(figure)
    if unit is None:
        return {"value_kind": "count", "value_count": count}
    rounded = (count + unit // 2) // unit * unit
    return {
        "value_kind": "about",
        "value_count": rounded,
        "rounded_to": unit,
        "value_original": f"about {rounded:,}",
    }


def _through_of(file: SourceFile, layout: Layout, catalog: Catalog) -> datetime.date:
    match = re.fullmatch(layout.files, file.name)
    try:
        return datetime.date.fromisoformat(match["through"] if match else "")
    except ValueError as undated:
        raise ReleaseFileError(
            f"The name of {file.relative} does not give the last day that the table counts.",
            [
                ("wanted", layout.files),
                ("fix", f"rename it, or change {catalog.file_to_edit('layout', layout.layout)}"),
            ],
        ) from undated


def _release_of_file(
    file: SourceFile, layout: Layout, catalog: Catalog, through: datetime.date
) -> KnownRelease:
    template = layout.undeclared_release
    day = through.isoformat()
    name = template.release.format(through=day)
    declared = catalog.releases.get(name)
    published = declared.published if declared else None
    return KnownRelease(
        release=name,
        source=layout.source,
        title=declared.title
        if declared
        else Text(en=template.title.en.format(through=day), es=template.title.es.format(through=day)),
        printed_by=declared.printed_by if declared else template.printed_by,
        reports=declared.reports if declared else layout.reports,
        url=declared.url if declared else None,
        published_from=published.from_date if published else None,
        published_to=published.to_date if published else None,
        published_basis=published.basis if published else template.basis,
        authority=declared.authority if declared else str(template.authority),
        lists=declared.lists if declared else template.lists,
        leaves_out=declared.leaves_out if declared else template.leaves_out,
        covers_through=through,
        declared=declared is not None,
        files=[file.released()],
    )


def _refuse_other_states_code(
    fips: str, state: str, row: Row, file: SourceFile, layout: Layout, catalog: Catalog
) -> None:
    prefix = next(str(each.fips) for each in catalog.codes["states"].codes if each.code == state)
    if fips.startswith(prefix):
        return
    raise ValueInFileError(
        f"{file.relative}, row {row.number:,}: the county code is not one of its state.",
        [
            ("fips", fips),
            ("state", f"{row.original['state']}, whose codes begin with {prefix}"),
            (
                "fix",
                f"mend the file, or add a correction with its reason to\n{catalog.corrections_file(layout.source)}",
            ),
        ],
    )


def _refuse_repeated(
    rows: list[Row], header: str, file: SourceFile, layout: Layout, catalog: Catalog
) -> None:
    by_value: dict[str, list[int]] = {}
    for row in rows:
        by_value.setdefault(row.text(header), []).append(row.number)
    repeated = [(numbers[0], value, numbers) for value, numbers in by_value.items() if len(numbers) > 1]
    if not repeated:
        return
    lines = [
        f"{value!r}: rows {', '.join(f'{each:,}' for each in numbers)}" for _, value, numbers in repeated[:8]
    ]
    raise ValueInFileError(
        f"{file.relative} lists a jurisdiction more than once.",
        [
            ("column", header),
            ("values", "\n".join(lines)),
            (
                "fix",
                f"mend the file, or correct a code, with its reason, in {catalog.corrections_file(layout.source)}",
            ),
        ],
    )
