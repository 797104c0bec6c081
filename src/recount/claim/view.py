"""A verdict in the words of one language, ready to be laid out by any face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recount.claim.answer_words import say_asserted
from recount.claim.asked import Asked
from recount.claim.columns import Column, ColumnName, Mark, speaking_figures
from recount.claim.rows import (
    RowView,
    is_known,
    left_out_of_series,
    thresholds,
    view_context,
    view_nearest,
    view_proxies,
    view_row,
)
from recount.claim.rule import Headline, Word
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.claim_types import Asserts, exact_date_of, measures_of, reasons_outside


@dataclass(frozen=True, eq=False)
class ColumnView:
    """One column, or two that say the same."""

    names: tuple[ColumnName, ...]
    label: str
    short: str
    word: Word
    word_text: str
    tested: str
    rows: tuple[RowView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class VerdictView:
    """A verdict in words."""

    verdict: Verdict
    title: str
    statement: str
    who: str
    speaker: str
    appeared: str
    headline: Headline
    headline_text: str
    provisional: str | None
    asserts: str | None
    columns: tuple[ColumnView, ...]
    proxies: tuple[RowView, ...]
    context: tuple[RowView, ...]
    beside: tuple[RowView, ...]
    turns_on: str | None
    changed: tuple[str, ...]
    window: str | None
    fits: tuple[str, ...]
    own_caveats: tuple[str, ...]
    caveats: tuple[str, ...]
    gaps: tuple[str, ...]
    left_out: str | None
    flagged: tuple[str, ...]
    series: str | None
    group: str | None


def view_verdict(verdict: Verdict, words: Words) -> VerdictView:
    """Returns `verdict` in the language of `words`."""
    claim, language = verdict.claim, words.language
    columns = tuple(_view_columns(verdict, words))
    context = tuple(view_context(verdict, words))
    return VerdictView(
        verdict=verdict,
        title=claim.title.in_language(language),
        statement=claim.statement.strip(),
        who=_who(verdict, words),
        speaker=_speaker(verdict, words),
        appeared=words.say(
            "appeared",
            title=claim.appeared.title,
            publisher=claim.appeared.publisher,
            date=words.date(claim.appeared.date),
        ),
        headline=verdict.headline,
        headline_text=words.say(f"headline_{verdict.headline}"),
        provisional=_provisional(verdict, words),
        asserts=_asserts(verdict, words),
        columns=columns,
        proxies=tuple(view_proxies(verdict, words)),
        context=context,
        beside=tuple(view_nearest(verdict, context)),
        turns_on=_turns_on(verdict, words),
        changed=tuple(_changed(verdict, words)),
        window=_window(verdict, words),
        fits=tuple(dict.fromkeys(each.why.in_language(language) for each in measures_of(claim.asserts))),
        own_caveats=_own_caveats(verdict, words),
        caveats=tuple(each.text.in_language(language) for each in verdict.caveats),
        gaps=tuple(_gaps(verdict, words)),
        left_out=words.say("sentence_perhaps_out", releases=words.listing(_titles(verdict, words)))
        if verdict.perhaps_out
        else None,
        flagged=tuple(_flagged(verdict, words)),
        series=_series(verdict, words),
        group=words.say(f"group_{claim.group}") if claim.group else None,
    )


def _flagged(verdict: Verdict, words: Words) -> list[str]:
    """What the checks hold against the figures that a verdict rests on."""
    figures = [one for column in verdict.columns.values() for one in speaking_figures(column)]
    return list(dict.fromkeys(words.flagged(each) for each in figures if each.flags))


def _series(verdict: Verdict, words: Words) -> str | None:
    count = left_out_of_series(verdict)
    return words.say("sentence_series", count=words.number(count)) if count else None


def _own_caveats(verdict: Verdict, words: Words) -> tuple[str, ...]:
    claim, language = verdict.claim, words.language
    outside = [each.in_language(language) for each in reasons_outside(claim.asserts)]
    return (*(each.in_language(language) for each in claim.caveats), *outside)


def _speaker(verdict: Verdict, words: Words) -> str:
    claim, language = verdict.claim, words.language
    speaker = claim.said_by.in_language(language)
    if claim.reported_by is not None:
        speaker = words.say(
            "speaker_reported", speaker=speaker, reporter=claim.reported_by.in_language(language)
        )
    return speaker


def _who(verdict: Verdict, words: Words) -> str:
    speaker = _speaker(verdict, words)
    said = verdict.claim.said
    if said.from_date == said.to_date:
        return words.say("said_on", speaker=speaker, date=words.date(said.to_date))
    if said.from_date is None:
        return words.say("said_undated", speaker=speaker, date=words.date(said.to_date))
    return words.say(
        "said_between", speaker=speaker, start=words.date(said.from_date), end=words.date(said.to_date)
    )


def _provisional(verdict: Verdict, words: Words) -> str | None:
    if not verdict.is_provisional:
        return None
    reasons = [words.say(f"provisional_{each}") for each in verdict.provisional]
    return words.say("sentence_provisional", reasons=words.listing(reasons))


def _asserts(verdict: Verdict, words: Words) -> str | None:
    return say_asserted(verdict, words)


def _kind(verdict: Verdict) -> str:
    return verdict.asked[0].rule.kind if verdict.asked else "count"


def _titles(verdict: Verdict, words: Words) -> list[str]:
    known = {one.release.release: one.release for each in verdict.asked for one in each.figures}
    return [known[name].title.in_language(words.language) for name in verdict.perhaps_out]


def _view_columns(verdict: Verdict, words: Words) -> list[ColumnView]:
    shown: list[ColumnView] = []
    columns = list(verdict.columns.values())
    while columns:
        column = columns.pop(0)
        names = [column.name]
        if columns and column.name == "then" and _say_the_same(column, columns[0]):
            names.append(columns.pop(0).name)
        shown.append(_view_column(verdict, column, tuple(names), words))
    return shown


def _say_the_same(first: Column, second: Column) -> bool:
    def says(column: Column) -> list[object]:
        return [(each.outcome, each.spoken.figures, each.said_from, each.said_to) for each in column.marks]

    return (first.word, first.notes, says(first)) == (second.word, second.notes, says(second))


def _view_column(verdict: Verdict, column: Column, names: tuple[ColumnName, ...], words: Words) -> ColumnView:
    label = "_".join(names)
    filled_in = {}
    if verdict.as_known_on is not None and names[-1] == "now":
        label = "then_known" if len(names) > 1 else "known"
        filled_in = {"date": words.date(verdict.as_known_on)}
    role = "cited" if column.name == "cited" else "reference"
    rows = tuple(view_row(each, verdict, role, words) for each in _without_repeats(column.marks))
    return ColumnView(
        names=names,
        label=words.say(f"column_{label}", **filled_in),
        short=words.say(f"short_{label}", **filled_in),
        word=column.word,
        word_text=words.say(f"word_{column.word}"),
        tested=_tested(column, verdict, words),
        rows=rows,
        notes=tuple(words.say(f"sentence_{each}") for each in column.notes),
    )


def _without_repeats(marks: Sequence[Mark]) -> list[Mark]:
    """Leaves out marks whose figures another shows, said on other days; decided ones go before open ones."""
    shown: dict[tuple[object, ...], Mark] = {}
    for each in sorted(marks, key=lambda one: one.outcome == "open"):
        speaks = any(one.outcome != "absent" for one in marks if one.asked is each.asked)
        if each.outcome != "absent" or not speaks:
            shown.setdefault((id(each.asked), each.spoken.figures), each)
    return sorted(shown.values(), key=marks.index)


def _tested(column: Column, verdict: Verdict, words: Words) -> str:
    if not column.readings:
        return ""
    spoken = [each.spoken.interval for each in column.marks if each.spoken.interval is not None]
    ends = [each.low for each in spoken if each.is_point and each.low is not None]
    if column.readings == 1 and column.tested == 1:
        return words.say("sentence_tested_one")
    if _kind(verdict) == "share" and ends and len(ends) == len(spoken) and min(ends) != max(ends):
        return words.say(
            "sentence_tested_range",
            tested=column.tested,
            readings=column.readings,
            low=words.share(min(ends), thresholds(verdict)),
            high=words.share(max(ends), thresholds(verdict)),
        )
    return words.say("sentence_tested", tested=column.tested, readings=column.readings)


def _turns_on(verdict: Verdict, words: Words) -> str | None:
    now = verdict.columns.get("now")
    if now is None or not now.differ_by:
        return None
    forks = {fork.fork: fork for each in verdict.asked for one in each.measures for fork in one.forks}
    names = [
        words.say("axis_reading", fork=forks[each].question.in_language(words.language))
        if each in forks
        else words.say(f"axis_{each}")
        for each in now.differ_by
    ]
    return words.say("sentence_depends", what=words.listing(names))


def _changed(verdict: Verdict, words: Words) -> list[str]:
    sentences = []
    found = verdict.restatement
    if found is not None and verdict.headline in ("overtaken", "borne_out"):
        sentences.append(
            words.say(
                f"sentence_restated_{found.how}",
                what=words.label("figures", found.count_name),
                before=words.number(found.before),
                after=words.number(found.after),
            )
        )
    if verdict.overtaken_by is not None and verdict.headline == "overtaken":
        title = verdict.overtaken_by.release.title.in_language(words.language)
        sentences.append(words.say("sentence_was_out", release=title))
    return sentences


def _window(verdict: Verdict, words: Words) -> str | None:
    now = verdict.columns.get("now")
    if not verdict.other_windows or now is None:
        return None
    changed = {days: word for days, word in verdict.other_windows.items() if word != now.word}
    kind = "" if isinstance(verdict.claim.asserts, Asserts) else "_any"
    if not changed:
        others = words.listing([str(each) for each in verdict.other_windows])
        return words.say(f"sentence_window{kind}_same", days=verdict.window_days, others=others)
    return " ".join(
        words.say(
            f"sentence_window{kind}", days=verdict.window_days, other=days, word=words.say(f"word_{word}")
        )
        for days, word in changed.items()
    )


def _gaps(verdict: Verdict, words: Words) -> list[str]:
    sentences: dict[str, None] = {}
    for asked in verdict.asked:
        if asked.terms[0].is_of_records and asked.declared.fit != "proxy":
            sentences |= dict.fromkeys(words.records.say_absences(asked, words))
    # Of a claim that works with several numbers the notes say what is missing.
    for asked in verdict.asked if isinstance(verdict.claim.asserts, Asserts) else ():
        if asked.declared.fit == "proxy" or not asked.is_default or asked.terms[0].is_of_records:
            continue
        dates = sorted({each.through_date for each in asked.figures if is_known(each, verdict)})
        sentences[_gap(asked, dates, verdict, words)] = None
    return [each for each in sentences if each]


def _gap(asked: Asked, dates: Sequence[object], verdict: Verdict, words: Words) -> str:
    said = exact_date_of(verdict.claim.asserts) or verdict.claim.said.to_date
    known = [each.through_date for each in asked.figures if each.through_date in dates]
    before = [each for each in known if each <= said]
    after = [each for each in known if each > said]
    about = {
        "what": asked.measure.title.in_language(words.language),
        "place": words.place(asked.place),
    }
    if max(before, default=None) == said:
        return ""
    if before and after:
        return words.say("sentence_gap", start=words.date(max(before)), end=words.date(min(after)), **about)
    if before:
        return words.say("sentence_gap_after", start=words.date(max(before)), **about)
    if after:
        return words.say("sentence_gap_before", end=words.date(min(after)), **about)
    return words.say("sentence_gap_all", **about)
