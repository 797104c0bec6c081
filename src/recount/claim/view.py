"""A verdict in the words of one language, ready to be laid out by any face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.claim.rule import Headline, Outcome, Word
from recount.claim.verdict import Asked, Column, ColumnName, Mark, Verdict
from recount.claim.words import Words
from recount.measure.figures import MeasuredFigure


@dataclass(frozen=True)
class Part:
    """One figure of a line: its own value, and where it stands."""

    value: str
    date: str
    release: str


@dataclass(frozen=True, eq=False)
class RowView:
    """One line of the table behind a verdict: a reading, its value, and where the value stands."""

    reading: str
    value: str
    date: str
    release: str
    authority: str
    fit: str
    role: str
    outcome: Outcome
    outcome_text: str
    said: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    figures: tuple[MeasuredFigure, ...]
    asked: Asked


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


def view_verdict(verdict: Verdict, words: Words) -> VerdictView:
    """Returns `verdict` in the language of `words`."""
    claim, language = verdict.claim, words.language
    columns = tuple(_view_columns(verdict, words))
    context = tuple(_context(verdict, words))
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
        proxies=tuple(_proxies(verdict, words)),
        context=context,
        beside=tuple(_nearest(verdict, context)),
        turns_on=_turns_on(verdict, words),
        changed=tuple(_changed(verdict, words)),
        window=_window(verdict, words),
        fits=tuple(dict.fromkeys(each.why.in_language(language) for each in claim.asserts.measured_by)),
        own_caveats=_own_caveats(verdict, words),
        caveats=tuple(each.text.in_language(language) for each in verdict.caveats),
        gaps=tuple(_gaps(verdict, words)),
        left_out=words.say("sentence_perhaps_out", releases=words.listing(_titles(verdict, words)))
        if verdict.perhaps_out
        else None,
    )


def _own_caveats(verdict: Verdict, words: Words) -> tuple[str, ...]:
    claim, language = verdict.claim, words.language
    outside = claim.asserts.why_outside
    return (
        *(each.in_language(language) for each in claim.caveats),
        *((outside.in_language(language),) if outside else ()),
    )


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
    if verdict.asserted is None:
        return None
    return words.say(
        "report_asserts", interval=words.interval(verdict.asserted, _kind(verdict), asserted=True)
    )


def _kind(verdict: Verdict) -> str:
    return verdict.asked[0].measure.kind if verdict.asked else "count"


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
    rows = tuple(_row(each, verdict, role, words) for each in _without_repeats(column.marks))
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
            low=words.share(min(ends), _thresholds(verdict)),
            high=words.share(max(ends), _thresholds(verdict)),
        )
    return words.say("sentence_tested", tested=column.tested, readings=column.readings)


def _thresholds(verdict: Verdict) -> list[Fraction]:
    asserted = verdict.asserted
    return [each for each in (asserted.low, asserted.high) if each is not None] if asserted else []


def reading_label(asked: Asked, verdict: Verdict, words: Words) -> str:
    """Returns what a reading counts, in as few words as tell it from the others."""
    language = words.language
    forks = {each.fork: each for each in asked.measure.forks}
    parts = [
        next(each.label for each in forks[fork].options if each.option == option).in_language(language)
        for fork, option in asked.reading.items()
    ]
    others = [
        each for each in verdict.asked if (each.declared.fit == "proxy") == (asked.declared.fit == "proxy")
    ]
    if not parts or len({each.measure.measure for each in others}) > 1:
        parts.insert(0, asked.measure.title.in_language(language))
    if len({each.place for each in others}) > 1 or asked.declared.fit == "proxy":
        parts.append(words.place(asked.place))
    return ", ".join(parts)


def _row(mark: Mark, verdict: Verdict, role: str, words: Words) -> RowView:
    figures = mark.spoken.figures
    interval = mark.spoken.interval
    single = len(figures) == 1
    if single:
        kind = figures[0].kind
        exact = interval is not None and interval.is_point
        value = (
            words.value(figures[0], apart_from=_thresholds(verdict))
            if exact or kind == "share" or interval is None
            else words.interval(interval, kind)
        )
    else:
        value = (
            words.say("value_none") if interval is None else words.interval(interval, mark.asked.measure.kind)
        )
    return RowView(
        reading=reading_label(mark.asked, verdict, words),
        value=value,
        date="; ".join(words.through(each) for each in figures),
        release="; ".join(each.release.title.in_language(words.language) for each in figures),
        authority="; ".join(
            dict.fromkeys(words.label("authorities", each.release.authority) for each in figures)
        ),
        fit=words.say(f"fit_{mark.fit}"),
        role=words.say(f"role_{'proxy' if mark.fit == 'proxy' else role}"),
        outcome=mark.outcome,
        outcome_text=words.say(f"outcome_{mark.outcome}"),
        said=_said_when(mark, verdict, words),
        notes=tuple(_row_notes(mark, words)),
        parts=_parts(figures, words),
        figures=figures,
        asked=mark.asked,
    )


def _parts(figures: Sequence[MeasuredFigure], words: Words) -> tuple[Part, ...]:
    return tuple(
        Part(words.value(each), words.through(each), each.release.title.in_language(words.language))
        for each in figures
    )


def _said_when(mark: Mark, verdict: Verdict, words: Words) -> str:
    said = verdict.claim.said
    first = said.from_date or mark.said_from
    if mark.said_from == first and mark.said_to == said.to_date:
        return ""
    return words.say("sentence_said_when", start=words.date(mark.said_from), end=words.date(mark.said_to))


def _row_notes(mark: Mark, words: Words) -> list[str]:
    notes = [
        words.say(
            "sentence_left_out",
            jurisdictions=words.number(each.jurisdictions),
            names=words.listing(each.left_out),
        )
        for each in mark.spoken.figures
        if each.is_partial
    ]
    if mark.spoken.note is not None:
        notes.append(words.say(f"sentence_{mark.spoken.note}"))
    return notes


def _context(verdict: Verdict, words: Words) -> list[RowView]:
    used = {
        id(figure)
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        for figure in mark.spoken.figures
    }
    rows = []
    for asked in verdict.asked:
        for figure in asked.figures:
            if id(figure) in used or not _is_known(figure, verdict):
                continue
            rows.append(_context_row(asked, figure, verdict, words))
    return rows


def _nearest(verdict: Verdict, context: Sequence[RowView]) -> list[RowView]:
    """The figures just before and just after what decides, where one measure of one place is asked."""
    said = verdict.claim.asserts.through or verdict.claim.said.to_date
    own = [each for each in context if each.asked.declared.fit != "proxy" and each.asked.is_default]
    if len({each.asked.index for each in own}) != 1 or not all(
        each.asked.measure.kind == "share" for each in own
    ):
        return []
    before = [each for each in own if each.figures[0].through_date <= said]
    after = [each for each in own if each.figures[0].through_date > said]
    return [*before[-1:], *after[:1]]


def _is_known(figure: MeasuredFigure, verdict: Verdict) -> bool:
    return verdict.as_known_on is None or figure.release.out_by(verdict.as_known_on) == "out"


def _context_row(asked: Asked, figure: MeasuredFigure, verdict: Verdict, words: Words) -> RowView:
    notes: tuple[str, ...] = ()
    if figure.is_sum:
        notes = (
            (
                words.say(
                    "sentence_left_out",
                    jurisdictions=words.number(figure.jurisdictions),
                    names=words.listing(figure.left_out),
                ),
            )
            if figure.is_partial
            else (words.say("report_sum", jurisdictions=words.number(figure.jurisdictions)),)
        )
    fit = asked.declared.fit
    return RowView(
        reading=reading_label(asked, verdict, words),
        value=words.value(figure, apart_from=_thresholds(verdict)),
        date=words.through(figure),
        release=figure.release.title.in_language(words.language),
        authority=words.label("authorities", figure.release.authority),
        fit=words.say(f"fit_{fit}"),
        role=words.say("role_proxy" if fit == "proxy" else "role_context"),
        outcome="absent",
        outcome_text="",
        said="",
        notes=notes,
        parts=_parts((figure,), words),
        figures=(figure,),
        asked=asked,
    )


def _proxies(verdict: Verdict, words: Words) -> list[RowView]:
    now = verdict.columns.get("now")
    if now is None:
        return []
    return [_row(each, verdict, "reference", words) for each in now.proxies if each.outcome != "absent"]


def _turns_on(verdict: Verdict, words: Words) -> str | None:
    now = verdict.columns.get("now")
    if now is None or not now.differ_by:
        return None
    forks = {fork.fork: fork for each in verdict.asked for fork in each.measure.forks}
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
    if not changed:
        others = words.listing([str(each) for each in verdict.other_windows])
        return words.say("sentence_window_same", days=verdict.window_days, others=others)
    return " ".join(
        words.say("sentence_window", days=verdict.window_days, other=days, word=words.say(f"word_{word}"))
        for days, word in changed.items()
    )


def _gaps(verdict: Verdict, words: Words) -> list[str]:
    sentences: dict[str, None] = {}
    for asked in verdict.asked:
        if asked.declared.fit == "proxy" or not asked.is_default:
            continue
        dates = sorted({each.through_date for each in asked.figures if _is_known(each, verdict)})
        sentences[_gap(asked, dates, verdict, words)] = None
    return [each for each in sentences if each]


def _gap(asked: Asked, dates: Sequence[object], verdict: Verdict, words: Words) -> str:
    said = verdict.claim.asserts.through or verdict.claim.said.to_date
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
