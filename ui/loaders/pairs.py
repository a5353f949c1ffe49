"""Cached reads about peer pairs: the pairs, their worksheets, what followed, and who can be put together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching import pairing
from data_access.queries import pairs as queries
from ui import loaders
from ui.loaders import Sight
from ui.loaders import skills as skill_reads


def pairs(sight: Sight, *, as_of: dt.date) -> pl.DataFrame:
    """pairing.PAIRS that the viewer may read, as they stood on a day."""
    today = sight.company.today
    return loaders.read(
        "peer_pairs",
        sight,
        {"as_of": as_of},
        lambda c: queries.pairs(sight.viewer, c, as_of=as_of, today=today),
    )


def meetings(sight: Sight, *, pair_ids: list[int], as_of: dt.date) -> pl.DataFrame:
    """pairing.MEETINGS of some pairs, the latest first."""
    today = sight.company.today
    return loaders.read(
        "peer_meetings",
        sight,
        {"pair_ids": pair_ids, "as_of": as_of},
        lambda c: queries.meetings(sight.viewer, c, pair_ids=pair_ids, as_of=as_of, today=today),
    )


def scores(sight: Sight, *, pair_ids: list[int], as_of: dt.date) -> pl.DataFrame:
    """frames.SCORES behind what followed from some pairs, of people in view."""
    today = sight.company.today
    return loaders.read(
        "peer_scores",
        sight,
        {"pair_ids": pair_ids, "as_of": as_of},
        lambda c: queries.pair_scores(sight.viewer, c, pair_ids=pair_ids, as_of=as_of, today=today),
    )


def basis(sight: Sight) -> dict[str, Any]:
    """Who can be put together today; see data_access.queries.pairs.basis."""
    today = sight.company.today
    return loaders.read("peer_basis", sight, {}, lambda c: queries.basis(sight.viewer, c, today=today))


def own_limit(sight: Sight) -> tuple[int | None, int]:
    """In how many pairs the viewer takes part at a time (None = as usual), and what is usual."""
    return loaders.read("peer_limit", sight, {}, lambda c: queries.own_limit(sight.viewer, c))


def compared(sight: Sight, *, person_ids: list[int], adjusted: bool) -> dict[int, pl.DataFrame]:
    """pairing.COMPARED of some of the viewer's people today, by skill id in the order of the scorecard.

    ``adjusted``: levels less their raters' leniency.
    """
    today = sight.company.today
    # Read before, so that no read waits within another one.
    people = basis(sight)["people"].filter(pl.col("person_id").is_in(person_ids))
    report, listed = skill_reads.report(sight, at=today, as_of=today), skill_reads.skill_list(sight)
    return loaders.read(
        "peer_compared",
        sight,
        {"person_ids": person_ids, "adjusted": adjusted},
        lambda _: _compared(people, report, listed, adjusted),
    )


def _compared(
    people: pl.DataFrame, report: dict[str, pl.DataFrame], listed: pl.DataFrame, adjusted: bool
) -> dict[int, pl.DataFrame]:
    spread = dict(report["spread"].select("skill_id", "score_deviation").iter_rows())
    return {
        skill_id: pairing.compared(
            people,
            report["standings"].filter(pl.col("skill_id") == skill_id),
            spread.get(skill_id),
            report["agreement"]["reliability"][0],
            adjusted=adjusted,
        )
        for skill_id in listed["skill_id"]
    }
