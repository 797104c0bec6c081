"""What is written for a code, and how often each code is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from recount.declare.naming import no_such_name
from recount.declare.synthetic import FILE, CodeWeights
from recount.declare.tables import Code, CodeList
from recount.errors import CatalogError
from recount.synthesize.draws import Ints, draw_weighted

_SCALE = 1_000


@dataclass(frozen=True)
class Spelled:
    """The codes of one list as releases write them, each with its weight."""

    spellings: Mapping[str, str]
    texts: pl.Series
    weights: tuple[int, ...]

    def draw(self, rng: np.random.Generator, size: int) -> pl.Series:
        """Returns `size` spellings, drawn by weight."""
        return self.of(draw_weighted(rng, self.weights, size))

    def of(self, positions: Ints) -> pl.Series:
        """Returns the spellings at `positions`."""
        return self.texts.gather(pl.Series(positions))


def spell(codes: CodeList, weights: CodeWeights) -> Spelled:
    """Returns the codes of a list with their weights, in their declared order.

    Raises:
        CatalogError: where a weight is given to a code that the list has not.
    """
    names = [each.code for each in codes.codes]
    unknown = [each for each in (*weights.weights, *weights.never) if each not in names]
    if unknown:
        raise CatalogError(
            f"{FILE} names what is no code of {codes.codes_of}.",
            [("because", no_such_name("code", unknown[0], names))],
        )
    drawn = [each for each in codes.codes if each.code not in weights.never]
    rest = len(drawn) - len(weights.weights)
    # `others` is shared by the codes that are not named: all are scaled so that the parts are whole.
    share = weights.others * _SCALE // rest if rest else 0
    written = {each.code: _spelling(each, weights.spelling) for each in drawn}
    spellings = {code: text.upper() if weights.capitals else text for code, text in written.items()}
    return Spelled(
        spellings=spellings,
        texts=pl.Series(list(spellings.values()), dtype=pl.String),
        weights=tuple(
            weights.weights[each.code] * _SCALE if each.code in weights.weights else share for each in drawn
        ),
    )


def _spelling(code: Code, wanted: str) -> str:
    candidates = [*code.spellings, code.label.en, code.code]
    fitting = [each for each in candidates if re.fullmatch(wanted, each)]
    return (fitting or candidates)[0]
