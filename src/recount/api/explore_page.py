"""The page of Explore: the question as a form, and its answer or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from recount.api.answers import PublicAnswer
from recount.api.explore_address import MEASURE, PLACE, ExploreAddress
from recount.api.explore_answer import AnswerView, Download, chart_downloads, title_of, view_answer
from recount.api.explore_choices import Choices
from recount.api.explore_faults import Fault, fault_of, labelled
from recount.api.explore_places import PlaceIndex
from recount.api.explore_words import AnyMeasure, ExploreWords
from recount.api.problems import Problem
from recount.api.served import ServedRecord
from recount.chart.event_words import EventWords
from recount.chart.picture import Picture
from recount.declare.charting import load_charting
from recount.declare.text import Language, Text
from recount.errors import RecountError, UsageError
from recount.measure.event_answer import EventAnswer
from recount.measure.event_conditions import TIMES
from recount.measure.questions import read_date
from recount.site.plots import Plot, place_picture
from recount.site.shell import Shell

PATH = "explore"
_TEMPLATE = "explore.html.j2"


@dataclass(frozen=True)
class ChartView:
    """A chart placed on the page, and files of it; or why nothing is drawn."""

    plot: Plot | None
    downloads: tuple[Download, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Chip:
    """A part of the question, and the question without it."""

    label: str
    address: ExploreAddress


class Explorer:
    """Explore over one served record in one language.

    Args:
        served: whose record is asked.
        language: of its pages.
    """

    def __init__(self, served: ServedRecord, language: Language) -> None:
        self.served = served
        self.shell = Shell(language, server=True, catalog=served.open.catalog)
        self.say = ExploreWords(self.shell)
        self.choices = Choices(served.open, self.say)
        self.places = PlaceIndex(self.choices)

    def view(self, answer: PublicAnswer, address: ExploreAddress, base: str) -> AnswerView:
        """Returns what is shown of an answer; it takes time."""
        return view_answer(answer, address, self.say, base)

    def chart(self, answer: PublicAnswer, view: AnswerView, picture: Picture) -> ChartView:
        """Returns the chart of an answer. What the page says beside it anyway is not said below it again."""
        said = [each.in_language(self.shell.language).strip() for each in _told(answer)]
        absent = {*self._absences(answer), *view.notes}
        notes = tuple(
            note for note in picture.notes if note not in absent and not any(each in note for each in said)
        )
        return ChartView(place_picture(replace(picture, notes=notes)), chart_downloads(answer, self.say))

    def no_chart(self, error: RecountError) -> ChartView:
        """Returns why nothing is drawn."""
        return ChartView(None, missing=self.say.sentence(error.summary) or error.summary)

    def _absences(self, answer: PublicAnswer) -> Iterator[str]:
        found = answer.question.result()
        if isinstance(found, EventAnswer):
            charting = load_charting(self.served.open.catalog)
            yield from EventWords(found, self.shell.words, charting).absences()

    def refused(self, problem: Problem) -> Fault:
        """Returns why the server does not work out a question."""
        said = self.say.sentence(problem.detail)
        return Fault(
            problem.detail if said is None else said,
            english=said is None,
            facts=labelled(problem.facts, self.say),
            status=int(problem.status),
        )

    def fault(self, error: RecountError, address: ExploreAddress) -> Fault:
        """Returns why a question cannot be asked."""
        return fault_of(error, address, self.say)

    def page(
        self,
        address: ExploreAddress,
        view: AnswerView | None = None,
        chart: ChartView | None = None,
        fault: Fault | None = None,
    ) -> bytes:
        """Returns the page of an address.

        Args:
            address: the question.
            view: what is shown of the answer, where it has one.
            chart: its chart.
            fault: why there is none.
        """
        measure = self.choices.find(address.measure) if address.measure else None
        place = address.first(PLACE)
        return self.shell.render(
            _TEMPLATE,
            PATH,
            address=address,
            measure=measure,
            measures=self.choices.measures(address.measure),
            offered=None if measure is None else self.choices.offered(measure, address),
            examples=self._examples() if not address.measure else [],
            definitions=self._definitions() if not address.measure else [],
            view=view,
            chart=chart,
            fault=fault if fault is not None else (None if view is None else view.fault),
            title=view.title
            if view is not None
            else ""
            if measure is None
            else title_of(measure, address, self.say),
            chips=[] if measure is None else self._chips(measure, address),
            search=None if place is None else self.places.search(place[:200], address, measure),
            here=PATH,
        )

    def _chips(self, measure: AnyMeasure, address: ExploreAddress) -> list[Chip]:
        """Returns the parts of a question that can be taken away one by one."""
        gettext, say = self.say.gettext, self.say
        found = []
        for each in address.limits():
            what = say.limit(measure, each.name, each.text, each.items)
            label = gettext("%(dimension)s: %(what)s", dimension=say.dimension(each.name), what=what)
            found.append(Chip(label, address.without_limit(each.name)))
        for name in dict.fromkeys(address.by):
            label = gettext("by %(dimension)s", dimension=say.dimension(name))
            found.append(Chip(label, address.without_part(name)))
        span = address.first("period")
        if span:
            found.append(
                Chip(gettext("by %(dimension)s", dimension=say.dimension(span)), address.without("period"))
            )
        for fork, option in address.readings().items():
            label = f"{say.fork(measure, fork)}: {say.option(measure, fork, option)}"
            found.append(Chip(label, address.without("reading", value=f"{fork}={option}")))
        if address.first("readings") == "all":
            found.append(Chip(gettext("every reading"), address.without("readings")))
        per = address.first("per")
        if per:
            said = next((each.label for each in self.choices.pers(measure, per) if each.is_chosen), per)
            found.append(Chip(said, address.without("per")))
        release, known = address.first("release"), address.first("as_known_on")
        if release:
            found.append(Chip(gettext("release %(name)s", name=release), address.without("release")))
        if known:
            label = gettext("as known on %(date)s", date=self._day(known))
            found.append(Chip(label, address.without("as_known_on")))
        for compared in address.limits("compare_with"):
            what = say.limit(measure, compared.name, compared.text, compared.items)
            without = address.without("compare_with", value=compared.parameter)
            found.append(Chip(gettext("compared with %(what)s", what=what), without))
        return found

    def _day(self, text: str) -> str:
        """Returns a date in words; what is none as it was written."""
        try:
            return self.shell.words.date(read_date(text))
        except UsageError:
            return text

    def _examples(self) -> list[Chip]:
        """Returns questions to begin with, those that the record can answer."""
        gettext = self.say.gettext
        asked = [
            (
                gettext("Who is held in immigration detention, as known on 13 February 2026?"),
                [("by", "criminality"), ("as_known_on", "2026-02-13"), (MEASURE, "detained_population")],
            ),
            (
                gettext(
                    "How did removals from the Boston area of responsibility change, under every reading?"
                ),
                [
                    ("where", "aor=Boston"),
                    ("period", "fiscal_year"),
                    ("readings", "all"),
                    (MEASURE, "removals"),
                ],
            ),
            (
                gettext("How many people did Secure Communities remove in each county of Massachusetts?"),
                [("where", "state=MA"), ("by", "jurisdiction"), (MEASURE, "people_removed")],
            ),
            (
                gettext("What share of those held have no criminal record, by what a criminal record is?"),
                [("readings", "all"), ("by", "fiscal_year"), (MEASURE, "share_no_record_detained")],
            ),
            (
                gettext("How much more did ICE arrest in the Boston area than in Buffalo’s?"),
                [
                    ("where", "aor=Boston"),
                    ("compare_with", "aor=Buffalo"),
                    ("period", "fiscal_year"),
                    (MEASURE, "arrests"),
                ],
            ),
        ]
        return [
            Chip(text, ExploreAddress.read(parameters))
            for text, parameters in asked
            if self.choices.find(dict(parameters)[MEASURE]) is not None
        ]

    def _definitions(self) -> list[tuple[str, list[tuple[str, str, ExploreAddress, bool]]]]:
        """Returns every measure by its table: title, definition, the question to it, whether the record has any."""
        language = self.shell.language
        groups: dict[str, list[tuple[str, str, ExploreAddress, bool]]] = {}
        for measure in self.choices.every:
            title = measure.title.in_language(language)
            said = measure.description.in_language(language)
            line = (
                title[:1].upper() + title[1:],
                said,
                ExploreAddress(((MEASURE, measure.measure),)),
                self.choices.holds(measure),
            )
            groups.setdefault(self.choices.table_title(measure), []).append(line)
        return [(name, sorted(lines, key=lambda each: each[0].casefold())) for name, lines in groups.items()]

    def carried_over(self, address: ExploreAddress, kept: ExploreAddress) -> ExploreAddress:
        """Returns a question to another measure with what of the last one can be asked of it too."""
        measure = self.choices.find(address.measure)
        if measure is None:
            return address
        held, elsewhere = self.choices.dimensions(measure)
        parts = [*self.choices.splits(measure), *self.choices.spans(measure)]
        found = address
        for each in kept.limits():
            if each.name in held or (each.name in TIMES and measure.kind != "mean"):
                found = found.with_limit(each.name, each.text)
        by = [each for each in kept.by if each in parts and each not in elsewhere]
        found = found.with_("by", ",".join(by)) if by else found
        span = kept.first("period")
        found = found.with_("period", span) if span in parts and span else found
        for name in ("as_known_on", "readings"):
            given = kept.first(name)
            found = found.with_(name, given) if given and (name != "readings" or measure.forks) else found
        return found


def _told(answer: PublicAnswer) -> list[Text]:
    """Returns what the page says with an answer: caveats, and what to beware of."""
    found = answer.question.result()
    told = [each.text for each in found.caveats]
    return told + ([each.text for each in found.warnings] if isinstance(found, EventAnswer) else [])
