"""A verdict in words to publish: the paragraph, the reporter's method note, and what to cite."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from recount import settings
from recount.claim.paragraph import write_paragraph
from recount.claim.verdict import Verdict
from recount.claim.view import VerdictView, view_verdict
from recount.claim.words import Words
from recount.declare.claims import MeasuredBy
from recount.declare.drafting import Drafting
from recount.declare.measures import Fork
from recount.declare.sources import KnownRelease
from recount.declare.text import Language
from recount.measure.places import Place

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
        headings=(say("explain_verdict"), say("explain_method"), say("explain_citation")),
    )


class _Explaining:
    def __init__(self, verdict: Verdict, words: Words, drafting: Drafting, asked: str) -> None:
        self.verdict = verdict
        self.words = words
        self.drafting = drafting
        self.asked = asked
        self.view: VerdictView = view_verdict(verdict, words)
        self.version = version(_DISTRIBUTION)

    def say(self, text: str, **filled_in: object) -> str:
        return self.drafting.say(text, self.words.language, **filled_in)

    def method(self) -> Iterator[Section]:
        for name, items, otherwise in (
            ("counted", self.counted(), None),
            ("asserted", [self.view.asserts] if self.view.asserts else [], None),
            ("releases", map(self.release, self.releases()), "explain_no_release"),
            ("readings", self.forks(), "explain_one_reading" if self.verdict.asked else None),
            ("spread", self.spread(), None),
            ("bounds", self.bounds(), "explain_bounds_none" if self.releases() else None),
            ("missing", self.missing(), "explain_missing_none" if self.releases() else None),
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
        for measure in {each.measure.measure: each.measure for each in self.verdict.asked}.values():
            own = [each for each in self.verdict.asked if each.measure.measure == measure.measure]
            places = dict.fromkeys(self.of_what(each.declared, each.place) for each in own)
            yield self.say(
                "explain_counted_text",
                title=_capital(measure.title.in_language(language)),
                description=measure.description.in_language(language).strip(),
                population=measure.population.in_language(language),
                places=self.words.listing(list(places)),
            )

    def of_what(self, declared: MeasuredBy, place: Place) -> str:
        """A place, with codes of dimensions, and how well the measure speaks there."""
        conditions = [f"{name} {code}" for name, code in sorted(declared.conditions.items())]
        fit = self.words.say(f"fit_{declared.fit}")
        return f"{', '.join([self.words.place(place), *conditions])} ({fit})"

    def releases(self) -> list[KnownRelease]:
        """The releases whose figures speak in a column, each once, by name."""
        found = {
            one.release.release: one.release
            for column in self.verdict.columns.values()
            for mark in column.marks
            for one in mark.spoken.figures
        }
        return [found[name] for name in sorted(found)]

    def release(self, release: KnownRelease) -> str:
        return self.say(
            "explain_release_text",
            title=release.title.in_language(self.words.language),
            release=release.release,
            printed_by=release.printed_by,
            published=self.published(release),
            authority=self.words.label("authorities", release.authority),
            through=self.words.date(release.covers_through),
        )

    def published(self, release: KnownRelease) -> str:
        first, last = release.published_from, release.published_to
        if first is not None and first == last:
            return self.say("published_on", first=self.words.date(first))
        if first is not None and last is not None:
            return self.say("published_between", first=self.words.date(first), last=self.words.date(last))
        if last is not None:
            return self.say("published_by", last=self.words.date(last))
        if first is not None:
            return self.say("published_from", first=self.words.date(first))
        return self.say("published_unknown")

    def forks(self) -> Iterator[str]:
        forks: dict[str, Fork] = {
            f"{each.measure.measure} {fork.fork}": fork
            for each in self.verdict.asked
            for fork in each.measure.forks
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
                else:
                    yield self.say(
                        "explain_spread_text", value=row.value, date=row.date, release=row.release, **about
                    )
        yield from (
            each for each in (*(one.tested for one in self.view.columns[-1:]), self.view.turns_on) if each
        )
        yield from self.view.changed
        if self.view.window:
            yield self.view.window

    def bounds(self) -> Iterator[str]:
        *_, last = self.verdict.columns.values()
        wide = [each for each in last.marks if each.spoken.interval and not each.spoken.interval.is_point]
        for row in self.view.columns[-1].rows:
            if any(each.asked is row.asked and each.spoken.figures == row.figures for each in wide):
                yield self.say("explain_bounds_text", reading=row.reading, value=row.value)

    def missing(self) -> Iterator[str]:
        yield from self.view.gaps
        for column in self.view.columns:
            yield from column.notes
            for row in column.rows:
                yield from row.notes

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
        for each in self.releases():
            title = each.title.in_language(self.words.language)
            published = self.published(each)
            is_named = title.casefold().startswith(each.printed_by.split(",")[0].casefold())
            parts = [*([] if is_named else [each.printed_by]), title]
            parts += [] if title.endswith(published) else [published]
            files = [
                self.say("cite_file", file=one.name, sha256=one.sha256)
                for one in sorted(each.files, key=lambda one: one.name)
            ]
            yield " ".join(
                [
                    self.say("cite_release", parts=", ".join(parts), release=each.release),
                    *([each.url] if each.url else []),
                    *files,
                ]
            )
        yield self.say(
            "cite_recount",
            version=self.version,
            title=self.view.title,
            headline=self.view.headline_text,
            receipt=self.verdict.receipt.id,
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
