"""Declarations of panels: how the cells of one are told apart, and the dates on which units were treated."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "panels.yml"

Status = Literal["exact", "zero", "missing", "redacted", "suppressed", "bound", "not_printed", "not_covered"]


class StatusCode(Declared):
    """One way in which a cell of a panel can stand."""

    code: Status
    label: Text
    means: str


class TreatedUnit(Declared):
    """A kind of unit that a treatment has dates for: the column that names it; of several dates the first counts."""

    unit: str
    column: str
    reason: str


class Treatment(Declared):
    """What happened to units on a day: the table that holds the days, and whose word stands where releases differ."""

    treatment: str
    title: Text
    table: str
    date: str
    authorities: list[str] = PydanticField(min_length=1)
    reason: str
    units: list[TreatedUnit]

    def unit(self, name: str) -> TreatedUnit | None:
        """Returns how a kind of unit is treated, `None` where it is not."""
        return next((each for each in self.units if each.unit == name), None)


class Panels(Declared):
    """All that is declared of panels."""

    statuses: list[StatusCode]
    statuses_reason: str
    most_rows: int
    most_rows_reason: str
    treatments: list[Treatment]

    @model_validator(mode="after")
    def _every_status(self) -> Panels:
        found = [each.code for each in self.statuses]
        if found != list(get_args(Status)):
            raise ValueError(f"statuses are, in this order: {', '.join(get_args(Status))}")
        return self


def load_panels(catalog: Catalog) -> Panels:
    """Returns what is declared of panels: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Panels:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Panels, read_yaml(path, _FILE))
