"""`recount add`: a workbook becomes a release of the user's own record, whole, or nothing changes."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import recount
from recount import paths
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.errors import ReleaseFileError, UsageError
from recount.record import store
from recount.record.add import Addition, add_workbooks
from recount.record.build import build_record
from recount.record.manifest import read_manifest
from recount.record.store import open_record, read_layer
from tiny_release import bytes_below, write_tiny_release
from written_workbook import write_workbook

FIGURES = "detention_figures"
JANUARY = "2026-01-25"
FEBRUARY = "2026-02-07"
Add = Callable[..., Addition]


@pytest.fixture
def embedded(tmp_path: Path, catalog: Catalog) -> Path:
    """The record that lies below: three text files, and a workbook of January."""
    folder = write_tiny_release(tmp_path / "released")
    write_workbook(folder / "detention-statistics" / "january.xlsx", JANUARY, removals=30)
    build_record(folder, tmp_path / "embedded", catalog)
    return tmp_path / "embedded"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def add(embedded: Path, own: Path, catalog: Catalog) -> Add:
    return lambda *files, **more: add_workbooks(list(files), catalog, folder=own, embedded=embedded, **more)


@pytest.fixture
def february(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "new" / "february.xlsx", FEBRUARY)


def figures(
    own: Path, embedded: Path, release: str, statistic: str = "removals"
) -> list[tuple[int, str | None]]:
    rows = open_record(own, embedded).frames[FIGURES]
    chosen = rows.filter((pl.col("release") == release) & (pl.col("statistic_name") == statistic))
    return chosen.select("value_count", "flags").rows()


# What is added


def test_a_workbook_becomes_a_release_of_the_users_own_record(
    add: Add, own: Path, embedded: Path, february: Path
):
    (added,) = add(february).added
    assert (added.release.release, str(added.release.covers_through)) == ("february", FEBRUARY)
    assert figures(own, embedded, "february") == [(40, None)]
    assert figures(own, embedded, "january") == [(30, None)]
    assert [each.release for each in read_manifest(own).releases] == ["february"]


def test_the_embedded_record_is_not_touched(add: Add, embedded: Path, february: Path):
    before = bytes_below(embedded)
    add(february)
    assert bytes_below(embedded) == before


def test_a_workbook_is_known_by_its_content_whatever_its_name(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    add(write_workbook(tmp_path / "Mine (3).XLSX", FEBRUARY))
    assert figures(own, embedded, "mine-3") == [(40, None)]


def test_every_number_cell_is_accounted_for(add: Add, february: Path):
    entry = add(february).added[0].entry
    assert entry.counted == "number cells"
    assert entry.rows_in == entry.rows_kept + sum(each.rows for each in entry.set_aside)


def test_cells_that_no_layout_knows_come_back_and_stand_in_the_record(add: Add, own: Path, tmp_path: Path):
    (added,) = add(write_workbook(tmp_path / "stray.xlsx", FEBRUARY, stray="Of unheard-of status")).added
    cell = ("stray", "stray.xlsx", "Detention FY26", "B30", "text", "Of unheard-of status")
    assert added.unknown == (cell,)
    assert read_layer(own).frames["unknown_cells"].rows() == [cell]


def test_what_does_not_fit_together_comes_back_and_stands_in_the_record(add: Add, own: Path, tmp_path: Path):
    (added,) = add(write_workbook(tmp_path / "hidden.xlsx", FEBRUARY, hidden=True)).added
    assert "hidden_sheet" in {each.check for each in added.findings}
    assert "hidden_sheet" in read_layer(own).frames["findings"].get_column("check")


def test_the_day_given_is_the_day_it_came_out(add: Add, own: Path, february: Path):
    add(february, published=datetime.date(2026, 2, 13))
    (release,) = read_manifest(own).releases
    assert (str(release.published_from), str(release.published_to)) == ("2026-02-13", "2026-02-13")


def test_no_workbook_came_out_before_the_last_day_that_it_counts(add: Add, own: Path, february: Path):
    with pytest.raises(UsageError, match="cannot have come out on 2026-02-06"):
        add(february, published=datetime.date(2026, 2, 6))
    assert not own.exists()


# What was there before


def test_adding_twice_changes_nothing_and_says_so(add: Add, own: Path, february: Path):
    add(february)
    before = bytes_below(own)
    again = add(february)
    assert not again.added
    assert [(each.file, each.release, each.layer) for each in again.already] == [
        (str(february), "february", "own")
    ]
    assert bytes_below(own) == before


def test_a_file_that_the_embedded_record_holds_is_there_under_any_name(add: Add, own: Path, tmp_path: Path):
    copy = tmp_path / "copy.xlsx"
    shutil.copy(tmp_path / "released" / "detention-statistics" / "january.xlsx", copy)
    again = add(copy)
    assert [(each.release, each.layer) for each in again.already] == [("january", "embedded")]
    assert not own.exists()


def test_a_file_given_twice_is_added_once(add: Add, february: Path, tmp_path: Path):
    shutil.copy(february, tmp_path / "copy.xlsx")
    assert [each.release.release for each in add(february, tmp_path / "copy.xlsx").added] == ["february"]


def test_other_bytes_of_one_name_replace_the_embedded_release_whole(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    (added,) = add(write_workbook(tmp_path / "january.xlsx", JANUARY, removals=31)).added
    assert added.replaces == "embedded"
    assert figures(own, embedded, "january") == [(31, None)]


def test_other_bytes_of_one_name_replace_the_own_release_whole(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    add(write_workbook(tmp_path / "one" / "february.xlsx", FEBRUARY, stray="gone"))
    (added,) = add(write_workbook(tmp_path / "two" / "february.xlsx", FEBRUARY, removals=41)).added
    assert added.replaces == "own"
    assert figures(own, embedded, "february") == [(41, None)]
    layer = read_layer(own)
    assert layer.frames["unknown_cells"].is_empty()
    assert len(layer.manifest.files) == 1


def test_bytes_that_a_replacement_hides_can_be_added_again(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    add(write_workbook(tmp_path / "january.xlsx", JANUARY, removals=31))
    (added,) = add(tmp_path / "released" / "detention-statistics" / "january.xlsx").added
    assert added.replaces == "own"
    assert figures(own, embedded, "january") == [(30, None)]


def test_what_else_the_users_record_holds_stays(
    add: Add, own: Path, embedded: Path, catalog: Catalog, february: Path, tmp_path: Path
):
    folder = write_tiny_release(tmp_path / "mine")
    stray = write_workbook(folder / "detention-statistics" / "december.xlsx", "2025-12-20", stray="kept")
    build_record(folder, own, catalog)
    before = read_layer(own)
    add(february)
    after = read_layer(own)
    for name in ("set_aside", "unknown_cells", "findings", "secure_communities_figures"):
        lost = before.frames[name].join(
            after.frames[name], on=before.frames[name].columns, how="anti", nulls_equal=True
        )
        assert lost.is_empty(), name
    assert {each.file for each in before.manifest.files} < {each.file for each in after.manifest.files}
    assert before.manifest.not_read == after.manifest.not_read
    assert stray.name in {each.file for each in after.manifest.files}


# Checks


def test_a_count_that_falls_behind_an_embedded_release_is_flagged(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    (added,) = add(write_workbook(tmp_path / "fallen.xlsx", FEBRUARY, removals=29)).added
    assert figures(own, embedded, "fallen") == [(29, "to_date_never_falls")]
    assert "to_date_never_falls" in {each.check for each in added.findings}
    assert added.entry.flagged == 1


def test_a_count_that_falls_behind_an_own_release_is_flagged(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    add(write_workbook(tmp_path / "february.xlsx", FEBRUARY, removals=40))
    add(write_workbook(tmp_path / "march.xlsx", "2026-03-07", removals=39))
    assert figures(own, embedded, "march") == [(39, "to_date_never_falls")]


def test_flags_are_set_anew_when_the_release_that_they_rest_on_is_replaced(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    add(write_workbook(tmp_path / "one" / "february.xlsx", FEBRUARY, removals=40))
    add(write_workbook(tmp_path / "march.xlsx", "2026-03-07", removals=39))
    add(write_workbook(tmp_path / "two" / "february.xlsx", FEBRUARY, removals=38))
    assert figures(own, embedded, "march") == [(39, None)]
    assert "to_date_never_falls" not in read_layer(own).frames["findings"].get_column("check")
    assert {each.flagged for each in read_manifest(own).files} == {0}


def test_an_embedded_release_is_not_marked_by_what_is_added(
    add: Add, own: Path, embedded: Path, tmp_path: Path
):
    add(write_workbook(tmp_path / "december.xlsx", "2025-12-20", removals=35))
    assert figures(own, embedded, "january") == [(30, None)]


# The same input, the same bytes


def test_one_at_a_time_in_any_order_or_all_at_once_make_the_same_bytes(
    add: Add, own: Path, embedded: Path, catalog: Catalog, tmp_path: Path
):
    files = [
        write_workbook(tmp_path / f"{day}.xlsx", day, removals=count, stray=day)
        for day, count in (("2026-02-07", 40), ("2026-03-07", 39), ("2026-04-04", 38))
    ]
    add(*files)
    other = tmp_path / "other"
    for each in reversed(files):
        add_workbooks([each], catalog, folder=other, embedded=embedded)
    assert bytes_below(other) == bytes_below(own)


# What is refused


def bad_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yields files that cannot be added, each with what is said of it."""
    folder.mkdir()
    whole = write_workbook(folder / "whole.xlsx", FEBRUARY).read_bytes()
    for name, content, said in (
        ("empty.xlsx", b"", "is empty"),
        ("page.xlsx", b"<!DOCTYPE html><p>Not found", "is a web page, not a workbook"),
        ("cut-off.xlsx", whole[: len(whole) // 2], "is cut off or damaged"),
        ("password.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "is protected by a password"),
        ("figures.csv", b"a,b\n1,2\n", "recount record build --from DIR"),
        ("2024_ohss_enforcement-and-legal-processes.xlsx", b"PK", "a file of ohss"),
        ("published-figures.csv", b"a,b\n1,2\n", "a file of the layout published-figures"),
    ):
        (folder / name).write_bytes(content)
        yield folder / name, said
    yield (
        write_workbook(folder / "headless.xlsx", FEBRUARY, leave_out="Detention"),
        "visible sheet 'detention'",
    )
    (folder / "a folder").mkdir()
    yield folder / "a folder", "is a folder"


def test_a_file_that_cannot_be_read_is_refused_and_the_record_is_as_before(
    add: Add, own: Path, february: Path, tmp_path: Path
):
    add(february)
    before = bytes_below(own)
    for path, said in bad_files(tmp_path / "bad"):
        with pytest.raises(ReleaseFileError) as raised:
            add(path)
        assert said in str(raised.value), path
        assert path.name in str(raised.value)
        assert bytes_below(own) == before


def test_one_bad_file_keeps_the_good_ones_out_and_every_reason_stands_in_one_list(
    add: Add, own: Path, february: Path, tmp_path: Path
):
    bad = list(bad_files(tmp_path / "bad"))
    with pytest.raises(ReleaseFileError) as raised:
        add(february, *(path for path, _ in bad), tmp_path / "nowhere.xlsx")
    told = str(raised.value)
    assert told.startswith(f"{len(bad) + 1} files cannot be read.")
    for path, said in bad:
        assert path.name in told
        assert said in told
    assert "nowhere.xlsx" in told
    assert not own.exists()


def test_a_workbook_of_numbers_that_no_table_claims_is_refused(add: Add, own: Path, tmp_path: Path):
    from openpyxl import load_workbook

    path = write_workbook(tmp_path / "strange.xlsx", FEBRUARY)
    workbook = load_workbook(path)
    for row in range(40, 60):
        for column in range(1, 9):
            workbook["Detention FY26"].cell(row, column, row * column)
    workbook.save(path)
    with pytest.raises(ReleaseFileError, match="is laid out as no workbook before it"):
        add(path)
    assert not own.exists()


def test_two_files_that_would_be_one_release_are_refused(add: Add, february: Path, tmp_path: Path):
    other = write_workbook(tmp_path / "other" / "February.xlsx", FEBRUARY, removals=41)
    with pytest.raises(ReleaseFileError, match="would be one release by their names"):
        add(february, other)


def test_a_workbook_does_not_hide_a_release_of_another_source(add: Add, tmp_path: Path):
    with pytest.raises(ReleaseFileError, match="which is one of secure-communities"):
        add(write_workbook(tmp_path / "gao-12-708.xlsx", FEBRUARY))


def test_a_path_to_nowhere_is_wrong_usage(add: Add, tmp_path: Path):
    with pytest.raises(UsageError, match="There is no such file"):
        add(tmp_path / "nowhere.xlsx")


# Writers


def test_an_interrupted_write_leaves_the_record_as_before(
    add: Add, own: Path, february: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add(february)
    before = bytes_below(own)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store, "_write_beside", interrupt)
        with pytest.raises(KeyboardInterrupt):
            add(write_workbook(tmp_path / "march.xlsx", "2026-03-07"))
    assert bytes_below(own) == before


def test_writers_at_the_same_time_lose_nothing(add: Add, own: Path, tmp_path: Path):
    files = [write_workbook(tmp_path / f"file-{day}.xlsx", f"2026-03-{day:02}") for day in range(1, 7)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(add, files))
    assert [each.release for each in read_manifest(own).releases] == [f"file-{day}" for day in range(1, 7)]


# The command


@pytest.fixture
def over_embedded(embedded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "EMBEDDED_RECORD", embedded)


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.usefixtures("over_embedded")
def test_the_command_says_what_was_added_and_the_answer_changes(february: Path):
    told = run("add", str(february), "--published", "2026-02-13")
    for text in (
        "Added february",
        FEBRUARY,
        "on 2026-02-13",
        "29: 28 kept, 1 set aside",
        "unknown cells   0",
    ):
        assert text in told
    answer = recount.open().measure("removals_printed").result()
    counts = {each.release.release: each.numerator for each in answer.figures}
    assert counts["february"] == 40


@pytest.mark.usefixtures("over_embedded")
def test_the_command_says_what_was_there_already(february: Path):
    run("add", str(february))
    assert "is in your own record already, as february" in " ".join(run("add", str(february)).split())


@pytest.mark.usefixtures("over_embedded")
def test_the_command_says_what_is_replaced(tmp_path: Path):
    told = run("add", str(write_workbook(tmp_path / "january.xlsx", JANUARY, removals=31)))
    assert "the release of that name in the embedded record" in told


@pytest.mark.usefixtures("over_embedded")
def test_the_command_answers_in_json_and_csv(february: Path, tmp_path: Path):
    stray = write_workbook(tmp_path / "stray.xlsx", FEBRUARY, stray="?")
    answer = json.loads(run("add", str(february), str(stray), "--format", "json"))
    assert [each["release"]["release"] for each in answer["added"]] == ["february", "stray"]
    assert answer["added"][1]["unknown"] == [
        {"sheet": "Detention FY26", "cell": "B30", "what": "text", "text": "?"}
    ]
    rows = list(csv.DictReader(io.StringIO(run("add", str(february), "--format", "csv"))))
    assert [(each["status"], each["release"]) for each in rows] == [("already there", "february")]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add",), 2, "Usage: recount add"),
        (("add", "nowhere.xlsx"), 2, "recount: There is no such file."),
        (("add", "nowhere.xlsx", "--published", "yesterday"), 2, "recount: 'yesterday' is not a date."),
        (("add", "."), 3, "recount: . is a folder."),
    ],
)
def test_a_file_that_cannot_be_added_exits_as_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, said: str
):
    monkeypatch.chdir(tmp_path)
    assert said in run(*arguments, code=code)


