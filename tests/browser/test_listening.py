"""What the other tests rest on: a page that errs, asks another host or breaks a rule is told of."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from browser.test_for_everyone import ALL_RULES, violations
from browser.visits import NEEDS_CHROMIUM, find_chromium, visiting

HOME = "http://home.example/"


def test_a_request_to_another_host_is_heard(browser: Browser) -> None:
    with visiting(browser, HOME) as seen:
        seen.page.route("**/*", lambda route: route.fulfill(body="", content_type="text/plain"))
        seen.page.set_content(
            '<img src="http://elsewhere.example/x.png" alt=""><img src="http://home.example/y.png" alt="">'
        )
        assert seen.strangers == ["http://elsewhere.example/x.png"]
        seen.requests.clear()
        seen.errors.clear()


def test_an_error_of_a_script_is_heard(browser: Browser) -> None:
    with visiting(browser, HOME) as seen:
        seen.page.set_content("<script>throw new Error('broken')</script>")
        assert seen.errors == ["broken"]
        seen.errors.clear()


def test_a_picture_without_a_text_breaks_a_rule(browser: Browser) -> None:
    with visiting(browser, HOME) as seen:
        seen.page.set_content(
            '<html lang="en"><title>x</title><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
        )
        assert [each.partition(":")[0] for each in violations(seen.page, ALL_RULES)] == ["image-alt"]


def test_without_a_browser_the_line_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert find_chromium() is None
    assert "apt-get install chromium" in NEEDS_CHROMIUM
