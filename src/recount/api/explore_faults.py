"""A question without an answer: what is wrong in the language of the page, and links that ask what can be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recount.api.explore_address import MEASURE, ExploreAddress
from recount.api.explore_words import ExploreWords
from recount.ask import MeasureQuestion
from recount.chart.points import capital
from recount.errors import RecountError, UnknownNameError
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer
from recount.measure.event_rates import NoSpanError

_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Way:
    """A link that asks something else."""

    label: str
    address: ExploreAddress


@dataclass(frozen=True)
class Fault:
    """Why there is no answer: a sentence (in English alone where `english` says so), reasons, and ways on."""

    summary: str
    english: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    ways: tuple[Way, ...] = ()
    reasons: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    lead: str = ""
    status: int = 422


def fault_of(
    error: RecountError,
    address: ExploreAddress,
    say: ExploreWords,
    facts: Sequence[tuple[str, str]] | None = None,
) -> Fault:
    """Returns what is wrong with a question, and the nearest questions that are not."""
    shown = tuple(error.facts if facts is None else facts)
    if isinstance(error, UnknownNameError):
        nearest = list(error.nearest)
        ways = tuple(_nearest(error, nearest, address))
        left = [(label, text) for label, text in shown if label != "nearest"]
        kept = [(label, text) for label, text in left if not ways or label in ("example", "known")]
        summary = say.gettext("Nothing is called “%(name)s” here.", name=error.name)
        if any(each.name == error.kind for each in address.limits()):
            kind = say.dimension(error.kind)
            summary = say.gettext("No %(kind)s is called “%(name)s”.", kind=kind, name=error.name)
        return Fault(summary, facts=labelled(kept, say), ways=ways, lead=say.gettext("Nearest:"))
    said = say.sentence(error.summary)
    ways = tuple(_ways_out(error, address, say))
    return Fault(
        capital(error.summary if said is None else said),
        english=said is None,
        facts=labelled([each for each in shown if not ways or each[0] != "fix"], say),
        ways=ways,
    )


def nothing_found(question: MeasureQuestion, address: ExploreAddress, say: ExploreWords) -> Fault:
    """Returns why a question that can be asked has no row to answer with, and what to change or add."""
    answer = question.difference().first if question.question.compare_with else question.result()
    if isinstance(answer, EventAnswer):
        return _without_records(answer, address, say)
    return _without_figures(answer, address, say)


def _without_records(answer: EventAnswer, address: ExploreAddress, say: ExploreWords) -> Fault:
    files = tuple(dict.fromkeys(name for each in answer.absent for name in each.files))
    missing = list(
        dict.fromkeys(
            name for each in answer.absent if each.because == "not_in_cube" for name in each.missing
        )
    )
    ways = [
        Way(
            say.gettext("Ask without %(dimension)s", dimension=say.dimension(each)),
            address.without_part(each).without_limit(each),
        )
        for each in missing
        if each in address.by or any(limit.name == each for limit in address.limits())
    ]
    if address.first("period") in missing:
        ways.append(Way(say.gettext("Ask by month"), address.with_("period", "month")))
    if address.first("release"):
        ways.append(Way(say.gettext("Ask every release"), address.without("release")))
    if address.first("as_known_on"):
        ways.append(Way(say.gettext("Ask as known today"), address.without("as_known_on")))
    if not answer.absent:
        summary = say.gettext(
            "This record holds no counts of it. Whoever adds a released file to a record of their own can ask."
        )
    else:
        summary = say.gettext("No release of this record can answer that.")
    return Fault(summary, ways=tuple(ways), reasons=tuple(absences(answer, say)), files=files, status=200)


def _without_figures(answer: Answer, address: ExploreAddress, say: ExploreWords) -> Fault:
    ways = []
    if address.first("as_known_on"):
        ways.append(Way(say.gettext("Ask as known today"), address.without("as_known_on")))
    if address.first("release"):
        ways.append(Way(say.gettext("Ask every release"), address.without("release")))
    for each in address.limits():
        ways.append(
            Way(
                say.gettext("Ask without the limit to %(dimension)s", dimension=say.dimension(each.name)),
                address.without_limit(each.name),
            )
        )
    for name in (*address.by, *filter(None, [address.first("period")])):
        if name not in ("release", "through_date"):
            way = address.without_part(name) if name in address.by else address.without("period")
            ways.append(
                Way(say.gettext("Ask without the split by %(dimension)s", dimension=say.dimension(name)), way)
            )
    reasons = []
    if answer.absent:
        names = sorted({each.release for each in answer.absent})
        reasons.append(
            say.ngettext(
                "%(num)s release prints something of it, and not what this question needs.",
                "%(num)s releases print something of it, and not what this question needs.",
                len(names),
            )
        )
    if answer.perhaps_out:
        reasons.append(say.words.say("sentence_perhaps_out", releases=say.words.listing(answer.perhaps_out)))
    return Fault(
        say.gettext("No release of this record prints that."),
        ways=tuple(ways),
        reasons=tuple(reasons),
        status=200,
    )


def absences(answer: EventAnswer, say: ExploreWords) -> Iterator[str]:
    """Yields what releases cannot answer and why, one sentence for what is alike in several of them."""
    alike: dict[tuple[str, tuple[str, ...], str | None], dict[str, None]] = {}
    missing: dict[tuple[str, str, str | None], dict[str, None]] = {}
    for each in answer.absent:
        named = [_absent_name(answer, one, say) for one in each.missing]
        missing.setdefault((each.release, each.because, each.only), {}).update(dict.fromkeys(named))
    for (release, because, only), names in missing.items():
        alike.setdefault((because, tuple(names), only), {})[release] = None
    for (because, listed, only), releases in alike.items():
        yield _absence(
            because, say.words.listing(listed), only, say.words.listing(list(releases)), answer, say
        )


def _absence(
    because: str, missing: str, only: str | None, releases: str, answer: EventAnswer, say: ExploreWords
) -> str:
    if because == "not_in_cube":
        return say.gettext(
            "%(releases)s: this record holds counts alone, without %(missing)s. The released file has it.",
            releases=releases,
            missing=missing,
        )
    if because == "no_rule":
        return say.gettext(
            "%(releases)s: no such rule is written for it (%(missing)s).", releases=releases, missing=missing
        )
    if because == "no_identifier":
        return say.gettext(
            "%(releases)s: it gives no identifier of people, on which %(missing)s rests.",
            releases=releases,
            missing=missing,
        )
    if because == "of_one_part":
        name = next(
            each.missing[0] for each in answer.absent if each.because == because and each.only == only
        )
        return say.gettext(
            "%(releases)s: every row of it has %(missing)s %(only)s; it says nothing of others.",
            releases=releases,
            missing=missing,
            only=say.part(answer.measure, name, only),
        )
    return say.gettext("%(releases)s: it does not give %(missing)s.", releases=releases, missing=missing)


def _absent_name(answer: EventAnswer, name: str, say: ExploreWords) -> str:
    """Returns a dimension, a column or the option of a fork in words."""
    for fork in answer.measure.forks:
        for each in fork.options:
            if each.option == name:
                return f"“{each.label.in_language(say.words.language)}”"
    return say.dimension(name)


def _nearest(error: UnknownNameError, nearest: Sequence[str], address: ExploreAddress) -> Iterator[Way]:
    """Yields the question with each of the nearest names in the place of the unknown one."""
    for each in nearest:
        if error.kind == MEASURE:
            yield Way(each, address.with_(MEASURE, each))
        elif error.kind == "release":
            yield Way(each, address.with_("release", each))
        elif error.kind.startswith("dimension"):
            if error.name in address.by:
                by = [each if one == error.name else one for one in address.by]
                yield Way(each, address.with_("by", ",".join(dict.fromkeys(by))))
        elif error.kind.startswith("option of "):
            fork = error.kind.removeprefix("option of ")
            without = address.without("reading", value=f"{fork}={error.name}")
            yield Way(each, without.with_("reading", f"{fork}={each}"))
        elif any(limit.name == error.kind for limit in address.limits()):
            yield Way(each, address.with_limit(error.kind, each))


def _ways_out(error: RecountError, address: ExploreAddress, say: ExploreWords) -> Iterator[Way]:
    if address.first("per"):
        if isinstance(error, NoSpanError):
            yield Way(say.gettext("Ask by fiscal year"), address.with_("period", "fiscal_year"))
        yield Way(say.gettext("Ask for counts alone"), address.without("per"))
    if address.every("compare_with"):
        yield Way(say.gettext("Ask without the comparison"), address.without("compare_with"))
    if address.first("readings") == "all" and address.every("reading"):
        yield Way(say.gettext("Ask every reading"), address.without("reading"))
    spoken_of = set(_words(error))
    named = [each.name for each in address.limits()]
    for name in dict.fromkeys([*named, *address.by]):
        if name in spoken_of:
            if name in named:
                label = say.gettext("Ask without the limit to %(dimension)s", dimension=say.dimension(name))
                yield Way(label, address.without_limit(name))
            if name in address.by:
                label = say.gettext("Ask without the split by %(dimension)s", dimension=say.dimension(name))
                yield Way(label, address.without_part(name))


def _words(error: RecountError) -> Iterator[str]:
    """Yields every name that an error speaks of: of dimensions, measures and codes."""
    for each in (error.summary, *(text for _, text in error.facts)):
        yield from _NAME.findall(each)


def labelled(facts: Sequence[tuple[str, str]], say: ExploreWords) -> tuple[tuple[str, str], ...]:
    """Returns what to change or choose from with labels in the language of the page; what has none is left out."""
    labels = {
        "fix": say.gettext("To mend it"),
        "example": say.gettext("For example"),
        "given": say.gettext("Given"),
        "choose from": say.gettext("Choose from"),
        "nearest": say.gettext("Nearest"),
        "note": say.gettext("Note"),
        "known": say.gettext("Known"),
    }
    # Options of the command line are no help on a page, whose links lead on. Names and conditions are the same in
    # both languages; a sentence is said in that of the page.
    told = [
        (label, text) for label, text in facts if label in labels and not (label == "fix" and "--" in text)
    ]
    return tuple((labels[label], say.sentence(text) or text) for label, text in told)
