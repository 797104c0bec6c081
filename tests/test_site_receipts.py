"""A receipt's page says how to compute it again, and the command that it prints gives the same receipt."""

from __future__ import annotations

import json
import shlex

import pytest
from typer.testing import CliRunner

from recount.ask.record import OpenRecord, open_record
from recount.cli.app import app
from recount.site.exhibits import Exhibit


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record()


@pytest.mark.parametrize(
    ("measure", "by", "as_known_on", "command"),
    [
        ("removals", (), None, "recount measure removals"),
        ("removals", ("fiscal_year",), None, "recount measure removals --by fiscal_year"),
        ("ident_matches", None, None, "recount measure ident_matches"),
        ("ident_matches", (), None, "recount measure ident_matches --by ''"),
        (
            "detained_population",
            (),
            "2026-02-13",
            "recount measure detained_population --as-known-on 2026-02-13",
        ),
    ],
)
def test_the_command_of_an_exhibit_is_one_that_people_would_write_and_gives_its_receipt(
    record: OpenRecord, measure: str, by: tuple[str, ...] | None, as_known_on: str | None, command: str
) -> None:
    question = record.measure(measure)
    question = question if by is None else question.by(*by)
    exhibit = Exhibit(question if as_known_on is None else question.as_known_on(as_known_on))
    assert exhibit.command == command
    answered = CliRunner().invoke(app, [*shlex.split(command)[1:], "--format", "json"])
    assert json.loads(answered.stdout)["receipt"]["id"] == exhibit.receipt.id
