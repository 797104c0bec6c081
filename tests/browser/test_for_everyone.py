"""Every kind of page for everyone: WCAG 2.2 AA, light and dark, desktop and phone, zoom, keyboard, print, weight."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from browser.conftest import Visiting
from browser.kinds import CLAIM, EXPLORE, HELD, KINDS
from browser.visits import DESKTOP, NARROW, PHONE, visiting

PAGES = {**KINDS, **{f"Explore, {name}": path for name, path in EXPLORE.items()}}
LONG = "explore?measure=people_removed&by=jurisdiction"
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
LOOKS = [(DESKTOP, "light", ALL_RULES), (PHONE, "dark", ALL_RULES)]
OTHER_LOOKS = [(DESKTOP, "dark", CONTRAST), (PHONE, "light", CONTRAST)]
"""Between these and those only colours differ."""
IN_EVERY_LOOK = ("front", "claim", "measure", "Explore, answer", "Explore, no answer")
MOST_BYTES = 300_000
SMALLEST_TARGET = 24


def violations(page: Page, rules: dict[str, object]) -> list[str]:
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {each['help']}: {node['target']} {node['html'][:160]}"
        for each in found.response["violations"]
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_wcag_2_2_aa_nor_scrolls_sideways(visit: Visiting, name: str) -> None:
    """On a screen 320 pixels wide, which is one of 1280 at a zoom of 400 %, only tables and charts scroll."""
    with visit() as seen:
        page = seen.go(PAGES[name])
        broken = {}
        for (width, height), scheme, rules in [*LOOKS, *(OTHER_LOOKS if name in IN_EVERY_LOOK else [])]:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = violations(page, rules)
            if found:
                broken[f"{width} wide, {scheme}"] = found
        assert broken == {}
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


@pytest.mark.parametrize("name", [*PAGES, "longest table"])
def test_every_page_is_light_and_says_its_language_and_one_heading(served: str, name: str) -> None:
    with urlopen(served + PAGES.get(name, LONG)) as reply:
        content = reply.read()
    html = content.decode()
    language = "es" if "Spanish" in name else "en"
    assert len(content) < MOST_BYTES
    assert re.findall(r'<html[^>]* lang="(\w+)"', html) == [language]
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert (
        re.findall(
            r"<(?:script|style)>|\sstyle=|\son[a-z]+=",
            re.sub(r"(?s)<(script|title|desc)\b.*?</\1>", "", html),
        )
        == []
    )


@pytest.mark.parametrize("path", ["", CLAIM, HELD], ids=["front", "claim", "Explore"])
def test_zoom_of_200_percent_keeps_everything(browser: Browser, served: str, path: str) -> None:
    """Zoomed in, a page is half as wide, and drawn at twice the pixels."""
    with visiting(browser, served, size=(640, 450), device_scale_factor=2) as seen:
        page = seen.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
        cut = """[...document.querySelectorAll('h1, h2, p, button, label')].filter((e) =>
          e.offsetParent && !e.closest('.unseen') && getComputedStyle(e).overflowX === 'hidden'
          && e.scrollWidth > e.clientWidth + 1).length"""
        assert page.evaluate(cut) == 0


@pytest.mark.parametrize("path", ["", CLAIM, HELD], ids=["front", "claim", "Explore"])
def test_focus_is_seen_wherever_it_goes(visit: Visiting, path: str) -> None:
    with visit() as seen:
        page = seen.go(path)
        unseen = []
        for _ in range(25):
            page.keyboard.press("Tab")
            style = page.evaluate(
                """(() => {
                  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
                  return [e.outerHTML.slice(0, 80), s.outlineStyle, parseFloat(s.outlineWidth), b.width * b.height > 0];
                })()"""
            )
            if style[1] == "none" or style[2] < 2 or not style[3]:
                unseen.append(style)
        assert unseen == []


@pytest.mark.parametrize("path", ["", CLAIM, HELD, "explore"], ids=["front", "claim", "answer", "beginning"])
def test_what_is_pressed_is_large_enough_for_a_finger(visit: Visiting, path: str) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, links within a sentence and texts apart."""
    pressed = (
        "button, select, summary, input:not([type=hidden]), nav a, .chips a, .downloads a, .found-asks a"
    )
    small = f"""[...document.querySelectorAll('{pressed}')].filter((e) => e.offsetParent)
      .map((e) => [e.outerHTML.slice(0, 80), (e.closest('label') || e).getBoundingClientRect()])
      .filter(([, b]) => b.width < {SMALLEST_TARGET} || b.height < {SMALLEST_TARGET})
      .map(([html, b]) => `${{html}} ${{b.width}} ${{b.height}}`)"""
    with visit(size=PHONE) as seen:
        assert seen.go(path).evaluate(small) == []


def test_nothing_moves_where_less_motion_is_asked_for(visit: Visiting) -> None:
    moving = """[...document.querySelectorAll('*')].filter((e) => {
      const s = getComputedStyle(e);
      return s.animationName !== 'none' || s.scrollBehavior === 'smooth'
        || (parseFloat(s.transitionDuration) > 0 && s.transitionProperty !== 'none');
    }).length"""
    with visit(reduced_motion="reduce") as seen:
        for path in ("", CLAIM, HELD):
            assert seen.go(path).evaluate(moving) == 0


def test_a_claim_prints_in_black_without_what_only_a_screen_needs(visit: Visiting) -> None:
    with visit(color_scheme="dark") as seen:
        page = seen.go(CLAIM)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.locator("nav").first.is_hidden()
        assert page.pdf()[:5] == b"%PDF-"


def test_an_answer_prints_without_its_form(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(HELD)
        page.emulate_media(media="print")
        assert page.locator("#explore-form").is_hidden()
        assert page.locator("#explore-answer table").last.is_visible()
