"""What goes wrong in made-up rows, and the truth about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from recount.declare.synthetic import FileForm, Synthetic
from recount.synthesize.columns import Column
from recount.synthesize.draws import Ints, pick_rows

TEXT_OF = "text of "
"""How the column is called that holds a date's text, where the file has text in the place of a date."""
_DAY, _TIME = "%-m/%-d/%Y", "%-m/%-d/%Y %H:%M"


@dataclass
class Spoiler:
    """Spoils rows of one block; `truth` gathers what was done to each, by column.

    `at_least` is how many rows each hazard touches at the least; `declared` are the fields of the core table
    in their order.
    """

    synthetic: Synthetic
    form: FileForm
    columns: Sequence[Column]
    declared: Sequence[str]
    main: str | None
    rng: np.random.Generator
    at_least: int
    is_workbook: bool
    _redacted: dict[str, pl.Series] = field(default_factory=dict)

    def spoil(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Returns the spoiled rows, and the truth about them: what was done to which field of each."""
        hazards = self.synthetic.hazards
        self._rows, self._redacted = rows, {}
        self._truth = pl.DataFrame(height=len(rows))
        self._fields = {each.field: each for each in self.columns if each.field and each.core}
        order = np.arange(len(rows))
        self._hide()
        self._redact(
            pick_rows(self.rng, order, hazards.redacted_rows, at_least=self._each(len(hazards.redactions)))
        )
        self._mix_tabs(hazards.tab_fields)
        self._write_na(hazards.na_text_fields)
        self._spoil_dates()
        self._spoil_main_date(order)
        return self._rows, self._truth.with_columns(self._redacted_fields())

    def _each(self, kinds: int) -> int:
        return kinds * self.at_least

    def _present(self, names: Sequence[str], *kinds: str) -> list[str]:
        return [name for name in names if name in self._fields and self._fields[name].kind in kinds]

    def _set(self, name: str, where: Ints, values: Sequence[str | None]) -> None:
        self._rows = self._rows.with_columns(_written(self._rows[name], where, values))

    def _note(self, name: str, where: Ints, values: Sequence[str | bool], empty: str | bool | None) -> None:
        noted = pl.Series(name, [empty] * len(self._rows), dtype=pl.Boolean if empty is False else pl.String)
        self._truth = self._truth.with_columns(_written(noted, where, values))

    def _note_redacted(self, field: str, is_redacted: pl.Series) -> None:
        core = str(self._fields[field].core)
        before = self._redacted.get(core)
        self._redacted[core] = is_redacted if before is None else before | is_redacted

    def _redacted_fields(self) -> pl.Series:
        named = [
            pl.when(self._redacted[each]).then(pl.lit(each))
            for each in self.declared
            if each in self._redacted
        ]
        if not named:
            return pl.Series("redacted_fields", [None] * len(self._rows), dtype=pl.String)
        joined = pl.concat_str(named, separator=";", ignore_nulls=True)
        return pl.select(pl.when(joined != "").then(joined).alias("redacted_fields")).to_series()

    def _hide(self) -> None:
        for name in self._present(self.form.hidden_where_filled, "text"):
            filled = self._rows[name].is_not_null()
            hidden = pl.when(filled).then(pl.lit(self.form.hidden)).alias(name)
            self._rows = self._rows.with_columns(hidden)
            self._note_redacted(name, filled)
        if self.form.no_level is not None:
            levels = [name for name in self._fields if name.endswith("threat_level_code")]
            self._rows = self._rows.with_columns(
                pl.col(*levels).fill_null(self.form.no_level) if levels else []
            )
        for name in self._present(list(self.synthetic.blacked_out.shares), "text"):
            draw = self._rows[f"missing {name}"]
            share = float(self.synthetic.blacked_out.shares[name])
            # The highest draws, so that no cell is both blank and blacked out.
            hidden_here = draw >= 1 - share
            mark = self.form.hidden or self.form.redaction or self.synthetic.hazards.redactions[0]
            self._rows = self._rows.with_columns(
                pl.when(hidden_here).then(pl.lit(mark)).otherwise(pl.col(name)).alias(name)
            )
            self._note_redacted(name, hidden_here)

    def _redact(self, where: Ints) -> None:
        fields = self._present(self.synthetic.hazards.redacted_fields, "text")
        spellings = self.synthetic.hazards.redactions
        for position, name in enumerate(fields):
            here = where[position :: len(fields)]
            if not len(here):
                continue
            texts = [spellings[(position + step * len(fields)) % len(spellings)] for step in range(len(here))]
            self._set(name, here, texts)
            self._note_redacted(name, pl.Series(np.isin(np.arange(len(self._rows)), here)))

    def _mix_tabs(self, names: Sequence[str]) -> None:
        where, fields = np.array([], dtype=np.int64), self._present(names, "text")
        for name in fields:
            plain = self._rows[name].is_not_null() & ~self._rows[name].fill_null("").str.contains("(?i)b\\)")
            eligible = np.flatnonzero(plain.to_numpy())
            where = pick_rows(self.rng, eligible, self.synthetic.hazards.tab_rows, at_least=self._each(2))
            texts = self._rows[name].gather(pl.Series(where)).to_list()
            self._set(
                name, where, [f"{each}\t" if at % 2 == 0 else f"\t\t{each}" for at, each in enumerate(texts)]
            )
        self._note("tab_field", where, fields[:1] * len(where), None)

    def _write_na(self, names: Sequence[str]) -> None:
        where, fields = np.array([], dtype=np.int64), self._present(names, "text")
        for name in fields[:1]:
            eligible = np.flatnonzero(self._rows[name].is_null().to_numpy())
            where = pick_rows(self.rng, eligible, self.synthetic.hazards.na_text_rows, at_least=self._each(1))
            self._set(name, where, ["NA"] * len(where))
        self._note("na_text_field", where, fields[:1] * len(where), None)

    def _spoil_dates(self) -> None:
        hazards = self.synthetic.hazards
        fields = [
            each for each in self._present(hazards.bad_date_fields, "date", "datetime") if each != self.main
        ]
        where = np.array([], dtype=np.int64)
        named: list[str | bool] = []
        texts: list[str | bool] = []
        if fields:
            where = pick_rows(
                self.rng,
                np.arange(len(self._rows)),
                hazards.bad_date_rows,
                at_least=self._each(len(hazards.bad_dates)),
            )
        dates = hazards.bad_dates
        for at, row in enumerate(where):
            # Each field meets each date in turn.
            name, bad = fields[(at + at // len(dates)) % len(fields)], dates[at % len(dates)]
            here = np.array([row])
            self._rows = self._rows.with_columns(_written(self._rows[name], here, [bad.date]))
            self._write_text(name, here, [bad.text])
            named.append(str(self._fields[name].core))
            texts.append(bad.text)
        self._note("bad_date_field", where, named, None)
        self._note("bad_date_text", where, texts, None)

    def _write_text(self, name: str, where: Ints, texts: Sequence[str | None]) -> None:
        column = TEXT_OF + name
        if column not in self._rows.columns:
            self._rows = self._rows.with_columns(pl.lit(None, pl.String).alias(column))
        self._set(column, where, texts)

    def _spoil_main_date(self, order: Ints) -> None:
        hazards = self.synthetic.hazards
        nothing = np.array([], dtype=np.int64)
        missing, as_text = nothing, nothing
        if self.main is not None:
            missing = pick_rows(self.rng, order, hazards.missing_date_rows, at_least=self._each(1))
            rest = np.setdiff1d(order, missing)
            if self.is_workbook:
                as_text = pick_rows(self.rng, rest, hazards.text_date_rows, at_least=self._each(1))
                pattern = _TIME if self._fields[self.main].kind == "datetime" else _DAY
                texts = self._rows[self.main].gather(pl.Series(as_text)).dt.strftime(pattern)
                self._write_text(self.main, as_text, texts.to_list())
            self._rows = self._rows.with_columns(
                _written(self._rows[self.main], missing, [None] * len(missing))
            )
        self._note("is_date_missing", missing, [True] * len(missing), False)
        self._note("is_text_date", as_text, [True] * len(as_text), False)


def _written(values: pl.Series, where: Ints, new: Sequence[object]) -> pl.Series:
    if not len(where):
        return values
    return values.clone().scatter(pl.Series(where), pl.Series(list(new), strict=False).cast(values.dtype))
