"""Explore as people use it: with scripts and without, by keyboard alone, shared, downloaded, gone back from."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

import recount
from browser.conftest import Visiting
from browser.kinds import BOSTON, HELD, SPREAD, WRONG
from browser.visits import PHONE

TABLE = "#explore-answer .answer-table table"


def numbers_in(page: Page) -> list[list[str]]:
    rows = page.locator(f"{TABLE} tbody tr")
    return [
        [" ".join(cell.split()) for cell in rows.nth(each).locator("th, td").all_inner_texts()]
        for each in range(rows.count())
    ]


def receipt_in(page: Page) -> str:
    return page.locator(".receipt-line code").inner_text()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def settled(page: Page) -> Page:
    expect(page.locator("#explore-answer")).not_to_have_attribute("aria-busy", "true")
    return page


def test_the_page_shows_the_integers_and_the_receipt_of_the_python_face(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(HELD)
        asked = recount.open().measure("detained_population").by("criminality").as_known_on("2026-02-13")
        figures = asked.result().figures  # type: ignore[union-attr]
        assert [row[1] for row in numbers_in(page)] == [f"{each.numerator:,}" for each in figures]
        assert receipt_in(page) == asked.receipt().short


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_question_is_put_together_in_the_form(visit: Visiting, scripts: bool) -> None:
    with visit(java_script_enabled=scripts) as seen:
        page = seen.go("explore")
        page.get_by_label("What to count").select_option("removals")
        page.get_by_role("button", name="Choose").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Removals and returns")
        page.get_by_label("Spans of time").select_option("fiscal_year")
        if not scripts:
            page.get_by_role("button", name="Ask").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Removals and returns, by fiscal year")
        page.locator("#limit-aor summary").click()
        page.locator("#limit-aor").get_by_label("Boston").check()
        if not scripts:
            page.get_by_role("button", name="Ask").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Boston")
        assert asked(settled(page)) == {
            "measure": ["removals"],
            "where": ["aor=BOS"],
            "period": ["fiscal_year"],
        }
        assert numbers_in(page)[0][:2] == ["FY2016", "1,344"]


def test_a_shared_address_gives_the_same_answer(visit: Visiting) -> None:
    with visit() as first:
        page = first.go(BOSTON)
        page.get_by_label("Every reading: the spread, and what moves it").check()
        expect(page.locator(".chips")).to_contain_text("every reading")
        there, shown, receipt = settled(page).url, numbers_in(page), receipt_in(page)
    with visit() as second:
        page = second.go(there.removeprefix(second.base))
        assert (numbers_in(page), receipt_in(page)) == (shown, receipt)


def test_back_and_forth_shows_what_was_asked(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(BOSTON)
        heading = page.get_by_role("heading", level=1)
        before = receipt_in(page)
        page.get_by_label("Spans of time").select_option("calendar_year")
        expect(heading).to_contain_text("by calendar year")
        after = receipt_in(page)
        page.go_back()
        expect(heading).to_contain_text("by fiscal year")
        assert receipt_in(page) == before
        expect(page.get_by_label("Spans of time")).to_have_value("fiscal_year")
        page.go_forward()
        expect(heading).to_contain_text("by calendar year")
        assert receipt_in(page) == after


def test_a_change_asks_one_address_and_leaves_focus_where_it_is(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(BOSTON)
        seen.requests.clear()
        box = page.get_by_label("gender", exact=True)
        box.focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("heading", level=1)).to_contain_text("gender")
        assert {urlsplit(each).path for each in seen.requests} - {"/assets/icon.svg"} == {"/explore"}
        expect(box).to_be_focused()
        expect(page.locator("#explore-status")).to_contain_text("by fiscal year and gender")


def test_a_table_that_is_swapped_in_can_be_sorted(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go("explore?measure=people_removed&where=state%3DMA")
        page.get_by_label("jurisdiction", exact=True).check()
        header = page.locator(TABLE).get_by_role("button", name="People")
        header.click()
        header.click()
        assert [row[0] for row in numbers_in(page)[:2]] == ["Suffolk County, MA", "Middlesex County, MA"]
        expect(page.locator(TABLE).locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")


def test_keyboard_alone_asks_and_takes_away_parts(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go("explore")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("What to count")).to_be_focused()
        page.keyboard.type("Arrests")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Arrests")
        settled(page)
        for _ in range(40):
            if page.evaluate("document.activeElement.id") == "by-gender":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("heading", level=1)).to_have_text("Arrests, by gender")
        settled(page)
        for _ in range(80):
            if page.evaluate("document.activeElement.closest('.chips') !== null"):
                break
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Arrests")


def test_the_table_the_receipt_and_the_chart_can_be_taken_away(visit: Visiting, tmp_path: Path) -> None:
    with visit() as seen:
        page = seen.go(HELD)
        receipt = receipt_in(page)
        taken: dict[str, bytes] = {}
        for name in ("Table, CSV", "Answer and receipt, JSON", "Chart, PNG"):
            with page.expect_download() as waiting:
                page.get_by_role("link", name=name).click()
            file = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(file)
            taken[file.suffix] = file.read_bytes()
        rows = list(csv.DictReader(io.StringIO(taken[".csv"].decode())))
        assert [row["numerator"] for row in rows] == ["18030", "17895", "32364", "68289"]
        answer = tmp_path / "answer.json"
        answer.write_bytes(taken[".json"])
        assert json.loads(taken[".json"])["receipt"]["id"].startswith(receipt)
        assert [each.is_same for each in recount.open().recompute(answer)] == [True]
        assert taken[".png"].startswith(b"\x89PNG")


def test_a_wrong_name_is_answered_with_the_nearest_question(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(WRONG)
        expect(page.locator("#explore-fault")).to_contain_text(
            "No area of responsibility is called “Bosten”."
        )
        page.get_by_role("link", name="Boston", exact=True).click()
        expect(page.locator(TABLE).first).to_be_visible()
        assert asked(page)["where"] == ["aor=Boston"]
        seen.errors[:] = [each for each in seen.errors if "422" not in each]


def test_what_the_record_lacks_names_the_file_to_add(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go("explore?measure=arrests&by=county")
        fault = page.locator("#explore-fault")
        expect(fault).to_contain_text("without county")
        expect(fault).to_contain_text('recount add "EROArrests_FY2018.csv.gz"')
        page.get_by_role("link", name="Ask without county").click()
        expect(page.locator(TABLE).first).to_be_visible()


def test_a_city_is_told_from_the_area_that_bears_its_name(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go("explore?measure=arrests")
        page.get_by_label("Find a place").fill("boston")
        page.get_by_role("button", name="Find").click()
        found = page.locator("#explore-places")
        expect(found).to_contain_text("It is not the city of that name.")
        expect(found).to_contain_text("Suffolk County, MA")
        page.get_by_role("link", name="Limit the question to Boston").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Boston")
        assert asked(page) == {"measure": ["arrests"], "where": ["aor=Boston"]}


def test_another_measure_takes_along_what_it_can_answer(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go("explore?measure=arrests&where=aor%3DBoston&by=method&period=fiscal_year")
        page.get_by_label("What to count").select_option("removals")
        page.get_by_role("button", name="Choose").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Removals and returns")
        assert asked(settled(page)) == {
            "measure": ["removals"],
            "where": ["aor=Boston"],
            "period": ["fiscal_year"],
        }


def test_the_language_is_switched_with_the_question(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(SPREAD)
        receipt = receipt_in(page)
        page.get_by_role("link", name="Español").click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        assert asked(page)["measure"] == ["share_no_record_detained"]
        assert receipt_in(page) == receipt
        expect(page.locator("thead").last).to_contain_text("Predeterminada")
        page.get_by_role("link", name="English").click()
        expect(page).to_have_url(seen.base + SPREAD)


def test_a_failing_server_is_told_and_the_last_answer_stays(visit: Visiting) -> None:
    with visit() as seen:
        page = seen.go(BOSTON)
        shown = numbers_in(page)
        page.route("**/explore?*", lambda route: route.abort())
        page.get_by_label("Spans of time").select_option("month")
        expect(page.locator("#explore-status")).to_contain_text("could not be asked")
        assert numbers_in(settled(page)) == shown
        seen.errors.clear()


def test_on_a_phone_the_answer_stands_before_the_question(visit: Visiting) -> None:
    with visit(size=PHONE) as seen:
        page = seen.go(HELD)
        answer = page.locator(TABLE).bounding_box()
        question = page.locator("#explore-form").bounding_box()
        assert answer is not None and question is not None
        assert answer["y"] < question["y"]
        page.get_by_role("link", name="Change the question").click()
        expect(page.locator("#explore-question")).to_be_in_viewport()
