"""Questions that cannot be asked: each is one sentence that says what is wrong, and what to do."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from recount.cli.app import app

ARRESTS = ("measure", "arrests")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("measure", "arrest"), ("No measure is called 'arrest'", "arrests")),
        ((*ARRESTS, "--by", "aors"), ("No dimension of arrests is called 'aors'", "aor")),
        ((*ARRESTS, "--where", "aor=Bostn"), ("No aor is called 'Bostn'", "Boston")),
        ((*ARRESTS, "--where", "fiscal_year=20188"), ("is no fiscal year", "example")),
        ((*ARRESTS, "--where", "month=2018-13"), ("is no month", "example")),
        ((*ARRESTS, "--where", "date=2018-02-30"), ("There is no date 2018-02-30", "example")),
        ((*ARRESTS, "--where", "fiscal_year=2019..2018"), ("runs backwards", "fix")),
        (
            (*ARRESTS, "--where", "aor=Boston", "--where", "aor=Seattle"),
            ("No row can meet", "to ask for both"),
        ),
        ((*ARRESTS, "--by", "reading", "--reading", "duplicates=exact"), ("Either split by reading", "fix")),
        ((*ARRESTS, "--reading", "duplicates=exactly"), ("No option of duplicates", "exact")),
        ((*ARRESTS, "--per", "resident", "--by", "aor"), ("No whole or denominator", "residents")),
        ((*ARRESTS, "--per", "residents"), ("needs a span of time", "--by fiscal_year")),
        ((*ARRESTS, "--per", "row", "--by", "aor"), ("needs 2 dimensions", "fix")),
        (
            (
                "measure",
                "time_from_arrest_to_removal",
                "--where",
                "aor=Boston",
                "--compare-with",
                "aor=Seattle",
            ),
            ("tells times, which are not subtracted", "ask both sides"),
        ),
        ((*ARRESTS, "--where", "aor=Boston", "--compare-with", "gender=male"), ("both sides", "fix")),
        ((*ARRESTS, "--as-known-on", "2020-13-01"), ("is not a date", "fix")),
    ],
    ids=lambda each: " ".join(each[1:])[:60] if isinstance(each, tuple) else None,
)
def test_what_cannot_be_asked_is_answered_with_what_to_do(asked: tuple[str, ...], said: tuple[str, str]):
    result = CliRunner().invoke(app, list(asked), prog_name="recount")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    for each in said:
        assert each in result.output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--as-known-on", "2010-01-01"), "No release of arrests was out by then"),
        (("--as-known-on", "2020-01-01"), "No release that could answer it was surely out by then"),
        (("--release", "fy19-detentionstats"), "fy19-detentionstats holds no arrests"),
    ],
)
def test_an_empty_selection_says_why_it_is_empty(asked: tuple[str, ...], said: str):
    result = CliRunner().invoke(app, [*ARRESTS, *asked], prog_name="recount")
    assert result.exit_code == 0
    assert said in " ".join(result.output.split())
