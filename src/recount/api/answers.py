"""Answers to public questions: worked out once for all who ask at the same time, and kept while the record stands."""

from __future__ import annotations

import asyncio
import functools
import importlib
import json
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from recount.api.caches import BoundedCache
from recount.api.pools import Pool
from recount.api.problems import too_much
from recount.api.questions import PublicQuestion
from recount.api.served import Served, ServedRecord
from recount.chart.files import Suffix
from recount.chart.theme import ThemeName
from recount.declare.serving import Serving, Workers, load_serving
from recount.declare.text import Language
from recount.errors import RecordError, Worded
from recount.measure.receipt import Receipt

if TYPE_CHECKING:
    import polars as pl

    from recount.ask import MeasureQuestion
    from recount.ask.layout import Shown
    from recount.chart.picture import Picture

Result = TypeVar("Result")
Work = Literal["figures", "records", "drawing", "pages"]
"""What threads do: answer from printed figures, count individual records, draw charts, make pages."""
_SHORT = 12
_OBJECT_BYTES = 6
"""An answer as objects takes about so many times the bytes of its JSON."""


@dataclass(frozen=True, eq=False)
class PublicAnswer:
    """The answer to a public question, ready to be shown in any form.

    `json` is the documented JSON of the answer, the same as on the terminal. What is not yet worked out (a frame,
    a chart, a table laid out) takes time: ask for it by `Answers.work`, and not on the event loop.
    """

    asked: PublicQuestion
    question: MeasureQuestion
    served: ServedRecord
    json: dict[str, Any]
    receipt: Receipt

    @functools.cached_property
    def content(self) -> bytes:
        """The JSON as bytes."""
        return json_bytes(self.json)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of what is shown: figures, a spread, or differences."""
        return rows_of(self.json)

    @property
    def work(self) -> Work:
        """Which threads answer this question."""
        return "figures" if self.question.events is None else "records"

    def shown(self, language: Language | None = None) -> Shown:
        """Returns the answer laid out as tables and notes."""
        return self.question.shown(language or self.asked.language)

    def frame(self) -> pl.DataFrame:
        """Returns the rows as a frame, one column a dimension."""
        return self.question.to_polars()

    def picture(self, language: Language | None = None) -> Picture:
        """Returns what the chart of this question shows.

        Raises:
            UsageError: where there is nothing to draw, or what is asked is not drawn.
        """
        return self.question.picture(language or self.asked.language)

    def chart(self, suffix: Suffix, theme: ThemeName = "light", language: Language | None = None) -> bytes:
        """Returns the chart of this question as the content of a file: `.svg`, `.png`, `.json` (Vega-Lite)."""
        from recount.chart.render import render_picture  # noqa: PLC0415  slow to import, and not always needed

        return render_picture(self.picture(language), suffix, theme)


class Answers:
    """Answers from one served record, on threads of their own.

    Example:
        answer = await request.app.state.answers.answer(PublicQuestion.read("arrests", [("by", "fiscal_year")]))
    """

    def __init__(self, home: Path | None = None, limits: Serving | None = None) -> None:
        self.served = Served(home)
        self.limits = load_serving(self.served.catalog) if limits is None else limits
        self._of_record: tuple[str, dict[Hashable, Any]] = ("", {})
        self._receipts: BoundedCache[str, bytes] = BoundedCache(
            self.limits.cached_responses.value, self.limits.cached_bytes.value // 4
        )
        self._kept: BoundedCache[Hashable, Any] = BoundedCache(
            self.limits.cached_answers.value, self.limits.cached_bytes.value
        )
        self._under_way: dict[Hashable, asyncio.Future[Any]] = {}
        self._pools: dict[Work, Pool] = {
            "figures": self._pool("figures", self.limits.figures, self.limits.seconds.value),
            "records": self._pool("records", self.limits.records, self.limits.seconds.value),
            "drawing": self._pool("drawing", self.limits.drawing, self.limits.seconds.value),
            "pages": self._pool("pages", self.limits.pages, self.limits.page_seconds.value),
        }

    async def record(self) -> ServedRecord:
        """Returns the record that a request which arrives now is answered from.

        Raises:
            RecordError: where it cannot be read.
        """
        return await self.served.record()

    async def answer(self, question: PublicQuestion) -> PublicAnswer:
        """Returns the answer to a question, worked out or kept.

        Raises:
            UsageError: where it cannot be asked so, in the words of the command line.
            ProblemError: where it asks for too much, or too much waits.
            RecordError: where the record cannot be read.
        """
        refuse_too_much(question, self.limits)
        served = await self.record()
        try:
            return await self._answer(question.in_language("en"), served)
        except (RecordError, OSError):
            # The record was swapped under the question; the new one answers it.
            again = await self.record()
            if again is served:
                raise
            return await self._answer(question.in_language("en"), again)

    async def work(
        self, kind: Work, work: Callable[[], Result], served: ServedRecord | None = None
    ) -> Result:
        """Returns what `work` returns, done by threads of that kind within the time of a request.

        Args:
            kind: which threads.
            work: what is done.
            served: whose engine is stopped when the time is over, where `work` counts individual records.

        Raises:
            ProblemError: where too much waits, or it takes too long.
        """
        interrupt = (
            functools.partial(_interrupt, served) if kind == "records" and served is not None else None
        )
        return await self._pools[kind].run(work, interrupt)

    async def once(self, key: Hashable, make: Callable[[], Awaitable[Result]]) -> Result:
        """Returns what `make` gives, asked once for all who ask for `key` at the same time."""
        under_way = self._under_way.get(key)
        if under_way is None:
            under_way = asyncio.ensure_future(make())
            self._under_way[key] = under_way
            under_way.add_done_callback(lambda _: self._under_way.pop(key, None))
        found: Result = await asyncio.shield(under_way)
        return found

    async def kept_once(self, key: Hashable, make: Callable[[], Awaitable[Result]]) -> Result:
        """Returns what `make` gives, kept under `key` for as long as the record stands; for a few keys alone."""
        identity = self.served.current.identity
        if self._of_record[0] != identity:
            self._of_record = (identity, {})
        kept = self._of_record[1]
        if key not in kept:
            kept[key] = await self.once(key, make)
        found: Result = kept[key]
        return found

    def keep_receipt(self, receipt: Receipt) -> bytes:
        """Returns a receipt as JSON, and keeps it for whoever asks for it by its id."""
        content = json_bytes(receipt.as_json())
        self._receipts.put(receipt.short, content, len(content))
        return content

    def receipt(self, name: str) -> bytes | None:
        """Returns a receipt that was given lately, by its id or the first twelve digits or more; None for any other."""
        found = self._receipts.get(name[:_SHORT])
        return found if found is not None and json.loads(found)["id"].startswith(name) else None

    def warm_up(self) -> None:
        """Has what is slow to import imported by the threads that need it, before a question has to wait for it.

        An import is not to be stopped halfway either, as the work for a question is when its time is over.
        """
        served = self.served.current
        self._pools["records"].begin(lambda: served.engine)
        self._pools["drawing"].begin(lambda: importlib.import_module("recount.chart.render"))

    def close(self) -> None:
        """Lets the threads go."""
        for each in self._pools.values():
            each.close()

    async def _answer(self, question: PublicQuestion, served: ServedRecord) -> PublicAnswer:
        key = (served.identity, question)
        kept = self._kept.get(key)
        if isinstance(kept, PublicAnswer):
            return kept
        put = question.put_to(served.open)
        kind: Work = "figures" if put.events is None else "records"

        async def make() -> PublicAnswer:
            answer = await self.work(kind, lambda: _make_answer(question, put, served, self.limits), served)
            self._kept.put(key, answer, _OBJECT_BYTES * len(answer.content))
            self.keep_receipt(answer.receipt)
            return answer

        return await self.once(key, make)

    def _pool(self, name: str, workers: Workers, seconds: float) -> Pool:
        return Pool(
            name,
            workers,
            seconds=seconds,
            waiting_seconds=max(seconds, self.limits.waiting_seconds.value),
            retry_seconds=self.limits.retry_seconds.value,
        )


def refuse_too_much(question: PublicQuestion, limits: Serving) -> None:
    """Refuses a question of more parts than one may have.

    Raises:
        ProblemError: naming the limit.
    """
    conditions = len(question.where) + len(question.compare_with) + len(question.reading)
    if conditions > limits.conditions.value:
        raise too_much(
            Worded(
                "%(number)s conditions and readings are given, and one question takes %(most)s.",
                number=str(conditions),
                most=str(limits.conditions.value),
            ),
            Worded("put several codes in one condition, with commas"),
        )
    if question.by is not None and len(question.by) > limits.dimensions.value:
        raise too_much(
            Worded(
                "The answer is to be split by %(number)s dimensions, and one question takes %(most)s.",
                number=str(len(question.by)),
                most=str(limits.dimensions.value),
            ),
            Worded("split by fewer"),
        )
    longest = max((len(value) for _, value in question.parameters()), default=0)
    if longest > limits.value_characters.value:
        raise too_much(
            Worded(
                "A parameter has %(longest)s characters, and one may have %(most)s.",
                longest=f"{longest:,}",
                most=f"{limits.value_characters.value:,}",
            ),
            Worded("name fewer codes"),
        )


def _make_answer(
    question: PublicQuestion, put: MeasureQuestion, served: ServedRecord, limits: Serving
) -> PublicAnswer:
    if put.events is not None:
        served.engine.limit(limits.engine_bytes.value, limits.engine_threads.value)
        found = _counted(put)
    else:
        found = put.as_json()
    rows = len(rows_of(found))
    if rows > limits.answer_rows.value:
        raise too_much(
            Worded(
                "The answer has %(number)s rows, and one request may have %(most)s.",
                number=f"{rows:,}",
                most=f"{limits.answer_rows.value:,}",
            ),
            Worded("ask for one release or one place, or split by less"),
        )
    answer = PublicAnswer(question, put, served, found, put.receipt())
    _ = answer.content
    return answer


def _interrupt(served: ServedRecord) -> None:
    served.engine.interrupt()


def _counted(put: MeasureQuestion) -> dict[str, Any]:
    import duckdb  # noqa: PLC0415  it comes with the engine, which is slow to import

    try:
        return put.as_json()
    except duckdb.OutOfMemoryException as full:
        raise too_much(
            Worded("Counting takes more memory than one request may have."), Worded("split by less")
        ) from full
    except (duckdb.IOException, duckdb.HTTPException) as unreadable:
        raise RecordError(
            "A part of the record cannot be read.", [("because", str(unreadable))]
        ) from unreadable


def rows_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the rows of an answer as JSON: figures, a spread, or differences."""
    rows: list[dict[str, Any]] = found.get("differences", found.get("spread", found.get("rows", [])))
    return rows


def json_bytes(value: Any) -> bytes:
    """Returns a value as the bytes of its JSON, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
