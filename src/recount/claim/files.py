"""Claims in files of a user's own: read, and held to what the catalog and the record know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recount.declare.assertions import PLACE_DIMENSIONS
from recount.declare.claim_types import Asserts, Side, parts_of, sides_of, where_of
from recount.declare.claims import Claim
from recount.declare.crosscheck_claims import find_claim_problems, find_measure
from recount.declare.yaml_text import Location, YamlDocument, build_model, read_yaml
from recount.errors import ClaimFileError, UnknownNameError, UsageError, nearest_names
from recount.measure.prints import PrintBook
from recount.measure.questions import Question


def read_claim_file(path: Path, book: PrintBook) -> Claim:
    """Returns the claim in a YAML file.

    Raises:
        ClaimFileError: naming, by line, each key, measure, place, release, wording or date that is not
            known, with the choices or the nearest names.
    """
    document = read_yaml(path, path.name, ClaimFileError)
    claim = build_model(Claim, document, ClaimFileError)
    refuse_unknown_names(claim, document, book)
    return claim


def refuse_unknown_names(claim: Claim, document: YamlDocument, book: PrintBook) -> None:
    """Raises `ClaimFileError` where the claim names what neither catalog nor record holds."""
    problems = [
        (document.line_of(location), f"{_path(location)}: {text}")
        for location, text in find_claim_problems(claim, book.catalog)
    ]
    for location, where in _places_asked(claim, book):
        try:
            book.places.find(where)
        except UnknownNameError as unknown:
            line = document.line_of((*location, unknown.kind))
            near = ", ".join(unknown.nearest) or "nothing comes near it"
            problems.append((line, f"where: no {unknown.kind} is called {unknown.name!r}; nearest: {near}"))
        except UsageError as wrong:
            problems.append((document.line_of(location), wrong.summary))
    if claim.rests_on is not None and claim.rests_on.release not in book.record.releases:
        known = book.record.releases
        near = ", ".join(nearest_names(claim.rests_on.release, known)) or ", ".join(list(known)[:8])
        text = f"rests_on: no release is called {claim.rests_on.release!r}; nearest: {near}"
        problems.append((document.line_of(("rests_on", "release")), text))
    if isinstance(claim.asserts, Asserts):
        measures = [find_measure(each.measure, book.catalog) for each in claim.asserts.measured_by]
        kinds = {each.kind for each in measures if each is not None}
        if len(kinds) > 1:
            line = document.line_of(("asserts", "measured_by"))
            problems.append((line, "measured_by: a claim asserts a count or a share, not both"))
    problems += [(document.line_of(location), text) for location, text in _problems_of_records(claim, book)]
    if problems:
        facts = [(f"line {line}", text) for line, text in sorted(dict.fromkeys(problems))]
        raise ClaimFileError(f"{document.name} cannot be checked.", facts)


def _problems_of_records(claim: Claim, book: PrintBook) -> Iterator[tuple[Location, str]]:
    """Yields what a claim asks of individual records that they do not know: (where its YAML says it, what is wrong)."""
    for location, asserts in parts_of(claim.asserts):
        for index, asked in enumerate(asserts.measured_by):
            for key, side in sides_of(asserts) or [("", Side())]:
                name = side.measure or asked.measure
                if not _is_of_records(name, book):
                    continue
                at = (*location, key) if side.where else (*location, "measured_by", index, "where")
                where = where_of(asked, side, of_records=True)
                if asked.release is not None and asked.release not in book.record.releases:
                    near = (
                        ", ".join(nearest_names(asked.release, book.record.releases))
                        or "nothing comes near it"
                    )
                    at = (*location, "measured_by", index, "release")
                    yield at, f"no release is called {asked.release!r}; nearest: {near}"
                    continue
                try:
                    book.events.understand(Question(name, where))
                except UnknownNameError as unknown:
                    near = ", ".join(unknown.nearest) or "nothing comes near it"
                    yield at, f"where: no {unknown.kind} is called {unknown.name!r}; nearest: {near}"
                except UsageError as wrong:
                    yield at, f"where: {wrong.summary}"


def _is_of_records(name: str, book: PrintBook) -> bool:
    return name not in book.catalog.measures and name in book.catalog.events.measures


def _places_asked(claim: Claim, book: PrintBook) -> Iterator[tuple[Location, dict[str, str]]]:
    """Every place that a claim asks of, with where its YAML names it; individual records have none."""
    for location, asserts in parts_of(claim.asserts):
        if all(_is_of_records(each.measure, book) for each in asserts.measured_by) and asserts.measured_by:
            continue
        for index, asked in enumerate(asserts.measured_by):
            if not _is_of_records(asked.measure, book):
                yield (*location, "measured_by", index, "where"), asked.place
        for key, side in sides_of(asserts):
            place = {name: value for name, value in side.where.items() if name in PLACE_DIMENSIONS}
            if place:
                yield (*location, key) if key == "rivals" else (*location, key, "where"), place


def _path(location: tuple[str | int, ...]) -> str:
    return ".".join(str(each) for each in location)
