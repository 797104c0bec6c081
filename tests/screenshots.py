"""Pictures of every kind of page, to look at: desktop and phone, light and dark, on paper and without scripts.

`python tests/screenshots.py FOLDER` builds the site of the record beside the pictures. With `--server ADDRESS` it
takes the pages of a running server too. The folder must lie outside the repository: pictures are looked at, not kept.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from recount.site.build import build_site

REPOSITORY = Path(__file__).parents[1]
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PAGES = {
    "front": "index.html",
    "claims": "claims/index.html",
    "claim": "claims/boston-no-convictions.html",
    "claim-open": "claims/quarter-serious-records.html",
    "measures": "measures/index.html",
    "measure-count": "measures/detained_population.html",
    "measure-share": "measures/share_no_record_detained.html",
    "measure-recorded": "measures/arrests.html",
    "measure-absent": "measures/time_from_arrest_to_removal.html",
    "places": "places/index.html",
    "place-country": "places/country-us.html",
    "place-state": "places/state-ma.html",
    "place-area": "places/aor-bos.html",
    "place-county": "places/jurisdiction-25025.html",
    "sources": "sources/index.html",
    "source": "sources/secure-communities.html",
    "release": "releases/fy26-detentionstats-02122026.html",
    "dictionary": "dictionary/index.html",
    "table": "dictionary/detention_figures.html",
    "codes": "dictionary/codes-areas_of_responsibility.html",
    "method": "method.html",
    "glossary": "glossary.html",
    "corrections": "corrections.html",
    "about": "about.html",
}
"""One page of every kind, by the name of its pictures."""

SERVED = {
    "served-front": "",
    "explore": "explore",
    "explore-answer": "explore?measure=detained_population&by=criminality,through_date",
    "explore-no-answer": "explore?measure=stints",
    "api": "api/v1/docs",
    "nothing-here": "no-such-page",
}
"""Pages that only a server has."""


@dataclass(frozen=True)
class Shot:
    """One picture to take."""

    name: str
    address: str
    size: str
    scheme: str
    scripts: bool = True


def pages_of(site: Path) -> dict[str, str]:
    """Returns a page of every kind, receipts among them: those of the first page that shows one."""
    receipts = sorted((site / "receipts").glob("*.html"))
    return {**PAGES, "receipt": receipts[0].relative_to(site).as_posix()}


def shots_of(pages: dict[str, str], base: str, only: str) -> Iterator[Shot]:
    """Yields every picture of some pages: in both sizes and colours, in Spanish, and without scripts."""
    for name, path in pages.items():
        if only not in name:
            continue
        for size in SIZES:
            for scheme in ("light", "dark"):
                yield Shot(f"{name}-{size}-{scheme}", base + path, size, scheme)
        yield Shot(f"{name}-spanish", f"{base}es/{path}", "phone", "light")
        yield Shot(f"{name}-no-script", base + path, "desktop", "light", scripts=False)


def take(browser: Browser, shot: Shot, folder: Path) -> list[str]:
    """Takes a picture; returns what the page complained of, and whether it is wider than the screen."""
    width, height = SIZES[shot.size]
    scheme: Any = shot.scheme
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=shot.scripts
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(shot.address)
    if shot.scripts:
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            said.append(f"is {wide} pixels wide on a screen of {width}")
    page.screenshot(path=folder / f"{shot.name}.png", full_page=True)
    context.close()
    return [f"{shot.name}: {each}" for each in said]


def print_pages(browser: Browser, pages: dict[str, str], base: str, folder: Path, only: str) -> None:
    """Prints pages as PDF, as a reader would."""
    page = browser.new_page()
    for name, path in pages.items():
        if only in name:
            page.goto(base + path)
            page.pdf(path=folder / f"{name}-print.pdf", format="Letter", prefer_css_page_size=False)
    page.close()


def main() -> int:
    """Takes the pictures; returns how many pages complained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--server", default="", help="the address of a running server, with its last slash")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--site", type=Path, help="a site built before")
    given = parser.parse_args()
    folder = given.folder.resolve()
    if folder == REPOSITORY or REPOSITORY in folder.parents:
        parser.error("the folder lies in the repository; choose one outside it")
    folder.mkdir(parents=True, exist_ok=True)
    site = given.site or folder / "site"
    if given.site is None:
        build_site(site, contact="corrections@example.org")
    browser_path = shutil.which("chromium")
    if browser_path is None:
        parser.error("there is no chromium; apt-get install chromium")
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        pages, base = pages_of(site), f"{site.resolve().as_uri()}/"
        for shot in shots_of(pages, base, given.only):
            complaints += take(browser, shot, folder)
        print_pages(browser, pages, base, folder, given.only)
        if given.server:
            for shot in shots_of(SERVED, given.server, given.only):
                complaints += take(browser, shot, folder)
        browser.close()
    for each in complaints:
        print(each)
    return len(complaints)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
