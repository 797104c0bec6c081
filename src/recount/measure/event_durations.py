"""How long it takes: from arrest to removal, and in detention, with people still waiting counted as such."""

from __future__ import annotations

import datetime
import importlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.declare.linking import Linking
from recount.errors import UsageError, Worded
from recount.link.matches import match_events_to_stays
from recount.link.stays import merge_stints_into_stays, stints_set_aside
from recount.measure.event_bounds import WHYS, Measured, Why, worst_reason
from recount.measure.event_cells import WITHIN_DAYS, Cell, CellMaker, Part, together
from recount.measure.event_groups import Group

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAYS = "_days"
OUTCOME = "_outcome"
WAITING = "waiting"
REMOVED = "removed"
RELEASED = "released"
ENDED = "ended"
_DAY_SECONDS = 86400
CutOffs = Mapping[str, datetime.date]


@dataclass(frozen=True)
class Duration:
    """One way to work out times: `prepare` gives each event its days and outcome, of which the first counts.

    `outcomes` come in the order in which they are shown, the one that is asked first. `needs` is a column without
    which a release tells nothing; `wants` a table beside the measure's own, read where the record holds it.
    """

    outcomes: tuple[str, ...]
    prepare: Callable[[ir.Table, ir.Table | None, CutOffs, Linking], ir.Table]
    needs: str
    wants: str | None = None


def _arrest_to_removal(
    arrests: ir.Table, stints: ir.Table | None, cut_off: CutOffs, linking: Linking
) -> ir.Table:
    """Gives each arrest the days to what came first: departure, release from detention, or the cut-off.

    A departure before the arrest belongs to an earlier case, and tells nothing of this one. Release is the end
    of the matched stay, where no departure is recorded until the day after it.
    """
    import ibis  # noqa: PLC0415  slow to import, and only events need it

    if stints is not None:
        stays = merge_stints_into_stays(stints, cut_off)
        matched = match_events_to_stays(arrests, stays, "arrests_to_stays", linking)
        ends = stays.select(
            _stay_release=stays.release,
            _stay_person=stays.unique_identifier,
            _stay_start=stays.stay_book_in_datetime,
            _stay_end=stays.stay_book_out_date,
        )
        joined = matched.left_join(
            ends,
            [
                matched.release == ends._stay_release,
                matched.unique_identifier == ends._stay_person,
                matched.stay_book_in_datetime == ends._stay_start,
            ],
        )
        arrests = joined.select(*arrests.columns, "_stay_end")
    else:
        arrests = arrests.mutate(_stay_end=ibis.null("date"))
    start = _day_number(arrests.apprehension_date)
    departed = _day_number(arrests.departed_date) - start
    left = _day_number(arrests._stay_end) - start
    until = _cut_off_number(arrests, cut_off) - start
    removed = departed.notnull() & (departed >= 0) & (left.isnull() | (departed <= left + 1))
    released = left.notnull() & (left >= 0)
    days = ibis.cases(
        (removed, departed), (released, left), else_=ibis.greatest(until, ibis.literal(0, "int64"))
    )
    outcome = ibis.cases((start.isnull(), None), (removed, REMOVED), (released, RELEASED), else_=WAITING)
    return arrests.mutate(**{DAYS: days, OUTCOME: outcome})


