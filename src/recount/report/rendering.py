"""The templates of pages and pictures, as Jinja reads them."""

from __future__ import annotations

from importlib import resources

import jinja2


def read_template(name: str) -> str:
    """Returns the text of a template, or of a style that one takes in."""
    return (resources.files("recount.report") / "templates" / name).read_text(encoding="utf-8")


def environment() -> jinja2.Environment:
    """Returns the environment: everything escaped, a missing name an error."""
    return jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(read_template),
    )
