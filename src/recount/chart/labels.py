"""Names at the ends of lines: moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.chart.picture import Label, Point, Scale
from recount.chart.scales import spread_out
from recount.chart.theme import LABEL_LINE

_LABEL_GAP = 5
_LED_PIXELS = 7


@dataclass(frozen=True)
class End:
    """The end of a line, and what its label says."""

    point: Point
    name: tuple[str, ...]
    last: tuple[str, ...]

    @property
    def height(self) -> float:
        """How much room the label takes, in pixels."""
        return float((len(self.name) + len(self.last)) * LABEL_LINE + _LABEL_GAP)


def room_of(ends: Sequence[End]) -> int:
    """Returns how high a plot must be, in pixels, for all labels to stand beside it."""
    return int(sum(each.height for each in ends)) - 2 * LABEL_LINE


def place_labels(
    ends: Sequence[End], points: Sequence[Point], scale: Scale, height: int
) -> tuple[Label, ...]:
    """Returns the labels at the ends of lines, as near to them as their room allows."""
    latest = max(each.at for each in points)
    pixels = [pixel_of(each.point.value or Fraction(0), scale, height) for each in ends]
    wanted = [(pixel, each.height) for pixel, each in zip(pixels, ends, strict=True)]
    middles = spread_out(wanted, -LABEL_LINE, height + LABEL_LINE)
    return tuple(
        Label(
            series=each.point.series,
            name=each.name,
            last=each.last,
            at=each.point.at,
            value=each.point.value or Fraction(0),
            middle=round(middle, 1),
            is_led=abs(middle - pixel) > _LED_PIXELS or each.point.at != latest,
        )
        for each, middle, pixel in zip(ends, middles, pixels, strict=True)
    )


def pixel_of(value: Fraction, scale: Scale, height: int) -> float:
    """Returns the place of a value in pixels below the plot's top."""
    return float(height * (1 - value / scale.top))
