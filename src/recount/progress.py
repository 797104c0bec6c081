"""Progress on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def track(items: Sequence[Item], doing: str) -> Iterable[Item]:
    """Yields `items`; shows a bar on standard error where that is a terminal."""
    if not sys.stderr.isatty() or len(items) < 2:  # noqa: PLR2004  one thing has no progress
        return iter(items)
    return _track_on_terminal(items, doing)


def _track_on_terminal(items: Sequence[Item], doing: str) -> Iterator[Item]:
    from rich.console import Console  # noqa: PLC0415  heavy, and only for a terminal
    from rich.progress import track as rich_track  # noqa: PLC0415

    yield from rich_track(items, description=doing, console=Console(stderr=True), transient=True)
