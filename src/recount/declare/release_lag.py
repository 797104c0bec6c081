"""When a figure is recent enough to lack what is reported late, and when that can be measured."""

from __future__ import annotations

import functools
import re
from fractions import Fraction
from pathlib import Path

from pydantic import Field, model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Language, Text
from recount.declare.yaml_text import build_model, read_yaml

RELEASE_LAG = "release_lag.yml"
SHORT_SPANS = frozenset({"quarter", "month", "week"})
"""Spans of which late reports are a part that shows."""


class Threshold(Declared):
    """A number, and why it is that one."""

    value: int = Field(gt=0)
    reason: str


class PerCent(Declared):
    """A share in hundredths, and why it is that one."""

    percent: int = Field(gt=0, lt=100)
    reason: str

    @property
    def share(self) -> Fraction:
        """The share, exactly."""
        return Fraction(self.percent, 100)


class RecordSeries(Declared):
    """Releases of individual records of which each repeats what the one before told, and goes on.

    `layouts` is a pattern of the names of the layouts by which their files are read.
    """

    series: str
    title: Text
    layouts: str
    reason: str
    source: str

    def has(self, layout: str) -> bool:
        """Returns whether files of a layout belong to it."""
        return re.match(self.layouts, layout) is not None


class RecordLagRules(Declared):
    """When the counts of two releases of individual records are held to each other, and how the lag is told.

    `ages` are the last days of the ages that are told apart, in days after the end of a span. A span is measured where
    a release counted it `followed_days` after its end or later. Of spans that both releases counted `settled_days`
    after their end or later, the sums may differ by `most_apart`; `least_share` still to come marks a span. `texts` are
    the sentences that say so.
    """

    series: list[RecordSeries] = Field(min_length=1)
    ages: list[int] = Field(min_length=2)
    ages_reason: str
    followed_days: Threshold
    settled_days: Threshold
    most_apart: PerCent
    least_share: PerCent
    texts: dict[str, Text]

    @model_validator(mode="after")
    def _rising(self) -> RecordLagRules:
        if self.ages != sorted(set(self.ages)) or self.ages[0] < 0:
            raise ValueError("ages rise, and none is before the end of the span")
        names = [each.series for each in self.series]
        if len(set(names)) != len(names):
            raise ValueError("two series have one name")
        return self

    def say(self, text: str, language: Language, /, **filled_in: object) -> str:
        """Returns a text in one language, its names filled in."""
        return self.texts[text].in_language(language).format(**filled_in)

    def age_of(self, days: int) -> int | None:
        """Returns the place of the age that a count so many days after its span's end has; `None` of later ones."""
        return next((place for place, last in enumerate(self.ages) if 0 <= days <= last), None)

    def days_of(self, age: int) -> tuple[int, int]:
        """Returns the first and the last day of an age."""
        return (self.ages[age - 1] + 1 if age else 0, self.ages[age])


class ReleaseLag(Declared):
    """Days after a span's end within which a print is recent, and what earlier spans must offer to measure by.

    `followed_days` is how long after its end a span must still have been printed, `least_spans` how many of them
    there must be. One part in `left_at_each_end` of what they lacked is left out at either end of the range. `records`
    are the rules of individual records, which no release prints and several may count.
    """

    recent_days: Threshold
    followed_days: Threshold
    least_spans: Threshold
    left_at_each_end: Threshold
    records: RecordLagRules


def load_release_lag(catalog: Catalog) -> ReleaseLag:
    """Returns the thresholds: the package's, or the user's file of the same name.

    Raises:
        CatalogError: where the file does not fit its model.
    """
    shipped, over = catalog.folders
    path = over / RELEASE_LAG if (over / RELEASE_LAG).is_file() else shipped / RELEASE_LAG
    return _load(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> ReleaseLag:
    """`changed` tells a file from what it was before."""
    del changed
    return build_model(ReleaseLag, read_yaml(path, RELEASE_LAG))
