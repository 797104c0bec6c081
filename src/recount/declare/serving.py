"""Declarations of the server: how much one request, and all of them together, may take."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import Field

from recount.declare.catalog import Catalog
from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "serving.yml"


class Limit(Declared):
    """One limit, and why it is where it is."""

    value: int = Field(gt=0)
    reason: str


class Workers(Declared):
    """How many threads do one kind of work, and how many requests may wait for them."""

    threads: int = Field(gt=0)
    waiting: int = Field(gt=0)
    reason: str


class Serving(Declared):
    """All limits of the server. Bytes, seconds and milliseconds are whole numbers, and named so."""

    target_bytes: Limit
    head_bytes: Limit
    body_bytes: Limit
    conditions: Limit
    value_characters: Limit
    dimensions: Limit
    seconds: Limit
    waiting_seconds: Limit
    page_seconds: Limit
    answer_rows: Limit
    page_rows: Limit
    most_page_rows: Limit
    engine_bytes: Limit
    engine_threads: Limit
    cached_answers: Limit
    cached_responses: Limit
    cached_bytes: Limit
    connections: Limit
    requests: Limit
    head_seconds: Limit
    idle_seconds: Limit
    write_seconds: Limit
    finish_seconds: Limit
    retry_seconds: Limit
    fresh_seconds: Limit
    figures: Workers
    records: Workers
    drawing: Workers
    pages: Workers


def load_serving(catalog: Catalog) -> Serving:
    """Returns what is declared of the server: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Serving:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Serving, read_yaml(path, _FILE))
