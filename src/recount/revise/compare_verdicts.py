"""The record as it stood when a release was the latest of its table, and the claims that another one turns."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import polars as pl

from recount.declare.sources import KnownRelease
from recount.record.store import Frames, Record
from recount.revise.compare_findings import Judged, VerdictChange

Judge = Callable[[Record], Mapping[str, tuple[str, Judged]]]
"""Returns, by claim, its title and how a record judges it."""


def record_as_of(record: Record, latest: KnownRelease) -> Record:
    """Returns the record without the releases of the same agency table that came out after `latest`.

    What other tables print stays. Releases are ordered by their first possible day, then by their last possible
    one, by how far they count, and by name: dates between two days do not tell more.
    """
    hidden = [
        each.release
        for each in record.releases.values()
        if each.reports == latest.reports and order_of_release(each) > order_of_release(latest)
    ]
    if not hidden:
        return record
    names = frozenset(hidden)
    return replace(
        record,
        frames=Frames({name: functools.partial(_without, record, name, hidden) for name in record.frames}),
        releases={name: each for name, each in record.releases.items() if name not in names},
        parts=tuple(each for each in record.parts if each.release not in names),
    )


def order_of_release(release: KnownRelease) -> tuple[datetime.date, datetime.date, datetime.date, str]:
    """Returns what releases are ordered by: when they came out, as far as their dates tell."""
    last = release.published_to or datetime.date.max
    return (release.earliest, last, release.covers_through, release.release)


def _without(record: Record, name: str, hidden: Iterable[str]) -> pl.DataFrame:
    frame = record.frames[name]
    return frame.filter(~pl.col("release").is_in(list(hidden))) if "release" in frame.columns else frame


def compare_verdicts(
    record: Record, releases: tuple[KnownRelease, KnownRelease], judge: Judge
) -> tuple[tuple[VerdictChange, ...], int]:
    """Returns the claims whose verdict or numbers of now differ between the two records, and how many were asked.

    Args:
        record: with both releases.
        releases: a and b; the record is judged with each as the latest of its table.
        judge: judges every claim by a record.
    """
    narrowed = record_as_of(record, releases[0]), record_as_of(record, releases[1])
    if narrowed[0].releases == narrowed[1].releases:
        return (), len(judge(narrowed[0]))
    a, b = judge(narrowed[0]), judge(narrowed[1])
    changes = [
        VerdictChange(claim, a[claim][0], a[claim][1], b[claim][1])
        for claim in a
        if claim in b and a[claim][1] != b[claim][1]
    ]
    return tuple(changes), len(a.keys() & b.keys())
