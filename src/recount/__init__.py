"""Recount holds statements about immigration enforcement to the government's own records.

`recount.open()` gives the record; see `recount.ask.OpenRecord`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recount.ask import OpenRecord

__all__ = ["open"]


def open(user: Path | None = None) -> OpenRecord:  # noqa: A001  recount.open() reads as what it does
    """Returns the record: the user's own over the embedded one.

    Args:
        user: the folder of the user's own record; without it, the one in `RECOUNT_HOME`.
    """
    from recount.ask import open_record

    return open_record(user)
