"""Charts as files: SVG, PNG and PDF, Vega-Lite JSON, and a page of its own.

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
_MOST_DRAWS = 128
_FONT = re.compile(rb"/BaseFont /[A-Z]{6}\+([A-Za-z-]+)")
_RESOURCES = re.compile(rb"(/(?:XObject|ExtGState|Font|Pattern|Shading) <<\n)((?: +/\w+ \d+ 0 R\n)+)")
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
    if suffix == ".pdf":
        return pdf_bytes(svg)
    if suffix == ".html":
        return write_page(picture, svg, theme).encode()
    return svg.encode()


def pdf_bytes(svg: str) -> bytes:
    """Returns an SVG as PDF, with its text as text.

    The renderer lists fonts and other resources in an order drawn by lot. It is asked again until the fonts come in
    the order of their names, and the lists are sorted, which moves nothing else: so the same chart gives the same
    bytes.

    Raises:
        RuntimeError: where they never do; by lot, that happens once in 2 to the power of 128.
    """
    for _ in range(_MOST_DRAWS):
        drawn = bytes(vl_convert.svg_to_pdf(svg))
        fonts = list(dict.fromkeys(_FONT.findall(drawn)))
        if fonts == sorted(fonts):
            return _RESOURCES.sub(_sort_lines, drawn)
    raise RuntimeError("the renderer never puts the fonts of a PDF in order")


def _sort_lines(found: re.Match[bytes]) -> bytes:
    return found[1] + b"".join(sorted(found[2].splitlines(keepends=True)))


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
