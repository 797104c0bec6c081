"""Answers about individual records whose cubes are counted without an engine; of rows the engine counts as ever."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.measure.cube_groups import FISCAL, Cells, group_cube
from recount.measure.event_batches import Batch
from recount.measure.event_book import EventBook
from recount.measure.event_conditions import TIMES
from recount.measure.event_groups import POOLED, Frame, Group
from recount.measure.event_question import EventAsked
from recount.measure.event_scan import CubeAsked
from recount.measure.questions import Question
from recount.record.store import EventPart

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from recount.declare.catalog import Catalog
    from recount.measure.event_answer import EventAnswer
    from recount.measure.event_engine import EngineName
    from recount.measure.event_guards import Spoken
    from recount.record.store import Record

_MOST_ANSWERS = 512


class CubeBook(EventBook):
    """The individual records of a record. An engine is started only where they are rows.

    What a claim asks of cubes are a few small counts, and to load an engine takes many times as long as to count
    them. The integers are those of `EventBook`.
    """

    def __init__(self, record: Record, catalog: Catalog, engine: EngineName = "duckdb") -> None:
        super().__init__(record, catalog, engine)
        self._answers: dict[str, EventAnswer] = {}

    def answer(self, question: Question) -> EventAnswer:
        """Returns the answer to `question`; the same one is counted once, for claims ask alike."""
        key = repr(dataclasses.replace(question, where=dict(sorted(question.where.items()))))
        if key not in self._answers:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = super().answer(question)
        return self._answers[key]

    def warn(self, asked: EventAsked, used: Sequence[EventPart]) -> Iterable[Spoken]:
        """Returns nothing: a claim says in its own words how well a measure speaks of it."""
        del asked, used
        return ()

    def cells(self, path: Path) -> Cells:
        """Returns the cells of a cube, read once in the process."""
        return _read_cells(path)

    def table(self, batch: Batch) -> ir.Table:
        """Returns the rows of a batch as one table of the engine; of a cube its cells, as they are read."""
        if not batch.is_cube:
            return super().table(batch)
        cells: Any = self.cells(batch.parts[0].path)  # of which no more is asked than its columns
        return cells

    def understand(self, question: Question) -> EventAsked:
        """Returns a question as it is understood, and counts nothing.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, text, fork or option.
            UsageError: where the question contradicts itself.
        """
        measure = self.measure(question.measure)
        return self._understand(question, measure, self.parts_out(question))

    def presence(self, batch: Batch, frame: Frame, name: str) -> dict[str, int]:
        """Returns, by release, the rows of a batch that hold something in a dimension."""
        if not batch.is_cube:
            return super().presence(batch, frame, name)
        cells = self.cells(batch.parts[0].path)
        column = FISCAL if name in TIMES else self._column(batch, frame, name)
        return {batch.parts[0].release: cells.held(column)}

    def two_values(self, batch: Batch, frame: Frame, release: str, name: str) -> list[tuple[Any, ...]]:
        """Returns up to two values of a dimension that rows of a release in a batch have."""
        if not batch.is_cube:
            return super().two_values(batch, frame, release, name)
        cells = self.cells(batch.parts[0].path)
        if release != batch.parts[0].release:
            return []
        return [(each,) for each in cells.values(self._column(batch, frame, name))[:2]]

    def count_cubes(self, asked: Sequence[CubeAsked]) -> list[list[list[Group]]]:
        """Returns, for each of several cubes, the groups for each reading that is asked of it."""
        return [[group_cube(frame, self.cells(each.path)) for frame in each.frames] for each in asked]

    def _column(self, batch: Batch, frame: Frame, name: str) -> str:
        named = [
            *frame.asked.by,
            *(each.name for each in frame.limits()),
            *frame.asked.counted(frame.reading),
        ]
        columns = frame.columns_read(self.table(batch))
        return dict(zip([each for each in named if each not in TIMES], columns, strict=True))[name]

    def _texts(self, parts: Sequence[EventPart], column: str) -> list[str]:
        found = set(super()._texts([each for each in parts if each.kind == "rows"], column))
        for each in parts:
            if each.kind == "cube":
                cells = self.cells(each.path)
                if column in cells.columns:
                    found |= {str(text) for text in cells.values(column) if text not in (None, POOLED)}
        return sorted(found)


@functools.lru_cache(maxsize=64)
def _read_cells(path: Path) -> Cells:
    import polars as pl  # noqa: PLC0415  printed figures may do without

    return Cells(pl.read_parquet(path))
