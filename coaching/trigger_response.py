"""How often something follows a motivation trigger, per rep, with honest uncertainty. Estimates; says nothing in words.

The model is roi.md 6.1: ``logit p = mu + a(rep) + b(trigger) + c(rep, trigger)`` with normal effects, whose spreads are
integrated over a small grid; inside, a Laplace approximation, from which a fixed number of draws is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import SchemaDict

Floats = NDArray[np.float64]

SMALLEST_N = 5
"""Below this many tries with one trigger the answer is "not enough yet"."""
SPREADS_OF_REPS = (0.3, 0.6, 1.0)
SPREADS_OF_TRIGGERS = (0.1, 0.3, 0.6)
SPREADS_OF_PAIRS = (0.4, 0.7, 1.1)
MEAN_SPREAD = 1.5
"""Prior spread of the overall logit: 5 to 95 % of tries work, before anything is known."""
DRAWS = 2_000
INTERVAL = (0.10, 0.90)
"""80 % interval, as on the page."""
SEED = 20_260_101

TRIGGER_RESPONSE: SchemaDict = {
    "rep_id": pl.Int64,
    "trigger": pl.String,
    "try_count": pl.Int64,
    "worked_count": pl.Int64,
    "expected_share": pl.Float64,
    "expected_low": pl.Float64,
    "expected_high": pl.Float64,
    "best_share": pl.Float64,
}
"""Per rep and trigger: what is to be expected (posterior mean, 80 % interval) and the chance that it is their best."""


@dataclass(frozen=True)
class _Fit:
    """The normal approximation at one point of the grid."""

    evidence: float
    theta: Floats
    pair: Floats
    precision: Floats
    """Of theta, with the pairs integrated out."""
    weights: Floats
    spread: float


def trigger_response(uses: pl.DataFrame, triggers: tuple[str, ...]) -> pl.DataFrame:
    """TRIGGER_RESPONSE for every rep in ``uses`` and every one of ``triggers``, by rep and trigger.

    ``uses``: rep_id, trigger, followed (Boolean; null = not yet known, left out). The estimates borrow strength from
    everybody, so pass the whole company's uses. An empty frame for no known outcome. Same rows, same numbers.
    """
    known = uses.filter(pl.col("followed").is_not_null() & pl.col("trigger").is_in(list(triggers)))
    if known.is_empty():
        return pl.DataFrame(schema=TRIGGER_RESPONSE)
    reps = known["rep_id"].unique().sort().to_list()
    tried, worked = _counts(known, reps, triggers)
    share = _drawn_shares(tried, worked)
    low, high = np.quantile(share, INTERVAL, axis=0)
    best = _chance_best(share)
    return pl.DataFrame(
        {
            "rep_id": np.repeat(reps, len(triggers)),
            "trigger": list(triggers) * len(reps),
            "try_count": tried.ravel().astype(np.int64),
            "worked_count": worked.ravel().astype(np.int64),
            "expected_share": share.mean(axis=0).ravel(),
            "expected_low": low.ravel(),
            "expected_high": high.ravel(),
            "best_share": best.ravel(),
        },
        schema=TRIGGER_RESPONSE,
    )


SMALLEST_CROWD = 5
"""An average over everybody is shown from so many people on."""


def with_everybody(responses: pl.DataFrame) -> pl.DataFrame:
    """``responses`` (TRIGGER_RESPONSE of everybody) with what is to be expected on average per trigger:
    everybody_share, and everybody_count = people with whom it was tried; the share is null below five of them.
    """
    tried = pl.col("try_count") > 0
    averages = responses.group_by("trigger").agg(
        pl.col("expected_share").mean().alias("everybody_share"), tried.sum().cast(pl.Int64).alias("everybody_count")
    )
    shown = pl.when(pl.col("everybody_count") >= SMALLEST_CROWD).then("everybody_share")
    return responses.join(averages.with_columns(shown.alias("everybody_share")), on="trigger", how="left")


def _counts(known: pl.DataFrame, reps: list[int], triggers: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Tries and successes, reps x triggers."""
    tried, worked = np.zeros((len(reps), len(triggers))), np.zeros((len(reps), len(triggers)))
    place_of_rep = {rep: place for place, rep in enumerate(reps)}
    counted = known.group_by("rep_id", "trigger").agg(pl.len().alias("n"), pl.col("followed").sum().alias("s"))
    for rep, trigger, n, s in counted.iter_rows():
        cell = place_of_rep[rep], triggers.index(trigger)
        tried[cell], worked[cell] = n, s
    return tried, worked


