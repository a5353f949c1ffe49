"""How much reps of each coach gained beyond what was expected, pulled towards each other as far as the data say so.

No league table: with 8 coaches the best is found in 35 of 100 cases, with 25 in 21. Rows are sorted by name.

An error from a coach's own handful of reps is far too small as often as too large: intervals that should hold 90 %
held 63 to 85 % of the true effects. So how far reps of one coach lie apart is learnt from all coaches together.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from polars._typing import SchemaDict

from coaching.pooling import FEWEST_TO_POOL, pooled, spread_between
from coaching.roi.distributions import chi_square_tail
from coaching.roi.imputation import Expected
from coaching.roi.panel import Places
from coaching.roi.rep_months import RepMonths

DRAWS = 4_000
SEED = 20_260_101
INTERVAL = 0.90
LOOKED_BACK = 3
"""Months of sessions, the present one counted, that say who coaches a rep in a month."""
FEWEST_REPS = 3
"""A coach of fewer reps stands with their name alone: a figure would be about one or two named reps."""
FEWEST_SWITCHES = 5
"""Reps with two coaches, one after the other, that are needed to tell a coach from the territory."""
NO_COACH = -1

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
"""Per coach: reps and coached rep-months (n), the mean effect on the reps with its error (null below three reps), what
is to be expected with a 90 % interval, and the chance to be among the best third (null where fewer than three coaches
can be compared). The unit is that of the outcome."""
IN_SEGMENTS: SchemaDict = {"segment": pl.String, **COACH_EFFECTS, "can_separate": pl.Boolean}
SESSIONS: SchemaDict = {"person_id": pl.Int64, "coach_id": pl.Int64, "month": pl.Date, "sessions": pl.Int64}
"""One-on-ones held, by rep, coach and month."""


def coach_effects(model: Expected, coach: Places, names: dict[int, str]) -> pl.DataFrame:
    """COACH_EFFECTS by name. ``coach``: per rep-month (reps × months) the coach's id, -1 for none.

    Within one segment only: ask for each separately. A coach's own figure is the mean over their reps, each weighing
    what is known of them: σ² (1/coached months + 1/clean months), with one σ² for everybody. Empty where nobody can be
    compared, or where no coach has two reps to learn σ² from.
    """
    reps = _reps(model, coach)
    if not reps:
        return pl.DataFrame(schema=COACH_EFFECTS)
    of, value, doubt, months = (np.array(column) for column in zip(*reps, strict=True))
    ids, place = np.unique(of, return_inverse=True)
    weight = np.bincount(place, 1 / doubt)
    own = np.bincount(place, value / doubt) / weight
    freedom = len(of) - len(ids)
    if freedom < 1:
        return pl.DataFrame(schema=COACH_EFFECTS)
    variance = float(((value - own[place]) ** 2 / doubt).sum()) / freedom
    error, reps_of = np.sqrt(variance / weight), np.bincount(place)
    enough = pl.col("rep_count") >= FEWEST_REPS
    frame = pl.DataFrame(
        {
            "coach_id": ids.astype(np.int64),
            "name": [names.get(one, "") for one in ids.tolist()],
            "rep_count": reps_of,
            "n": np.bincount(place, months).astype(np.int64),
            "own": own,
            "own_error": error,
        },
        schema=dict(list(COACH_EFFECTS.items())[:6]),
    ).with_columns(pl.when(enough).then("own").alias("own"), pl.when(enough).then("own_error").alias("own_error"))
    return _together(frame).select(list(COACH_EFFECTS)).sort("name", "coach_id")


def _reps(model: Expected, coach: Places) -> list[tuple[int, float, float, int]]:
    """Per coach and rep: coach, mean of actual minus expected, its variance in units of one month's, months."""
    targets = model.window(0) & (coach != NO_COACH)
    clean = model.cells.sum(axis=1)
    found = []
    for row in np.flatnonzero(targets.any(axis=1)).tolist():
        for one in np.unique(coach[row, targets[row]]).tolist():
            chosen = targets[row] & (coach[row] == one)
            months = int(chosen.sum())
            found.append((one, float(model.effect[row, chosen].mean()), 1 / months + 1 / int(clean[row]), months))
    return found


def _together(frame: pl.DataFrame) -> pl.DataFrame:
    """With what each coach's own figure and the others' say together."""
    sure = frame.filter(pl.col("own_error") > 0)
    if sure.height < FEWEST_TO_POOL:
        nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("expected", "low", "high", "top_third_share")]
        return frame.with_columns(*nothing)
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
    return frame.join(known, on="coach_id", how="left", maintain_order="left")


def coach_of_months(panel: RepMonths, sessions: pl.DataFrame) -> Places:
    """Who coached each rep-month: whoever held most one-on-ones with the rep in that month and the two before it.

    Of equally many whoever held one later, then the smaller id; -1 without any. ``sessions``: SESSIONS.
    """
    found = np.full(panel.panel.outcome.shape, NO_COACH, dtype=np.int64)
    calendar = pl.DataFrame({"month": panel.months}, schema={"month": pl.Date}).with_row_index("column")
    later = [
        sessions.with_columns(pl.col("month").alias("held_in"), pl.col("month").dt.offset_by(f"{step}mo"))
        for step in range(LOOKED_BACK)
    ]
    most = (
        pl.concat(later)
        .group_by("person_id", "month", "coach_id")
        .agg(pl.col("sessions").sum(), pl.col("held_in").max())
        .sort("person_id", "month", "sessions", "held_in", "coach_id", descending=[False, False, True, True, False])
        .unique(["person_id", "month"], keep="first", maintain_order=True)
        .join(calendar, on="month")
        .join(panel.units.select("unit", "person_id"), on="person_id")
    )
    found[most["unit"].to_numpy(), most["column"].to_numpy()] = most["coach_id"].to_numpy()
    return np.where(panel.panel.there, found, NO_COACH)


def in_segments(panel: RepMonths, model: Expected, coach: Places, names: dict[int, str]) -> pl.DataFrame:
    """IN_SEGMENTS by segment and name: ``coach_effects`` of each segment, and whether coaches can be told apart there
    from the territory at all."""
    labels = np.array([name.split(" / ")[0] for name in panel.units["segment"].to_list()], dtype=np.str_)
    parts = [pl.DataFrame(schema=IN_SEGMENTS)]
    for name in np.unique(labels).tolist():
        inside = np.where((labels == name)[:, None], coach, NO_COACH)
        rows = coach_effects(model, inside, names).with_columns(
            pl.lit(name).alias("segment"),
            pl.lit(can_separate(model, inside, FEWEST_SWITCHES)).alias("can_separate"),
        )
        parts.append(rows.select(list(IN_SEGMENTS)))
    return pl.concat(parts)


def differ(effects: pl.DataFrame) -> bool:
    """Whether coaches (COACH_EFFECTS) lie apart by more than chance explains at all (Cochran's Q, P < .05)."""
    known = effects.drop_nulls("expected")
    if known.height < FEWEST_TO_POOL:
        return False
    found = spread_between(known["own"].to_numpy(), known["own_error"].to_numpy() ** 2)
    return chi_square_tail(found.q, known.height - 1) < 0.05


def can_separate(model: Expected, coach: Places, fewest: int = 1) -> bool:
    """Whether ``fewest`` reps had two coaches for three coached months each: otherwise coach and territory are one."""
    targets = model.window(0) & (coach != NO_COACH)
    with_one = [((coach == one) & targets).sum(axis=1) >= LOOKED_BACK for one in np.unique(coach[targets]).tolist()]
    return bool(with_one) and int((np.sum(with_one, axis=0) >= 2).sum()) >= fewest
