"""Claims: the list of them, and a page for each, which prints as a numbered exhibit with citations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from recount.claim.rows import RowView, shown_figures
from recount.claim.verdict import Verdict
from recount.claim.view import VerdictView, view_verdict
from recount.declare.sources import KnownRelease
from recount.export.claim_review import describe_review
from recount.report.page import lay_out_releases, lay_out_section
from recount.site.chapters import Chapter, Contents, joined
from recount.site.exhibits import as_csv_file
from recount.site.material import Material
from recount.site.receipts import data_path, receipt_of_verdict
from recount.site.shell import Shell

INDEX = "claims/index.html"


@dataclass(frozen=True)
class ReadingRow:
    """What one reading says in one column: all of them are in the page, and one is shown large."""

    column: str
    reading: str
    value: str
    where: str
    says: str
    outcome: str


def path_of_claim(claim: str) -> str:
    """Returns where the page of a claim lies."""
    return f"claims/{claim}.html"


def claim_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the list of claims, and a chapter for each."""
    yield Chapter((INDEX,), lambda: Contents({INDEX: lambda shell: _list(material, shell)}))
    for number, each in enumerate(material.claims, start=1):
        yield _chapter(number, each.claim, material)


def view_claims(material: Material, shell: Shell) -> list[VerdictView]:
    """Returns the verdicts on the catalog's claims, in the shell's language."""
    return [view_verdict(material.verdict(each.claim), shell.words) for each in material.claims]


def _chapter(number: int, claim: str, material: Material) -> Chapter:
    path = path_of_claim(claim)

    def contents() -> Contents:
        verdict = material.verdict(claim)
        own = Contents(
            {path: lambda shell: _page(number, claim, material, shell)},
            {data_path(claim, "csv"): lambda: _figures_as_csv(verdict)},
        )
        return joined(own, receipt_of_verdict(material, verdict))

    files = (data_path(claim, "csv"), data_path(claim, "json"))
    return Chapter((path, *files), contents, weight=2)


def _list(material: Material, shell: Shell) -> bytes:
    groups: dict[str, list[VerdictView]] = {}
    for each in view_claims(material, shell):
        groups.setdefault(each.group or "", []).append(each)
    return shell.render("claims.html.j2", INDEX, groups=list(groups.items()))


def _page(number: int, claim: str, material: Material, shell: Shell) -> bytes:
    verdict = material.verdict(claim)
    section = lay_out_section(number, verdict, shell.words)
    return shell.render(
        "claim.html.j2",
        path_of_claim(claim),
        number=number,
        section=section,
        view=section.view,
        receipt=verdict.receipt,
        readings=_readings(section.view),
        releases=list(zip(_releases(verdict), lay_out_releases([verdict], shell.words), strict=True)),
        review=_as_json_for_script(verdict, shell),
    )


def _readings(view: VerdictView) -> list[ReadingRow]:
    rows: dict[tuple[str, str], ReadingRow] = {}
    for column in view.columns:
        for row in column.rows:
            rows.setdefault(
                (column.label, row.reading),
                ReadingRow(
                    column.label,
                    row.reading,
                    row.value if row.figures else row.outcome_text,
                    _where(row),
                    row.outcome_text,
                    row.outcome,
                ),
            )
    return list(rows.values())


def _where(row: RowView) -> str:
    return " · ".join(each for each in (row.date, row.release) if each)


def _releases(verdict: Verdict) -> list[KnownRelease]:
    """Returns the releases that `lay_out_releases` lists, in its order."""
    used: dict[str, KnownRelease] = {}
    for asked in verdict.asked:
        for figure in shown_figures(asked, verdict):
            used[figure.release.release] = figure.release
    return sorted(used.values(), key=lambda each: (each.covers_through, each.release))


def _as_json_for_script(verdict: Verdict, shell: Shell) -> str:
    """Returns the ClaimReview as JSON that cannot end the script element that it stands in."""
    text = json.dumps(describe_review(verdict, shell.words), ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c")


def _figures_as_csv(verdict: Verdict) -> bytes:
    header = (
        "claim", "measure", "place_code", "place_name", "reading", "through_date", "through_precision", "release",
        "authority", "numerator", "denominator", "low", "high", "fit", "receipt",
    )  # fmt: skip
    rows = [
        (
            verdict.claim.claim,
            one.measure,
            one.place_code,
            one.place_name,
            ";".join(f"{fork}={option}" for fork, option in asked.reading.items()),
            one.through_date,
            one.through_precision,
            one.release.release,
            one.release.authority,
            one.numerator,
            one.denominator,
            one.interval.low,
            one.interval.high,
            asked.declared.fit,
            verdict.receipt.id,
        )
        for asked in verdict.asked
        for one in shown_figures(asked, verdict)
    ]
    return as_csv_file([header, *rows])
