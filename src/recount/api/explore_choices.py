"""What the form of Explore offers for a measure: splits, limits with their codes, readings, releases, comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from recount.api.explore_address import ExploreAddress
from recount.api.explore_offered import Choice, ForkChoice, Group, Limit, Offered
from recount.api.explore_rates import denominators_of
from recount.api.explore_words import AnyMeasure, ExploreWords
from recount.ask import OpenRecord
from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.measures import Measure
from recount.measure.event_conditions import TIMES, band_labels
from recount.measure.questions import Question
from recount.measure.statistics import MONTH, code_list_of
from recount.record.store import EventPart

_MOST_BOXES = 32
"""So many codes are boxes that can be ticked together; more are a list of which one is chosen, as citizenships are."""
_MOST_TEXTS = 120
"""So many texts as released are offered to choose from; more are written by hand."""
_CUBE_PERIODS = tuple(each for each in PERIODS if each != "week")
"""The spans that counts by month can be put together to."""


class Choices:
    """What can be asked of each measure of a record."""

    def __init__(self, record: OpenRecord, say: ExploreWords) -> None:
        self.record = record
        self.say = say
        self.catalog = record.catalog
        self._known_columns: dict[str, frozenset[str]] = {}
        self._known_texts: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def every(self) -> list[AnyMeasure]:
        """Every measure, those of printed figures first."""
        return [*self.catalog.measures.values(), *self.catalog.events.measures.values()]

    def find(self, name: str) -> AnyMeasure | None:
        """Returns the measure of that name, None where there is none."""
        return self.catalog.measures.get(name) or self.catalog.events.measures.get(name)

    def measures(self, chosen: str) -> list[Group]:
        """Returns every measure, by the table that it is of."""
        groups: dict[str, list[Choice]] = {}
        language = self.say.words.language
        for measure in self.every:
            title = measure.title.in_language(language)
            choice = Choice(measure.measure, title[:1].upper() + title[1:], measure.measure == chosen)
            groups.setdefault(self.table_title(measure), []).append(choice)
        return [
            Group(name, tuple(sorted(choices, key=lambda each: (each.label.casefold(), each.value))))
            for name, choices in groups.items()
        ]

    def table_title(self, measure: AnyMeasure) -> str:
        """Returns the title of a measure's table; that of individual records says so."""
        language = self.say.words.language
        if isinstance(measure, Measure):
            return self.catalog.tables[measure.table].title.in_language(language)
        table = self.catalog.events.tables[measure.table].title.in_language(language)
        return self.say.gettext("%(table)s, individual records", table=table)

    def is_learned(self, name: str) -> bool:
        """Returns whether the texts that a measure's dimensions hold have been read."""
        measure = self.find(name)
        return not isinstance(measure, EventMeasure) or all(
            (measure.measure, column) in self._known_texts for column in self._text_columns(measure)
        )

    def learn(self, name: str) -> None:
        """Reads the texts that a measure's dimensions hold: of the record's engine, which one thread asks at a time."""
        measure = self.find(name)
        if isinstance(measure, EventMeasure):
            texts_of = self.record.events.texts_of(Question(measure.measure, {}))
            for column in self._text_columns(measure):
                self._known_texts[measure.measure, column] = tuple(texts_of(column))

    def _text_columns(self, measure: EventMeasure) -> list[str]:
        table = self.catalog.events.tables[measure.table]
        columns = dict.fromkeys(each.column for each in measure.dimensions.values() if not each.ages)
        held = self._columns(measure.table)
        return [each for each in columns if each in held and table.field(each).codes is None]

    def offered(self, measure: AnyMeasure, address: ExploreAddress) -> Offered:
        """Returns what can be asked of a measure, and what an address asks of it."""
        say = self.say
        held, elsewhere = self.dimensions(measure)
        limits = {each.name: each for each in address.limits()}
        by, reading = address.by, address.readings()
        time = next((each for each in limits.values() if each.name in TIMES), None)
        kind, first, last = ("", "", "") if time is None else _as_fields(time.name, time.text)
        plain = {*held, *elsewhere, *([time.name] if time is not None and (first or last) else [])}
        others = [
            each.parameter
            for each in address.limits()
            if each.name not in plain or not (each.items or each.name in TIMES)
        ]
        limitable = [each for each in held if each != "country"]
        return Offered(
            measure=measure,
            spans=tuple(
                Choice(each, say.dimension(each), each == address.first("period"))
                for each in self.spans(measure)
            ),
            splits=tuple(Choice(each, say.dimension(each), each in by) for each in self.splits(measure)),
            splits_elsewhere=tuple(Choice(each, say.dimension(each), each in by) for each in elsewhere),
            limits=tuple(self._limit(measure, each, address) for each in limitable),
            limits_elsewhere=tuple(
                self._limit(measure, each, address, is_written=True) for each in elsewhere
            ),
            others=tuple(dict.fromkeys(others)),
            times=tuple(
                Choice(each, say.dimension(each), each == (kind or "fiscal_year"))
                for each in ("fiscal_year", "calendar_year", "quarter", "month", "date")
                if each != "date" or isinstance(measure, Measure) or not self._is_cube(measure)
            ),
            first=first,
            last=last,
            pers=self.pers(measure, address.first("per") or ""),
            forks=tuple(self._forks(measure, reading)),
            all_readings=address.first("readings") == "all",
            releases=tuple(self._releases(measure, address.first("release") or "")),
            as_known_on=address.first("as_known_on") or "",
            compared=tuple(self._compared(measure, address)),
        )

    # Dimensions

    def spans(self, measure: AnyMeasure) -> tuple[str, ...]:
        """Returns the spans of time by which a measure can be split."""
        if isinstance(measure, EventMeasure):
            return _CUBE_PERIODS if self._is_cube(measure) else PERIODS
        if measure.statistic is None:
            return ()
        return ("fiscal_year", MONTH) if measure.by_month else ("fiscal_year",)

    def splits(self, measure: AnyMeasure) -> tuple[str, ...]:
        """Returns what else a measure can be split by, as far as the record holds it."""
        held, _ = self.dimensions(measure)
        if isinstance(measure, EventMeasure):
            return tuple(held)
        places = ("state", "jurisdiction") if measure.statistic is None else ()
        return (*(each for each in held if each not in places), *places, "through_date", "release")

    def dimensions(self, measure: AnyMeasure) -> tuple[list[str], list[str]]:
        """Returns the dimensions that the record holds of a measure, and those that only released files have.

        What the measure itself counts, or chooses by a fork, is left out: it can be neither asked nor split by.
        """
        if isinstance(measure, Measure):
            if measure.statistic is None:
                return ["state", "jurisdiction"], []
            taken = {
                name
                for one in measure.readings()
                for kind in ("numerator", "column")
                for name in measure.chosen(one, kind)
            }
            return [each for each in measure.dimensions if each not in {*taken, *measure.counts}], []
        counted = {
            *measure.counts,
            *(name for fork in measure.forks for one in fork.options for name in one.where),
        }
        columns = {measure.dimensions[each].column for each in counted}
        columns |= {
            column
            for fork in measure.forks
            for one in fork.options
            for name, column in one.columns.items()
            if name in counted
        }
        names = [each for each, one in measure.dimensions.items() if one.column not in columns]
        there = self._columns(measure.table)
        held = [
            each
            for each in names
            if measure.dimensions[each].column in there
            or (measure.dimensions[each].grouped and each in there)
        ]
        return held, [each for each in names if each not in held]

    def holds(self, measure: AnyMeasure) -> bool:
        """Returns whether the record has anything that a measure can be answered from."""
        return isinstance(measure, Measure) or bool(self._parts(measure.table))

    def _parts(self, table: str) -> list[EventPart]:
        return [each for each in self.record.record.parts if each.table == table]

    def _is_cube(self, measure: EventMeasure) -> bool:
        return all(each.kind == "cube" for each in self._parts(measure.table))

    def _columns(self, table: str) -> frozenset[str]:
        if table not in self._known_columns:
            self._known_columns[table] = frozenset(
                name for each in self._parts(table) for name in pl.read_parquet_schema(each.path)
            )
        return self._known_columns[table]

    # Parts of the form

    def _limit(
        self, measure: AnyMeasure, name: str, address: ExploreAddress, *, is_written: bool = False
    ) -> Limit:
        say = self.say
        limit = next((each for each in address.limits() if each.name == name), None)
        chosen = () if limit is None else limit.items
        said = "" if limit is None else say.limit(measure, name, limit.text, limit.items)
        codes = () if is_written and name != "citizenship" else self._codes(measure, name)
        known = {value.casefold(): value for value, _ in codes} | {
            label.casefold(): value for value, label in codes
        }
        taken = {known.get(each.casefold(), "") for each in chosen}
        if not codes or (limit is not None and (not limit.items or "" in taken)):
            return Limit(
                name,
                say.heading(name),
                "text",
                chosen=said,
                text="" if limit is None else limit.text.strip('"'),
            )
        choices = tuple(Choice(value, label, value in taken) for value, label in codes)
        kind = "boxes" if (len(codes) <= _MOST_BOXES and name != "state") or len(chosen) > 1 else "list"
        return Limit(name, say.heading(name), kind, choices, said)

    def _codes(self, measure: AnyMeasure, name: str) -> Sequence[tuple[str, str]]:
        """Returns the codes of a dimension, each with its label; none where they are too many to choose from."""
        language = self.say.words.language
        if isinstance(measure, Measure):
            if name == "jurisdiction":
                return ()
            codes = "states" if name == "state" else code_list_of(self.catalog.tables[measure.table], name)
            return [(each.code, each.label.in_language(language)) for each in self.catalog.codes[codes].codes]
        dimension = measure.dimensions[name]
        if dimension.ages:
            return [(label, label) for label, _, _ in band_labels(dimension.ages)]
        declared = self.catalog.events.tables[measure.table].field(dimension.column).codes
        if declared is None:
            texts = self._known_texts.get((measure.measure, dimension.column), ())
            return (
                [(each, self.say.part(measure, name, each)) for each in texts]
                if len(texts) <= _MOST_TEXTS
                else ()
            )
        listed = self.catalog.events.codes[declared].codes
        if dimension.grouped:
            groups = dict.fromkeys(each.group or each.code for each in listed)
            return [(each, self.say.part(measure, name, each)) for each in groups]
        found = [(each.code, each.label.in_language(language)) for each in listed]
        return sorted(found, key=lambda each: each[1].casefold()) if len(found) > _MOST_BOXES else found

    def pers(self, measure: AnyMeasure, chosen: str) -> tuple[Choice, ...]:
        """Returns what a count can be shared out by: its own parts, or a population per 100,000."""
        if measure.kind != "count":
            return ()
        gettext, language = self.say.gettext, self.say.words.language
        said = []
        if measure.dimensions:
            said = [
                ("total", gettext("shares of everything")),
                ("row", gettext("shares of each row: of all parts but the last")),
                ("column", gettext("shares of each column: of the same last part")),
            ]
        for each in denominators_of(measure, self.say):
            title = each.title.in_language(language)
            said.append((each.denominator, gettext("per 100,000 %(denominator)s", denominator=title)))
        return tuple(Choice(value, label, value == chosen) for value, label in said)

    def _forks(self, measure: AnyMeasure, reading: dict[str, str]) -> Iterator[ForkChoice]:
        language = self.say.words.language
        for fork in measure.forks:
            taken = reading.get(fork.fork, fork.default)
            question = fork.question.in_language(language)
            default = [each for each in fork.options if each.option == fork.default]
            others = [each for each in fork.options if each.option != fork.default]
            yield ForkChoice(
                fork.fork,
                question[:1].upper() + question[1:],
                tuple(
                    Choice(
                        "" if each.option == fork.default else each.option,
                        each.label.in_language(language),
                        each.option == taken,
                    )
                    for each in (*default, *others)
                ),
            )

    def _releases(self, measure: AnyMeasure, chosen: str) -> Iterator[Choice]:
        releases = self.record.record.releases
        if isinstance(measure, EventMeasure):
            names = dict.fromkeys(each.release for each in self._parts(measure.table))
        else:
            frame = self.record.record.frames[measure.table]
            held = set(frame.get_column("release").unique().to_list())
            names = dict.fromkeys(each for each in releases if each in held)
        for name in sorted(names, key=lambda each: (releases[each].covers_through, each), reverse=True):
            title = self.say.release(releases[name])
            yield Choice(name, name if title == name else f"{title} · {name}", name == chosen)

    def _compared(self, measure: AnyMeasure, address: ExploreAddress) -> Iterator[Group]:
        """Yields what the question can be compared with: other codes, or spans, of what it is limited to."""
        asked = {(each.name, one.casefold()) for each in address.limits("compare_with") for one in each.items}
        held, _ = self.dimensions(measure)
        offered: set[tuple[str, str]] = set()
        for limit in address.limits():
            known = (
                self._others(measure, limit.name, limit.items) if limit.name in (*held, "fiscal_year") else []
            )
            choices = []
            for value, label in known:
                names = {(limit.name, value.casefold()), (limit.name, label.casefold())}
                offered |= names
                choices.append(Choice(f"{limit.name}={value}", label, bool(names & asked)))
            if choices:
                yield Group(self.say.heading(limit.name), tuple(choices))
        others = [
            each.parameter
            for each in address.limits("compare_with")
            if not any((each.name, one.casefold()) in offered for one in each.items)
        ]
        if others:
            yield Group(
                self.say.gettext("As written"), tuple(Choice(each, each, is_chosen=True) for each in others)
            )

    def _others(self, measure: AnyMeasure, name: str, items: Sequence[str]) -> list[tuple[str, str]]:
        """Returns the other codes, or years, beside the one that a question is limited to."""
        if len(items) != 1:
            return []
        if name == "fiscal_year":
            years = [str(each) for each in self._years(measure)]
            codes = [(each, self.say.span("fiscal_year", each)) for each in years]
        else:
            codes = list(self._codes(measure, name))
        return [each for each in codes if items[0].casefold() not in (each[0].casefold(), each[1].casefold())]

    def _years(self, measure: AnyMeasure) -> list[int]:
        if isinstance(measure, Measure):
            frame = self.record.record.frames[measure.table]
            if "fiscal_year" not in frame.columns:
                return []
            return sorted(frame.get_column("fiscal_year").drop_nulls().unique().to_list(), reverse=True)
        found: set[int] = set()
        for each in self._parts(measure.table):
            if each.first_date is not None and each.last_date is not None:
                found |= set(range(each.first_date.year, each.last_date.year + 2))
        return sorted(found, reverse=True)


def _as_fields(kind: str, text: str) -> tuple[str, str, str]:
    """Returns a condition on time as the three fields of the form; three times nothing where it is none of theirs."""
    if text.startswith(">=") and "," not in text:
        return kind, text.removeprefix(">=").strip(), ""
    if text.startswith("<=") and "," not in text:
        return kind, "", text.removeprefix("<=").strip()
    if text[:1] in "!<>=" or "," in text or "&" in text:
        return "", "", ""
    first, dots, last = text.partition("..")
    return kind, first.strip(), last.strip() if dots else first.strip()
