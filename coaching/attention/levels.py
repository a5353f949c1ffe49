"""Whether a skill's level moved by more than levels differ by chance. Pure: standings in, a row per skill out."""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

from coaching.attention.cases import LOWEST_SCORES, SKILLS
from coaching.skills import COMPETENT, MASTERY, reliable_difference

CHANCE = 0.05
"""That any of a rep's skills looks changed although none is: looking at many must not find more."""


def skill_rows(
    now: pl.DataFrame, before: pl.DataFrame, deviations: dict[int, float], reliability: float, skills: pl.DataFrame
) -> pl.DataFrame:
    """SKILLS of everybody with a level, without observations: ``now`` and ``before`` as frames.SKILL_STANDINGS.

    ``deviations``: of single scores by skill; ``skills`` as frames.SKILLS. noise is null where nothing can be compared.
    """
    earlier = before.select(
        "person_id",
        "skill_id",
        pl.col("level").alias("before_level"),
        pl.col("level_n").alias("before_n"),
        pl.col("score_count").alias("before_count"),
    )
    joined = (
        now.join(earlier, on=["person_id", "skill_id"], how="left", maintain_order="left")
        .join(skills.select("skill_id", "slug", pl.col("name").alias("skill_name")), on="skill_id", how="inner")
        .with_columns((pl.col("score_count") - pl.col("before_count")).alias("new_count"))
    )
    can_compare = (pl.min_horizontal("level_n", "before_n", "new_count") >= LOWEST_SCORES).fill_null(value=False)
    compared = joined.with_columns(can_compare.sum().over("person_id").alias("compared"))
    noises = [
        _noise(deviations.get(skill_id), reliability, before_n, level_n, compared_count)
        for skill_id, before_n, level_n, compared_count in compared.select(
            "skill_id", "before_n", "level_n", "compared"
        ).iter_rows()
    ]
    return compared.with_columns(
        pl.Series("noise", noises, dtype=pl.Float64),
        pl.col("person_id").alias("rep_id"),
        pl.col("slug").alias("skill"),
        pl.lit(None, pl.List(pl.Int64)).alias("observation_ids"),
    ).select(pl.col(name).cast(dtype) for name, dtype in SKILLS.items())


def _noise(
    deviation: float | None, reliability: float, before_n: int | None, after_n: int | None, compared: int
) -> float | None:
    """How far two levels lie apart by chance in one of ``compared`` skills; None where it cannot be told.

    The reliable change of two means (coaching.skills), widened so that the chance over all skills of a rep together is
    5 %: each gets its part of it (Bonferroni).
    """
    if not deviation or not before_n or not after_n:
        return None
    single = reliable_difference(deviation, reliability, before_n, after_n) / 1.96
    return single * NormalDist().inv_cdf(1 - CHANCE / (2 * max(compared, 1)))


def moved(rows: pl.DataFrame) -> pl.DataFrame:
    """Of SKILLS those that a rule may speak of: fallen by more than chance, or in a higher state than before."""
    fell = pl.col("before_level") - pl.col("level") > pl.col("noise")
    rose = ((pl.col("state") == "competent") & (pl.col("before_level") < COMPETENT)) | (
        (pl.col("state") == "mastery") & (pl.col("before_level") < MASTERY)
    )
    return rows.filter((fell | rose).fill_null(value=False))
