"""Every error that Recount raises on purpose, in one tree.

RecountError
├── UsageError                 the question is at fault (exit code 2)
│   ├── UnknownNameError       a measure, place, release, claim … that nothing declares
│   └── ClaimFileError         a claim file that cannot be read as a claim
└── DataError                  the data or the catalog is at fault (exit code 3)
    ├── CatalogError           a declaration is wrong, or two do not fit together
    ├── ReleaseFileError       a released file that cannot be read as its layout says
    │   ├── LayoutError        columns missing, extra, renamed or repeated
    │   └── ValueInFileError   a value that its column cannot hold
    ├── UnknownCodeError       a spelling that no code list knows
    ├── CheckFailedError       a declared check fails
    └── RecordError            a record that is missing, damaged or of another version
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

EXIT_ANSWERED = 0
EXIT_USAGE = 2
EXIT_DATA = 3
EXIT_INTERRUPTED = 130


class Worded(str):
    """A sentence in English that knows its message and what is filled in, so that a face can word it in Spanish.

    Args:
        message: the sentence with `%(name)s` where something is filled in; catalogs of messages have it as their key.
        values: what is filled in, each a name, a number as it is shown, or a sentence of its own.
    """

    __slots__ = ("message", "values")
    message: str
    values: dict[str, str]

    def __new__(cls, message: str, **values: str) -> Worded:
        """Returns the sentence, filled in."""
        said = super().__new__(cls, message % values if values else message)
        said.message = message
        said.values = values
        return said

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str]]:
        """Returns what makes it again, in another process."""
        return (self.message,), self.values


def listed(things: Sequence[str], most: int) -> str:
    """Returns the first `most` of some things with commas between, and how many more there are."""
    shown = ", ".join(things[:most])
    if len(things) <= most:
        return shown
    return Worded("%(cells)s and %(number)s more", cells=shown, number=f"{len(things) - most:,}")


class RecountError(Exception):
    """Base of all errors raised on purpose.

    Args:
        summary: one sentence that says what is wrong; `Worded` where a face that speaks Spanish can show it.
        facts: (label, text) pairs shown below it: where, which values, what to do.
    """

    exit_code = EXIT_DATA

    def __init__(self, summary: str, facts: Sequence[tuple[str, str]] = ()) -> None:
        self.summary = summary
        self.facts = tuple(facts)
        super().__init__(str(self))

    def __str__(self) -> str:
        width = max((len(label) for label, _ in self.facts), default=0) + 2
        lines = [self.summary]
        for label, text in self.facts:
            first, *rest = text.splitlines() or [""]
            lines.append(f"  {label:<{width}}{first}")
            lines.extend(f"  {'':<{width}}{line}" for line in rest)
        return "\n".join(lines)


class UsageError(RecountError):
    """The question is at fault: it asks for something that cannot be asked."""

    exit_code = EXIT_USAGE


class UnknownNameError(UsageError):
    """A name that nothing declares, answered with the nearest known ones.

    Args:
        kind: what was looked for, in one word ("measure").
        name: the name as given.
        known: every name that would have been understood.
        facts: further (label, text) pairs, shown before the suggestions.
    """

    def __init__(
        self, kind: str, name: str, known: Iterable[str], facts: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.kind = kind
        self.name = name
        self.nearest = nearest_names(name, known)
        hint = ", ".join(self.nearest) if self.nearest else Worded("nothing comes near it")
        summary = Worded("No %(kind)s is called %(name)s.", kind=kind, name=repr(name))
        super().__init__(summary, [*facts, ("nearest", hint)])


class ClaimFileError(UsageError):
    """A claim file that cannot be read as a claim; each problem names its line."""


class DataError(RecountError):
    """The data or the catalog is at fault."""


class CatalogError(DataError):
    """A declaration is wrong, or two declarations do not fit together."""


class ReleaseFileError(DataError):
    """A released file that cannot be read as its layout says."""


class LayoutError(ReleaseFileError):
    """Columns are missing, extra, renamed or repeated."""


class ValueInFileError(ReleaseFileError):
    """A value that its column cannot hold."""


class UnknownCodeError(DataError):
    """A spelling that no code list knows."""


class CheckFailedError(DataError):
    """A declared check fails; the failing rows are shown."""


class RecordError(DataError):
    """A record that is missing, damaged, or written by another version."""


def nearest_names(name: str, known: Iterable[str], limit: int = 5) -> list[str]:
    """Returns up to `limit` known names nearest to `name`, nearest first.

    Ignores case. Where nothing is spelled alike, names that contain the text are given.
    """
    by_folded: dict[str, str] = {}
    for each in sorted(set(known), reverse=True):
        by_folded[each.casefold()] = each
    folded = name.casefold()
    close = difflib.get_close_matches(folded, list(by_folded), n=limit, cutoff=0.6)
    holding = [each for each in sorted(by_folded) if folded and folded in each and each not in close]
    return [by_folded[each] for each in [*close, *holding][:limit]]
