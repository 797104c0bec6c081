"""A verdict in words to publish: the paragraph, the reporter's method note, and what to cite."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from recount import settings
from recount.ask.claim_sources import Sources
from recount.claim.asked import Term
from recount.claim.paragraph import write_paragraph
from recount.claim.rows import Part
from recount.claim.verdict import Verdict
from recount.claim.view import VerdictView, view_verdict
from recount.claim.words import Words
from recount.declare.drafting import Drafting
from recount.declare.measures import Fork, Measure
from recount.declare.text import Language

if TYPE_CHECKING:
    from recount.declare.event_measures import EventFork

_WIDTH = 100
_DISTRIBUTION = "recount-immigration"


@dataclass(frozen=True)
class Section:
    """One heading of the method note, and what stands under it."""

    name: str
    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ClaimExplanation:
    """A verdict explained, in one language. Shown as plain text to paste; in a notebook as HTML.

    Example:
        >>> import recount
        >>> explanation = recount.open().explain_claim("over-140000-deported")
        >>> [each.name for each in explanation.method][:3]
        ['counted', 'asserted', 'releases']
        >>> explanation.citation[-1].endswith(f"Receipt {explanation.verdict.receipt.id}.")
        True
    """

    verdict: Verdict
    language: Language
    title: str
    paragraph: str
    method: tuple[Section, ...]
    citation: tuple[str, ...]
    releases: list[dict[str, Any]]
    headings: tuple[str, str, str]

    def as_json(self) -> dict[str, Any]:
        """Returns the explanation as JSON values."""
        return {
            "schema": settings.ANSWER_SCHEMA,
            "claim": self.verdict.claim.claim,
            "language": self.language,
            "headline": self.verdict.headline,
            "paragraph": self.paragraph,
            "method": [
                {"section": each.name, "heading": each.heading, "items": list(each.items)}
                for each in self.method
            ],
            "citation": list(self.citation),
            "releases": self.releases,
            "receipt": self.verdict.receipt.as_json(),
        }

    def __str__(self) -> str:
        verdict, method, citation = self.headings
        lines = [self.title, "", verdict, *_wrapped(self.paragraph), "", method]
        for each in self.method:
            lines += ["", f"{each.heading}:"]
            lines += [line for item in each.items for line in _wrapped(item, "- ")]
        lines += ["", citation, *(line for each in self.citation for line in _wrapped(each, "- "))]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415  notebooks only

        verdict, method, citation = self.headings
        parts = [f"<p><strong>{escape(self.title)}</strong></p>", f"<h4>{escape(verdict)}</h4>"]
        parts += [f"<p>{escape(self.paragraph)}</p>", f"<h4>{escape(method)}</h4>"]
        for each in self.method:
            parts += [f"<p><em>{escape(each.heading)}</em></p>", _list(each.items)]
        parts += [f"<h4>{escape(citation)}</h4>", _list(self.citation)]
        return f'<div class="recount" lang="{self.language}" style="max-width:60em">{"".join(parts)}</div>'


def _list(items: Sequence[str]) -> str:
    from html import escape  # noqa: PLC0415  as above

    return f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in items)}</ul>"


def _wrapped(text: str, mark: str = "") -> list[str]:
    """Lines of plain text; an address, a receipt or a hash is never broken."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def explain_verdict(verdict: Verdict, words: Words, drafting: Drafting, asked: str) -> ClaimExplanation:
    """Returns a verdict explained.

    Args:
        verdict: on a claim of the catalog or of a file.
        words: the language.
        drafting: the words of explanations.
        asked: the claim's name or file, as `recount check` takes it.
    """
    explaining = _Explaining(verdict, words, drafting, asked)
    say = explaining.say
    return ClaimExplanation(
        verdict=verdict,
        language=words.language,
        title=explaining.view.title,
        paragraph=write_paragraph(verdict, words),
        method=tuple(explaining.method()),
        citation=tuple(explaining.citation()),
        releases=explaining.sources.as_json(),
        headings=(say("explain_verdict"), say("explain_method"), say("explain_citation")),
    )


