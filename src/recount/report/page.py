"""The report: verdicts as one self-contained HTML file, without scripts and without a request to anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from recount.claim.columns import COLUMNS
from recount.claim.paragraph import write_paragraph
from recount.claim.rows import shown_figures
from recount.claim.rule import Outcome
from recount.claim.verdict import Verdict
from recount.claim.view import VerdictView, view_verdict
from recount.claim.words import Words
from recount.declare.sources import KnownRelease
from recount.declare.text import LANGUAGES
from recount.measure.figures import MeasuredFigure
from recount.report.picture import Picture, draw_verdict
from recount.report.rendering import environment, read_template


@dataclass(frozen=True)
class TableRow:
    """One line of the table behind a verdict: a figure under a reading, and what it is to each column."""

    reading: str
    value: str
    date: str
    release: str
    authority: str
    role: str
    outcomes: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Section:
    """One claim's part of the page."""

    number: int
    anchor: str
    view: VerdictView
    picture: Picture | None
    rows: tuple[TableRow, ...]
    limits: tuple[str, ...]
    paragraphs: tuple[tuple[str, str], ...]


def write_page(verdicts: list[Verdict], words: Words) -> str:
    """Returns the report of `verdicts` in the language of `words`, as HTML text."""
    sections = [lay_out_section(number, each, words) for number, each in enumerate(verdicts, start=1)]
    page = (
        environment()
        .get_template("report.html.j2")
        .render(
            sections=sections,
            say=words.say,
            date=words.date,
            language=words.language,
            style=read_template("report.css"),
            known_on=verdicts[0].as_known_on if verdicts else None,
            releases=lay_out_releases(verdicts, words),
        )
    )
    return page.rstrip("\n") + "\n"


def lay_out_section(number: int, verdict: Verdict, words: Words) -> Section:
    """Returns one claim's part of a page, in the language of `words`."""
    view = view_verdict(verdict, words)
    sums = [note for row in (*view.proxies, *view.context) for note in row.notes]
    limits = dict.fromkeys(
        [
            *(*view.fits, *view.own_caveats, *view.caveats, *sums, *_undecided(view)),
            *(*view.gaps, *_window(view), *_series(view)),
        ]
    )
    others = [each for each in LANGUAGES if each != words.language]
    return Section(
        number=number,
        anchor=verdict.claim.claim,
        view=view,
        picture=draw_verdict(verdict, words),
        rows=tuple(_rows(view, words)),
        limits=tuple(limits),
        paragraphs=tuple(
            (each, write_paragraph(verdict, Words(words.catalog, each))) for each in (words.language, *others)
        ),
    )


def _sum_note(figure: MeasuredFigure, words: Words) -> str:
    if not figure.is_sum:
        return ""
    return words.say("report_sum", jurisdictions=words.number(figure.jurisdictions))


def _undecided(view: VerdictView) -> list[str]:
    """What individual records do not say; what marks a printed figure stands beside it."""
    rows = [row for column in view.columns for row in column.rows if row.asked.terms[0].is_of_records]
    return [note for row in rows for note in row.notes]


def _series(view: VerdictView) -> list[str]:
    return [view.series] if view.series else []


def _window(view: VerdictView) -> list[str]:
    return [view.window] if view.window else []


def _rows(view: VerdictView, words: Words) -> list[TableRow]:
    """Each figure once, with its outcome in every column that it speaks in; figures beside it last."""
    lines: dict[tuple[str, str, str], tuple[MeasuredFigure, str, dict[str, Outcome]]] = {}
    for column in view.columns:
        for row in column.rows:
            for part in row.parts:
                figure = part.figure
                reading = f"{part.label} · {row.reading}" if part.label else row.reading
                key = (reading, words.through(figure), figure.release.release)
                role = row.role if key not in lines else lines[key][1]
                outcomes = lines[key][2] if key in lines else {}
                for column_name in column.names:
                    outcomes[column_name] = row.outcome
                lines[key] = (figure, role, outcomes)
    rows = []
    for (reading, date, _), (figure, role, outcomes) in lines.items():
        rows.append(
            TableRow(
                reading=reading,
                value=words.value(figure),
                date=date,
                release=figure.release.title.in_language(words.language),
                authority=words.label("authorities", figure.release.authority),
                role=role,
                outcomes=tuple(
                    words.say(f"outcome_{outcomes[each]}") if each in outcomes else "" for each in COLUMNS
                ),
                note=_sum_note(figure, words),
            )
        )
    return rows + [
        TableRow(
            each.reading,
            each.value,
            each.date,
            each.release,
            each.authority,
            each.role,
            ("", "", ""),
            _sum_note(each.figures[0], words),
        )
        for each in (*view.proxies, *view.context)
    ]


@dataclass(frozen=True)
class ReleaseLine:
    """One release that the page rests on."""

    title: str
    printed_by: str
    url: str | None
    published: str
    authority: str
    files: tuple[tuple[str, str], ...]


def lay_out_releases(verdicts: list[Verdict], words: Words) -> list[ReleaseLine]:
    """Returns the releases that verdicts rest on, each once."""
    used: dict[str, KnownRelease] = {}
    for verdict in verdicts:
        for asked in verdict.asked:
            for figure in shown_figures(asked, verdict):
                if verdict.as_known_on is None or figure.release.out_by(verdict.as_known_on) == "out":
                    used[figure.release.release] = figure.release
    return [
        ReleaseLine(
            title=each.title.in_language(words.language),
            printed_by=each.printed_by,
            url=each.url,
            published=_published(each, words),
            authority=words.label("authorities", each.authority),
            files=tuple((file.name, file.sha256) for file in each.files),
        )
        for each in sorted(used.values(), key=lambda each: (each.covers_through, each.release))
    ]


def _published(release: KnownRelease, words: Words) -> str:
    first, last = release.published_from, release.published_to
    if first is not None and first == last:
        return words.date(first)
    if first is not None and last is not None:
        return words.say("value_between", low=words.date(first), high=words.date(last))
    if first is not None:
        return words.say("report_not_before", date=words.date(first))
    return words.say("report_unknown")
