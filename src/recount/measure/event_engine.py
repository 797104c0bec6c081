"""The engines that count individual records: DuckDB within the process, or Spark."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from recount.errors import UsageError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from pyspark.sql import SparkSession

EngineName = Literal["duckdb", "spark"]
ENGINES: tuple[EngineName, ...] = ("duckdb", "spark")
FILE = "_file"
_LAST_LINES = 3
_VIEWS = itertools.count(1)


class Engine(Protocol):
    """What reads Parquet and works out an expression of Ibis."""

    @property
    def name(self) -> EngineName:
        """The name by which it is chosen."""
        ...

    def table(self, paths: Sequence[Path]) -> ir.Table:
        """Returns the rows of Parquet files that have the same columns, as one table."""
        ...

    def files_together(self, paths: Sequence[Path]) -> ir.Table | None:
        """Returns the rows of Parquet files that may differ in columns, as one table.

        `FILE` says of each row in which of the files it stands, by its place among them. `None` where the engine does
        not tell files apart.
        """
        ...

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        """Returns the rows of an expression, in no order."""
        ...


class DuckDB:
    """DuckDB, in this process."""

    name: EngineName = "duckdb"

    def __init__(self) -> None:
        try:
            import ibis  # noqa: PLC0415  slow to import, and only events need it
        except ImportError as absent:
            raise _not_installed("ibis-framework[duckdb]") from absent
        self._connection = ibis.duckdb.connect()
        # Where Python is interactive it would draw a bar between the lines of an answer.
        self._connection.con.execute("SET enable_progress_bar = false")
        self._together: dict[tuple[str, ...], ir.Table] = {}
        self._held: set[tuple[str, ...]] = set()

    def table(self, paths: Sequence[Path]) -> ir.Table:
        """Returns the rows of Parquet files that have the same columns, as one table."""
        return self._connection.read_parquet([str(each) for each in paths])

    def files_together(self, paths: Sequence[Path]) -> ir.Table | None:
        """Returns the rows of Parquet files that may differ in columns, as one table; `FILE` numbers the files."""
        import ibis  # noqa: PLC0415  as above

        key = tuple(str(each) for each in paths)
        if key not in self._together:
            read = self._connection.read_parquet(list(key), union_by_name=True, filename=FILE)
            places = [(read[FILE] == name, ibis.literal(place, "int16")) for place, name in enumerate(key)]
            self._together[key] = read.mutate(**{FILE: ibis.cases(*places)})
        elif key not in self._held:
            # Whoever asks twice asks more: to open the files again takes longer than to count them.
            self._together[key] = self._connection.create_table(
                f"together_{len(self._held)}", self._together[key], temp=True
            )
            self._held.add(key)
        return self._together[key]

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        """Returns the rows of an expression, in no order."""
        columns = self._connection.to_pyarrow(expression).to_pydict().values()
        return list(zip(*columns, strict=True))

    def limit(self, memory_bytes: int, threads: int) -> None:
        """Takes at most so much memory and so many threads, and nothing of the disk."""
        self._connection.raw_sql(f"SET memory_limit = '{memory_bytes} B'")
        self._connection.raw_sql(f"SET threads = {threads}")
        self._connection.raw_sql("SET temp_directory = ''")

    def interrupt(self) -> None:
        """Stops the expression that another thread is working out, which then fails."""
        self._connection.con.interrupt()


class Spark:
    """Spark: the session that is there, or a local one."""

    name: EngineName = "spark"

    def __init__(self) -> None:
        try:
            import ibis  # noqa: PLC0415  slow to import, and only events need it
            import pyspark  # noqa: F401, PLC0415  is it there?
        except ImportError as absent:
            raise _not_installed("recount-immigration[spark]") from absent
        self._session = _spark_session()
        self._connection = ibis.pyspark.connect(self._session)

    def table(self, paths: Sequence[Path]) -> ir.Table:
        """Returns the rows of Parquet files that have the same columns, as one table."""
        view = f"recount_{next(_VIEWS)}"
        self._session.read.parquet(*(str(each) for each in paths)).createOrReplaceTempView(view)
        return self._connection.table(view)

    def files_together(self, paths: Sequence[Path]) -> ir.Table | None:
        """Returns `None`: cubes are counted one by one."""
        del paths
        return None

    def rows(self, expression: ir.Table) -> list[tuple[Any, ...]]:
        """Returns the rows of an expression, in no order."""
        # What Ibis itself does before it runs an expression; its own way on would lead through pandas.
        self._connection._run_pre_execute_hooks(expression)
        return [tuple(each) for each in self._session.sql(self._connection.compile(expression)).collect()]


def open_engine(name: EngineName) -> Engine:
    """Returns an engine by name.

    Raises:
        UsageError: where it is not installed or does not start.
    """
    return Spark() if name == "spark" else DuckDB()


def _spark_session() -> SparkSession:
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415  as above
    from pyspark.sql import SparkSession  # noqa: PLC0415  as above

    there = SparkSession.getActiveSession()
    if there is not None:
        return there
    builder = (
        SparkSession.builder.appName("recount")
        .master(os.environ.get("SPARK_MASTER", "local[*]"))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        # Counts are small once grouped; the default of 200 partitions is for a cluster.
        .config("spark.sql.shuffle.partitions", str(os.cpu_count() or 1))
        # Dates and times are naive, as released: no zone may move them.
        .config("spark.sql.session.timeZone", "UTC")
    )
    with _told_elsewhere() as told:
        try:
            return builder.getOrCreate()
        except PySparkRuntimeError as failed:
            lines = told.read_text(errors="replace").strip().splitlines()[-_LAST_LINES:]
            raise UsageError(
                "Spark does not start.",
                [
                    ("because", "\n".join(lines) or str(failed)),
                    ("fix", "install Java 17, or ask --engine duckdb"),
                ],
            ) from failed


@contextlib.contextmanager
def _told_elsewhere() -> Iterator[Path]:
    """Lets a process that is started here write its remarks to a file instead of the terminal."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "told"
        sys.stderr.flush()
        own = os.dup(2)
        try:
            with path.open("wb") as file:
                os.dup2(file.fileno(), 2)
            yield path
        finally:
            os.dup2(own, 2)
            os.close(own)


def _not_installed(package: str) -> UsageError:
    return UsageError(
        "The engine that counts individual records is not installed.", [("fix", f"pip install '{package}'")]
    )
