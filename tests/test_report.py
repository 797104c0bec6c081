"""The report: one page that needs nothing else, on any screen, and says what the verdict says."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from recount.ask import OpenRecord, open_record
from recount.claim.words import Words
from recount.report.drawing import draw_svg
from recount.report.page import write_page
from recount.report.picture import draw_verdict

NO_BREAK = "\N{NO-BREAK SPACE}"
PROJECT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Measures the page in the browser, since the page itself has no scripts.
PROBE = """<script>
const over = [...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.scroll, svg'))
  .map(each => each.tagName + '.' + each.className);
document.title = JSON.stringify({wide: document.documentElement.scrollWidth, inner: innerWidth, over,
  requests: performance.getEntriesByType('resource').length});
</script>"""


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, name: str) -> list[str]:
        return [str(attrs[name]) for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(Path("no-record-of-a-user"))


@pytest.fixture(scope="module")
def english(record: OpenRecord) -> str:
    return write_page([record.check(each) for each in record.claims()], Words(record.catalog, "en"))


@pytest.fixture(scope="module")
def spanish(record: OpenRecord) -> str:
    return write_page([record.check(each) for each in record.claims()], Words(record.catalog, "es"))


def test_the_same_verdicts_give_the_same_bytes(record: OpenRecord, english: str) -> None:
    again = write_page([record.check(each) for each in record.claims()], Words(record.catalog, "en"))
    assert again == english


def test_the_page_has_no_script_and_asks_nothing_of_anyone(english: str) -> None:
    page = Page(english)
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "form"}
    )
    assert page.attributes("src") == []
    assert "url(" not in english
    assert "@import" not in english
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_links_lead_to_the_prints_and_within_the_page(english: str) -> None:
    page = Page(english)
    anchors = set(page.attributes("id"))
    for href in page.attributes("href"):
        assert href.startswith(("http://", "https://")) or href.removeprefix("#") in anchors


def test_each_claim_has_statement_headline_receipt_and_both_paragraphs(
    record: OpenRecord, english: str
) -> None:
    text = " ".join(Page(english).text.split())
    for claim in record.claims():
        verdict = record.check(claim)
        assert claim.statement.strip() in text
        assert Words(record.catalog, "en").say(f"headline_{verdict.headline}") in text
        assert verdict.receipt.id in text
        assert Words(record.catalog, "es").say(f"headline_{verdict.headline}") in text


def test_every_figure_in_a_picture_is_in_its_text_alternative(record: OpenRecord) -> None:
    words = Words(record.catalog, "en")
    for claim in record.claims():
        picture = draw_verdict(record.check(claim), words)
        assert picture is not None
        for group in picture.groups:
            assert group.marks
            for mark in group.marks:
                assert f"{mark.date}: {mark.value}" in picture.alternative


def test_marks_stand_in_the_order_of_their_values(record: OpenRecord) -> None:
    words = Words(record.catalog, "en")
    verdict = record.check("boston-no-convictions")
    picture = draw_verdict(verdict, words)
    assert picture is not None
    place = {
        mark.value.replace(NO_BREAK, " "): mark.start for group in picture.groups for mark in group.marks
    }
    places = [place[value] for value in ("60 of 369 = 16.3 %", "177 of 369 = 48.0 %", "247 of 512 = 48.2 %")]
    places += [picture.band_start, place["183 of 352 = 52.0 %"]]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_a_lower_bound_alone_is_not_drawn_as_contradicting(record: OpenRecord) -> None:
    picture = draw_verdict(record.check("over-140000-deported"), Words(record.catalog, "en"))
    assert picture is not None
    outcomes = {mark.value: mark.outcome for group in picture.groups for mark in group.marks}
    assert outcomes["101,741"] == "open"
    assert outcomes["142,090"] == "met"


def test_a_printed_bound_is_drawn_from_the_bound_to_the_edge(record: OpenRecord) -> None:
    picture = draw_verdict(record.check("quarter-serious-records"), Words(record.catalog, "en"))
    assert picture is not None
    (mark,) = [each for group in picture.groups for each in group.marks if not each.is_point]
    assert (mark.value, mark.start, mark.end, mark.runs_off) == (
        f"more than 25{NO_BREAK}%",
        picture.band_start,
        100.0,
        True,
    )


def test_as_known_on_leaves_later_figures_off_the_page(record: OpenRecord) -> None:
    words = Words(record.catalog, "en")
    page = write_page([record.check("boston-no-convictions", "2011-08-01")], words)
    assert "183 of 352" in page
    assert "177 of 369" not in page
    assert "247 of 512" not in page


def test_the_spanish_page_is_in_spanish(spanish: str) -> None:
    assert '<html lang="es">' in spanish
    assert "Lo que muestran los registros" in spanish
    assert "The record" not in re.sub(r'<p lang="en">.*?</p>', "", spanish, flags=re.DOTALL)


def test_statements_keep_their_own_language(spanish: str) -> None:
    assert '<blockquote lang="en">' in spanish


def test_text_from_a_claim_cannot_become_markup(record: OpenRecord) -> None:
    claim = record.claim("boston-no-convictions")
    hostile = claim.model_copy(update={"statement": "<script>alert(1)</script>"})
    page = write_page([record.check(hostile)], Words(record.catalog, "en"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_picture_in_the_readme_is_what_the_record_gives_now(record: OpenRecord) -> None:
    drawn = draw_svg(record.check("boston-no-convictions"), Words(record.catalog, "en"))
    assert drawn == (PROJECT / "docs" / "boston.svg").read_text(encoding="utf-8"), "run make docs"


@pytest.mark.skipif(CHROMIUM is None, reason="needs a chromium to look with")
@pytest.mark.parametrize("width", [500, 768, 1100])
def test_nothing_runs_off_the_side_in_a_browser(english: str, tmp_path: Path, width: int) -> None:
    path = tmp_path / "page.html"
    path.write_text(english.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    title = re.search(r"<title>(.*?)</title>", shown, flags=re.DOTALL)
    assert title is not None
    assert '"over":[]' in title[1].replace("&quot;", '"'), title[1]
    assert '"requests":0' in title[1]
