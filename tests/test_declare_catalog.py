"""The catalog: one file a thing, overlaid file by file, and cross-checked as a whole."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from recount import paths
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.claims import Asserted
from recount.declare.sources import KnownRelease
from recount.errors import CatalogError, UnknownNameError
from tiny_release import replace_once

SUBMISSIONS = "measures/fingerprint_submissions.yml"
WITHOUT_CONVICTION = "measures/share_without_conviction.yml"
BOSTON = "claims/boston-no-convictions.yml"
FIGURES_TABLE = "tables/secure_communities_figures.yml"
SOURCE = "sources/secure-communities"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped catalog, to be changed. Its messages are two of the test's own."""
    copy = tmp_path / "catalog"
    shutil.copytree(paths.CATALOG, copy)
    (copy / "messages" / "en.yml").write_text('language: en\nmessages:\n  hello: "{count} rows"\n')
    (copy / "messages" / "es.yml").write_text('language: es\nmessages:\n  hello: "{count} filas"\n')
    return copy


def change(catalog: Path, file: str, old: str, new: str) -> None:
    path = catalog / file
    path.write_text(replace_once(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def line_of(catalog: Path, file: str, text: str) -> int:
    lines = (catalog / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def problem_of(catalog: Path) -> str:
    """Returns what the loader says of a catalog that it refuses."""
    with pytest.raises(CatalogError) as raised:
        load_catalog(catalog, catalog.parent / "no-overlay")
    return str(raised.value)


def test_the_shipped_catalog_fits_together(catalog: Catalog):
    assert {"people_removed", "share_without_conviction"} <= set(catalog.measures)
    assert sorted(catalog.messages) == ["en", "es"]


def test_a_copy_of_the_catalog_loads_as_it_is(copy: Path):
    assert sorted(load_catalog(copy, copy / "none").measures) == sorted(
        path.stem for path in (copy / "measures").glob("*.yml")
    )


def test_a_key_given_twice_names_file_and_line(copy: Path):
    change(copy, SUBMISSIONS, "unit: submissions\n", "unit: submissions\nunit: people\n")
    line = line_of(copy, SUBMISSIONS, "unit: people")
    problem = problem_of(copy)
    assert problem.startswith(f"{SUBMISSIONS} cannot be read.")
    assert f"line {line}  the key 'unit' is given twice" in problem


def test_a_value_that_its_schema_does_not_take_names_file_and_line(copy: Path):
    change(copy, SUBMISSIONS, "unit: submissions\n", "unit: no\n")
    line = line_of(copy, SUBMISSIONS, "unit: no")
    problem = problem_of(copy)
    assert problem.startswith(f"{SUBMISSIONS} does not fit its schema.")
    assert f"line {line}  unit: " in problem
    assert "(given: 'no')" in problem


def test_a_decimal_in_the_wording_is_exact(catalog: Catalog):
    about = Asserted(wording="about", of="1/10").interval(catalog.wording)
    assert about.as_json() == {"low": "19/200", "high": "21/200", "low_open": False, "high_open": False}


def test_a_measure_that_names_no_figure_names_its_file_and_the_tables(copy: Path):
    change(copy, SUBMISSIONS, "numerator: submissions", "numerator: submisions")
    problem = problem_of(copy)
    assert SUBMISSIONS in problem
    assert FIGURES_TABLE in problem
    assert "no figure is called 'submisions'; nearest: submissions" in problem


def test_a_measure_that_names_no_table_names_its_file_and_the_tables_there_are(copy: Path):
    change(copy, SUBMISSIONS, "table: secure_communities_figures", "table: secure_community_figures")
    problem = problem_of(copy)
    assert SUBMISSIONS in problem
    assert "no table is called 'secure_community_figures'; nearest: secure_communities_figures" in problem


def test_a_complement_needs_a_sum_that_makes_two_parts_one_whole(copy: Path):
    change(
        copy,
        "measures/share_convicted.yml",
        "numerator: removed_convicted\n",
        "numerator: removed_ice_fugitives\n",
    )
    problem = problem_of(copy)
    assert "measures/share_convicted.yml" in problem
    assert f"no sum in {FIGURES_TABLE}" in problem


def test_the_overlay_replaces_a_file_of_the_same_path(copy: Path, tmp_path: Path):
    overlay = tmp_path / "overlay"
    (overlay / "measures").mkdir(parents=True)
    shutil.copy(copy / SUBMISSIONS, overlay / SUBMISSIONS)
    change(overlay, SUBMISSIONS, "en: fingerprint submissions", "en: fingerprints sent")
    merged = load_catalog(copy, overlay)
    assert merged.measures["fingerprint_submissions"].title.en == "fingerprints sent"
    shipped = load_catalog(copy, tmp_path / "none")
    assert shipped.measures["fingerprint_submissions"].title.en == "fingerprint submissions"
    assert {name: each for name, each in merged.measures.items() if name != "fingerprint_submissions"} == {
        name: each for name, each in shipped.measures.items() if name != "fingerprint_submissions"
    }


def test_the_overlay_adds_a_file_that_the_package_lacks(copy: Path, tmp_path: Path):
    overlay = tmp_path / "overlay"
    (overlay / "measures").mkdir(parents=True)
    shutil.copy(copy / SUBMISSIONS, overlay / "measures" / "prints_sent.yml")
    change(overlay, "measures/prints_sent.yml", "measure: fingerprint_submissions", "measure: prints_sent")
    assert {"prints_sent", "fingerprint_submissions"} <= set(load_catalog(copy, overlay).measures)


def test_the_overlay_replaces_a_file_that_stands_alone(copy: Path, tmp_path: Path):
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    shutil.copy(copy / "rules.yml", overlay / "rules.yml")
    change(overlay, "rules.yml", "share_window_days: 183", "share_window_days: 100")
    assert load_catalog(copy, overlay).rules.share_window_days == 100


def test_the_users_overlay_lies_in_recount_home(copy: Path, own_home: Path):
    (own_home / "catalog").mkdir(parents=True)
    shutil.copy(copy / "rules.yml", own_home / "catalog" / "rules.yml")
    change(own_home / "catalog", "rules.yml", "share_window_days: 183", "share_window_days: 100")
    assert load_catalog(copy).rules.share_window_days == 100


@pytest.mark.parametrize(
    ("file", "renamed"),
    [
        (SUBMISSIONS, "measures/submissions.yml"),
        (BOSTON, "claims/boston.yml"),
        ("codes/states.yml", "codes/regions.yml"),
        (f"{SOURCE}/releases/legalmatch.yml", f"{SOURCE}/releases/legal-match.yml"),
    ],
)
def test_a_file_is_named_after_the_thing_it_declares(copy: Path, file: str, renamed: str):
    (copy / file).rename(copy / renamed)
    problem = problem_of(copy)
    assert problem.startswith(f"{renamed} declares {Path(file).stem!r}.")
    assert f": {Path(renamed).stem}\n" in problem


def test_a_source_is_named_after_its_folder(copy: Path):
    (copy / SOURCE).rename(copy / "sources" / "safe-communities")
    assert problem_of(copy).startswith("sources/safe-communities/source.yml declares 'secure-communities'.")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "measure: share_without_conviction\n      where: {state",
            "measure: share_with_conviction\n      where: {state",
            "no measure is called 'share_with_conviction'; nearest: share_without_conviction",
        ),
        (
            "where: {state: Massachusetts}",
            "where: {county: Massachusetts}",
            "no dimension is called 'county'",
        ),
        ("where: {state: Massachusetts}", "where: {state: MA, country: US}", "name one place"),
        ("{wording: more_than,", "{wording: more_then,", "no wording is called 'more_then'"),
        ('{wording: more_than, of: "1/2"}', "{wording: more_than}", "hedges a number: give it under 'of'"),
        ("{wording: more_than,", "{wording: most,", "stands for itself: leave 'of' out"),
        (
            "where: {state: Massachusetts}",
            "where: {state: Massachusetts}\n      readings: {without_convictions: [all_without_conviction]}",
            "no fork is called 'without_convictions'; nearest: without_conviction",
        ),
        (
            "where: {state: Massachusetts}",
            "where: {state: Massachusetts}\n      readings: {without_conviction: [all]}",
            "no option is called 'all'; nearest: all_without_conviction",
        ),
    ],
)
def test_a_claim_that_names_what_nothing_declares_names_file_and_line(
    copy: Path, old: str, new: str, told: str
):
    changed = next(line for line in new.splitlines()[::-1] if line.strip() not in old)
    change(copy, BOSTON, old, new)
    line = line_of(copy, BOSTON, changed)
    problem = problem_of(copy)
    assert f"{BOSTON}, line {line}  " in problem
    assert told in problem


