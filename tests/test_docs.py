"""The pages say what the code does now."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from recount.ask import OpenRecord, open_record
from recount.claim.answer import verdict_as_json
from recount.cli.reference import command_text, dictionary_text
from recount.declare.catalog import Catalog
from recount.measure.receipt import digest

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(Path("no-record-of-a-user"))


def page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_data_dictionary_is_what_the_catalog_says_now(catalog: Catalog):
    assert page(DOCS / "data-dictionary.md") == dictionary_text(catalog), "run make docs"


def test_the_command_reference_is_what_the_commands_say_now():
    assert page(DOCS / "command-line.md") == command_text(), "run make docs"


def test_the_data_dictionary_names_every_declared_thing(catalog: Catalog):
    text = page(DOCS / "data-dictionary.md")
    for name in (*catalog.tables, *catalog.measures, *catalog.claims, *catalog.codes):
        assert name in text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_within_the_project_lead_somewhere(path: Path):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page(path)):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target


def test_the_page_on_answers_names_every_key_of_a_measured_answer(record: OpenRecord):
    answer = record.measure("share_level_1").result().as_json()
    text = page(DOCS / "answers.md")
    for key in (*answer, *answer["rows"][0], *answer["receipt"]):
        assert f"`{key}`" in text, key


def test_the_page_on_answers_names_every_key_of_a_verdict(record: OpenRecord):
    answer = verdict_as_json(record.check("boston-no-convictions"), record.catalog)
    text = page(DOCS / "answers.md")
    now = answer["columns"]["now"]
    for key in (*answer, *now):
        assert f"`{key}`" in text, key


def test_the_receipt_worked_out_on_the_page_is_the_one_the_record_gives(record: OpenRecord):
    text = page(DOCS / "answers.md")
    written = re.search(r"```json\n(.*?)```", text, flags=re.DOTALL)
    assert written is not None
    question = record.measure("share_without_conviction").where(jurisdiction="Suffolk County, MA")
    receipt = question.as_known_on("2011-08-01").result().receipt
    assert json.loads(written[1]) == receipt.body
    assert digest(json.loads(written[1])) == receipt.id
    assert f"```\n{receipt.id}\n```" in text


def test_the_readme_begins_with_the_two_commands():
    text = page(PROJECT / "README.md")
    first = re.search(r"```\n(.*?)```", text, flags=re.DOTALL)
    assert first is not None
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == ["make check", "make test"]


def test_the_python_of_the_readme_runs_and_gives_what_the_terminal_shows(record: OpenRecord):
    code = re.search(r"```python\n(.*?)```", page(PROJECT / "README.md"), flags=re.DOTALL)
    assert code is not None
    names: dict[str, object] = {}
    exec(code[1], names)
    assert names["record"].check("boston-no-convictions").headline == "overtaken"  # type: ignore[attr-defined]
