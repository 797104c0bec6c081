"""The front page: what the record says now, in pictures with a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from recount.declare.site_pages import FrontPicture
from recount.errors import CatalogError
from recount.measure.answer import Answer
from recount.measure.figures import MeasuredFigure
from recount.report.page import Section, lay_out_section
from recount.site.chapters import Chapter, Contents, joined
from recount.site.claims import path_of_claim, view_claims
from recount.site.exhibits import Exhibit
from recount.site.material import Material
from recount.site.plots import Plot, place_picture
from recount.site.receipts import data_path, receipt_path, receipts_of
from recount.site.shell import Shell

FRONT = "index.html"
_MOST_CLAIMS = 8
"""The front page lists the first of the claims in their order; their own page lists all."""


@dataclass(frozen=True)
class FrontPiece:
    """A picture with its sentence: a chart, or the figures behind a claim."""

    name: str
    title: str
    sentence: Markup
    plot: Plot | None
    section: Section | None
    leads_to: str
    csv: str
    receipt: str


def front_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the front page."""
    files = [data_path(f"front-{each.name}", "csv") for each in material.plan.front]
    yield Chapter((FRONT, *files), lambda: _contents(material), weight=6)


def _contents(material: Material) -> Contents:
    asked = [
        each
        for piece in material.plan.front
        if piece.measure is not None
        for each in (_chart(piece, material), _now(piece, material))
    ]
    files = {
        data_path(f"front-{piece.name}", "csv"): _chart(piece, material).as_csv
        for piece in material.plan.front
        if piece.measure is not None
    }
    own = Contents({FRONT: lambda shell: _page(material, shell)}, files)
    return joined(own, receipts_of(material, asked))


def _page(material: Material, shell: Shell) -> bytes:
    pieces = [_piece(each, material, shell) for each in material.plan.front]
    releases = material.record.record.releases.values()
    return shell.render(
        "front.html.j2",
        FRONT,
        pieces=pieces,
        views=view_claims(material, shell)[:_MOST_CLAIMS],
        claims=len(material.claims),
        releases=len(material.record.record.releases),
        through=max(each.covers_through for each in releases),
    )


def _chart(piece: FrontPicture, material: Material) -> Exhibit:
    return material.exhibit(str(piece.measure), piece.by)


def _now(piece: FrontPicture, material: Material) -> Exhibit:
    return material.exhibit(str(piece.measure), piece.split)


def _piece(piece: FrontPicture, material: Material, shell: Shell) -> FrontPiece:
    title, template = piece.title.in_language(shell.language), piece.sentence.in_language(shell.language)
    if piece.claim is not None:
        verdict = material.verdict(piece.claim)
        section = lay_out_section(1, verdict, shell.words)
        address = shell.address(receipt_path(verdict.receipt), FRONT)
        values: dict[str, str] = {
            str(name): column.rows[0].value
            for column in section.view.columns
            for name in column.names
            if column.rows and column.rows[0].figures
        }
        sentence = _fill(template, values, address, piece)
        return FrontPiece(
            piece.name,
            title,
            sentence,
            None,
            section,
            path_of_claim(piece.claim),
            data_path(piece.claim, "csv"),
            receipt_path(verdict.receipt),
        )
    chart, now = _chart(piece, material), _now(piece, material)
    address = shell.address(receipt_path(now.receipt), FRONT)
    sentence = _fill(template, _values(chart, now, shell), address, piece)
    picture = chart.picture(shell.words)
    plot = None if picture is None else place_picture(picture)
    return FrontPiece(
        piece.name,
        title,
        sentence,
        plot,
        None,
        f"measures/{piece.measure}.html",
        data_path(f"front-{piece.name}", "csv"),
        receipt_path(chart.receipt),
    )


def _values(chart: Exhibit, now: Exhibit, shell: Shell) -> dict[str, str]:
    words = shell.words
    latest, known = _figures(now), _figures(chart)
    values = {"date": words.date(latest[-1].through_date), "value": words.value(latest[-1], inline=True)}
    for each in latest:
        for code in each.breakdown.values():
            values[code] = words.number(each.numerator or 0)
            if each.whole:
                values[f"{code}_share"] = words.share(Fraction(each.numerator or 0, each.whole))
    counted = [each for each in known if each.numerator is not None and not each.flags]
    if counted:
        low = min(counted, key=lambda each: (each.numerator or 0, each.through_date))
        high = max(counted, key=lambda each: (each.numerator or 0, each.through_date))
        values |= {
            "lowest": words.number(low.numerator or 0),
            "lowest_date": words.through(low),
            "highest": words.number(high.numerator or 0),
            "highest_date": words.through(high),
            "first_date": words.date(min(each.through_date for each in counted)),
        }
    return values


def _figures(exhibit: Exhibit) -> tuple[MeasuredFigure, ...]:
    if not isinstance(exhibit.answer, Answer):
        raise CatalogError("The front page shows printed figures.", [("file", "site.yml")])
    return exhibit.answer.figures


def _fill(template: str, values: dict[str, str], address: str, piece: FrontPicture) -> Markup:
    """Returns a sentence whose numbers lead to their receipt."""
    linked = {
        name: Markup('<a class="number-link" href="{}">{}</a>').format(address, text)
        for name, text in values.items()
    }
    dates = {name: Markup("<span>{}</span>").format(text) for name, text in values.items() if "date" in name}
    try:
        return Markup("{}").format(Markup(template).format(**{**linked, **dates}))  # noqa: S704  the catalog's own text
    except KeyError as missing:
        raise CatalogError(
            f"The sentence of {piece.name!r} names {missing.args[0]!r}, which its figures do not give.",
            [("file", "site.yml"), ("choose from", ", ".join(sorted(values)))],
        ) from missing