def test_a_part_that_could_be_tested_is_a_claim(copy: Path):
    change(copy, BOSTON, "  measured_by:", "  parts_that_could_be_tested: [boston]\n  measured_by:")
    assert "no claim is called 'boston'" in problem_of(copy)


def test_both_languages_have_the_same_messages(copy: Path):
    (copy / "messages" / "es.yml").write_text("language: es\nmessages: {}\n")
    assert "messages/es.yml  lacks 'hello'" in problem_of(copy)


def test_a_message_that_only_spanish_has_is_lacking_in_english(copy: Path):
    change(copy, "messages/es.yml", "messages:\n", 'messages:\n  bye: "adiós"\n')
    assert "messages/en.yml  lacks 'bye'" in problem_of(copy)


def test_a_message_fills_in_the_same_names_in_both_languages(copy: Path):
    change(copy, "messages/es.yml", "{count}", "{rows}")
    assert "'hello' fills in other names" in problem_of(copy)


def test_a_language_is_not_left_out(copy: Path):
    (copy / "messages" / "es.yml").unlink()
    assert "en.yml and es.yml are needed; there is: en" in problem_of(copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            FIGURES_TABLE,
            "total: removed_convicted\n",
            "total: removed_criminal\n",
            "no figure is called 'removed_criminal'",
        ),
        (FIGURES_TABLE, "unique_key: [release,", "unique_key: [print,", "no field is called 'print'"),
        (FIGURES_TABLE, "warnings: [cumulative,", "warnings: [running,", "no warning is called 'running'"),
        (
            "codes/states.yml",
            'spellings: ["Alabama"]',
            'spellings: ["Alaska"]',
            "'Alaska' is spelled out twice",
        ),
        (
            f"{SOURCE}/source.yml",
            "required_layouts: [interop",
            "required_layouts: [introp",
            "no layout is called 'introp",
        ),
        (
            f"{SOURCE}/layouts/published-figures.yml",
            "codes: authorities",
            "codes: authority",
            "column grade: no code list is called 'authority'; nearest: authorities",
        ),
        (
            f"{SOURCE}/releases/gao-12-708.yml",
            "{removed_total:",
            "{removed:",
            "no figure is called 'removed'",
        ),
        (
            f"{SOURCE}/releases/gao-12-708.yml",
            "authority: secondary",
            "authority: tertiary",
            "no authority is called",
        ),
        (f"{SOURCE}/releases/gao-12-708.yml", 'says about 183,000"]', 'says", LegalMatch]', "belongs to"),
    ],
)
def test_a_declaration_that_names_what_nothing_declares_names_its_file(
    copy: Path, file: str, old: str, new: str, told: str
):
    change(copy, file, old, new)
    problem = problem_of(copy)
    assert told in problem
    assert file in problem or "the spelling" in problem


