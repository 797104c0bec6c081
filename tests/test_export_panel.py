"""`recount export panel`: every unit in every period; zero, missing, suppressed and not covered told apart."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from recount.ask import OpenRecord, open_record
from recount.ask.panels import export_panel, make_panel
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.panels import load_panels
from recount.errors import UnknownNameError, UsageError
from recount.export.panel_cells import PanelQuestion
from recount.export.treatments import read_treatment
from recount.record.store import Record
from small_events import Parts, day
from small_exports import NOBODY

ICE = "ice-2019-icfo-53623"
Q = PanelQuestion


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def arrest(date: str, aor: str | None = "BOS", **more: Any) -> dict[str, Any]:
    return {"apprehension_date": day(date), "apprehension_aor_code": aor, **more}


def opened(parts: Parts, catalog: Catalog) -> OpenRecord:
    """A record of the parts, over the printed figures that the package ships."""
    own, shipped = parts.record(), open_record(NOBODY).record
    record = Record(shipped.layers, shipped.frames, {**shipped.releases, **own.releases}, own.parts)
    return OpenRecord(record, catalog)


def panel(record: OpenRecord, question: PanelQuestion) -> pl.DataFrame:
    table, _ = make_panel(record, question)
    frame = table.frame.collect()
    assert frame.columns == [each.name for each in table.fields]
    assert frame.select("measure", "unit", "period").is_unique().all()
    return frame


def cell(frame: pl.DataFrame, unit: str, period: str) -> dict[str, Any]:
    (found,) = frame.filter((pl.col("unit") == unit) & (pl.col("period") == period)).to_dicts()
    return found


@pytest.fixture(scope="module")
def shipped() -> OpenRecord:
    return open_record(NOBODY)


def test_every_unit_stands_in_every_period(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog).rows("arrests", [arrest("2018-01-05"), arrest("2018-03-07", "SEA")])
    frame = panel(opened(parts, catalog), Q(("arrests",), "aor", "month"))
    codes = [each.code for each in catalog.events.codes["areas_of_responsibility"].codes]
    assert frame.height == 3 * len(codes)
    assert frame["unit"].unique(maintain_order=True).to_list() == codes
    assert frame["period"].unique(maintain_order=True).to_list() == ["2018-01", "2018-02", "2018-03"]
    assert frame["period_number"].diff().drop_nulls().value_counts().height == 2


def test_nothing_counted_on_covered_days_is_a_true_zero(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog).rows("arrests", [arrest("2018-01-05"), arrest("2018-03-07")])
    found = cell(panel(opened(parts, catalog), Q(("arrests",), "aor", "month")), "SEA", "2018-02")
    assert (found["status"], found["numerator"], found["low"], found["high"]) == ("zero", 0, 0, 0)
    assert (found["days_in_period"], found["days_covered"], found["is_partial"]) == (28, 28, False)


def test_what_no_release_covers_is_no_zero(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog)
    parts.rows("arrests", [arrest("2018-01-05"), arrest("2018-01-09")], cut_off="2018-01-31")
    parts.rows("arrests", [arrest("2018-03-05"), arrest("2018-03-07")], cut_off="2018-03-20")
    question = Q(("arrests",), "aor", "month", {"month": "2017-12..2018-04"})
    frame = panel(opened(parts, catalog), question)
    bos = {each["period"]: each for each in frame.filter(unit="BOS").to_dicts()}
    assert {name: (each["status"], each["days_covered"]) for name, each in bos.items()} == {
        "2017-12": ("not_covered", 0),
        "2018-01": ("exact", 31),
        "2018-02": ("not_covered", 0),
        "2018-03": ("exact", 20),
        "2018-04": ("not_covered", 0),
    }
    assert [bos["2018-03"]["is_partial"], bos["2018-02"]["is_partial"]] == [True, None]
    for each in (bos["2017-12"], bos["2018-02"], bos["2018-04"]):
        assert [each[name] for name in ("numerator", "value", "low", "high", "release")] == [None] * 5


def test_what_is_missing_redacted_and_suppressed_are_told_apart(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog)
    redacted = arrest("2018-02-05", None, redacted_fields="apprehension_aor_code")
    rows = [arrest("2018-01-05"), arrest("2018-01-05", None), arrest("2018-02-05"), redacted]
    parts.rows("arrests", rows)
    frame = panel(opened(parts, catalog), Q(("arrests",), "aor", "month"))
    shown = ("status", "numerator", "low", "high", "missing", "redacted", "suppressed")
    assert tuple(cell(frame, "BOS", "2018-01")[name] for name in shown) == ("missing", 1, 1, 2, 1, 0, 0)
    assert tuple(cell(frame, "SEA", "2018-01")[name] for name in shown) == ("missing", 0, 0, 1, 1, 0, 0)
    assert tuple(cell(frame, "BOS", "2018-02")[name] for name in shown) == ("redacted", 1, 1, 2, 0, 1, 0)
    cubes = Parts(tmp_path, catalog)
    january = {"fiscal_year": 2018, "month": day("2018-01-01")}
    cells = [
        {**january, "apprehension_aor_code": "BOS", "row_count": 9},
        {**january, "apprehension_aor_code": "pooled", "row_count": 6},
    ]
    frame = panel(opened(cubes.cube("arrests", cells), catalog), Q(("arrests",), "aor", "month"))
    assert tuple(cell(frame, "BOS", "2018-01")[name] for name in shown) == ("suppressed", 9, 9, 15, 0, 0, 6)
    assert tuple(cell(frame, "SEA", "2018-01")[name] for name in shown) == ("suppressed", 0, 0, 6, 0, 0, 6)


def test_cells_are_those_of_the_answer(shipped: OpenRecord):
    frame = panel(shipped, Q(("arrests",), "aor", "month", release=ICE))
    answer = shipped.measure("arrests").by("month", "aor").release(ICE).as_json()
    parts = [each for each in answer["rows"] if each["kind"] == "part"]
    assert len(parts) > 800
    for each in parts:
        name, unit = each["breakdown"]["month"], each["breakdown"]["aor"]
        found = frame.row(by_predicate=(pl.col("unit") == unit) & (pl.col("period") == name), named=True)
        if found["status"] == "not_covered":
            assert name == "2019-09"
            continue
        assert found["numerator"] == each["numerator"]
        assert (found["low"], found["high"]) == (float(each["bounds"]["low"]), float(each["bounds"]["high"]))
        assert found["suppressed"] == each["suppressed"]


def test_bounds_of_a_unit_that_no_row_names_are_those_of_its_own_question(shipped: OpenRecord):
    frame = panel(shipped, Q(("detainers",), "state", "month"))
    unnamed = frame.group_by("unit").agg(pl.col("numerator").sum()).filter(pl.col("numerator") == 0)
    unit = sorted(unnamed["unit"])[0]
    asked = shipped.measure("detainers").where(state=unit).by("month").as_json()["rows"]
    own = {each["breakdown"]["month"]: each["bounds"]["high"] for each in asked if each["kind"] == "part"}
    assert own
    for name, high in own.items():
        assert cell(frame, unit, name)["high"] == float(high)


def test_rows_outside_the_covered_days_are_told(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog)
    rows = [arrest("2018-01-05"), arrest("2018-02-01"), arrest("2018-02-01")]
    parts.rows("arrests", rows, cut_off="2018-01-31")
    table, _ = make_panel(
        opened(parts, catalog), Q(("arrests",), "aor", "month", {"month": "2018-01..2018-02"})
    )
    told = [each for each in table.warnings if "does not cover" in each]
    assert told == ["2 rows of tiny are dated on days that it does not cover, and are left out."]


def test_conditions_on_the_unit_leave_its_units_alone(shipped: OpenRecord):
    question = Q(("arrests",), "aor", "fiscal_year", {"aor": "Boston,Seattle"}, release=ICE)
    assert panel(shipped, question)["unit"].unique(maintain_order=True).to_list() == ["BOS", "SEA"]
    without = panel(shipped, Q(("arrests",), "aor", "fiscal_year", {"aor": "!=Boston"}, release=ICE))
    assert "BOS" not in without["unit"]
    assert without["unit"].n_unique() > 20


def test_a_unit_without_a_list_of_codes_has_those_that_rows_name(tmp_path: Path, catalog: Catalog):
    rows = [arrest("2018-01-05", birth_year=1980), arrest("2018-02-05", birth_year=1990)]
    parts = Parts(tmp_path, catalog).rows("arrests", rows)
    frame = panel(opened(parts, catalog), Q(("arrests",), "birth_year", "month"))
    assert frame.select("unit", "period", "numerator", "status").rows() == [
        ("1980", "2018-01", 1, "exact"),
        ("1980", "2018-02", 0, "zero"),
        ("1990", "2018-01", 0, "zero"),
        ("1990", "2018-02", 1, "exact"),
    ]


def test_a_share_gives_its_denominator_and_a_population_its_days(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog)
    rows = [
        arrest("2018-01-05", apprehension_criminality_code="convicted"),
        arrest("2018-01-06", apprehension_criminality_code="pending"),
    ]
    parts.rows("arrests", rows)
    frame = panel(opened(parts, catalog), Q(("share_convicted_arrested",), "aor", "month"))
    found = cell(frame, "BOS", "2018-01")
    assert (found["numerator"], found["denominator"], found["value"]) == (1, 2, 0.5)
    none = cell(frame, "SEA", "2018-01")
    assert (none["status"], none["denominator"], none["value"]) == ("zero", 0, None)
    stints = Parts(tmp_path, catalog)
    stint = {
        "unique_identifier": "a",
        "book_in_date": day("2018-01-10"),
        "book_in_datetime": datetime.datetime(2018, 1, 10, 9),  # noqa: DTZ001
        "book_out_datetime": datetime.datetime(2018, 1, 20, 9),  # noqa: DTZ001
        "book_out_date": day("2018-01-20"),
        "book_in_aor_code": "BOS",
    }
    stints.rows("stints", [stint], cut_off="2018-01-31")
    frame = panel(opened(stints, catalog), Q(("average_daily_population_recorded",), "aor", "month"))
    found = cell(frame, "BOS", "2018-01")
    assert (found["numerator"], found["denominator"], found["days_covered"]) == (10, 31, 31)
    assert cell(frame, "SEA", "2018-01")["status"] == "zero"


def test_several_measures_stand_one_below_the_other(shipped: OpenRecord):
    frame = panel(shipped, Q(("arrests", "encounters"), "aor", "fiscal_year", release=ICE))
    assert frame["measure"].unique(maintain_order=True).to_list() == ["arrests", "encounters"]
    covered = frame.filter(pl.col("status") != "not_covered")
    assert covered.group_by("measure").agg(pl.col("period").n_unique()).sort("measure")[
        "period"
    ].to_list() == [3, 2]


def test_of_printed_figures_the_print_that_stands_is_given(shipped: OpenRecord):
    frame = panel(shipped, Q(("people_removed",), "jurisdiction", "through_date", {"state": "MA"}))
    suffolk = frame.filter(pl.col("unit") == "25025").select("period", "numerator", "status").rows()
    assert suffolk == [
        ("2011-06-30", 352, "exact"),
        ("2011-07-31", 369, "exact"),
        ("2012-03-31", 457, "exact"),
        ("2012-08-31", 512, "exact"),
    ]
    barnstable = frame.filter(pl.col("unit") == "25001").select("period", "status").rows()
    assert barnstable[-1] == ("2012-08-31", "zero")
    assert {status for _, status in barnstable[:-1]} == {"not_printed"}


def test_a_month_that_no_workbook_prints_is_not_covered(shipped: OpenRecord):
    frame = panel(shipped, Q(("book_ins",), "arresting_agency", "month"))
    assert cell(frame, "ice", "2025-03")["status"] == "not_covered"
    assert cell(frame, "ice", "2025-11")["status"] == "exact"
    assert "total" not in frame["unit"]


def test_a_county_is_treated_on_the_day_that_the_release_of_highest_authority_gives(shipped: OpenRecord):
    frame = panel(shipped, Q(("people_removed",), "jurisdiction", "through_date", {"state": "MA"}))
    days = shipped.record.frames["secure_communities_activations"]
    for unit in frame["unit"].unique():
        own = days.filter((pl.col("county_fips") == unit) & pl.col("release").str.starts_with("ice-"))
        assert set(frame.filter(pl.col("unit") == unit)["treated_date"]) == set(own["activation_date"])
    suffolk = frame.filter(pl.col("unit") == "25025")
    assert suffolk.select("treated_date", "periods_since_treatment").rows() == [
        (datetime.date(2008, 11, 5), months) for months in (31, 32, 40, 45)
    ]


def test_a_state_is_treated_with_the_first_of_its_counties(shipped: OpenRecord, catalog: Catalog):
    (treatment,) = load_panels(catalog).treatments
    treated = read_treatment(treatment, "state", shipped.record)
    assert treated is not None
    days = shipped.record.frames["secure_communities_activations"]
    for state, first in treated.days.items():
        assert first == days.filter(state_code=state)["activation_date"].min()
    counties = read_treatment(treatment, "jurisdiction", shipped.record)
    assert counties is not None
    assert counties.differ == 224
    assert "224 units are dated differently" in counties.note
    assert read_treatment(treatment, "method", shipped.record) is None


def test_periods_are_counted_from_that_of_the_treatment(tmp_path: Path, catalog: Catalog):
    rows = [
        {"apprehension_date": day("2008-09-05"), "apprehension_state_code": "TX"},
        {"apprehension_date": day("2008-12-05"), "apprehension_state_code": "TX"},
    ]
    parts = Parts(tmp_path, catalog).rows("arrests", rows)
    frame = panel(opened(parts, catalog), Q(("arrests",), "state", "month"))
    texas = frame.filter(unit="TX")
    assert texas["treated_date"].unique().to_list() == [datetime.date(2008, 10, 27)]
    assert texas["periods_since_treatment"].to_list() == [-1, 0, 1, 2]
    untreated = frame.filter(unit="PW").select("treated_date", "periods_since_treatment")
    assert untreated.null_count().row(0) == (4, 4), "Palau has no activation"


def test_the_receipt_is_the_same_in_every_format_and_names_the_question(shipped: OpenRecord, tmp_path: Path):
    question = Q(("arrests",), "aor", "fiscal_year", release=ICE)
    found = {
        suffix: export_panel(shipped, question, tmp_path / f"p{suffix}")
        for suffix in (".parquet", ".csv", ".xlsx", ".dta", ".sav", ".sqlite", ".duckdb")
    }
    found["package"] = export_panel(shipped, question, tmp_path / "package", "datapackage")
    assert len({each.receipt.id for each in found.values()}) == 1
    body = found[".csv"].receipt.body
    assert body["question"]["unit"] == "aor"
    assert body["results"]["answers"] == [
        shipped.measure("arrests").by("fiscal_year", "aor").release(ICE).receipt().id
    ]
    other = export_panel(shipped, Q(("arrests",), "aor", "month", release=ICE), tmp_path / "o.csv")
    assert other.receipt.id != found[".csv"].receipt.id


def test_a_package_of_a_panel_is_valid(shipped: OpenRecord, tmp_path: Path):
    frictionless = pytest.importorskip("frictionless")
    question = Q(("people_removed",), "jurisdiction", "through_date", {"state": "MA"})
    export_panel(shipped, question, tmp_path / "package", "datapackage")
    report = frictionless.Package(str(tmp_path / "package" / "datapackage.json")).validate()
    assert report.valid, report.to_summary()


def test_the_dictionary_says_what_each_status_means(shipped: OpenRecord, catalog: Catalog, tmp_path: Path):
    export_panel(shipped, Q(("arrests",), "aor", "fiscal_year", release=ICE), tmp_path / "p.csv")
    dictionary = pl.read_csv(tmp_path / "p.csv.dictionary.csv")
    codes = dictionary.filter((pl.col("column") == "status") & pl.col("code").is_not_null())
    assert codes["code"].to_list() == [each.code for each in load_panels(catalog).statuses]
    assert codes["label_es"].null_count() == 0


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Q((), "aor", "month"), "A panel is of a measure, and none is named"),
        (Q(("arrests", "arrests"), "aor", "month"), "A measure is given twice"),
        (Q(("arrests",), "aor", "month"), r"3 releases answer[\s\S]*--release"),
        (Q(("arrests",), "aor", "administration", release=ICE), "has no periods of administration"),
        (Q(("arrests",), "month", "fiscal_year", release=ICE), "month is a period, and no unit"),
        (
            Q(("arrests",), "county", "month", release=ICE),
            "No release of this record gives arrests by county",
        ),
        (Q(("time_from_arrest_to_removal",), "aor", "month"), "has no period of its own"),
        (Q(("people_removed",), "state", "month"), "is not printed by month"),
        (
            Q(("removals",), "aor", "month", release="ice-2018-icfo-36170"),
            "No release of this record|gives no days",
        ),
    ],
)
def test_a_panel_that_cannot_be_made_is_told(shipped: OpenRecord, question: PanelQuestion, told: str):
    with pytest.raises(UsageError, match=told):
        make_panel(shipped, question)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Q(("arests",), "aor", "month"), "No measure is called 'arests'"),
        (Q(("arrests",), "aorr", "month", release=ICE), r"aorr[\s\S]*nearest\s+aor"),
        (Q(("people_removed",), "aor", "through_date"), r"No unit of people_removed is called 'aor'"),
        (Q(("arrests",), "aor", "month", release="ice"), "No release is called 'ice'"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    shipped: OpenRecord, question: PanelQuestion, told: str
):
    with pytest.raises(UnknownNameError, match=told):
        make_panel(shipped, question)


def test_a_panel_larger_than_the_catalog_lets_it_be_is_refused(shipped: OpenRecord, monkeypatch: Any):
    few = load_panels(shipped.catalog).model_copy(update={"most_rows": 10})
    monkeypatch.setattr("recount.export.panel.load_panels", lambda _: few)
    with pytest.raises(UsageError, match=r"would have 78 rows, and 10 is the most"):
        make_panel(shipped, Q(("arrests",), "aor", "fiscal_year", {"fiscal_year": "2016..2018"}, release=ICE))


ASKED = ("--measure", "arrests", "--unit", "aor", "--period", "fiscal_year", "--release", ICE)


def test_the_terminal_writes_a_panel(tmp_path: Path):
    to = tmp_path / "p.parquet"
    (told,) = json.loads(run("export", "panel", *ASKED, "--to", str(to), "--format", "json"))
    assert told["tables"][0]["table"] == "panel"
    assert told["tables"][0]["rows"] == pl.read_parquet(to).height > 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--measure", "arrests", "--to", "p.csv"), "A panel is of a unit and a period"),
        ((*ASKED, "--by", "aor", "--to", "p.csv"), "A panel is exported without --by"),
        ((*ASKED, "--readings", "all", "--to", "p.csv"), "A panel is exported without --readings"),
        ((*ASKED, "--to", "nowhere/p.csv"), "there is no folder"),
        ((*ASKED, "--release", "x", "--to", "p.csv"), "A question asks one release"),
        (ASKED, "--to must be given"),
    ],
)
def test_the_terminal_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
):
    monkeypatch.chdir(tmp_path)
    assert told in run("export", "panel", *arguments, code=2)
    assert [each for each in tmp_path.iterdir() if each.name != "recount-home"] == []


def test_an_interrupted_panel_ends_with_130_and_leaves_nothing(tmp_path: Path, monkeypatch: Any):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("recount.export.writing.write_dataset", interrupt)
    run("export", "panel", *ASKED, "--to", str(tmp_path / "p.csv"), code=130)
    assert [each for each in tmp_path.iterdir() if each.name != "recount-home"] == []


FULL = """
import resource, sys
from typer.testing import CliRunner
from recount.cli.app import app

resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
told = CliRunner().invoke(app, ["export", "panel", *sys.argv[1:]])
print(told.exit_code, " ".join(told.output.split()))
"""


def test_a_full_disk_leaves_what_was_there(tmp_path: Path):
    """A file that may not grow fails as a full disk does."""
    pytest.importorskip("resource")
    to = tmp_path / "p.csv"
    to.write_bytes(b"before")
    command = [sys.executable, "-c", FULL, *ASKED, "--force", "--to", str(to)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(f"2 recount: {to} cannot be written: ")
    assert [each.name for each in tmp_path.iterdir() if each.name != "recount-home"] == ["p.csv"]
    assert to.read_bytes() == b"before"


# The recipe for R

RECIPE = Path(__file__).parents[1] / "docs" / "how-to" / "panel-in-r.md"
STATES = {"TX": 3, "MA": 5, "CA": 4, "NC": 6, "IL": 2, "OH": 7}


@pytest.fixture(scope="module")
def made_up_panel(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> tuple[Path, OpenRecord]:
    """Arrests of nobody in six states from 2008 to 2010, some of them without a state."""
    folder = tmp_path_factory.mktemp("panel")
    rows: list[dict[str, Any]] = []
    for number in range(36):
        month = datetime.date(2008 + number // 12, number % 12 + 1, 3)
        for state, level in STATES.items():
            count = level + (number * (level + 3)) % 5 + (number > 14 + level) * level
            rows += [{"apprehension_date": month, "apprehension_state_code": state}] * count
        if number % 6 == 1:
            rows.append({"apprehension_date": month})
    return folder, opened(Parts(folder, catalog).rows("arrests", rows), catalog)


def estimates(frame: pl.DataFrame) -> dict[tuple[str, str], float]:
    """Returns what the recipe estimates, by ordinary least squares."""
    known = frame.filter(
        ~pl.col("status").is_in(["not_covered", "not_printed", "bound"])
        & pl.col("periods_since_treatment").is_not_null()
    )
    since = known["periods_since_treatment"].clip(-4, 4)
    fixed = [np.ones(known.height)]
    for name in ("unit", "period"):
        fixed += [(known[name] == each).to_numpy().astype(float) for each in sorted(known[name].unique())[1:]]
    found = {}
    for end in ("value", "low", "high"):
        rate = (known[end] / known["days_covered"]).to_numpy()
        treated = (known["periods_since_treatment"] >= 0).to_numpy().astype(float)
        found[end, "two_way"] = np.linalg.lstsq(np.column_stack([treated, *fixed]), rate)[0][0]
        events = [each for each in range(-4, 5) if each != -1]
        columns = [(since == each).to_numpy().astype(float) for each in events]
        solved = np.linalg.lstsq(np.column_stack([*columns, *fixed]), rate)[0]
        found |= {(end, f"event{each}"): solved[at] for at, each in enumerate(events)}
    return found


def with_r(script: str, path: Path, folder: Path) -> dict[tuple[str, str], float]:
    if shutil.which("Rscript") is None:
        pytest.skip("needs R: apt-get install r-base-core")
    (folder / "panel.R").write_text(script, encoding="utf-8")
    ran = subprocess.run(
        ["Rscript", str(folder / "panel.R"), str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    lines = [each.split() for each in ran.stdout.splitlines()]
    return {(end, name): float(value) for end, name, value, _ in lines}


def assert_alike(found: Mapping[tuple[str, str], float], expected: Mapping[tuple[str, str], float]) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-8), name


def recipe() -> str:
    (script,) = re.findall(r"```r\n(.*?)```", RECIPE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(script)


def test_the_command_of_the_recipe_gives_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```console\n(.*?)```", RECIPE.read_text(encoding="utf-8"), flags=re.DOTALL)
    command, *shown = block.strip().splitlines()
    told = run(*command.removeprefix("$ recount ").split()).splitlines()
    assert told[: len(shown)] == shown


def test_the_recipe_gives_in_r_what_least_squares_give_in_python(
    made_up_panel: tuple[Path, OpenRecord], tmp_path: Path
):
    _, record = made_up_panel
    question = Q(("arrests",), "state", "month")
    export_panel(record, question, tmp_path / "panel.csv")
    expected = estimates(panel(record, question))
    assert expected["low", "two_way"] != expected["high", "two_way"]
    assert_alike(with_r(recipe(), tmp_path / "panel.csv", tmp_path), expected)


def test_r_reads_the_same_panel_from_stata(made_up_panel: tuple[Path, OpenRecord], tmp_path: Path):
    if shutil.which("Rscript") is None:
        pytest.skip("needs R: apt-get install r-base-core")
    there = "quit(status = !requireNamespace('haven', quietly = TRUE))"
    if subprocess.run(["Rscript", "-e", there], capture_output=True, check=False).returncode:
        pytest.skip("needs the R package haven: apt-get install r-cran-haven")
    _, record = made_up_panel
    question = Q(("arrests",), "state", "month")
    export_panel(record, question, tmp_path / "panel.dta")
    script = recipe()
    start = script.index("panel <-")
    end = script.index("known <-")
    reading = """
panel <- haven::read_dta(commandArgs(trailingOnly = TRUE)[1])
panel$unit <- as.character(haven::as_factor(panel$unit))
codes <- c("exact", "zero", "missing", "redacted", "suppressed", "bound", "not_printed", "not_covered")
panel$status <- codes[as.integer(panel$status)]
panel <- as.data.frame(panel)

"""
    found = with_r(script[:start] + reading + script[end:], tmp_path / "panel.dta", tmp_path)
    assert_alike(found, estimates(panel(record, question)))
