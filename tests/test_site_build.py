"""A build writes beside and swaps: what was there stays until the new site is whole, and nothing else is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from recount.ask.record import open_record
from recount.cli.app import app
from recount.errors import UsageError
from recount.site import build
from recount.site.build import BuiltSite, build_site
from recount.site.lost import top_pages
from recount.site.shipped import ASSETS, STYLE
from recount.site.site import Site, UnknownPageError


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that writes one page."""

    def write(_job: object, _site: object, beside: Path, _processes: int) -> dict[str, int]:
        (beside / "index.html").write_bytes(b"new")
        return {"index.html": 3}

    monkeypatch.setattr(build, "_write_chapters", write)


@pytest.fixture
def old_site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / STYLE).parent.mkdir(parents=True)
    (folder / STYLE).write_text("old")
    (folder / "index.html").write_text("old")
    (folder / "gone.html").write_text("old")
    return folder


def left_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.usefixtures("quick")
def test_a_site_takes_the_place_of_an_older_one_whole(old_site: Path) -> None:
    built = build_site(old_site)
    assert (old_site / "index.html").read_text() == "new"
    assert not (old_site / "gone.html").exists()
    assert left_in(old_site.parent) == ["site"]
    assert (built.pages, built.files) == (2, len(ASSETS))


@pytest.mark.usefixtures("quick")
def test_a_folder_that_is_no_site_is_replaced_only_by_force(tmp_path: Path) -> None:
    mine = tmp_path / "thesis"
    mine.mkdir()
    (mine / "chapter.txt").write_text("years of work")
    with pytest.raises(UsageError, match="something that is no site"):
        build_site(mine)
    assert (mine / "chapter.txt").read_text() == "years of work"
    build_site(mine, force=True)
    assert (mine / "index.html").read_text() == "new"


def test_an_address_that_leads_nowhere_is_told_so_in_every_language_of_the_site() -> None:
    both, english = top_pages(["en", "es"])["404.html"], top_pages(["en"])["404.html"]
    assert "There is nothing at this address." in both.decode()
    assert "No hay nada en esta dirección." in both.decode()
    assert "No hay nada" not in english.decode()
    assert b"src=" not in both and b"assets/" not in both, "it is shown at any depth, and can load nothing"


def test_a_site_in_spanish_alone_leads_on_from_its_top() -> None:
    top = top_pages(["es"])
    assert b'<html lang="es">' in top["index.html"]
    assert b'content="0; url=es/index.html"' in top["index.html"]
    assert b'href="es/index.html"' in top["index.html"], "also where nothing leads on by itself"
    assert list(top_pages(["en", "es"])) == list(top_pages(["en"])) == ["404.html"]


@pytest.mark.usefixtures("quick")
def test_a_file_is_no_place_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        build_site(tmp_path / "site", force=True)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_build_that_is_cut_off_leaves_the_old_site_and_nothing_beside_it(
    old_site: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def fail(*_: object) -> dict[str, int]:
        raise fault

    monkeypatch.setattr(build, "_write_chapters", fail)
    with pytest.raises((KeyboardInterrupt, UsageError)):
        build_site(old_site)
    assert (old_site / "gone.html").read_text() == "old"
    assert left_in(old_site.parent) == ["site"]


def test_where_the_swap_fails_the_old_site_comes_back(
    old_site: Path, monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if ".writing-" in self.name:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(UsageError, match="Input/output error"):
        build_site(old_site)
    assert (old_site / "index.html").read_text() == "old"
    assert left_in(old_site.parent) == ["site"]


@pytest.mark.parametrize(
    "address",
    [
        "nothing.html",
        "../index.html",
        "/etc/passwd",
        "es/data/boston.csv",
        "fr/index.html",
        "",
        "index",
        "a\0.html",
    ],
)
def test_an_address_without_a_page_is_said_to_have_none(address: str) -> None:
    site = Site(open_record())
    with pytest.raises(UnknownPageError, match="no page at"):
        site.render(address)
    assert not site._contents, "nothing was worked out for it"


def test_a_page_is_made_without_the_others() -> None:
    site = Site(open_record(), server=True)
    page = site.render("es/claims/boston-no-convictions.html")
    assert page.media_type == "text/html; charset=utf-8"
    assert b'lang="es"' in page.content
    assert b'href="../explore"' in page.content


def test_a_site_of_one_language_links_to_no_other() -> None:
    page = Site(open_record(), languages=["en"]).render("about.html")
    assert b'hreflang="es"' not in page.content


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    calls: list[dict[str, object]] = []

    def record(folder: Path, **given: object) -> BuiltSite:
        calls.append({"folder": folder, **given})
        return BuiltSite(folder, 1350, 1084, 1)

    monkeypatch.setattr(build, "build_site", record)
    return calls


@pytest.mark.parametrize(
    ("language", "languages"),
    [("both", ["en", "es"]), ("en", ["en"]), ("es", ["es"])],
)
def test_the_command_says_what_it_wrote_and_what_to_open(
    asked: list[dict[str, object]], language: str, languages: list[str]
) -> None:
    found = CliRunner().invoke(app, ["site", "build", "out", "--language", language, "--contact", "a@b.org"])
    assert found.exit_code == 0
    assert found.output == "1,350 pages and 1,084 other files written to out\nOpen out/index.html\n"
    assert asked == [{"folder": Path("out"), "contact": "a@b.org", "force": False, "languages": languages}]


def test_the_command_ends_with_wrong_usage_where_the_folder_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    found = CliRunner().invoke(app, ["site", "build", str(tmp_path)])
    assert found.exit_code == 2
    assert "--force" in found.output


def test_every_file_but_receipts_is_found_without_working_out_other_chapters() -> None:
    site = Site(open_record())
    for address in ("data/boston-no-convictions.csv", "data/fields-arrests.csv", "assets/places-en.js"):
        assert site.render(address).content
    assert len(site._contents) == 3


def test_a_receipt_is_found_in_the_chapter_that_is_worked_out() -> None:
    site = Site(open_record())
    site.render("claims/boston-no-convictions.html")
    receipt = site.material.verdict("boston-no-convictions").receipt.short
    assert site.render(f"receipts/{receipt}.json").media_type == "application/json"
    assert len(site._contents) == 1
