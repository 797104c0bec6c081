"""Individual records compared by Spark: the same counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recount.declare.catalog import Catalog
from recount.measure.event_engine import DuckDB, Engine, Spark
from recount.record.add_events import add_event_files
from recount.record.store import open_record
from recount.revise.compare import compare_releases
from recount.revise.compare_values import comparison_as_json
from small_event_files import arrest, pipes, write

pytest.importorskip("pyspark", reason="needs the extra spark")
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    engine = Spark()
    yield engine
    engine._session.stop()


def test_both_engines_find_the_same(catalog: Catalog, tmp_path: Path, spark: Engine):
    own = tmp_path / "own"
    rows = [arrest(Apprehension_Date="10/01/2018", Gender="(b)(6)"), arrest(Apprehension_Date="11/02/2018")]
    files = [
        write(
            tmp_path,
            "synthetic-b.csv",
            pipes(*rows, arrest(Apprehension_Date="11/03/2018", Citizenship="")),
        ),
    ]
    add_event_files(files, catalog, folder=own)
    record = open_record(own)

    def found(engine: Engine, a: str) -> object:
        return comparison_as_json(
            compare_releases(record, catalog, (a, "synthetic-b"), engine=lambda: engine, table="arrests")
        )

    duckdb = DuckDB()
    # Counts of the record's own, and rows.
    assert found(spark, "ice-2018-icfo-36170") == found(duckdb, "ice-2018-icfo-36170")
