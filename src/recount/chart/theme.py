"""The one theme of charts, light and dark: colours, type and sizes.

The colours are six that stay apart (at least 15 in CIELAB, a test says so) in full vision and under
simulated protanopia, deuteranopia and tritanopia, and from the ink of a total; on their paper they
have the contrast that text needs (4.5 to 1, WCAG 2.2, 1.4.3), since labels take their series' colour.

The tones of a ramp run from few to many in one hue, told apart by lightness alone; either ink or paper can be
read on each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

_STRAIGHT = 0.04045  # below it sRGB is a straight line

ThemeName = Literal["light", "dark"]
THEMES: tuple[ThemeName, ...] = ("light", "dark")

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The renderer brings Liberation Sans; Arial and Helvetica are as wide. So no machine moves the text."""

WIDTH = 880
MARGIN = 18
TITLE_SIZE, SUBTITLE_SIZE, LABEL_SIZE, NOTE_SIZE = 18, 13, 12, 11
TITLE_LINE, SUBTITLE_LINE, LABEL_LINE, NOTE_LINE = 23, 18, 15, 15
MOST_TONES = 6
"""More lines than that are drawn as panels of their own: no seventh colour can be told apart."""


@dataclass(frozen=True)
class Theme:
    """Colours of one theme."""

    paper: str
    ink: str
    quiet: str
    rule: str
    shade: str
    tones: tuple[str, ...]
    ramp: tuple[str, ...]


_THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        paper="#ffffff",
        ink="#1b1d22",
        quiet="#5b6069",
        rule="#e3e1dc",
        shade="#f1efea",
        tones=("#2468c8", "#c24a06", "#00533c", "#8a1f9a", "#6f747c", "#574200"),
        ramp=("#e4edf8", "#bcd3f0", "#86afe2", "#2f6bbd", "#123c78"),
    ),
    "dark": Theme(
        paper="#14161a",
        ink="#ecebe7",
        quiet="#a6abb5",
        rule="#2b2f37",
        shade="#20242b",
        tones=("#4f9be8", "#f08a4b", "#3fd9a4", "#f0b4fa", "#8d929b", "#ffe066"),
        ramp=("#1b2838", "#254468", "#2c609c", "#6aa9ea", "#c3defa"),
    ),
}


def theme_called(name: ThemeName) -> Theme:
    """Returns the theme of that name."""
    return _THEMES[name]


def configuration(theme: Theme) -> dict[str, Any]:
    """Returns the Vega-Lite configuration of a theme."""
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "domainColor": theme.quiet,
            "gridColor": theme.rule,
            "tickColor": theme.quiet,
            "labelColor": theme.quiet,
            "titleColor": theme.quiet,
            "labelFontSize": LABEL_SIZE,
            "titleFontSize": LABEL_SIZE,
            "titleFontWeight": "normal",
            "labelPadding": 6,
        },
        "title": {
            "anchor": "start",
            "frame": "group",
            "color": theme.ink,
            "fontSize": TITLE_SIZE,
            "fontWeight": "bold",
            "lineHeight": TITLE_LINE,
            "subtitleColor": theme.quiet,
            "subtitleFontSize": SUBTITLE_SIZE,
            "subtitleLineHeight": SUBTITLE_LINE,
            "subtitlePadding": 5,
        },
        "text": {"color": theme.ink, "fontSize": LABEL_SIZE, "lineHeight": LABEL_LINE},
    }


def ink_on(colour: str, theme: Theme) -> str:
    """Returns which of a theme's ink and paper has the higher contrast on a colour."""
    return max((theme.ink, theme.paper), key=lambda each: contrast(each, colour))


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= _STRAIGHT else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
