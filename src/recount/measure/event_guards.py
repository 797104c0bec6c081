"""Mistakes that an answer about individual records invites, told with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from recount.declare.catalog import Catalog
from recount.declare.county_areas import load_county_areas
from recount.declare.event_measures import Guard
from recount.declare.text import LANGUAGES, Text
from recount.errors import UnknownNameError
from recount.measure.event_question import EventAsked
from recount.record.store import EventPart


@dataclass(frozen=True)
class Spoken:
    """A warning that an answer comes with: what is mistaken, what to do instead, and who says so.

    `releases` names those that it speaks of, where it is not the question itself.
    """

    warning: str
    text: Text
    fix: Text
    source: str
    releases: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            "warning": self.warning,
            "text": self.text.model_dump(),
            "fix": self.fix.model_dump(),
            "source": self.source,
            "releases": list(self.releases),
        }


def speak(asked: EventAsked, parts: Sequence[EventPart], catalog: Catalog) -> list[Spoken]:
    """Returns the warnings that an answer comes with, in their declared order.

    Args:
        asked: the question.
        parts: those that the answer counts.
        catalog: with its guards and the vocabulary of warnings.
    """
    return list(_spoken(asked, parts, catalog))


def _spoken(asked: EventAsked, parts: Sequence[EventPart], catalog: Catalog) -> Iterator[Spoken]:
    texts = {each.warning: each.text for each in catalog.warnings.warnings}
    named = {*asked.by, *(each.name for each in asked.where), *asked.measure.where}
    for guard in catalog.events.guards.guards:
        if guard.tables and asked.measure.table not in guard.tables:
            continue
        if guard.units and asked.measure.unit not in guard.units:
            continue
        if guard.dimensions and not named & set(guard.dimensions):
            continue
        if guard.spans is not None and not _on_both_sides(guard.spans, asked, parts):
            continue
        touched = _cut_off_within(guard, parts)
        if guard.cut_offs and not touched:
            continue
        text = _with_covers(texts[guard.warning], guard, asked, catalog)
        yield Spoken(guard.warning, text, guard.fix, guard.source, touched)


def _on_both_sides(day: datetime.date, asked: EventAsked, parts: Iterable[EventPart]) -> bool:
    """Returns whether events of the answer can lie before `day` and from then on."""
    limits = [each.days for each in asked.where if each.days is not None]
    before = after = False
    for part in parts:
        first, last = part.first_date, part.last_date
        for start, end in limits:
            first = max(first or start, start)
            last = min(last or end, end - datetime.timedelta(days=1))
        if first is not None and last is not None and first <= last:
            before = before or first < day
            after = after or last >= day
    return before and after


def _cut_off_within(guard: Guard, parts: Iterable[EventPart]) -> tuple[str, ...]:
    found = {
        part.release
        for part in parts
        for each in guard.cut_offs
        if part.cut_off is not None and each.from_date <= part.cut_off <= each.to_date
    }
    return tuple(sorted(found))


def _with_covers(text: Text, guard: Guard, asked: EventAsked, catalog: Catalog) -> Text:
    """Returns a warning that also says which states each area asked for covers; some areas have no counties."""
    limits = [each for each in asked.where if each.name in guard.dimensions and not each.is_not]
    if guard.covers_text is None or not limits:
        return text
    areas = load_county_areas(catalog)
    en, es = [text.en], [text.es]
    for limit in limits:
        column = asked.measure.dimensions[limit.name].column
        codes = catalog.events.tables[asked.measure.table].field(column).codes
        for code in limit.codes:
            label = None if codes is None else catalog.events.codes[codes].label(code)
            try:
                covers = {each: areas.describe_states(code, each) for each in LANGUAGES}
            except UnknownNameError:
                continue
            if label is not None:
                en.append(guard.covers_text.en.format(label=label.en, covers=covers["en"]))
                es.append(guard.covers_text.es.format(label=label.es, covers=covers["es"]))
    return Text(en=" ".join(en), es=" ".join(es))
