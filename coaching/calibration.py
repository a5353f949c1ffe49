"""Do raters mean the same? Leniency of each, scores adjusted for it, and how well two raters of one call agree.

Pure numpy and polars over frames.SCORES. Says nothing about who is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from coaching import frames
from coaching.pooling import GRID, Z95, Numbers, Places, positions, sums
from coaching.skills import DEFAULT_RELIABILITY, PERSON_SKILL, by_others, months_of, rounding_error

FEWEST_PAIRS = 5
FEWEST_DOUBLE_OBSERVATIONS = 20
"""From so many calls scored twice the reliability is taken from them, not from the default."""
WIDEST_LENIENCY = 30.0
"""The grid of the spread between raters ends here, in points of 0..100: more than a whole level of five."""
DRAWS, FEWEST_CALLS_TO_DRAW = 1_000, 5

PAIRS = {
    "observation_id": pl.Int64,
    "person_id": pl.Int64,
    "skill_id": pl.Int64,
    "observed_on": pl.Date,
    "first": pl.Float64,
    "second": pl.Float64,
}


def leniency(scores: pl.DataFrame) -> pl.DataFrame:
    """frames.RATERS: what each rater gives above (+) or below (-) what others give the same people, by rater id.

    ``scores``: frames.SCORES of the whole company. Each score = the person's own line in that skill (level and slope,
    the slope pulled towards the skill's) + the rater's leniency + error; leniencies ~ N(0, spread²), the spread
    integrated on a grid, so a rater of few shared scores is pulled towards 0. Comparing with the same people's lines
    keeps "sees strong reps" and "sees reps later, after they have grown" apart from "gives more". ``shared_count`` =
    scores on people and skills that somebody else has scored too; where there is none the leniency is null.
    """
    rows = by_others(scores)
    if rows.is_empty():
        return frames.empty(frames.RATERS)
    raters, rater = positions(rows["observer_id"].to_list())
    _, cell = positions((rows["person_id"] * (rows["skill_id"].max() + 1) + rows["skill_id"]).to_list())  # type: ignore[operator]
    lines = _Lines.of(rows, cell)
    count = len(raters)
    given = np.bincount(rater, minlength=count)
    shared = np.bincount(rater, _is_shared(cell, rater), count).astype(np.int64)
    matrix, pulls = lines.compared(cell, rater, count)
    mean, deviation = _posterior(matrix, pulls, lines.error)
    known = shared > 0
    frame = pl.DataFrame(
        {
            "observer_id": raters,
            "leniency": mean,
            "leniency_low": mean - Z95 * deviation,
            "leniency_high": mean + Z95 * deviation,
            "score_count": given,
            "shared_count": shared,
        },
        schema=frames.RATERS,
    )
    figures = ("leniency", "leniency_low", "leniency_high")
    is_known = pl.Series(known)
    return frame.with_columns(pl.when(is_known).then(pl.col(name)).alias(name) for name in figures)


def _is_shared(cell: Places, rater: Places) -> Numbers:
    """1 for each score in whose cell another rater scored too."""
    pairs = np.unique(np.stack([cell, rater]), axis=1)
    raters_in_cell = np.bincount(pairs[0], minlength=int(cell.max()) + 1)
    return (raters_in_cell[cell] > 1).astype(np.float64)


@dataclass(frozen=True)
class _Lines:
    """Each person's line in each skill, as what a score is compared with."""

    time: Numbers
    """Months from the middle of the cell's scores."""
    value: Numbers
    """Scores less their cell's mean and the skill's common slope."""
    size: Numbers
    width: Numbers
    """Per cell: scores, and the slope's sum of squares plus what holds it near the skill's."""
    error: float

    @classmethod
    def of(cls, rows: pl.DataFrame, cell: Places) -> _Lines:
        count = int(cell.max()) + 1
        size = np.bincount(cell, minlength=count).astype(np.float64)
        time = months_of(rows["observed_on"])
        time = time - (sums(cell, time, count) / size)[cell]
        value = rows["scaled"].to_numpy()
        value = value - (sums(cell, value, count) / size)[cell]
        _, skill = positions(rows["skill_id"].to_list())
        common = _ratio(sums(skill, time * value, count), sums(skill, time**2, count))
        value = value - common[skill] * time
        width = sums(cell, time**2, count)
        slope = _ratio(sums(cell, time * value, count), width)
        missed = sums(cell, (value - slope[cell] * time) ** 2, count)
        several = (size >= 3) & (width > 0)
        freedom = float((size[several] - 2).sum())
        error = max(float(missed[several].sum()) / freedom if freedom else 0.0, rounding_error(rows))
        # How far people's slopes differ by more than error, by moments; tells how firmly a slope is held.
        long = several & (size >= 4)
        spread = float(np.var(slope[long]) - np.mean(error / width[long])) if long.any() else 0.0
        return cls(time, value, size, width + error / max(spread, 0.01), error)

    def compared(self, cell: Places, rater: Places, count: int) -> tuple[Numbers, Numbers]:
        """Normal equations of the raters once the lines are taken out: matrix and right-hand side."""
        cells = len(self.size)
        tilt = sums(cell, self.time * self.value, cells) / self.width
        rest = self.value - tilt[cell] * self.time
        seats, seat = np.unique(cell * count + rater, return_inverse=True)
        seat_cell, seat_rater = seats // count, seats % count
        many = np.bincount(seat).astype(np.float64)
        lean = np.bincount(seat, self.time)
        matrix = np.diag(np.bincount(rater, minlength=count).astype(np.float64))
        # Raters of one cell meet: every seat with every seat of the same cell, a shift at a time.
        first = np.searchsorted(seat_cell, np.arange(cells))
        seats_in = np.diff(np.append(first, len(seats)))
        for shift in range(int(seats_in.max())):
            here = np.flatnonzero(seats_in[seat_cell] > shift)
            base = first[seat_cell[here]]
            there = base + (here - base + shift) % seats_in[seat_cell[here]]
            at = seat_cell[here]
            shared = many[here] * many[there] / self.size[at] + lean[here] * lean[there] / self.width[at]
            matrix -= np.bincount(seat_rater[here] * count + seat_rater[there], shared, count * count).reshape(
                count, count
            )
        return matrix, sums(rater, rest, count)


