"""Claims in files of a user's own: read, and held to what the catalog and the record know."""

from __future__ import annotations

from pathlib import Path

from recount.declare.claims import Claim
from recount.declare.crosscheck import find_claim_problems
from recount.declare.yaml_text import YamlDocument, build_model, read_yaml
from recount.errors import ClaimFileError, UnknownNameError, UsageError, nearest_names
from recount.measure.prints import PrintBook


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
    for index, asked in enumerate(claim.asserts.measured_by):
        try:
            book.places.find(asked.place)
        except UnknownNameError as unknown:
            line = document.line_of(("asserts", "measured_by", index, "where", unknown.kind))
            near = ", ".join(unknown.nearest) or "nothing comes near it"
            problems.append((line, f"where: no {unknown.kind} is called {unknown.name!r}; nearest: {near}"))
        except UsageError as wrong:
            problems.append((document.line_of(("asserts", "measured_by", index, "where")), wrong.summary))
    if claim.rests_on is not None and claim.rests_on.release not in book.record.releases:
        known = book.record.releases
        near = ", ".join(nearest_names(claim.rests_on.release, known)) or ", ".join(list(known)[:8])
        text = f"rests_on: no release is called {claim.rests_on.release!r}; nearest: {near}"
        problems.append((document.line_of(("rests_on", "release")), text))
    kinds = {
        book.catalog.measures[each.measure].kind
        for each in claim.asserts.measured_by
        if each.measure in book.catalog.measures
    }
    if len(kinds) > 1:
        line = document.line_of(("asserts", "measured_by"))
        problems.append((line, "measured_by: a claim asserts a count or a share, not both"))
    if problems:
        facts = [(f"line {line}", text) for line, text in sorted(dict.fromkeys(problems))]
        raise ClaimFileError(f"{document.name} cannot be checked.", facts)


def _path(location: tuple[str | int, ...]) -> str:
    return ".".join(str(each) for each in location)
