"""What is said of a name that nothing declares."""

from __future__ import annotations

from collections.abc import Iterable

from recount.errors import nearest_names

_SHOWN = 8


def no_such_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Returns what is wrong with `name`, with the nearest known ones, or the first of all."""
    names = list(known)
    near = nearest_names(name, names)
    choices = near or sorted(names)[:_SHOWN]
    return f"no {kind} is called {name!r}; {'nearest' if near else 'choose from'}: {', '.join(choices)}"