class _Explaining:
    def __init__(self, verdict: Verdict, words: Words, drafting: Drafting, asked: str) -> None:
        self.verdict = verdict
        self.words = words
        self.drafting = drafting
        self.asked = asked
        self.view: VerdictView = view_verdict(verdict, words)
        self.sources = Sources(verdict, words, drafting)
        self.version = version(_DISTRIBUTION)

    def say(self, text: str, **filled_in: object) -> str:
        return self.drafting.say(text, self.words.language, **filled_in)

    def method(self) -> Iterator[Section]:
        for name, items, otherwise in (
            ("counted", self.counted(), None),
            ("asserted", [self.view.asserts] if self.view.asserts else [], None),
            ("releases", self.sources.described(), "explain_no_release"),
            ("readings", self.forks(), "explain_one_reading" if self.verdict.asked else None),
            ("spread", self.spread(), None),
            ("bounds", self.bounds(), "explain_bounds_none" if self.sources.releases else None),
            ("missing", self.missing(), "explain_missing_none" if self.sources.releases else None),
            ("left_out", self.left_out(), "explain_left_out_none"),
            ("caveats", self.caveats(), None),
            ("again", self.again(), None),
        ):
            found = tuple(dict.fromkeys(each for each in items if each))
            if not found and otherwise is not None:
                found = (self.say(otherwise),)
            if found:
                yield Section(name, self.say(f"explain_{name}"), found)

    def counted(self) -> Iterator[str]:
        language = self.words.language
        asked = [(term, each.declared.fit) for each in self.verdict.asked for term in each.terms]
        for measure in {each.measure.measure: each.measure for each, _ in asked}.values():
            own = [self.of_what(each, fit) for each, fit in asked if each.measure.measure == measure.measure]
            places = list(dict.fromkeys(own))
            most = self.drafting.named_parts
            if len(places) > most:
                rest = self.say("explain_more_parts", count=self.words.number(len(places) - most + 1))
                places = [*places[: most - 1], rest]
            yield self.say(
                "explain_counted_text",
                title=_capital(measure.title.in_language(language)),
                description=measure.description.in_language(language).strip(),
                population=measure.population.in_language(language),
                places=self.words.listing(places),
            )

    def of_what(self, term: Term, fit: str) -> str:
        """A place, with codes of dimensions, and how well the measure speaks there."""
        conditions = [self.words.condition(term.measure, *each) for each in sorted(term.where.items())]
        place = self.words.place(term.place)
        return f"{', '.join([*([place] if place else []), *conditions])} ({self.words.say(f'fit_{fit}')})"

    def forks(self) -> Iterator[str]:
        forks: dict[str, Fork | EventFork] = {
            f"{each.measure.measure} {fork.fork}": fork
            for each in self.verdict.asked
            for fork in each.measure.forks
            if isinstance(each.measure, Measure) or fork.fork in each.reading
        }
        language = self.words.language
        for fork in forks.values():
            labels = {each.option: each.label.in_language(language) for each in fork.options}
            question = _capital(fork.question.in_language(language).rstrip(" ?:"))
            yield self.say(
                "explain_fork_text",
                question=f"{question}:",
                options=self.words.listing(list(labels.values())),
                default=labels[fork.default],
                date=self.words.date(fork.decided),
            )

    def spread(self) -> Iterator[str]:
        for column in self.view.columns:
            for row in column.rows:
                about = {"column": column.label, "reading": row.reading, "outcome": row.outcome_text}
                if not row.figures:
                    yield self.say("explain_spread_none", **about)
                elif len(row.parts) == 1 and not row.is_answer:
                    yield self.say(
                        "explain_spread_text", value=row.value, date=row.date, release=row.release, **about
                    )
                else:
                    parts = "; ".join(map(self.part, row.parts))
                    yield self.say("explain_spread_parts", value=row.value, parts=parts, **about)
        yield from (
            each for each in (*(one.tested for one in self.view.columns[-1:]), self.view.turns_on) if each
        )
        yield from self.view.changed
        if self.view.window:
            yield self.view.window

    def part(self, part: Part) -> str:
        """One of the numbers that an answer is worked out of, with its name where it has one."""
        said = self.say("explain_part", value=part.value, date=part.date, release=part.release)
        return f"{part.label}: {said}" if part.label else said

    def bounds(self) -> Iterator[str]:
        *_, last = self.verdict.columns.values()
        wide = [each for each in last.marks if each.spoken.interval and not each.spoken.interval.is_point]
        for row in self.view.columns[-1].rows:
            of_row = [each for each in wide if each.asked is row.asked]
            of_records = row.is_answer and row.asked.terms[0].is_of_records
            if any(of_records or each.spoken.figures == row.figures for each in of_row):
                yield self.say("explain_bounds_text", reading=row.reading, value=row.value)

    def missing(self) -> Iterator[str]:
        yield from self.view.gaps
        for column in self.view.columns:
            yield from column.notes
            for row in column.rows:
                yield from (each for each in row.notes if each not in self.view.flagged)

    def left_out(self) -> Iterator[str]:
        for row in self.view.proxies:
            yield self.say("explain_left_out_proxy", reading=row.reading, value=row.value)
        if self.view.context:
            yield self.say("explain_left_out_context", count=self.words.number(len(self.view.context)))
        yield from (each for each in (self.view.left_out, self.view.series) if each)

    def caveats(self) -> Iterator[str]:
        view = self.view
        yield from (each for each in (view.provisional, *view.flagged, *view.fits, *view.own_caveats) if each)
        yield from (each.strip() for each in view.caveats)

    def again(self) -> Iterator[str]:
        command = f"recount check {self.asked}"
        if self.verdict.as_known_on is not None:
            command += f" --as-known-on {self.verdict.as_known_on.isoformat()}"
        yield self.say(
            "explain_again_text", command=command, version=self.version, receipt=self.verdict.receipt.id
        )

    def citation(self) -> Iterator[str]:
        appeared = self.verdict.claim.appeared
        yield self.say(
            "cite_statement",
            speaker=self.view.who,
            title=appeared.title,
            publisher=appeared.publisher,
            date=self.words.date(appeared.date),
            url=f" {appeared.url}" if appeared.url else "",
        )
        yield from self.sources.cited()
        yield self.say(
            "cite_recount",
            version=self.version,
            title=self.view.title,
            headline=self.view.headline_text,
            receipt=self.verdict.receipt.id,
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
