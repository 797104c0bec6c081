"""Measures that may speak of a sentence, ranked by the words that they share with it.

A score is a whole number that can be added up by hand: each word (or group of words that mean one thing) of the
sentence counts the weight of the most telling text of a measure that has it, times the number of measures that lack
it, and one. Whoever disagrees with a rank sees why it came about: the words are named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recount.ask.drafting.sentence import Sentence
from recount.declare.catalog import Catalog
from recount.declare.drafting import Drafting
from recount.declare.event_measures import EventMeasure
from recount.declare.measures import Measure
from recount.declare.text import Text


@dataclass(frozen=True)
class Proposal:
    """A measure that may speak of a sentence: its score, the words that they share, and whether kind and place fit.

    `unsaid` counts the words of its title, in both languages, that the sentence does not say; `says_title` whether it
    says all of them in one.
    """

    measure: Measure | EventMeasure
    score: int
    words: tuple[str, ...]
    fits_kind: bool
    fits_place: bool
    unsaid: int
    says_title: bool


def propose_measures(sentence: Sentence, catalog: Catalog, drafting: Drafting) -> list[Proposal]:
    """Returns every measure of printed figures, the likeliest first.

    Of equal scores the measure goes first whose title says least that the sentence does not; then they stand by name.
    """
    return _rank(sentence, catalog.measures, catalog, drafting)


def propose_record_measures(sentence: Sentence, catalog: Catalog, drafting: Drafting) -> list[Proposal]:
    """Returns every measure of individual records that a claim can ask, the likeliest first, ranked in the same way."""
    kinds = ("count", "share")
    measures = {name: each for name, each in catalog.events.measures.items() if each.kind in kinds}
    return _rank(sentence, measures, catalog, drafting)


def offer_measures(sentence: Sentence, catalog: Catalog, drafting: Drafting) -> list[Proposal]:
    """Returns the measures that a draft offers: those of printed figures, then those of individual records.

    A measure of individual records goes first where the sentence says its whole title and that of no printed one: then
    it speaks of what only the records count, such as arrests.
    """
    printed, records = (
        [each for each in found if each.words]
        for found in (
            propose_measures(sentence, catalog, drafting),
            propose_record_measures(sentence, catalog, drafting),
        )
    )
    printed, records = printed[: drafting.proposed], records[: drafting.proposed_records]
    if any(each.says_title for each in printed):
        return [*printed, *records]
    named = [each for each in records if each.says_title]
    return [*named, *printed, *(each for each in records if not each.says_title)]


def _rank(
    sentence: Sentence,
    measures: Mapping[str, Measure | EventMeasure],
    catalog: Catalog,
    drafting: Drafting,
) -> list[Proposal]:
    index = {name: _weigh_words(each, catalog, drafting) for name, each in sorted(measures.items())}
    having: dict[str, int] = {}
    for words in index.values():
        for word in words:
            having[word] = having.get(word, 0) + 1
    spoken = words_of([sentence.text], drafting)
    kinds = {each.kind for each in sentence.numbers}
    kind = "share" if "share" in kinds or _hedges_a_whole(sentence) else "count" if kinds else None
    proposals = []
    for name, words in index.items():
        shared = [word for word in spoken if word in words]
        score = sum(words[word] * (len(index) - having[word] + 1) for word in shared)
        measure = measures[name]
        fits_kind = kind is not None and (
            measure.kind == kind or (kind == "count" and measure.kind == "mean")
        )
        if fits_kind and measure.kind == kind:
            score += drafting.weights.kind * len(index)
        fits_place = bool(sentence.places) and isinstance(measure, Measure) and measure.statistic is None
        if fits_place:
            score += drafting.weights.place * len(index)
        proposals.append(
            Proposal(
                measure,
                score,
                tuple(spoken[word] for word in shared),
                fits_kind,
                fits_place,
                unsaid=len(words_of(_both([measure.title]), drafting).keys() - spoken),
                says_title=any(
                    words_of([title], drafting).keys() <= spoken.keys()
                    for title in (measure.title.en, measure.title.es)
                ),
            )
        )
    return sorted(proposals, key=lambda each: (-each.score, each.unsaid, each.measure.measure))


def _hedges_a_whole(sentence: Sentence) -> bool:
    """Whether the sentence speaks of most, all or none of a whole, which is a share of it."""
    return sentence.asserts in ("most", "almost_none", "almost_all")


def _weigh_words(measure: Measure | EventMeasure, catalog: Catalog, drafting: Drafting) -> Mapping[str, int]:
    weights = drafting.weights
    labels = [option.label for fork in measure.forks for option in fork.options]
    labels += [fork.question for fork in measure.forks]
    for dimension in measure.dimensions if isinstance(measure, Measure) else ():
        table = catalog.tables[measure.table]
        codes = next((each.codes for each in table.fields if each.name == f"{dimension}_code"), None)
        if codes is not None:
            labels += [each.label for each in catalog.codes[codes].codes]
    found: dict[str, int] = {}
    for texts, weight in (
        ([measure.title], weights.title),
        ([measure.population], weights.population),
        ([measure.description], weights.description),
        (labels, weights.labels),
    ):
        for word in words_of(_both(texts), drafting):
            found.setdefault(word, weight)
    return found


def _both(texts: Iterable[Text]) -> list[str]:
    return [text for each in texts for text in dict.fromkeys((each.en, each.es))]


def words_of(texts: Iterable[str], drafting: Drafting) -> dict[str, str]:
    """Returns the words of texts that tell what is counted, as they are compared, each with its first spelling.

    Without accents, capitals and plural endings; words of one group are one word; those passed over are left out.
    """
    groups = {
        _stem(word, drafting): f"group {number}"
        for number, group in enumerate(drafting.same)
        for word in group.words.all()
    }
    passed_over = {_plain(each) for each in drafting.passed_over.all()}
    found: dict[str, str] = {}
    for text in texts:
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text):
            plain = _plain(word)
            stem = _stem(word, drafting)
            if stem in groups:
                found.setdefault(groups[stem], word.casefold())
            elif plain not in passed_over and len(plain) > 1:
                found.setdefault(stem, word.casefold())
    return found


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _stem(word: str, drafting: Drafting) -> str:
    plain = _plain(word)
    for ending in ("es", "s"):
        if plain.endswith(ending) and len(plain) - len(ending) >= drafting.shortest_stem:
            return plain.removesuffix(ending)
    return plain
