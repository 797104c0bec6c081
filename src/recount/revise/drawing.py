"""The picture of a history as SVG: its value over the day of publication, each release a mark."""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources

import jinja2

from recount.measure.figures import MeasuredFigure
from recount.revise.history import PrintedValue
from recount.revise.phrases import HOW, NumberWords, Values, name_span, published, summarise_history
from recount.revise.revision import HistoryAnswer

_WIDTH = 900
_LEFT, _RIGHT = 104, 40
_TOP, _HEIGHT, _STRIP = 96, 250, 46
_PADDING = Fraction(18, 100)
_Y_TICKS, _X_TICKS = 4, 8
_LETTER, _LINE = 7.2, 15
_LINE_OF_TEXT, _TEXT_LETTERS = 18, 126
_DAYS_IN_MONTHS = 70

_LEGEND = {
    "unchanged": "not restated",
    "restated": "restates it",
    "part": "counts a part of the days",
    "redefined": "split into other parts",
    "older_edition": "an older edition",
    "doubtful": "doubtful",
    "approximate": "of an approximate day",
    "discrepancy": "disagrees",
    "bound": "gives a bound",
}


@dataclass(frozen=True)
class Mark:
    """One release in the picture: where it stands, its shape, and its value where there is room to write it."""

    x: float
    y: float
    shape: str
    label: str
    label_y: float
    anchor: str
    told: str