def test_a_correction_names_a_layout_and_a_column_that_there_are(copy: Path):
    (copy / SOURCE / "corrections.yml").write_text(
        "corrections:\n"
        "  - {layout: published-figures, file: published-figures.csv, row: 2, column: valeu, expects: a, becomes: b,"
        " reason: r, evidence: e}\n"
    )
    problem = problem_of(copy)
    assert f"{SOURCE}/corrections.yml" in problem
    assert "correction 1: no column is called 'valeu'; nearest: value" in problem


def test_one_name_has_one_meaning_in_every_table(copy: Path):
    change(copy, FIGURES_TABLE, "{name: release, type: text,", "{name: release, type: count,")
    assert "field release: another type, unit or code list than in" in problem_of(copy)


def test_every_problem_is_told_at_once(copy: Path):
    change(copy, SUBMISSIONS, "numerator: submissions", "numerator: sent")
    change(copy, BOSTON, "{wording: more_than,", "{wording: beyond,")
    problem = problem_of(copy)
    assert "'sent'" in problem
    assert "'beyond'" in problem


def test_an_unknown_measure_is_answered_with_the_nearest(catalog: Catalog):
    with pytest.raises(UnknownNameError) as raised:
        catalog.measure("people_remove")
    assert raised.value.nearest[0] == "people_removed"
    assert raised.value.exit_code == 2


