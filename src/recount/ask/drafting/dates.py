"""Days and months in a sentence, as English and Spanish write them."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class DateFound:
    """A date of the sentence: as written, its day, or only its month (`day` is `None`), and where it stands."""

    text: str
    day: datetime.date | None
    year: int
    month: int
    start: int
    end: int


def find_dates(text: str) -> tuple[DateFound, ...]:
    """Returns the dates of a text in their order.

    Read are 2011-11-30, 30 November 2011, November 30, 2011, 30 de noviembre de 2011 and, as months, November 2011
    and noviembre de 2011. A date that no calendar has is not one.
    """
    found: list[DateFound] = []
    for each in _all_dates(text):
        if not any(one.start < each.end and each.start < one.end for one in found):
            found.append(each)
    return tuple(sorted(found, key=lambda each: each.start))


def _all_dates(text: str) -> Iterator[DateFound]:
    months = _months()
    name = "|".join(sorted(map(re.escape, months), key=lambda each: (-len(each), each)))
    for pattern in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|º|o)?\s+(?:of\s+|de\s+)?(?P<month>{name})\.?,?\s+(?:de\s+|del\s+)?(?P<year>\d{{4}})",
        rf"(?P<month>{name})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<month>{name})\.?,?\s+(?:of\s+|de\s+|del\s+)?(?P<year>\d{{4}})",
    ):
        for match in re.finditer(rf"(?<!\w){pattern}(?!\d)", text, re.IGNORECASE):
            parts = match.groupdict()
            number = int(parts["number"]) if parts.get("number") else months[parts["month"].casefold()]
            try:
                day = (
                    datetime.date(int(parts["year"]), number, int(parts["day"])) if parts.get("day") else None
                )
            except ValueError:
                continue
            yield DateFound(match[0], day, int(parts["year"]), number, *match.span())


@functools.cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names  # noqa: PLC0415  slow to import, and few commands need it

    found = {}
    for language in ("en_US", "es_US"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                found[str(name).casefold().rstrip(".")] = int(number)
    return found | {"sept": 9, "setiembre": 9}
