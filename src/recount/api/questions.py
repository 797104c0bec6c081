"""A question as an address asks it: its parameters read, written back, and put to the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar, get_args
from urllib.parse import urlencode

from recount.declare.text import LANGUAGES, Language
from recount.errors import UnknownNameError, UsageError, Worded, nearest_names
from recount.measure.event_conditions import join_conditions, split_condition
from recount.measure.questions import read_date

if TYPE_CHECKING:
    from recount.ask import MeasureQuestion, OpenRecord

Span = Literal["fiscal_year", "calendar_year", "quarter", "month", "week", "administration"]
SPANS: tuple[Span, ...] = get_args(Span)
ONCE = ("by", "period", "per", "readings", "release", "as_known_on", "language")
REPEATED = ("where", "reading", "compare_with")
PARAMETERS = (
    "where", "by", "period", "per", "reading", "readings", "release", "as_known_on", "compare_with", "language",
)  # fmt: skip
"""What a question is made of, in the order in which it is written."""
Name = TypeVar("Name", bound=str)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class PublicQuestion:
    """A question to one measure, as the parameters of an address say it.

    `where` and `compare_with` are conditions as on the command line (`aor=Boston`, `age>=18`), `reading`
    options (`criminal=convicted`). Two questions that read alike are equal; texts are as given, and what they
    mean is found when the question is put to a record.
    """

    measure: str
    where: tuple[str, ...] = ()
    by: tuple[str, ...] | None = None
    period: Span | None = None
    per: str | None = None
    reading: tuple[str, ...] = ()
    all_readings: bool = False
    release: str | None = None
    as_known_on: str | None = None
    compare_with: tuple[str, ...] = ()
    language: Language = "en"

    @classmethod
    def read(cls, measure: str, parameters: Iterable[tuple[str, str]]) -> PublicQuestion:
        """Returns the question that an address asks.

        Args:
            measure: its name.
            parameters: names and values in the order of the address; an empty value is as good as none.

        Raises:
            UnknownNameError: for a parameter that no question has, a span or a language that is not there.
            UsageError: for one that is given twice, holds a control character, or cannot be read.
        """
        once: dict[str, str] = {}
        repeated: dict[str, list[str]] = {name: [] for name in REPEATED}
        for name, value in parameters:
            if _CONTROL.search(value):
                raise UsageError(
                    Worded("%(name)s holds a control character.", name=repr(name[:40])),
                    [("fix", Worded("leave it out"))],
                )
            if name in repeated:
                repeated[name] += [value] if value.strip() else []
            elif name not in ONCE:
                raise UnknownNameError(
                    "parameter", name[:80], PARAMETERS, [("choose from", ", ".join(PARAMETERS))]
                )
            elif value.strip():
                if name in once:
                    raise UsageError(
                        Worded("%(name)s is given twice.", name=name),
                        [("fix", Worded("give %(name)s once", name=name))],
                    )
                once[name] = value.strip()
        by = once.get("by")
        return cls(
            measure=measure,
            where=tuple(repeated["where"]),
            by=None if by is None else tuple(each.strip() for each in by.split(",") if each.strip()),
            period=_chosen("period", once.get("period"), SPANS),
            per=once.get("per"),
            reading=tuple(repeated["reading"]),
            all_readings=_chosen("readings", once.get("readings"), ("all",)) is not None,
            release=once.get("release"),
            as_known_on=_date(once.get("as_known_on")),
            compare_with=tuple(repeated["compare_with"]),
            language=_chosen("language", once.get("language"), LANGUAGES) or "en",
        )

    def parameters(self) -> list[tuple[str, str]]:
        """Returns the parameters that ask this question, in one order; what is left to its default is left out."""
        once: dict[str, str | None] = {
            "by": None if self.by is None else ",".join(self.by),
            "period": self.period,
            "per": self.per,
            "readings": "all" if self.all_readings else None,
            "release": self.release,
            "as_known_on": self.as_known_on,
            "language": None if self.language == "en" else self.language,
        }
        repeated = {"where": self.where, "reading": self.reading, "compare_with": self.compare_with}
        found: list[tuple[str, str]] = []
        for name in PARAMETERS:
            value = once.get(name)
            found += [(name, each) for each in repeated.get(name, ())]
            found += [] if value is None else [(name, value)]
        return found

    def address(self) -> str:
        """Returns the query of an address that asks this question, without its question mark."""
        return urlencode(self.parameters())

    def in_language(self, language: Language) -> PublicQuestion:
        """Returns the same question, to be answered in another language."""
        return replace(self, language=language)

    def put_to(self, record: OpenRecord) -> MeasureQuestion:
        """Returns the question put to a record, as the command line would put it.

        Raises:
            UnknownNameError: where the record has no such measure.
            UsageError: for a condition or an option that is none.
        """
        question = record.measure(self.measure)
        asked = replace(
            question.question,
            where=_conditions(self.where, "where"),
            by=self.by,
            release=self.release,
            as_known_on=None if self.as_known_on is None else read_date(self.as_known_on),
            reading=_options(self.reading),
            per=self.per,
            compare_with=_conditions(self.compare_with, "compare_with") or None,
        )
        # Not by way of its steps: they take names as Python's own, and `self` is one that anyone may send.
        question = replace(question, question=asked, all_readings=self.all_readings)
        return question if self.period is None else question.period(self.period)


def _conditions(given: Sequence[str], name: str) -> dict[str, str]:
    pairs = [split_condition(each, name) for each in given]
    return join_conditions([(dimension, _unquoted(text)) for dimension, text in pairs])


def _unquoted(text: str) -> str:
    """Returns a text without the quotes around the whole of it, copied from a command line perhaps."""
    whole = text[1:-1]
    return whole if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in whole else text


def _options(given: Sequence[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for each in given:
        fork, equals, option = each.partition("=")
        if not equals or not fork.strip() or not option.strip():
            raise UsageError(
                Worded("reading %(given)s is not fork=option.", given=repr(each)),
                [("example", "reading=criminal=convicted")],
            )
        if fork.strip() in options:
            raise UsageError(
                Worded("reading gives %(fork)s twice.", fork=repr(fork.strip())),
                [("fix", Worded("keep one"))],
            )
        options[fork.strip()] = option.strip().strip('"')
    return options


def _date(text: str | None) -> str | None:
    return None if text is None else read_date(text).isoformat()


def _chosen(name: str, given: str | None, known: Sequence[Name]) -> Name | None:
    if given is None:
        return None
    for each in known:
        if each == given:
            return each
    near = nearest_names(given[:80], known)
    raise UsageError(
        Worded("%(name)s cannot be %(given)s.", name=name, given=repr(given[:80])),
        [("choose from", ", ".join(known)), *([("nearest", ", ".join(near))] if near else [])],
    )