def _drawn_shares(tried: Floats, worked: Floats) -> Floats:
    """Draws x reps x triggers of the chance that a try works."""
    design = _design(*tried.shape)
    fits = [
        _fit(design, tried.ravel(), worked.ravel(), spreads, tried.shape)
        for spreads in product(SPREADS_OF_REPS, SPREADS_OF_TRIGGERS, SPREADS_OF_PAIRS)
    ]
    evidence = np.array([fit.evidence for fit in fits])
    chance = np.exp(evidence - evidence.max())
    random = np.random.default_rng(SEED)
    counts = random.multinomial(DRAWS, chance / chance.sum())
    drawn = [_draw(design, fit, int(count), random) for fit, count in zip(fits, counts, strict=True) if count]
    return _inverse_logit(np.concatenate(drawn)).reshape(-1, *tried.shape)


def _design(reps: int, triggers: int) -> Floats:
    """Columns: the mean, one per rep, one per trigger; a row per cell."""
    cell = np.arange(reps * triggers)
    design = np.zeros((reps * triggers, 1 + reps + triggers))
    design[:, 0] = 1
    design[cell, 1 + cell // triggers] = 1
    design[cell, 1 + reps + cell % triggers] = 1
    return design


def _fit(
    design: Floats, tried: Floats, worked: Floats, spreads: tuple[float, float, float], shape: tuple[int, ...]
) -> _Fit:
    """The mode by Newton steps and the log evidence by Laplace; the pairs' block is diagonal and solved by hand."""
    of_reps, of_triggers, of_pairs = spreads
    prior = np.concatenate(
        [[MEAN_SPREAD**-2.0], np.full(shape[0], of_reps**-2.0), np.full(shape[1], of_triggers**-2.0)]
    )
    pair_prior = of_pairs**-2.0
    theta, pair = np.zeros(design.shape[1]), np.zeros(len(tried))
    for _ in range(50):
        chance = _inverse_logit(design @ theta + pair)
        weights = tried * chance * (1 - chance)
        slope = worked - tried * chance
        pair_slope = slope - pair_prior * pair
        damped = weights * pair_prior / (weights + pair_prior)
        precision = design.T @ (design * damped[:, None]) + np.diag(prior)
        right = design.T @ (slope - weights * pair_slope / (weights + pair_prior)) - prior * theta
        step = np.linalg.solve(precision, right)
        pair_step = (pair_slope - weights * (design @ step)) / (weights + pair_prior)
        theta, pair = theta + step, pair + pair_step
        if max(np.abs(step).max(), np.abs(pair_step).max()) < 1e-8:
            break
    chance = _inverse_logit(design @ theta + pair)
    weights = tried * chance * (1 - chance)
    damped = weights * pair_prior / (weights + pair_prior)
    precision = design.T @ (design * damped[:, None]) + np.diag(prior)
    likelihood = float((worked * np.log(chance) + (tried - worked) * np.log1p(-chance)).sum())
    fit_of_prior = 0.5 * float(
        (np.log(prior) - prior * theta**2).sum() + (np.log(pair_prior) - pair_prior * pair**2).sum()
    )
    volume = 0.5 * float(np.linalg.slogdet(precision)[1] + np.log(weights + pair_prior).sum())
    return _Fit(likelihood + fit_of_prior - volume, theta, pair, precision, weights, of_pairs)


def _draw(design: Floats, fit: _Fit, count: int, random: np.random.Generator) -> Floats:
    """``count`` draws of the logit of every cell."""
    pair_prior = fit.spread**-2.0
    # precision = L L', so solving L' x = z gives x the covariance wanted.
    lower = np.linalg.cholesky(fit.precision)
    away = np.linalg.solve(lower.T, random.standard_normal((len(fit.theta), count))).T
    shift = -(fit.weights / (fit.weights + pair_prior)) * (away @ design.T)
    own = random.standard_normal((count, len(fit.pair))) / np.sqrt(fit.weights + pair_prior)
    return (fit.theta + away) @ design.T + fit.pair + shift + own


def _inverse_logit(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-values))


def _chance_best(share: Floats) -> Floats:
    """Reps x triggers: how often a trigger is the rep's best among the draws."""
    winner = share.argmax(axis=2)
    return np.stack([(winner == trigger).mean(axis=0) for trigger in range(share.shape[2])], axis=1)
