"""The state of an arrest where the release leaves it blank."""

from __future__ import annotations

import polars as pl

from recount.declare.record_reading import RecordReading


def infer_states(arrests: pl.DataFrame, reading: RecordReading) -> pl.DataFrame:
    """Returns arrests with `apprehension_state_inferred` and `apprehension_state_basis`.

    The first that applies: the state as recorded (`recorded`); the last abbreviation in the landmark that
    follows a comma or a hyphen and a space, or stands before the word STATE, unless the landmark has enough
    recorded states and too few of them are that one (`abbreviation`); the one state of nearly all recorded
    states of the landmark (`landmark`), or of the area (`area`). A release without recorded states gives the
    abbreviation alone.

    Rule: the Deportation Data Project's filling of states from August 2026 on (specification, 2.1), computed
    within one sheet. Its last step, which copies states between rows of one person, is not taken here: it
    rests on a duplicate rule, which is a reading.
    """
    told = arrests.select("apprehension_landmark", "apprehension_aor_code", "apprehension_state_code")
    by_landmark = _count_states(told, "apprehension_landmark")
    recorded = pl.col("apprehension_state_code")
    enough = pl.col("_rows") >= reading.state_landmark_rows
    one_state = enough & (pl.col("_top") >= reading.state_landmark_share * pl.col("_rows"))
    areas = (
        _shares(_count_states(told, "apprehension_aor_code"), "apprehension_aor_code")
        .filter(one_state)
        .select("apprehension_aor_code", pl.col("_state").alias("_area"))
    )
    # Landmarks repeat: what they tell is found once for each.
    landmarks = (
        _abbreviations(told, reading)
        .join(_shares(by_landmark, "apprehension_landmark"), on="apprehension_landmark", how="left")
        .join(
            by_landmark.select(
                "apprehension_landmark",
                pl.col("apprehension_state_code").alias("_abbreviation"),
                pl.col("len").alias("_agree"),
            ),
            on=["apprehension_landmark", "_abbreviation"],
            how="left",
        )
        .select(
            "apprehension_landmark",
            pl.when(enough & (pl.col("_agree").fill_null(0) < reading.state_distrust_share * pl.col("_rows")))
            .then(None)
            .otherwise(pl.col("_abbreviation"))
            .alias("_abbreviation"),
            pl.when(one_state).then(pl.col("_state")).alias("_landmark"),
        )
    )
    found = told.join(landmarks, on="apprehension_landmark", how="left", maintain_order="left").join(
        areas, on="apprehension_aor_code", how="left", maintain_order="left"
    )
    return arrests.with_columns(
        *found.select(
            pl.coalesce(recorded, "_abbreviation", "_landmark", "_area").alias("apprehension_state_inferred"),
            pl.when(recorded.is_not_null())
            .then(pl.lit("recorded"))
            .when(pl.col("_abbreviation").is_not_null())
            .then(pl.lit("abbreviation"))
            .when(pl.col("_landmark").is_not_null())
            .then(pl.lit("landmark"))
            .when(pl.col("_area").is_not_null())
            .then(pl.lit("area"))
            .otherwise(None)
            .alias("apprehension_state_basis"),
        ).get_columns()
    )


def _abbreviations(arrests: pl.DataFrame, reading: RecordReading) -> pl.DataFrame:
    """Returns every landmark with the last abbreviation in it that is a state's."""
    states = reading.state_abbreviations.replace(" ", "|")
    marked = rf"(?:, ?|- )({states})\b|\b({states}) STATE\b"
    landmark = pl.col("apprehension_landmark").str.to_uppercase().str.replace_all(r"\s+", " ")
    found = landmark.str.extract_all(marked).list.last()
    return arrests.select(
        pl.col("apprehension_landmark").drop_nulls().unique(maintain_order=True)
    ).with_columns(found.str.extract(rf"\b({states})\b").alias("_abbreviation"))


def _count_states(arrests: pl.DataFrame, key: str) -> pl.DataFrame:
    """Returns, by `key` and recorded state, how many rows have both."""
    both = pl.col(key).is_not_null() & pl.col("apprehension_state_code").is_not_null()
    return arrests.filter(both).group_by(key, "apprehension_state_code").len()


def _shares(counts: pl.DataFrame, key: str) -> pl.DataFrame:
    """Returns, by `key`, how many rows have a recorded state, and the most frequent one with its rows."""
    return (
        counts.sort([key, "len", "apprehension_state_code"], descending=[False, True, False])
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("len").sum().alias("_rows"),
            pl.col("len").first().alias("_top"),
            pl.col("apprehension_state_code").first().alias("_state"),
        )
    )
