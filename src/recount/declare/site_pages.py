"""What the site's pages show first, and which questions they ask of places and measures."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

SITE = "site.yml"
PlaceKind = Literal["country", "state", "aor", "jurisdiction"]


class FrontPicture(Declared):
    """A picture of the front page with its sentence: of a measure, or of the verdict on a claim.

    `by` splits the picture, `split` the latest figures that the sentence fills in: `{value}` and `{date}`; by code
    `{convicted}` and `{convicted_share}`, with `{total}`; `{lowest}`, `{highest}`, `{first_date}`. Of a claim it fills
    in `{cited}` and `{now}`.
    """

    name: str
    measure: str | None = None
    claim: str | None = None
    by: list[str] = []
    split: list[str] = []
    title: Text
    sentence: Text
    reason: str

    @model_validator(mode="after")
    def _of_one_thing(self) -> FrontPicture:
        if (self.measure is None) == (self.claim is None):
            raise ValueError("a picture is of a measure or of a claim")
        return self


class PageQuestion(Declared):
    """A question that a page asks beside its own place, and why it is this one."""

    measure: str
    by: list[str]
    release: str | None = None
    reason: str


class City(Declared):
    """A city that an area of responsibility is named after, and the counties that it lies in, by FIPS code."""

    city: str
    area: str
    counties: list[str]


class SiteCorrection(Declared):
    """A page that was wrong and has been mended: when, which, and what changed."""

    date: datetime.date
    page: str
    text: Text


class SitePages(Declared):
    """What the pages show.

    `first_places` are named `kind-code` and stand before the others. Codes of `areas_without_page` are
    of no area of responsibility. States in `jurisdiction_pages` have a page for
    each of their jurisdictions; the table of every state gives the measures of `jurisdiction_columns`. `cities` are
    those that areas of responsibility are named after.
    """

    front: list[FrontPicture]
    first_places: list[str]
    first_places_reason: str
    areas_without_page: list[str]
    areas_without_page_reason: str
    jurisdiction_pages: list[str]
    jurisdiction_pages_reason: str
    places: dict[PlaceKind, list[PageQuestion]]
    measures: list[PageQuestion]
    jurisdiction_columns: list[str]
    jurisdiction_columns_reason: str
    cities: list[City]
    cities_source: str
    restating_checks: list[str]
    restating_checks_reason: str
    corrections: list[SiteCorrection] = []
    corrections_reason: str


def load_site_pages(catalog: Catalog) -> SitePages:
    """Returns what is declared of the pages: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> SitePages:
    path = over / SITE if (over / SITE).is_file() else shipped / SITE
    return build_model(SitePages, read_yaml(path, SITE))
