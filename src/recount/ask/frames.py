"""What a question shows as frames of Polars, Arrow and pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from recount.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from recount.ask.question import MeasureQuestion

_LEFT_OUT = frozenset({"cells", "breakdown", "reading", "bounds", "outcomes", "part_of", "swings"})
_NOT_FLAT = frozenset({"places", "names", "per"})
_OF_SIDES = _NOT_FLAT | {"count", "value", "low", "high"}
_SIDES = ("first", "second", "lowest", "default", "highest")


def frame_of(question: MeasureQuestion) -> pl.DataFrame:
    """Returns the rows of what a question shows: a column for each dimension, fork, integer and bound.

    Bounds are exact text, as in JSON: "183/352".
    """
    rows = [_flat(each) for each in rows_of(question)]
    names = list(dict.fromkeys(name for each in rows for name in each))
    columns = {name: [each.get(name) for each in rows] for name in names}
    return pl.DataFrame({name: pl.Series(name, values, strict=False) for name, values in columns.items()})


def arrow_of(question: MeasureQuestion) -> pa.Table:
    """Returns the rows of what a question shows as a table of Arrow.

    Raises:
        UsageError: where pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401, PLC0415  is it there?
    except ImportError as absent:
        raise UsageError("pyarrow is not installed.", [("fix", "pip install pyarrow")]) from absent
    return frame_of(question).to_arrow()


def rows_of(question: MeasureQuestion) -> list[dict[str, Any]]:
    """Returns the rows of what a question shows, as its JSON gives them."""
    shown = question.as_json()
    rows: list[dict[str, Any]] = shown.get("differences", shown.get("spread", shown.get("rows", [])))
    return rows


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name in _SIDES:
            found |= {f"{name}_{key}": one for key, one in _flat(value or {}).items()}
        elif name == "breakdown":
            found |= {str(key): one for key, one in value.items()}
        elif name == "reading":
            found["reading"] = ";".join(f"{fork}={option}" for fork, option in value.items())
        elif name == "bounds":
            found |= {
                "low": None if value is None else value["low"],
                "high": None if value is None else value["high"],
            }
        elif name == "rate" and value is not None:
            # One number of several in a row has its value, its bounds and what it is divided by as every such number.
            told = _OF_SIDES if "value" in row else _NOT_FLAT
            found |= {f"rate_{key}": one for key, one in _flat(value).items() if key not in told}
        elif name == "part_of" and value is not None:
            found |= {"part_of": value["denominator"]}
        elif name == "outcomes":
            found |= {str(key): one for key, one in value.items()}
        elif name not in _LEFT_OUT:
            found[name] = (
                "; ".join(map(str, value))
                if isinstance(value, Sequence) and not isinstance(value, str)
                else value
            )
    return found
