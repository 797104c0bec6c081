"""A chart as a page: one file without scripts, that asks nothing of the network, with its figures as a table."""

from __future__ import annotations

from importlib import resources

import jinja2

from recount.chart.picture import Picture
from recount.chart.theme import FONT, WIDTH, ThemeName, theme_called


def write_page(picture: Picture, svg: str, theme: ThemeName) -> str:
    """Returns the page of a picture.

    Args:
        picture: what the chart shows, with its table.
        svg: the chart, drawn.
        theme: the one that it was drawn in.
    """
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(_read_template),
    )
    page = environment.get_template("chart.html.j2").render(
        picture=picture, svg=svg, theme=theme_called(theme), scheme=theme, font=FONT, width=WIDTH
    )
    return page.rstrip("\n") + "\n"


def _read_template(name: str) -> str:
    return (resources.files("recount.chart") / "templates" / name).read_text(encoding="utf-8")