# A real one


@pytest.mark.needs_shared
def test_a_real_workbook_left_out_of_a_record_is_added_as_if_it_had_been_there(
    own: Path, catalog: Catalog, shared_data: Path, tmp_path: Path
):
    names = [f"FY26/FY26_detentionStats{day}.xlsx" for day in ("01082026", "02022026", "_02122026")]
    place = shared_data / "detention-statistics"
    for folder, chosen in (("whole", names), ("without", names[:2])):
        (tmp_path / folder / "detention-statistics").mkdir(parents=True)
        for name in chosen:
            shutil.copy(place / name, tmp_path / folder / "detention-statistics")
        build_record(tmp_path / folder, tmp_path / f"{folder}-record", catalog)
    (added,) = add_workbooks(
        [place / names[2]], catalog, folder=own, embedded=tmp_path / "without-record"
    ).added
    assert (added.release.release, str(added.release.covers_through)) == (
        "fy26-detentionstats-02122026",
        FEBRUARY,
    )
    whole, grown = read_layer(tmp_path / "whole-record"), open_record(own, tmp_path / "without-record")
    is_new = pl.col("release") == added.release.release
    for table in catalog.tables:
        assert grown.frames[table].filter(is_new).equals(whole.frames[table].filter(is_new)), table
    held = figures(own, tmp_path / "without-record", added.release.release, "detained")
    assert (68_289, None) in held
