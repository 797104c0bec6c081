"""When a figure is recent enough to lack what is reported late, and when that can be measured."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import Field

from recount.declare.catalog import Catalog
from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml

RELEASE_LAG = "release_lag.yml"
SHORT_SPANS = frozenset({"quarter", "month", "week"})
"""Spans of which late reports are a part that shows."""


class Threshold(Declared):
    """A number, and why it is that one."""

    value: int = Field(gt=0)
    reason: str


class ReleaseLag(Declared):
    """Days after a span's end within which a print is recent, and what earlier spans must offer to measure by.

    `followed_days` is how long after its end a span must still have been printed, `least_spans` how many of them
    there must be. One part in `left_at_each_end` of what they lacked is left out at either end of the range.
    """

    recent_days: Threshold
    followed_days: Threshold
    least_spans: Threshold
    left_at_each_end: Threshold


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
