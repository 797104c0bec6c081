"""What pages load beside their text: one style sheet, one script, one picture; all of the package's own."""

from __future__ import annotations

import functools
from importlib import resources

STYLE, SCRIPT, ICON = "assets/site.css", "assets/site.js", "assets/icon.svg"
ASSETS = (ICON, STYLE, SCRIPT)


@functools.cache
def read_asset(path: str) -> bytes:
    """Returns the content of an asset; the style sheet and the script are put together of their parts, by name."""
    if path == ICON:
        return _folder("").joinpath("icon.svg").read_bytes()
    suffix = path.rpartition(".")[2]
    parts = sorted(
        (each for each in _folder(suffix).iterdir() if each.name.endswith(f".{suffix}")),
        key=lambda each: each.name,
    )
    return b"\n".join(each.read_bytes() for each in parts)


def _folder(name: str) -> resources.abc.Traversable:
    folder = resources.files("recount.site") / "assets"
    return folder / name if name else folder