@dataclass(frozen=True)
class HistoryPicture:
    """All that the template draws, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    title: str
    subtitle: tuple[str, ...]
    down: int
    description: str
    note: str
    line: str
    marks: tuple[Mark, ...]
    strip: tuple[Mark, ...]
    strip_y: int
    strip_label: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    legend: tuple[tuple[float, str, str], ...]


def draw_history(answer: HistoryAnswer, words: NumberWords) -> str:
    """Returns the picture of a history as SVG text, light and dark, with its text alternative."""
    template = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(_template())
    text = template.render(picture=lay_out_history(answer, words))
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


def _template() -> str:
    return (resources.files("recount.revise") / "templates" / "history.svg.j2").read_text(encoding="utf-8")


def lay_out_history(answer: HistoryAnswer, words: NumberWords) -> HistoryPicture:
    """Returns where everything stands.

    The height is of the settled prints, so that a restatement shows however small it is; those that count a part of
    the span, or are set aside, stand in a strip below where they lie outside. With no more than one settled
    print it is of all that stand.
    """
    history, measure = answer.history, answer.basis.measure
    values = Values(measure, [each.value for each in history.rows], words)
    on_axis = _rows_of_axis(answer)
    axis = _Axis([each.value for each in on_axis if each.value is not None], measure.kind)
    days = _Days([_day(each.figure) for each in history.rows])
    inside = [each for each in history.rows if each.value is not None and axis.holds(each.value)]
    outside = [each for each in history.rows if each not in inside]
    bottom = _TOP + _HEIGHT
    strip_y = bottom + _STRIP // 2
    floor = bottom + (_STRIP if outside else 0)
    drawn = [each for each in inside if each.stands]
    title = f"{measure.title.en[:1].upper()}{measure.title.en[1:]}, {name_span(history.span, words)}"
    summary = summarise_history(history, values)
    said = ["As each release printed it, by the day that it came out."]
    said += textwrap.wrap(_short_summary(summary), _TEXT_LETTERS)
    down = (len(said) - 2) * _LINE_OF_TEXT
    return HistoryPicture(
        width=_WIDTH,
        height=floor + 78 + down,
        left=_LEFT,
        right=_WIDTH - _RIGHT,
        top=_TOP,
        bottom=bottom,
        title=title,
        subtitle=tuple(said),
        down=down,
        description=" ".join([*summary, *(_tell(each, values) for each in history.rows)]),
        note="" if axis.low == 0 else "The axis does not begin at zero.",
        line=_step_line(drawn, days, axis),
        marks=tuple(_place_marks(inside, days, axis, values)),
        strip=tuple(_place_strip(outside, days, values, strip_y)),
        strip_y=strip_y,
        strip_label="off the scale",
        x_ticks=tuple((days.place(day), text) for day, text in days.ticks()),
        y_ticks=tuple((axis.place(each), axis.label(each, words)) for each in axis.ticks),
        legend=tuple(_legend(answer)),
    )


def _rows_of_axis(answer: HistoryAnswer) -> list[PrintedValue]:
    settled = list(answer.history.settled)
    if len(settled) > 1:
        return settled
    standing = [each for each in answer.history.rows if each.stands]
    return standing or [each for each in answer.history.rows if each.value is not None]


def _day(figure: MeasuredFigure) -> datetime.date:
    return figure.release.earliest


def _short_summary(summary: Sequence[str]) -> str:
    return " ".join(each for each in summary if not each.startswith("Set aside"))


def _tell(row: PrintedValue, values: Values) -> str:
    """Returns a print as a sentence of the text alternative."""
    through = values.words.date(row.figure.through_date)
    return (
        f"{row.figure.release.release}, published {published(row.figure.release)}: "
        f"{values.value(row.value)} through {through}, {HOW[row.how]}."
    )


class _Axis:
    """The vertical axis over some values, with round ticks."""

    def __init__(self, values: Sequence[Fraction], kind: str) -> None:
        low, high = (min(values), max(values)) if values else (Fraction(0), Fraction(1))
        room = (high - low) * _PADDING or max(abs(high) / 100, Fraction(1, 100))
        least = Fraction(1) if kind == "count" else Fraction(1, 10**6)
        self.kind = kind
        self.step = max(_round_step((high - low + 2 * room) / _Y_TICKS), least)
        self.low = max(self.step * math.floor((low - room) / self.step), Fraction(0))
        self.high = self.step * math.ceil((high + room) / self.step)

    @property
    def ticks(self) -> list[Fraction]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * each for each in range(count + 1)]

    def holds(self, value: Fraction) -> bool:
        return self.low <= value <= self.high

    def place(self, value: Fraction) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(float(_TOP + _HEIGHT * (1 - share)), 1)

    def label(self, value: Fraction, words: NumberWords) -> str:
        step = self.step * 100 if self.kind == "share" else self.step
        shown = value * 100 if self.kind == "share" else value
        decimals = next(each for each in range(7) if (step * 10**each).denominator == 1 or each == 6)  # noqa: PLR2004
        return words.decimal(shown, decimals) + ("\N{NO-BREAK SPACE}%" if self.kind == "share" else "")


def _round_step(wanted: Fraction) -> Fraction:
    power = Fraction(10) ** math.floor(math.log10(float(wanted)))
    return next((power * each for each in (1, 2, 5) if power * each >= wanted), power * 10)


class _Days:
    """The horizontal axis over the days of publication."""

    def __init__(self, days: Sequence[datetime.date]) -> None:
        self.first, self.last = min(days), max(days)
        self.span = max((self.last - self.first).days, 1)
        self.is_one_day = self.first == self.last

    def place(self, day: datetime.date) -> float:
        inner = _WIDTH - _LEFT - _RIGHT - 2 * _LINE
        share = 0.5 if self.is_one_day else (day - self.first).days / self.span
        return round(_LEFT + _LINE + inner * share, 1)

    def ticks(self) -> list[tuple[datetime.date, str]]:
        if self.is_one_day:
            return [(self.first, self.first.isoformat())]
        if self.span <= _DAYS_IN_MONTHS:
            step = next(each for each in (1, 2, 7, 14) if self.span / each <= _X_TICKS)
            days = [self.first + datetime.timedelta(days=each) for each in range(0, self.span + 1, step)]
            return [(each, each.isoformat()) for each in days]
        months = [
            datetime.date(each // 12, each % 12 + 1, 1)
            for each in range(self.first.year * 12 + self.first.month, self.last.year * 12 + self.last.month)
        ]
        step = next(
            (each for each in (1, 2, 3, 6, 12) if len(months) <= each * _X_TICKS),
            12 * math.ceil(len(months) / (12 * _X_TICKS)),
        )
        kept = [each for each in months if (each.year * 12 + each.month - 1) % step == 0]
        return [(each, f"{each:%Y-%m}") for each in kept]


def _step_line(rows: Sequence[PrintedValue], days: _Days, axis: _Axis) -> str:
    """Returns the path of the value that stood, which a release holds until the next one."""
    path = ""
    for each in rows:
        if each.value is None:
            continue
        x, y = days.place(_day(each.figure)), axis.place(each.value)
        path += f"H{x}V{y}" if path else f"M{x} {y}"
    return path


def _shape(row: PrintedValue) -> str:
    if row.how in ("first", "same", "counts_on"):
        return "unchanged" if row.is_whole else "part"
    return row.how


def _place_marks(rows: Sequence[PrintedValue], days: _Days, axis: _Axis, values: Values) -> list[Mark]:
    labels = _place_labels(rows, days, axis, values)
    return [
        Mark(
            x=days.place(_day(each.figure)),
            y=axis.place(each.value or Fraction(0)),
            shape=_shape(each),
            label=values.value(each.value) if position in labels else "",
            label_y=labels.get(position, 0.0),
            anchor=_anchor(days.place(_day(each.figure))),
            told=_tell(each, values),
        )
        for position, each in enumerate(rows)
    ]


def _anchor(x: float) -> str:
    if x < _LEFT + 2 * _LINE:
        return "start"
    return "end" if x > _WIDTH - _RIGHT - 2 * _LINE else "middle"


def _place_labels(rows: Sequence[PrintedValue], days: _Days, axis: _Axis, values: Values) -> dict[int, float]:
    """Returns where values are written, by position: the ends first, then restatements, where there is room."""
    points = [(days.place(_day(each.figure)), axis.place(each.value or Fraction(0))) for each in rows]
    ends = [0, len(rows) - 1] if rows else []
    changed = [
        position
        for position, each in enumerate(rows)
        if each.how in ("restated", "counts_on") or not each.stands
    ]
    taken: list[tuple[float, float, float]] = []
    placed: dict[int, float] = {}
    for position in dict.fromkeys([*ends, *changed]):
        x, y = points[position]
        half = len(values.value(rows[position].value)) * _LETTER / 2
        middle = x + {"start": half, "end": -half, "middle": 0.0}[_anchor(x)]
        fell = (rows[position].change or 0) < 0
        for label_y in (y + 22, y - 12) if fell else (y - 12, y + 22):
            is_free = all(
                abs(middle - other) > half + width + 6 or abs(label_y - height) > _LINE
                for other, height, width in taken
            )
            is_clear = all(
                abs(middle - other) > half + 6 or abs(label_y - 4 - height) > 11  # noqa: PLR2004
                for each, (other, height) in enumerate(points)
                if each != position
            )
            if is_free and is_clear and _TOP < label_y < _TOP + _HEIGHT:
                taken.append((middle, label_y, half))
                placed[position] = label_y
                break
    return placed


def _place_strip(rows: Sequence[PrintedValue], days: _Days, values: Values, y: int) -> list[Mark]:
    marks: list[Mark] = []
    until = float(_LEFT)
    for each in rows:
        x = days.place(_day(each.figure))
        text = values.value(each.value)
        width = len(text) * _LETTER
        anchor = _anchor(x)
        start = x - {"start": 0.0, "end": width, "middle": width / 2}[anchor]
        fits = start > until + 6
        until = start + width if fits else until
        marks.append(Mark(x, y - 6, _shape(each), text if fits else "", y + 14, anchor, _tell(each, values)))
    return marks


def _legend(answer: HistoryAnswer) -> list[tuple[float, str, str]]:
    shown = []
    x = float(_LEFT)
    shapes = [_shape(each) for each in answer.history.rows]
    for shape, text in _LEGEND.items():
        if shape in shapes:
            shown.append((x, shape, text))
            x += 30 + len(text) * _LETTER
    return shown
