"""Declarations of revision triangles: after how many days a figure is looked at, and when an estimate is made."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "triangles.yml"


class Triangles(Declared):
    """The delays in days, rising, and how many periods an estimate has to rest on at least."""

    delays: list[int] = PydanticField(min_length=2)
    delays_reason: str
    least_periods: int = PydanticField(ge=2)
    least_periods_reason: str

    @model_validator(mode="after")
    def _rising(self) -> Triangles:
        if self.delays != sorted(set(self.delays)):
            raise ValueError("delays rise")
        return self


def load_triangles(catalog: Catalog) -> Triangles:
    """Returns what is declared of triangles: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Triangles:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Triangles, read_yaml(path, _FILE))
