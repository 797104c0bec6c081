"""Spans of individual records of which some is reported late: marked, with what was still to come of earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from recount.ask.layout import Note
from recount.claim.words import Words
from recount.declare.release_lag import RecordLagRules, ReleaseLag
from recount.revise.late_spans import LateSpan, LateSpans
from recount.revise.record_lag import AgeLag
from recount.revise.record_series import LeftOut

_PER_CENT = 100


def record_lag_notes(late: LateSpans, measure: str, thresholds: ReleaseLag, words: Words) -> Iterator[Note]:
    """Yields the notes that mark spans, none where there are none: a sentence for each age of each series.

    Args:
        late: the spans of an answer that may lack something.
        measure: what was asked.
        thresholds: holds the sentences.
        words: the language.
    """
    if not late.spans:
        return
    rules, language = thresholds.records, words.language
    if late.compared is None:
        names = _names(late.spans)
        said = (
            words.say("sentence_recent_unknown", names=names)
            if late.because == "no_releases"
            else rules.say("not_one_count", language, names=names)
        )
        yield _warning(said)
        return
    kind = rules.say(f"{late.compared.kind}s", language)
    series = {name: part.series.series for part in late.compared.parts for name in part.series.releases}
    again = [each for each in late.spans if each.again is not None]
    open_ = [each for each in late.spans if each.again is None]
    for name in dict.fromkeys(series.values()):
        own = [each for each in open_ if series.get(each.release) == name]
        measured = [each for each in own if each.lag is not None and each.lag.still_to_come is not None]
        unknown = [each for each in own if each not in measured]
        if measured:
            yield _warning(_measured(measured, kind, measure, rules, words))
        if unknown:
            title = next(
                (one.title.in_language(language) for one in rules.series if one.series == name), name
            )
            said = rules.say("not_so_soon", language, names=_names(unknown), series=title, kind=kind)
            yield _warning(said)
    if again:
        yield _warning(
            rules.say("counted_again", language, spans="; ".join(_counted_again(again, rules, words)))
        )
    alone = [each for each in open_ if each.release not in series]
    if alone:
        yield _warning(rules.say("alone", language, names=_names(alone)))
    if late.compared.left_out:
        named = words.listing([say_left_out(each, rules, words) for each in late.compared.left_out])
        yield Note(rules.say("left_out", language, names=named))


def say_left_out(each: LeftOut, rules: RecordLagRules, words: Words) -> str:
    """Returns a release that was held to no other, and why."""
    named = words.listing(each.named)
    return rules.say(f"why_{each.because}", words.language, release=each.release, named=named)


def record_lag_as_json(late: LateSpans) -> dict[str, Any]:
    """Returns the spans that are marked and the lag as JSON values, nothing where there are none.

    `recent` names the spans as notes do. `measured` is null where nothing was held to another release; else `late` has
    each span with its release, `age_days` and the `lag` at that age, and `left_out` the releases not compared.
    """
    if not late.spans:
        return {}
    measured = None
    if late.compared is not None and late.compared.parts:
        measured = {
            "late": [each.as_json() for each in late.spans],
            "left_out": [each.as_json() for each in late.compared.left_out],
        }
    return {"release_lag": {"recent": list(dict.fromkeys(_labels(late.spans))), "measured": measured}}


def _measured(spans: Sequence[LateSpan], kind: str, measure: str, rules: RecordLagRules, words: Words) -> str:
    by_age: dict[tuple[str, AgeLag], list[str]] = {}
    for each in spans:
        if each.lag is not None:
            by_age.setdefault((each.release, each.lag), []).append(each.period.label)
    lags = [lag for _, lag in by_age]
    return rules.say(
        "measured",
        words.language,
        kind=kind,
        measure=measure,
        held_to=words.listing(sorted({name for lag in lags for name in lag.latest_releases})),
        releases=words.listing(sorted({name for lag in lags for name in lag.releases})),
        spans="; ".join(
            _measured_span(f"{', '.join(names)}, {release}", lag, kind, rules, words)
            for (release, lag), names in by_age.items()
        ),
    )


def _measured_span(name: str, lag: AgeLag, kind: str, rules: RecordLagRules, words: Words) -> str:
    low, high = lag.lowest, lag.highest
    said = ""
    if low is not None and high is not None and low != high:
        said = rules.say("range", words.language, low=percent(low, words), high=percent(high, words))
    return rules.say(
        "measured_span",
        words.language,
        name=name,
        first=lag.first_day,
        last=lag.last_day,
        share=percent(lag.still_to_come or Fraction(0), words),
        range=said,
        kind=kind,
        count=words.number(len(lag.spans)),
    )


def _counted_again(spans: Iterable[LateSpan], rules: RecordLagRules, words: Words) -> Iterator[str]:
    for each in spans:
        share = None if each.again is None else each.again.still_to_come
        if each.again is not None and share is not None:
            yield rules.say(
                "counted_again_span",
                words.language,
                name=each.label,
                share=percent(share, words),
                held_to=each.again.latest_release,
            )


def percent(share: Fraction, words: Words) -> str:
    """Returns a share in percent, with its sign where it is below zero."""
    sign = "−" if share < 0 else ""
    return f"{sign}{words.decimal(abs(share) * _PER_CENT, 2)}\N{NO-BREAK SPACE}%"


def _labels(spans: Iterable[LateSpan]) -> list[str]:
    return [each.label for each in spans]


def _names(spans: Iterable[LateSpan]) -> str:
    return "; ".join(dict.fromkeys(_labels(spans)))


def _warning(said: str) -> Note:
    return Note(said, mark="!", weight="warning")
