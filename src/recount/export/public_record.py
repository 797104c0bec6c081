"""The record as it may be shown to anyone: printed figures whole, individual records as the fixed cubes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from recount.declare.catalog import Catalog
from recount.export.cubes import public_cubes
from recount.record.store import Layer, Record


def public_record(record: Record, catalog: Catalog) -> Record:
    """Returns `record` without anything of individual records but the cubes that the package ships.

    What a user has added of individual records is left out, down to the names of its files and releases; a
    release that a user's rows joined is the shipped one again. So two users, or one before and after adding
    files, answer the public alike, and nothing can be had by subtraction. Printed figures stay, the user's over
    the shipped ones.

    Raises:
        RecordError: where a shipped cube is no cube, or holds a count below the threshold.
    """
    lowest, *uppers = record.layers
    shipped = {each.release: each for each in lowest.manifest.releases}
    of_records = {each.release for layer in uppers for each in layer.manifest.parts}
    printed = {
        release
        for layer in uppers
        for file in layer.manifest.files
        if not file.event_sheets
        for release in file.releases
    }
    private = of_records - printed
    releases = {
        name: shipped[name] if name in of_records and name in shipped else each
        for name, each in record.releases.items()
        if name in shipped or name not in private
    }
    kept = [_without_records(each, private) for each in uppers]
    layers = (lowest, *(each for each in kept if each.manifest.files or each.manifest.releases))
    return replace(record, layers=layers, releases=releases, parts=public_cubes(record, catalog))


def _without_records(layer: Layer, private: Collection[str]) -> Layer:
    manifest = layer.manifest.model_copy(
        update={
            "parts": [],
            "files": [each for each in layer.manifest.files if not each.event_sheets],
            "releases": [each for each in layer.manifest.releases if each.release not in private],
        }
    )
    return replace(layer, manifest=manifest)
