"""Measures: the list of them, and a page for each with its definition, its numbers, its choices and its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recount.declare.event_measures import EventMeasure
from recount.declare.measures import Measure
from recount.declare.site_pages import PageQuestion
from recount.measure.answer import Answer
from recount.site.chapters import Chapter, Contents, joined
from recount.site.exhibits import Exhibit, over_time
from recount.site.material import Material
from recount.site.plots import Plot, place_picture
from recount.site.readings import lay_out_readings
from recount.site.receipts import data_path, receipt_path, receipts_of
from recount.site.shell import Shell

INDEX = "measures/index.html"
_MOST_READINGS = 60


@dataclass(frozen=True)
class Latest:
    """The latest number of a measure."""

    value: str
    when: str
    release: str
    receipt: str


@dataclass(frozen=True)
class MeasureLine:
    """A measure in the list of them."""

    measure: str
    title: str
    description: str
    latest: Latest | None


@dataclass(frozen=True)
class Drawn:
    """An answer on a page: its chart where it can be drawn, its files, and its receipt."""

    plot: Plot | None
    csv: str
    json: str
    receipt: str


def path_of_measure(measure: str) -> str:
    """Returns where the page of a measure lies."""
    return f"measures/{measure}.html"


def measure_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the list of measures, and a chapter for each."""
    yield Chapter((INDEX,), lambda: _index(material), weight=2)
    for name in material.measures:
        yield _chapter(name, material)


def draw(exhibit: Exhibit, name: str, shell: Shell) -> Drawn:
    """Returns an answer as a page shows it; `name` is that of its files."""
    picture = exhibit.picture(shell.words)
    return Drawn(
        None if picture is None else place_picture(picture),
        data_path(name, "csv"),
        data_path(name, "json"),
        receipt_path(exhibit.receipt),
    )


def files_of(exhibit: Exhibit, name: str) -> Contents:
    """Returns the files of an answer."""
    return Contents(files={data_path(name, "csv"): exhibit.as_csv, data_path(name, "json"): exhibit.as_json})


def _chapter(name: str, material: Material) -> Chapter:
    path = path_of_measure(name)

    def contents() -> Contents:
        exhibits = _exhibits(name, material)
        asked = [*exhibits.values(), *_asked_beside(name, material)]
        return joined(
            Contents({path: lambda shell: _page(name, material, shell)}),
            *(files_of(each, file) for file, each in exhibits.items()),
            receipts_of(material, asked),
        )

    names = (name, *(_split_name(each) for each in material.plan.measures if each.measure == name))
    files = [data_path(each, suffix) for each in names for suffix in ("csv", "json")]
    return Chapter((path, *files), contents, weight=4)


def _exhibits(name: str, material: Material) -> dict[str, Exhibit]:
    """Returns the answers that a measure's page draws, by the name of their files."""
    main = over_time(material.exhibit(name).asked.by())
    found = {name: material.exhibit(name, main.question.by or ())}
    for each in material.plan.measures:
        if each.measure == name:
            found[_split_name(each)] = material.exhibit(name, each.by, release=each.release)
    return found


def _split_name(asked: PageQuestion) -> str:
    return f"{asked.measure}-by-{'-'.join(asked.by)}"


def _asked_beside(name: str, material: Material) -> list[Exhibit]:
    measure = material.measures[name]
    beside = [material.exhibit(name)]
    if measure.forks and len(measure.readings()) <= _MOST_READINGS:
        beside.append(material.exhibit(name, ("reading",)))
    return beside


def _index(material: Material) -> Contents:
    own = Contents({INDEX: lambda shell: _list(material, shell)})
    return joined(own, receipts_of(material, [material.exhibit(each) for each in material.catalog.measures]))


def _list(material: Material, shell: Shell) -> bytes:
    lines: dict[str, list[MeasureLine]] = {"printed": [], "recorded": []}
    for name, measure in material.measures.items():
        kind = "recorded" if isinstance(measure, EventMeasure) else "printed"
        lines[kind].append(
            MeasureLine(
                name,
                measure.title.in_language(shell.language),
                measure.description.in_language(shell.language),
                latest_of(material.exhibit(name), shell) if kind == "printed" else None,
            )
        )
    return shell.render("measures.html.j2", INDEX, lines=lines)


def latest_of(exhibit: Exhibit, shell: Shell) -> Latest | None:
    """Returns the latest printed figure of an answer, `None` where there is none."""
    if not isinstance(exhibit.answer, Answer) or not exhibit.answer.figures:
        return None
    last = exhibit.answer.figures[-1]
    return Latest(
        shell.words.value(last),
        shell.words.counted_through(last),
        last.release.release,
        receipt_path(exhibit.receipt),
    )


def _page(name: str, material: Material, shell: Shell) -> bytes:
    measure = material.measures[name]
    beside = _asked_beside(name, material)
    by_reading = beside[1] if len(beside) > 1 and not beside[1].is_empty else None
    return shell.render(
        "measure.html.j2",
        path_of_measure(name),
        measure=measure,
        is_printed=isinstance(measure, Measure),
        latest=latest_of(beside[0], shell),
        drawn=[draw(each, file, shell) for file, each in _exhibits(name, material).items()],
        absent=_absent(beside[0], shell),
        readings=None if by_reading is None else lay_out_readings(by_reading, shell),
        readings_receipt=None if by_reading is None else receipt_path(by_reading.receipt),
        claims=[
            (each.claim, each.title.in_language(shell.language))
            for each in material.claims
            if any(one.measure.measure == name for one in material.verdict(each.claim).asked)
        ],
    )


def _absent(exhibit: Exhibit, shell: Shell) -> list[tuple[str, str]]:
    """Returns the releases of individual records that cannot answer, and the files that could."""
    if isinstance(exhibit.answer, Answer):
        return []
    found: dict[str, dict[str, None]] = {}
    for each in exhibit.answer.absent:
        found.setdefault(each.release, {}).update(dict.fromkeys(each.files))
    return [(release, shell.words.listing(list(files)) if files else "") for release, files in found.items()]
