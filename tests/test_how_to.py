"""The how-to pages: every command runs and gives what the page shows, and the numbers are those of SQL by hand."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from recount.cli.app import app
from recount.record.store import open_record

PAGES = Path(__file__).parents[1] / "docs" / "how-to"
MADE = "synthetic-g2-seed-7"
CUBES = "ice-2019-icfo-53623"
_ELIDED = "…"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with the made-up release of the researchers' page, added as the page adds it."""
    folder = tmp_path_factory.mktemp("how-to")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOUNT_HOME", str(folder / "home"))
        patch.chdir(folder)
        for command in made_by():
            run(command)
    return folder


@pytest.fixture
def there(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECOUNT_HOME", str(home / "home"))
    monkeypatch.chdir(home)
    return home


def blocks(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yields the commands of a page, each with the lines that the page shows of its answer."""
    text = (PAGES / page).read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
        command, shown = "", []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, shown
                command, shown = line[2:], []
            else:
                shown.append(line)
        yield command, shown


def made_by() -> list[str]:
    return [command for command, _ in blocks("researchers.md") if not command.startswith("recount measure")]


QUESTIONS = [
    (path.name, command, shown)
    for path in sorted(PAGES.glob("*.md"))
    for command, shown in blocks(path.name)
    if command.startswith("recount measure")
]


def run(command: str, *more: str) -> str:
    told = CliRunner().invoke(app, [*shlex.split(command)[1:], *more], env={"COLUMNS": "100"})
    assert told.exit_code == 0, told.output
    return told.stdout


def test_there_are_a_dozen_questions():
    assert len(QUESTIONS) >= 12
    assert len({command for _, command, _ in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize(("page", "command", "shown"), QUESTIONS, ids=[each[1][16:60] for each in QUESTIONS])
def test_a_command_gives_what_its_page_shows(there: Path, page: str, command: str, shown: list[str]):
    told = iter(line.rstrip() for line in run(command).splitlines())
    for line in shown:
        if line != _ELIDED:
            assert line in told, f"{page}: {line!r} is not shown, or not in this order"


def test_the_index_leads_to_every_page():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert all(f"({path.name})" in index for path in PAGES.glob("*.md") if path.name != "README.md")


def test_the_python_of_the_researchers_page_runs(there: Path):
    text = (PAGES / "researchers.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert code is not None
    exec(code[1], {})


# Numbers, held to SQL written by hand over the files of the record. `files` are those of one table.

Rows = list[tuple[Any, ...]]


def parts(answer: dict[str, Any]) -> Rows:
    """Returns the parts of an answer with their counts; the total where it is not split."""
    kinds = ("part",) if [each for each in answer["question"]["by"] if each != "release"] else ("total",)
    rows = [each for each in answer["rows"] if each.get("kind", kinds[0]) in kinds]
    return [(*each["breakdown"].values(), each["numerator"]) for each in rows]


def shares(answer: dict[str, Any]) -> Rows:
    rows = [each for each in answer["rows"] if each["part_of"] is not None]
    return [
        (*each["breakdown"].values(), each["part_of"]["numerator"], each["part_of"]["denominator"])
        for each in rows
    ]


def sides(answer: dict[str, Any]) -> Rows:
    (row,) = answer["differences"]
    return [(row["first"]["numerator"], row["second"]["numerator"])]


def bounded_sides(answer: dict[str, Any]) -> Rows:
    (row,) = answer["differences"]
    return [(*sides(answer)[0], int(row["bounds"]["low"]), int(row["bounds"]["high"]))]


def shares_of_sides(answer: dict[str, Any]) -> Rows:
    (row,) = answer["differences"]
    return [tuple(row[side][name] for side in ("first", "second") for name in ("numerator", "denominator"))]


def extremes(answer: dict[str, Any]) -> Rows:
    (row,) = answer["spread"]
    return [tuple(row[each][name] for each in ("lowest", "highest") for name in ("numerator", "denominator"))]


def rates(answer: dict[str, Any]) -> Rows:
    return [(each["numerator"], each["rate"]["count"]) for each in answer["rows"] if each["kind"] == "part"]


def left_out(answer: dict[str, Any]) -> Rows:
    (row,) = answer["explanation"]["left_out"]
    return [(row["rows"], row["repeated"], row["counted"])]


BY_HAND: list[tuple[str, str, str, Any]] = [
    (
        "removals --by fiscal_year --where aor=Boston",
        "removals cube",
        """SELECT fiscal_year::varchar, sum(row_count)::bigint FROM files
        WHERE removal_aor_code = 'BOS' GROUP BY ALL""",
        parts,
    ),
    (
        "arrests --where aor=Boston --where fiscal_year=2018",
        "arrests cube",
        """WITH years AS (SELECT fiscal_year,
            sum(row_count) FILTER (apprehension_aor_code = 'BOS')::bigint AS known,
            sum(row_count) FILTER (coalesce(apprehension_aor_code, 'pooled') IN ('BOS', 'pooled'))::bigint AS most
            FROM files GROUP BY ALL)
        SELECT a.known, b.known, a.known - b.most, a.most - b.known
        FROM years a, years b WHERE a.fiscal_year = 2018 AND b.fiscal_year = 2016""",
        bounded_sides,
    ),
    (
        "detained_population",
        "detention_figures",
        """SELECT criminality_code, max(value_count) FROM files
        WHERE statistic_name = 'detained' AND release = 'fy26-detentionstats-02122026'
        AND arresting_agency_code = 'total' AND facility_type_code = 'total' AND facility_name IS NULL GROUP BY ALL""",
        parts,
    ),
    (
        "share_without_conviction",
        "secure_communities_figures",
        """WITH counts AS (SELECT
            max(value_count) FILTER (figure_name = 'removed_total') AS everyone,
            sum(value_count) FILTER (figure_name IN ('removed_ewi_visa_overstay', 'removed_ice_fugitives',
                'removed_prior_removals_returns'))::bigint AS without,
            max(value_count) FILTER (figure_name = 'removed_ewi_visa_overstay') AS entered
            FROM files WHERE release = 'boston-globe-2011-09' AND place_code = '25025')
        SELECT entered, everyone, without, everyone FROM counts""",
        extremes,
    ),
    (
        "arrests --period quarter",
        "arrests cube",
        """SELECT year(month) || '-Q' || quarter(month), sum(row_count)::bigint FROM files
        WHERE apprehension_aor_code = 'BOS' AND year(month) = 2018 GROUP BY ALL""",
        parts,
    ),
    (
        "removals --period administration",
        "removals cube",
        """SELECT CASE WHEN month < '2017-01-01' THEN 'obama' ELSE 'trump_first' END, sum(row_count)::bigint
        FROM files WHERE month IS NOT NULL AND removal_aor_code = 'BOS' GROUP BY ALL""",
        parts,
    ),
    (
        "removals --by aor",
        "removals cube",
        # As the Census Bureau printed them for 1 April 2020: CT, MA, ME, NH, RI, VT; MD; CO, WY.
        """WITH residents(area, residents) AS (VALUES
            ('BOS', 3605944 + 7029917 + 1362359 + 1377529 + 1097379 + 643077),
            ('BAL', 6177224), ('DEN', 5773714 + 576851))
        SELECT sum(row_count)::bigint, residents FROM files JOIN residents ON removal_aor_code = area
        WHERE fiscal_year = 2018 GROUP BY ALL""",
        rates,
    ),
    (
        "removals --by fiscal_year,citizenship_group --per row",
        "removals cube",
        """WITH groups AS (SELECT fiscal_year, citizenship_group, sum(row_count)::bigint AS own FROM files
            WHERE citizenship_group IN ('mexico', 'guatemala', 'honduras', 'el_salvador') GROUP BY ALL)
        SELECT fiscal_year::varchar, citizenship_group, own, (sum(own) OVER (PARTITION BY fiscal_year))::bigint
        FROM groups""",
        shares,
    ),
    (
        "removals --where aor=Boston --where fiscal_year=2018",
        "removals cube",
        """WITH residents(area, residents) AS (VALUES
            ('BOS', 3605944 + 7029917 + 1362359 + 1377529 + 1097379 + 643077), ('PHO', 7151502)),
        counted AS (SELECT removal_aor_code AS area, sum(row_count)::bigint AS own FROM files
            WHERE fiscal_year = 2018 GROUP BY ALL)
        SELECT max(own) FILTER (area = 'BOS'), max(residents) FILTER (area = 'BOS'),
            max(own) FILTER (area = 'PHO'), max(residents) FILTER (area = 'PHO')
        FROM counted JOIN residents USING (area)""",
        shares_of_sides,
    ),
    (
        "book_ins --where quarter",
        "detention_figures",
        """SELECT sum(value_count) FILTER (release = '2024-12-20-fy24-detentionstats'
                AND period_start BETWEEN '2024-01-01' AND '2024-03-01')::bigint,
            sum(value_count) FILTER (release = 'fy23-detentionstats10312023'
                AND period_start BETWEEN '2023-01-01' AND '2023-03-01')::bigint FROM files
        WHERE statistic_name = 'book_ins' AND period_kind = 'month' AND arresting_agency_code = 'total'
        AND criminality_code = 'total' AND facility_type_code = 'total'""",
        sides,
    ),
    (
        "book_ins --where fiscal_year",
        "detention_figures",
        """SELECT max(value_count) FILTER (arresting_agency_code = 'ice'),
            max(value_count) FILTER (arresting_agency_code = 'cbp') FROM files
        WHERE statistic_name = 'book_ins' AND release = '2024-12-20-fy24-detentionstats'
        AND period_kind = 'fiscal_year_to_date' AND criminality_code = 'total' AND facility_type_code = 'total'""",
        sides,
    ),
    (
        "removals --where aor!=Boston,Seattle",
        "removals cube",
        """SELECT sum(row_count)::bigint FROM files
        WHERE fiscal_year = 2018 AND removal_aor_code NOT IN ('BOS', 'SEA', 'pooled')""",
        parts,
    ),
    (
        "arrests --by fiscal_year --where 'age>=18'",
        "arrests rows",
        """SELECT (year(apprehension_date) + (month(apprehension_date) >= 10)::int)::varchar, count(*) FROM files
        WHERE year(apprehension_date) - birth_year BETWEEN 18 AND 24 AND apprehension_date IS NOT NULL GROUP BY ALL""",
        parts,
    ),
    (
        "share_convicted_arrested --where aor=Boston --readings",
        "arrests rows",
        """SELECT count(*) FILTER (apprehension_criminality_code = 'convicted'), count(apprehension_criminality_code),
            count(*) FILTER (case_criminality_code IN ('convicted', 'pending')), count(case_criminality_code)
        FROM files WHERE apprehension_aor_code = 'BOS'""",
        extremes,
    ),
    (
        "share_convicted_arrested --where aor=Boston --compare-with",
        "arrests rows",
        """SELECT count(*) FILTER (apprehension_criminality_code = 'convicted' AND apprehension_aor_code = 'BOS'),
            count(apprehension_criminality_code) FILTER (apprehension_aor_code = 'BOS'),
            count(*) FILTER (apprehension_criminality_code = 'convicted' AND apprehension_aor_code = 'SEA'),
            count(apprehension_criminality_code) FILTER (apprehension_aor_code = 'SEA') FROM files""",
        shares_of_sides,
    ),
    (
        "arrests --where aor=Boston --reading",
        "arrests rows",
        """WITH once AS (SELECT DISTINCT * EXCLUDE (file_original, sheet_original, row_original) FROM files)
        SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM files) - count(*),
            count(*) FILTER (apprehension_aor_code = 'BOS') FROM once""",
        left_out,
    ),
]


def by_hand(home: Path, what: str, statement: str) -> Rows:
    table, _, kind = what.partition(" ")
    record = open_record(home / "home" / "record")
    release = {"cube": CUBES, "rows": MADE}.get(kind)
    paths = [
        str(each.path)
        for each in record.parts
        if (each.table, each.kind, each.release) == (table, kind, release)
    ]
    with duckdb.connect() as connection:
        files = (
            record.frames[table].to_arrow()
            if not kind
            else connection.read_parquet(paths, union_by_name=True)
        )
        connection.register("files", files)
        return connection.execute(statement).fetchall()


def test_every_question_is_held_to_sql():
    assert len(BY_HAND) == len(QUESTIONS)


@pytest.mark.parametrize(
    ("start", "what", "statement", "read"), BY_HAND, ids=[each[0][:40] for each in BY_HAND]
)
def test_the_numbers_of_a_question_are_those_of_sql_by_hand(
    there: Path, start: str, what: str, statement: str, read: Any
):
    (command,) = [command for _, command, _ in QUESTIONS if command.startswith(f"recount measure {start}")]
    answer = json.loads(run(command, "--format", "json"))
    assert sorted(read(answer)) == sorted(by_hand(there, what, statement))
