"""The site of the embedded record, built whole: what every page keeps to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from recount.ask.record import OpenRecord, open_record
from recount.declare.catalog import Catalog
from recount.site.build import BuiltSite, build_site
from recount.site.lost import LOST

MOST_BYTES = 300_000
CONTACT = "corrections@example.org"
EVENT_ATTRIBUTE = re.compile(r"on[a-z]+")
LOADS = {"src", "srcset", "poster", "data", "background", "action"}
_INTEGER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


class Page(HTMLParser):
    """What a page is made of, as tests ask for it."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "source", "area", "base", "col", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.headings: list[int] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._text: list[str] = []
        self._open: list[str] = []
        self._script: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "script":
            self.scripts.append((given, ""))
            self._script = []
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.scripts[-1] = (self.scripts[-1][0], "".join(self._script))
            self._script = None
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
        elif "style" not in self._open:
            self._text.append(data)

    @property
    def text(self) -> str:
        """All that is said on the page."""
        return " ".join(" ".join(self._text).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """Returns the attributes of every element of a tag."""
        return [given for name, given in self.elements if name == tag]

    @property
    def ids(self) -> set[str]:
        """The ids on the page."""
        return {given["id"] for _, given in self.elements if "id" in given}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sites")


@pytest.fixture(scope="module")
def no_user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("no-record")


@pytest.fixture(scope="module")
def built(folder: Path, no_user: Path) -> BuiltSite:
    return build_site(folder / "first", user=no_user, contact=CONTACT, processes=2)


@pytest.fixture(scope="module")
def site(built: BuiltSite) -> Mapping[str, bytes]:
    return read_folder(built.folder)


@pytest.fixture(scope="module")
def pages(site: Mapping[str, bytes]) -> Mapping[str, Page]:
    return {
        name: Page(content.decode())
        for name, content in site.items()
        if name.endswith(".html") and name != LOST
    }


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(public=True)


def read_folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lead_from(page: str, address: str) -> tuple[str, str] | None:
    """Returns the file that an address of a page leads to and the part of it; None for another host."""
    split = urlsplit(address)
    if split.scheme:
        return None
    parts = page.split("/")[:-1] if split.path else page.split("/")
    for each in unquote(split.path).split("/") if split.path else []:
        if each == "..":
            assert parts, f"{page}: {address} leads out of the site"
            parts.pop()
        elif each != ".":
            parts.append(each)
    return "/".join(parts), split.fragment


def test_the_same_record_gives_the_same_bytes(site: Mapping[str, bytes], folder: Path, no_user: Path) -> None:
    build_site(folder / "second", user=no_user, contact=CONTACT, processes=3)
    again = read_folder(folder / "second")
    assert list(again) == list(site)
    assert [name for name in site if again[name] != site[name]] == []


def test_every_page_has_its_other_language(pages: Mapping[str, Page]) -> None:
    english = {name for name in pages if not name.startswith("es/")}
    assert {f"es/{name}" for name in english} == set(pages) - english


def test_no_link_is_broken(site: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    broken = []
    for name, page in pages.items():
        addresses = [given.get("href") or given.get("src") for _, given in page.elements]
        for address in dict.fromkeys(each for each in addresses if each):
            led = lead_from(name, address)
            if led is None:
                continue
            file, part = led
            known = pages[file].ids if file in pages else set()
            if file not in site or (part and part not in known):
                broken.append((name, address))
    assert broken == []


def test_every_page_is_small(site: Mapping[str, bytes]) -> None:
    heavy = {name: len(content) for name, content in site.items() if name.endswith(".html")}
    assert max(heavy.values()) < MOST_BYTES, max(heavy, key=lambda each: heavy[each])


def test_a_page_loads_one_style_sheet_and_no_script_that_it_waits_for(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        sheets = [each for each in page.all("link") if each["rel"] == "stylesheet"]
        assert len(sheets) == 1, name
        loaded = [given for given, _ in page.scripts if "src" in given]
        assert all("defer" in given for given in loaded), name
        assert not page.all("style"), name


def test_nothing_is_loaded_from_another_host(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        for tag, given in page.elements:
            loads = [given[each] for each in LOADS & set(given)]
            if tag == "link":
                loads.append(given["href"])
            if tag in ("use", "image"):
                loads += [given.get("href", "")]
            assert not [each for each in loads if urlsplit(each).netloc], (name, tag, loads)


def test_styles_and_scripts_of_pages_name_no_other_host(site: Mapping[str, bytes]) -> None:
    for name in ("assets/site.css", "assets/site.js"):
        assert not re.search(rb"https?://|@import|url\((?!['\"]?data:)", site[name]), name


def test_no_script_style_or_handler_stands_within_a_page(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        for given, content in page.scripts:
            assert not content.strip() or given.get("type") == "application/ld+json", name
        for tag, given in page.elements:
            assert "style" not in given, (name, tag)
            assert not [each for each in given if EVENT_ATTRIBUTE.fullmatch(each)], (name, tag)


def test_every_page_has_a_language_a_title_landmarks_and_one_first_heading(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        assert page.all("html")[0]["lang"] == ("es" if name.startswith("es/") else "en"), name
        assert len(page.all("title")) >= 1, name
        assert [len(page.all(each)) for each in ("main", "footer")] == [1, 1], name
        assert page.headings.count(1) == 1, name
        assert page.headings[0] == 1, name


def test_headings_skip_no_level(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), (name, page.headings)


def test_no_id_is_given_twice(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        given = [each["id"] for _, each in page.elements if "id" in each]
        assert len(given) == len(set(given)), (
            name,
            sorted({each for each in given if given.count(each) > 1}),
        )


def test_every_heading_of_a_table_has_a_scope(pages: Mapping[str, Page]) -> None:
    for name, page in pages.items():
        assert all(each.get("scope") in ("col", "row") for each in page.all("th")), name


def test_every_chart_has_a_text_alternative_a_table_and_a_file(pages: Mapping[str, Page]) -> None:
    charts = 0
    for name, page in pages.items():
        drawn = [each for each in page.all("figure") if each.get("class") == "chart"]
        charts += len(drawn)
        plots = [each for each in page.all("div") if each.get("class", "").split()[:1] == ["plots"]]
        assert len(plots) == len(drawn), name
        assert all(each.get("role") == "img" and each.get("aria-label") for each in plots), name
        tables = [each for each in page.all("details") if each.get("class") == "figures"]
        assert len(tables) == len(drawn), name
        files = {each["href"] for each in page.all("a") if each.get("href", "").endswith(".csv")}
        assert len(files) >= len(drawn), name
    assert charts > 100


CLAIMS = ("boston-no-convictions", "over-140000-deported", "more-than-half-held-2026")


def integers_of(verdict: Any) -> set[int]:
    """Returns every integer that a verdict as JSON says of a figure; of a claim of several numbers, of anything."""
    found: set[int] = set()
    for figure in figures_of(verdict):
        found |= {each for each in (figure["numerator"], figure["denominator"]) if each is not None}
        for end in figure["bounds"].values() if isinstance(figure.get("bounds"), dict) else []:
            if isinstance(end, str) and end.isdigit():
                found.add(int(end))
    if verdict["claim"]["asserts"]["type"] not in ("quantity", "print"):
        found |= set(anything_counted(verdict))
    return found


def anything_counted(value: Any) -> Iterator[int]:
    """Yields the integers in values and texts, parts of dates among them, and the lengths of lists."""
    if isinstance(value, dict):
        for each in value.values():
            yield from anything_counted(each)
    elif isinstance(value, list):
        yield len(value)
        for each in value:
            yield from anything_counted(each)
    elif isinstance(value, int):
        yield value
    elif isinstance(value, str):
        yield from (int(each) for each in re.findall(r"\d+", value.replace(",", "")))


def figures_of(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"numerator", "denominator", "through_date"} <= set(value):
            yield value
        for each in value.values():
            yield from figures_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from figures_of(each)


def read_integers(text: str) -> set[int]:
    return {int(each.replace(",", "")) for each in _INTEGER.findall(text)}


@pytest.mark.parametrize("language", ["", "es/"])
def test_every_number_of_a_claims_page_is_one_of_its_verdict(
    site: Mapping[str, bytes], language: str
) -> None:
    claims = [name for name in site if name.startswith("claims/") and name != "claims/index.html"]
    assert len(claims) >= len(CLAIMS)
    for name in claims:
        claim = Path(name).stem
        verdict = json.loads(site[f"data/{claim}.json"])
        known = integers_of(verdict)
        html = site[f"{language}{name}"].decode()
        columns = re.findall(r'<span class="value">(.*?)</span>', html, re.DOTALL)
        for shown in columns:
            whole = re.sub(r"<[^>]+>", "", shown).partition("=")[0]
            if "%" not in whole:
                assert read_integers(whole) <= known, (name, whole)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claims_page_shows_every_integer_that_speaks(site: Mapping[str, bytes], claim: str) -> None:
    verdict = json.loads(site[f"data/{claim}.json"])
    said = read_integers(site[f"claims/{claim}.html"].decode())
    for column in verdict["columns"].values():
        for figure in figures_of(column["marks"]):
            assert {figure["numerator"], figure["denominator"]} - {None} <= said


def test_a_claims_page_holds_its_review_with_the_verdicts_words_and_no_number(
    pages: Mapping[str, Page],
) -> None:
    (review,) = [
        json.loads(content)
        for given, content in pages["claims/boston-no-convictions.html"].scripts
        if given.get("type") == "application/ld+json"
    ]
    assert review["@type"] == "ClaimReview"
    assert review["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "The release it rests on showed it; a later one does not · provisional",
    }


def test_the_receipts_of_claims_and_of_a_measure_are_computed_again_alike(
    built: BuiltSite, site: Mapping[str, bytes], record: OpenRecord
) -> None:
    ids = [json.loads(site[f"data/{each}.json"])["receipt"]["id"][:12] for each in CLAIMS]
    ids += [
        json.loads(site[f"data/{each}.json"])["receipt"]["id"][:12]
        for each in ("detained_population", "removals", "aor-bos-removals-by-fiscal_year")
    ]
    for each in ids:
        assert f"receipts/{each}.html" in site
        (again,) = record.recompute(built.folder / "receipts" / f"{each}.json")
        assert again.is_same, each


def test_pages_speak_of_the_record_and_judge_nobody(pages: Mapping[str, Page], catalog: Catalog) -> None:
    quoted = [each.statement for each in catalog.claims.values()]
    for name, page in pages.items():
        said = page.text
        if name.startswith("es/"):
            assert not re.search(
                r"\b(mentira|mintió|mentiroso|(es|son|era) (verdad|falso|falsa))\b", said, re.IGNORECASE
            ), name
            continue
        for each in quoted:
            said = said.replace(" ".join(each.split()), "")
        if name.split("/")[0] in ("dictionary", "receipts", "releases"):
            continue
        assert not re.search(r"\b(a lie|liars?|lied|untrue|(is|are|was|were) (true|false))\b", said), name


def test_the_boston_area_says_that_it_is_not_boston_and_where_the_city_lies(
    pages: Mapping[str, Page],
) -> None:
    page = pages["places/aor-bos.html"]
    assert "The Boston AOR is not Boston." in page.text
    assert "Connecticut, Maine, Massachusetts, New Hampshire, Rhode Island and Vermont" in page.text
    assert "jurisdiction-25025.html" in [each.get("href") for each in page.all("a")]


def test_the_search_knows_every_jurisdiction_and_what_each_area_covers(site: Mapping[str, bytes]) -> None:
    text = site["assets/places-es.js"].decode()
    index = json.loads(text.removeprefix("window.recountPlaces = ").rstrip().removesuffix(";"))
    assert sum(map(len, index["jurisdictions"].values())) > 3_000
    assert (
        index["covers"]["BOS"] == "Connecticut, Maine, Massachusetts, Nuevo Hampshire, Rhode Island y Vermont"
    )
    assert ["Boston", "BOS", ["25025"]] in index["cities"]


def test_the_page_of_corrections_gives_the_address(pages: Mapping[str, Page]) -> None:
    for name in ("corrections.html", "es/corrections.html"):
        assert {"href": f"mailto:{CONTACT}"} in pages[name].all("a")


def test_no_machine_path_and_no_person_row_is_in_the_site(site: Mapping[str, bytes]) -> None:
    for name, content in site.items():
        assert b"/home/" not in content, name
        assert b"/work/" not in content, name
        assert b"unique_identifier=" not in content, name
