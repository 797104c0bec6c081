"""Charts as files: SVG and PNG with a text alternative, Vega-Lite JSON, and a page of its own.

The same chart gives the same bytes of SVG, JSON and HTML on every machine: sizes are given, text is measured
in the font that the renderer brings, days are universal time, and nothing is numbered at random.
"""

from __future__ import annotations

import html
import json
import re

import vl_convert

from recount.chart.draw import Chart, draw_picture
from recount.chart.files import Suffix
from recount.chart.page import write_page
from recount.chart.picture import Picture
from recount.chart.theme import ThemeName

_PIXELS = 2
_ROOT = re.compile(r"<svg ([^>]*)>")
_DESCRIBED = re.compile(r'(<(path|line|rect) aria-label="([^"]*)"[^>]*)/>')


def render_picture(picture: Picture, suffix: Suffix, theme: ThemeName = "light") -> bytes:
    """Returns a picture as the content of a file with that suffix."""
    chart = draw_picture(picture, theme)
    if suffix == ".json":
        return json_text(chart).encode()
    svg = svg_text(chart)
    if suffix == ".png":
        return bytes(vl_convert.svg_to_png(svg, scale=_PIXELS))
    if suffix == ".html":
        return write_page(picture, svg, theme).encode()
    return svg.encode()


def json_text(chart: Chart) -> str:
    """Returns a chart as Vega-Lite JSON, in one order, with its data."""
    return json.dumps(chart.to_dict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def svg_text(chart: Chart) -> str:
    """Returns a chart as SVG that names itself to a screen reader, and each figure to a pointer."""
    spec = chart.to_dict()
    said = spec["usermeta"]["recount"]
    svg = vl_convert.vegalite_to_svg(spec)
    name = f"chart-{said['receipt']}"
    head = (
        f'<svg \\1 role="img" lang="{said["language"]}" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{html.escape(said["title"], quote=False)}</title>'
        f'<desc id="{name}-desc">{html.escape(said["alternative"], quote=False)}</desc>'
    )
    named = _ROOT.sub(lambda found: head.replace("\\1", found[1]), svg, count=1)
    return _DESCRIBED.sub(r"\1><title>\3</title></\2>", named) + "\n"
