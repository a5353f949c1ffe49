"""The verdict on many objectives at once, the same that ``metric_series`` and ``assess`` give one by one.

One objective after the other asks the database dozens of times each; here each metric's values are asked for once for
all reps.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa
from polars._typing import SchemaDict

from coaching import frames
from coaching.objectives import Assessment, assess, headline
from coaching.people import Viewer
from data_access.queries.baselines import metric_series_of_reps

VERDICTS: SchemaDict = {
    "objective_id": pl.Int64,
    "verdict": pl.String,
    "words": pl.String,
    "chance": pl.Float64,
    "value_count": pl.Int64,
}
"""verdict as coaching.objectives; words: the objective's headline; value_count = values that the verdict rests on."""


def objective_verdicts(
    viewer: Viewer, connection: sa.Connection, goals: pl.DataFrame, *, currency: str, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """VERDICTS on ``goals`` (frames.OBJECTIVES that the viewer was allowed to read), in their order."""
    if goals.is_empty():
        return pl.DataFrame(schema=VERDICTS)
    values = metric_series_of_reps(viewer, connection, goals=goals, as_of=as_of, today=today)
    series = values.partition_by("rep_id", "metric_key", as_dict=True, maintain_order=True)
    rows = []
    for goal in goals.iter_rows(named=True):
        own = series.get((goal["rep_id"], goal["metric_key"]), values.clear()).select(list(frames.METRIC_SERIES))
        rows.append(_row(goal, assess(goal, own, as_of, currency), currency))
    return pl.DataFrame(rows, schema=VERDICTS)


def _row(goal: dict[str, Any], found: Assessment, currency: str) -> dict[str, Any]:
    return {
        "objective_id": goal["objective_id"],
        "verdict": found.verdict,
        "words": headline(goal, found, currency),
        "chance": found.chance,
        "value_count": found.trend.n if found.trend is not None else found.points.height,
    }
