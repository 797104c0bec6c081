"""The schemas that editors use are the models' own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recount.declare.schemas import MODELS, schema_text, write_schemas

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_a_committed_schema_is_what_the_model_gives_now(kind: str):
    committed = (SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(MODELS[kind]), "run make schemas"


def test_no_other_schema_lies_beside(tmp_path: Path):
    written = {each.name for each in write_schemas(tmp_path)}
    assert {each.name for each in SCHEMAS.iterdir()} == written


def test_an_editor_accepts_numbers_as_people_write_them():
    schema = json.loads(schema_text(MODELS["claim"]))
    kinds = {each.get("type") for each in schema["$defs"]["Asserted"]["properties"]["above"]["anyOf"]}
    assert {"number", "string"} <= kinds


def test_an_editor_accepts_a_text_in_one_language_or_in_both():
    title = json.loads(schema_text(MODELS["claim"]))["properties"]["title"]
    assert {"type": "string"} in title["anyOf"]
    assert any("$ref" in each for each in title["anyOf"])


def test_an_editor_marks_a_misspelt_key():
    assert json.loads(schema_text(MODELS["measure"]))["additionalProperties"] is False