def test_an_unknown_claim_is_answered_with_the_nearest(catalog: Catalog):
    with pytest.raises(UnknownNameError) as raised:
        catalog.claim("boston-no-conviction")
    assert raised.value.nearest == ["boston-no-convictions"]


def test_claims_come_in_their_declared_order_then_by_name(copy: Path):
    change(copy, BOSTON, "order: 1\n", "")
    names = [each.claim for each in load_catalog(copy, copy / "none").claims_in_order()]
    assert names[-1] == "boston-no-convictions"
    assert names[0] == "over-140000-deported"


def test_a_measures_readings_begin_with_the_default(catalog: Catalog):
    assert catalog.measure("share_without_conviction").readings() == [
        {"without_conviction": "all_without_conviction"},
        {"without_conviction": "entered_or_overstayed_only"},
    ]


def test_the_default_of_a_fork_is_one_of_its_options(copy: Path):
    change(copy, WITHOUT_CONVICTION, "default: all_without_conviction", "default: everyone")
    problem = problem_of(copy)
    assert WITHOUT_CONVICTION in problem
    assert "the default 'everyone' is none of its options" in problem


def test_in_a_checkout_the_packages_own_file_is_the_one_to_edit(catalog: Catalog):
    assert (
        catalog.file_to_edit("measure", "people_removed") == "src/recount/catalog/measures/people_removed.yml"
    )


def test_in_an_installed_package_the_overlay_is_the_one_to_edit(
    catalog: Catalog, own_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "lib" / "site-packages" / "recount")
    assert catalog.file_to_edit("measure", "people_removed") == str(
        own_home / "catalog" / "measures" / "people_removed.yml"
    )


@pytest.mark.parametrize(
    ("day", "is_out"),
    [("2012-08-30", "not_out"), ("2012-08-31", "perhaps"), ("2016-12-30", "perhaps"), ("2016-12-31", "out")],
)
def test_a_release_is_perhaps_out_between_its_two_dates(day: str, is_out: str):
    release = _release(published_from=datetime.date(2012, 8, 31), published_to=datetime.date(2016, 12, 31))
    assert release.out_by(datetime.date.fromisoformat(day)) == is_out


def test_a_release_of_unknown_date_is_not_out_before_the_last_day_it_counts():
    release = _release(published_from=None, published_to=None)
    assert release.out_by(datetime.date(2012, 7, 30)) == "not_out"
    assert release.out_by(datetime.date(2012, 7, 31)) == "perhaps"
    assert release.out_by(datetime.date(2040, 1, 1)) == "perhaps"


def _release(*, published_from: datetime.date | None, published_to: datetime.date | None) -> KnownRelease:
    return KnownRelease(
        release="example",
        source="secure-communities",
        title={"en": "Example", "es": "Ejemplo"},
        printed_by="Example",
        reports="secure_communities_interoperability",
        url=None,
        published_from=published_from,
        published_to=published_to,
        published_basis="invented",
        authority="secondary",
        lists=None,
        covers_through=datetime.date(2012, 7, 31),
        declared=False,
        files=[],
    )
