"""The site as people read it: from the front page to a receipt, in both languages, with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import Visiting
from browser.kinds import CLAIM, STATIC
from browser.visits import visiting


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_front_page_to_a_claim_to_its_receipt(visit: Visiting, scripts: bool) -> None:
    with visit(java_script_enabled=scripts) as seen:
        page = seen.go("")
        page.locator(f'a[href$="{CLAIM}"]').first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main")).to_contain_text("183 of 352")
        page.locator('a[href*="receipts/"]').first.click()
        expect(page).to_have_url(re.compile(r"/receipts/[0-9a-f]{12}\.html"))
        expect(page.locator("main")).to_contain_text(re.compile("[0-9a-f]{64}"))


def test_the_language_is_switched_on_the_page_itself(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(CLAIM)
        english = page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("link", name="Español").click()
        expect(page).to_have_url(f"{seen.base}es/{CLAIM}")
        assert page.evaluate("document.documentElement.lang") == "es"
        assert page.get_by_role("heading", level=1).inner_text() != english
        page.get_by_role("link", name="English").click()
        expect(page).to_have_url(seen.base + CLAIM)


def test_pages_on_a_plain_host_below_a_path_work(browser: Browser, hosted: str) -> None:
    with visiting(browser, hosted) as seen:
        page = seen.go("index.html")
        page.locator(f'a[href$="{CLAIM}"]').first.click()
        expect(page.locator("main")).to_contain_text("183 of 352")
        assert page.url == hosted + CLAIM
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
        assert all(each.startswith(hosted) for each in seen.requests)


def test_pages_opened_from_disk_work(browser: Browser, folder: Path) -> None:
    top = folder / "a" / "sub-path"
    with visiting(browser, f"{top.as_uri()}/") as seen:
        page = seen.go("index.html")
        page.locator(f'a[href$="{CLAIM}"]').first.click()
        expect(page.locator("main")).to_contain_text("183 of 352")
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
        assert all(each.startswith(top.as_uri()) for each in seen.requests)


def test_the_first_view_is_one_page_one_style_and_no_blocking_script(browser: Browser, hosted: str) -> None:
    with visiting(browser, hosted) as seen:
        seen.go("index.html")
        files = sorted(each.removeprefix(hosted) for each in seen.requests)
        assert [each for each in files if each.endswith((".html", ".css"))] == [
            "assets/site.css",
            "index.html",
        ]
        blocking = (
            "document.querySelectorAll('script:not([defer]):not([type=\"application/ld+json\"])').length"
        )
        assert seen.page.evaluate(blocking) == 0


def test_no_static_page_links_to_what_only_a_server_has(folder: Path) -> None:
    pages = [folder / "a" / "sub-path" / each for each in STATIC if each.endswith(".html")]
    assert [each for each in pages if re.search(r'href="[^"]*(explore|api/v1)', each.read_text())] == []