def _ratio(top: Numbers, bottom: Numbers) -> Numbers:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 1e-9)


def _posterior(matrix: Numbers, right: Numbers, error: float) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation of leniencies ~ N(0, spread²), the spread integrated over a flat grid."""
    roots, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    roots = np.maximum(roots, 0.0)
    turned = vectors.T @ right
    spread = (np.arange(GRID) + 0.5) / GRID * WIDEST_LENIENCY
    ratio = spread[:, None] ** 2
    filled = roots[None, :] * ratio + error
    log_weight = 0.5 * (turned**2 * ratio / (error * filled) - np.log(filled / error)).sum(axis=1)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    means = (turned * ratio / filled) @ vectors.T
    variances = (error * ratio / filled) @ (vectors.T**2)
    mean = weight @ means
    between = weight @ (means - mean) ** 2
    return mean, np.sqrt(weight @ variances + between)


def adjusted(scores: pl.DataFrame, raters: pl.DataFrame) -> pl.DataFrame:
    """``scores`` with adjusted: the score less the rater's leniency; as it is where that is not known.

    May leave 0..100 by a little; a level made of such scores is cut to it.
    """
    known = raters.select("observer_id", "leniency")
    joined = scores.join(known, on="observer_id", how="left", maintain_order="left")
    return joined.with_columns((pl.col("scaled") - pl.col("leniency").fill_null(0.0)).alias("adjusted")).drop(
        "leniency"
    )


# ---- Two raters of one call ----------------------------------------------------------------------------------------


def rated_twice(scores: pl.DataFrame) -> pl.DataFrame:
    """PAIRS: the first and the second rater's score of the same call and skill; observation_id = the first's."""
    first = scores.filter(pl.col("kind") == "coach").select(
        *PERSON_SKILL, "observation_id", "observed_on", pl.col("scaled").alias("first")
    )
    second = scores.filter(pl.col("kind") == "second_rater").select(
        *PERSON_SKILL, pl.col("paired_observation_id").alias("observation_id"), pl.col("scaled").alias("second")
    )
    found = first.join(second, on=[*PERSON_SKILL, "observation_id"], how="inner")
    return found.select(list(PAIRS)).sort("observation_id", "skill_id", "second")


@dataclass(frozen=True)
class Agreement:
    """How well two raters of the same call agree."""

    kappa: float | None
    """Weighted kappa with quadratic weights: 1 = always the same, 0 = no better than chance. None below 5 pairs."""
    low: float | None
    high: float | None
    """95 % interval, bootstrapped over calls; None below 5 calls."""
    pair_count: int
    """Scores given twice."""
    call_count: int
    reliability: float
    """Of a single score; the default where too few calls were scored twice."""
    is_default: bool


def agreement(pairs: pl.DataFrame) -> Agreement:
    """The agreement of PAIRS. The interval draws whole calls: scores of one call are not independent."""
    calls, call = positions(pairs["observation_id"].to_list())
    pair_count, call_count = pairs.height, len(calls)
    reliability = _correlation(pairs) if call_count >= FEWEST_DOUBLE_OBSERVATIONS else None
    trusted = DEFAULT_RELIABILITY if reliability is None else min(max(reliability, 0.0), 0.95)
    nothing = Agreement(None, None, None, pair_count, call_count, trusted, reliability is None)
    if pair_count < FEWEST_PAIRS:
        return nothing
    totals = _sums(pairs["first"].to_numpy(), pairs["second"].to_numpy(), call, call_count)
    kappa = _kappas(totals.sum(axis=0)[None, :])[0]
    if np.isnan(kappa):
        return nothing
    low, high = _bootstrapped(totals, call_count)
    return Agreement(
        float(kappa),
        None if low is None else min(low, float(kappa)),
        None if high is None else max(high, float(kappa)),
        pair_count,
        call_count,
        trusted,
        reliability is None,
    )


def weighted_kappa(first: Numbers, second: Numbers) -> float | None:
    """Cohen's kappa with quadratic weights; None without pairs or where nobody ever gave another level.

    With quadratic weights 1 - sum(w O) / sum(w E) is 1 - mean((x - y)²) / (var x + var y + (mean x - mean y)²)
    (Fleiss and Cohen 1973), so no table of levels is needed.
    """
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not len(first):
        return None
    kappa = _kappas(_sums(first, second, np.zeros(len(first), dtype=np.int64), 1))[0]
    return None if np.isnan(kappa) else float(kappa)


def _sums(first: Numbers, second: Numbers, call: Places, count: int) -> Numbers:
    parts = (np.ones_like(first), first, second, first**2, second**2, first * second)
    return np.stack([np.bincount(call, part, count) for part in parts], axis=1)


def _kappas(sums: Numbers) -> Numbers:
    n, x, y, xx, yy, xy = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (xx - 2 * xy + yy) / n
        chance = xx / n + yy / n - 2 * x * y / n**2
        return np.where(chance > 1e-9, 1 - apart / chance, np.nan)


def _bootstrapped(sums: Numbers, calls: int) -> tuple[float | None, float | None]:
    # A handful of calls drawn again and again looks far surer than it is.
    if calls < FEWEST_CALLS_TO_DRAW:
        return None, None
    # The same draws every time: a page must not change by being looked at.
    random = np.random.default_rng(20_260_101)
    drawn = random.multinomial(calls, np.full(calls, 1 / calls), size=DRAWS).astype(np.float64)
    kappas = _kappas(drawn @ sums)
    kappas = kappas[~np.isnan(kappas)]
    if len(kappas) < DRAWS // 2:
        return None, None
    low, high = np.quantile(kappas, [0.025, 0.975])
    return float(low), float(high)


def _correlation(pairs: pl.DataFrame) -> float | None:
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    if len(first) < 2 or np.std(first) == 0 or np.std(second) == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])
