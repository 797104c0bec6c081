"""Administrations: who headed the government on which days."""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

ADMINISTRATIONS = "administrations.yml"


class _Entry(Declared):
    administration: str
    label: Text
    from_date: datetime.date | None = Field(default=None, alias="from")


class AdministrationsFile(Declared):
    """Administrations in order; each but the first gives its first day, and ends the day before the next begins."""

    source: str
    administrations: list[_Entry] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> AdministrationsFile:
        first, *others = self.administrations
        days = [each.from_date for each in others]
        if first.from_date is not None or None in days:
            raise ValueError("the first administration has no first day, and every other one has")
        if days != sorted({day for day in days if day is not None}):
            raise ValueError("administrations follow each other, each beginning on a later day")
        names = [each.administration for each in self.administrations]
        if len(set(names)) != len(names):
            raise ValueError("two administrations have the same name")
        return self


@dataclass(frozen=True)
class Administration:
    """One administration: its name, and the days from `start` to before `end`."""

    name: str
    label: Text
    start: datetime.date
    end: datetime.date


def load_administrations(catalog: Catalog) -> tuple[Administration, ...]:
    """Returns the administrations, the earliest first: the package's, or the user's file of the same name.

    Raises:
        CatalogError: where the file does not fit its model.
    """
    shipped, over = catalog.folders
    path = over / ADMINISTRATIONS if (over / ADMINISTRATIONS).is_file() else shipped / ADMINISTRATIONS
    return _load(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> tuple[Administration, ...]:
    """`changed` tells a file from what it was before."""
    del changed
    declared = build_model(AdministrationsFile, read_yaml(path, ADMINISTRATIONS)).administrations
    starts = [each.from_date or datetime.date.min for each in declared]
    ends = [*starts[1:], datetime.date.max]
    return tuple(
        Administration(each.administration, each.label, start, end)
        for each, start, end in zip(declared, starts, ends, strict=True)
    )