def _stay(stints: ir.Table, _: ir.Table | None, cut_off: CutOffs, __: Linking) -> ir.Table:
    """Gives each stay its whole days, and whether it had ended at the cut-off; stints without a stay have neither."""
    import ibis  # noqa: PLC0415  as above

    stays = merge_stints_into_stays(stints, cut_off)
    days = (stays.stay_length_seconds // _DAY_SECONDS).cast("int64")
    outcome = ibis.cases((stays.stay_length_seconds < 0, None), (stays.is_open, WAITING), else_=ENDED)
    stays = stays.mutate(**{DAYS: days, OUTCOME: outcome})
    without = stints_set_aside(stints, cut_off)
    without = without.mutate(**{DAYS: ibis.null("int64"), OUTCOME: ibis.null("string")})
    common = [each for each in (*stints.columns, DAYS, OUTCOME) if each in stays.columns]
    return ibis.union(stays.select(*common), without.select(*common))


DURATIONS: dict[str, Duration] = {
    "arrest_to_removal": Duration(
        (REMOVED, RELEASED, WAITING), _arrest_to_removal, needs="departed_date", wants="stints"
    ),
    "length_of_stay": Duration((ENDED, WAITING), _stay, needs="unique_identifier"),
}
"""The functions that a measure of durations can name."""


def duration_cells(
    maker: CellMaker, duration: Duration, within: Sequence[int], groups: Iterable[Group]
) -> list[Cell]:
    """Returns a cell for every part and time, and for the whole.

    Only rows known to meet the conditions are among them; how many are not known stands beside, without bounds.
    """
    told: dict[tuple[Part | None, ...] | None, Counter[tuple[int, str]]] = {}
    untold: dict[tuple[Part | None, ...] | None, Counter[Why]] = {}
    for group in groups:
        state, why = together(group.where)
        if state == "no":
            continue
        parts = tuple(part for _, part in maker.key(group))
        days, outcome = group.more
        for key in {parts, None} if parts else {None}:
            told.setdefault(key, Counter())
            untold.setdefault(key, Counter())
            if state == "unknown" or outcome is None or days is None:
                untold[key][worst_reason([why, "missing"]) or "missing"] += group.rows
            else:
                told[key][int(days), str(outcome)] += group.rows
    cells = []
    for key, rows in told.items():
        names = {} if key is None else dict(zip(maker.asked.by, key, strict=True))
        kind: Any = "total" if key is None else ("missing" if None in key else "part")
        estimates = incidence(rows, duration.outcomes, within)
        total = sum(rows.values())
        for each, estimate in zip(within, estimates, strict=True):
            by_then = {
                outcome: sum(
                    count for (days, what), count in rows.items() if what == outcome and days <= each
                )
                for outcome in duration.outcomes
            }
            missing = {reason: untold[key][reason] for reason in WHYS}
            measured = Measured(by_then[duration.outcomes[0]], total, None, missing)
            cells.append(Cell(kind, {**names, WITHIN_DAYS: each}, measured, None, by_then, estimate))
    return cells


def incidence(
    rows: Mapping[tuple[int, str], int], outcomes: Sequence[str], within: Sequence[int]
) -> list[float | None]:
    """Returns the share to which the first outcome happens within each time; the others but waiting compete.

    The estimate is that of Aalen and Johansen, as statsmodels works it out. It is `None` beyond the last day that
    anyone is followed, where no one is left to tell.

    Args:
        rows: how many, by days and outcome; of those waiting, the days until the cut-off.
        outcomes: the first counts; waiting is no outcome, but the end of what is known.
        within: days.

    Raises:
        UsageError: where statsmodels is not installed.
    """
    if not rows:
        return [None for _ in within]
    try:
        import numpy as np  # noqa: PLC0415  as above

        survival = importlib.import_module("statsmodels.duration.survfunc")
    except ImportError as absent:
        raise UsageError(
            Worded("The library that estimates times is not installed."),
            [("fix", "pip install 'recount-immigration[survival]'")],
        ) from absent
    last = max(days for days, _ in rows)
    ordered = sorted(rows.items())
    risks = [each for each in outcomes if each != WAITING]
    numbers = {WAITING: 0} | {each: number for number, each in enumerate(risks, start=1)}
    present = {what for (_, what), _ in ordered if what != WAITING}
    if risks[0] not in present:
        return [0.0 if each <= last else None for each in within]
    # Its standard errors divide by nobody on the last day; they are not used.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = survival.CumIncidenceRight(
            np.array([float(days) for (days, _), _ in ordered]),
            np.array([numbers[what] for (_, what), _ in ordered]),
            freq_weights=np.array([float(count) for _, count in ordered]),
        )
    times = list(found.times)
    shares = list(found.cinc[0])
    given: list[float | None] = []
    for each in within:
        known = [share for time, share in zip(times, shares, strict=True) if time <= each]
        given.append(None if each > last else (float(known[-1]) if known else 0.0))
    return given


def _day_number(date: ir.Value) -> ir.Value:
    return date.cast("timestamp").epoch_seconds().cast("int64") // _DAY_SECONDS


def _cut_off_number(events: ir.Table, cut_off: CutOffs) -> ir.Value:
    import ibis  # noqa: PLC0415  as above

    epoch = datetime.date(1970, 1, 1)
    days = [(events.release == name, (each - epoch).days) for name, each in sorted(cut_off.items())]
    return ibis.cases(*days, else_=ibis.null("int64"))
