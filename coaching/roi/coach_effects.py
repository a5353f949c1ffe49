"""How much reps of each coach gained beyond what was expected, pulled towards each other as far as the data say so.

No league table: with 8 coaches the best is found in 35 of 100 cases, with 25 in 21. Rows are sorted by name.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from polars._typing import SchemaDict

from coaching.pooling import pooled
from coaching.roi.imputation import Expected, mean_effect
from coaching.roi.panel import CannotEstimate, Places

DRAWS = 4_000
SEED = 20_260_101
INTERVAL = 0.90
CANNOT_SEPARATE = "Reps kept their coach, so coach, manager and territory cannot be separated."

COACH_EFFECTS: SchemaDict = {
    "coach_id": pl.Int64,
    "name": pl.String,
    "rep_count": pl.Int64,
    "n": pl.Int64,
    "own": pl.Float64,
    "own_error": pl.Float64,
    "expected": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "top_third_share": pl.Float64,
}
"""Per coach: coached rep-months (n), their mean effect with its error, what is to be expected with a 90 % interval
(null below two reps), and the chance to be among the best third. The unit is that of the outcome."""


def coach_effects(model: Expected, coach: Places, names: dict[int, str]) -> pl.DataFrame:
    """COACH_EFFECTS by name. ``coach``: per rep-month (reps × months) the coach's id, -1 for none.

    Within one segment only: ask for each separately. A coach with fewer than two reps has no error and stands with
    their own mean alone. Empty where nobody can be compared.
    """
    rows = []
    for one in np.unique(coach[coach >= 0]).tolist():
        targets = model.window(0) & (coach == one)
        if not targets.any():
            continue
        scored = mean_effect(model, targets)
        reps = int(targets.any(axis=1).sum())
        try:
            error = scored.by_rep().se if reps > 1 else None
        except CannotEstimate:
            error = None
        rows.append((one, names.get(one, ""), reps, int(targets.sum()), scored.value, error))
    frame = pl.DataFrame(rows, schema=dict(list(COACH_EFFECTS.items())[:6]), orient="row")
    return _together(frame).select(list(COACH_EFFECTS)).sort("name", "coach_id")


def _together(frame: pl.DataFrame) -> pl.DataFrame:
    """With what each coach's own figure and the others' say together."""
    sure = frame.filter(pl.col("own_error") > 0)
    if sure.is_empty():
        nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("low", "high", "top_third_share")]
        return frame.with_columns(pl.col("own").alias("expected"), *nothing)
    pool = pooled(sure["own"].to_numpy(), sure["own_error"].to_numpy() ** 2)
    mean, _ = pool.of_each()
    drawn = pool.draws(DRAWS, SEED)
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    third = max(round(sure.height / 3), 1)
    place = np.argsort(np.argsort(-drawn, axis=1), axis=1)
    known = sure.select("coach_id").with_columns(
        pl.Series("expected", mean),
        pl.Series("low", low),
        pl.Series("high", high),
        pl.Series("top_third_share", (place < third).mean(axis=0)),
    )
    return frame.join(known, on="coach_id", how="left").with_columns(pl.col("expected").fill_null(pl.col("own")))


def can_separate(model: Expected, coach: Places) -> bool:
    """Whether any rep was coached by more than one coach: otherwise coach and territory are one."""
    targets = model.window(0) & (coach >= 0)
    first = np.where(targets, coach, np.iinfo(np.int64).max).min(axis=1)
    last = np.where(targets, coach, -1).max(axis=1)
    return bool((targets.any(axis=1) & (first != last)).any())
