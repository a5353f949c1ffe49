"""A metric of a rep at moments and over periods: the baseline of an objective, and the values it is judged by."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from coaching import frames, numbers
from coaching.metrics import Metric, metric
from coaching.objectives import (
    FLOW_MONTHS,
    MONTHS_LOOKED_BACK,
    SNAPSHOTS_OF_A_BASELINE,
    baseline_period,
    flow_period,
    month_ends,
)
from coaching.people import Viewer
from coaching.periods import Period, add_months
from data_access.knowledge import knowledge
from data_access.queries.measures import metric_values
from data_access.queries.pipeline_history import open_pipelines
from data_access.settings import company_calendar
from data_access.tables import import_run

EVENTS_BEHIND = {
    **dict.fromkeys(
        ("average_deal_size", "median_deal_size", "won_amount", "margin", "discount", "sales_cycle_days", "won_count"),
        "won_count",
    ),
    "quota_attainment": "won_count",
    "lost_amount": "lost_count",
    "lost_count": "lost_count",
    "pipeline_generated": "opened_count",
    "opened_count": "opened_count",
}
"""Which count stands behind a value that brings no n of its own."""
MONTHS_AT_MOST = 60


@dataclass(frozen=True)
class Baseline:
    """A metric's value on the day something is agreed, with what it was taken from."""

    value: float
    count: int | None
    """A stock: how many moments are in the mean. A flow: the events behind the value; None where it has none."""
    as_of: dt.date
    basis: str


def baseline(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, metric_key: str, agreed_on: dt.date, today: dt.date
) -> Baseline | None:
    """The baseline of a rep's objective agreed on a day, as known on that day; None = no data or out of scope.

    A stock: the mean at the last three exports of deals; where fewer had been loaded, at the last three month ends,
    rebuilt. A flow or a rate: its value over the previous fiscal quarter. Raises KeyError for an unknown metric.
    """
    entry = metric(metric_key)
    ask = _Asked(viewer, connection, rep_id, entry, today)
    if entry.is_stock:
        return _stock_baseline(ask, agreed_on)
    period = baseline_period(agreed_on, company_calendar(connection))
    value, count = ask.over(period, agreed_on)
    if value is None:
        return None
    basis = f"Value of the last whole fiscal quarter, {numbers.span(period.start, period.end)}"
    return Baseline(value, None if count is None else round(count), agreed_on, basis)


def _stock_baseline(ask: _Asked, agreed_on: dt.date) -> Baseline | None:
    moments = _exports(ask.connection, agreed_on)[-SNAPSHOTS_OF_A_BASELINE:]
    if len(moments) == SNAPSHOTS_OF_A_BASELINE:
        # What each export said on its own day: no later one can move it.
        found = [ask.over(Period(day, day), day)[0] for day in moments]
        what = "exports"
    else:
        first = add_months(agreed_on, -SNAPSHOTS_OF_A_BASELINE - 1)
        moments = month_ends(first, agreed_on)[-SNAPSHOTS_OF_A_BASELINE:]
        found = [ask.over(Period(day, day), agreed_on)[0] for day in moments]
        what = "month ends, rebuilt because fewer than three exports had been loaded"
    known = [(day, value) for day, value in zip(moments, found, strict=True) if value is not None]
    if not known:
        return None
    days = ", ".join(numbers.day(day) for day, _ in known)
    basis = f"Mean of the last {len(known)} {what}: {days}"
    return Baseline(sum(value for _, value in known) / len(known), len(known), agreed_on, basis)


def _exports(connection: sa.Connection, upto: dt.date) -> list[dt.date]:
    """Dates of the deals exports that readers know, up to a day, in order."""
    runs = import_run.c
    published = sa.and_(runs.kind == "deals", runs.published_at.is_not(None), runs.as_of <= upto)
    return list(connection.scalars(sa.select(runs.as_of).where(published).distinct().order_by(runs.as_of)))


@dataclass(frozen=True)
class _Asked:
    """One metric of one rep, for one viewer."""

    viewer: Viewer
    connection: sa.Connection
    rep_id: int
    entry: Metric
    today: dt.date

    def values(
        self, period: Period, as_of: dt.date, every: str | None = None, spans: list[Period] | None = None
    ) -> pl.DataFrame:
        """The metric and its n: one row, or one per week (``every``) or span; no row where out of scope."""
        keys = [self.entry.key, *filter(None, [EVENTS_BEHIND.get(self.entry.key)])]
        return metric_values(
            self.viewer,
            self.connection,
            by="rep",
            keys=list(dict.fromkeys(keys)),
            start=period.start,
            end=period.end,
            as_of=as_of,
            today=self.today,
            every=every,
            rep_ids=[self.rep_id],
            spans=spans,
        )

    def at_each(self, weeks: list[Period], as_of: dt.date) -> pl.DataFrame:
        """frames.METRIC_SERIES of a stock at the ends of these weeks, as known on ``as_of``."""
        rows = self.values(Period(weeks[0].start, weeks[-1].end), as_of, spans=weeks)
        ends = {week.start: week.end for week in weeks}
        at = [ends[start] for start in rows["period_start"]]
        columns = {"at": at, "value": rows[self.entry.key], "n": [None] * rows.height}
        return pl.DataFrame(columns, schema=frames.METRIC_SERIES)

    def over_each(self, ends: list[dt.date], as_of: dt.date) -> pl.DataFrame:
        """frames.METRIC_SERIES over the three months up to each of these ends, which lie three months apart."""
        spans = [flow_period(end) for end in ends]
        rows = self.values(Period(spans[0].start, spans[-1].end), as_of, spans=spans)
        by_start = {span.start: end for span, end in zip(spans, ends, strict=True)}
        at = [by_start[start] for start in rows["period_start"]]
        columns = {"at": at, "value": rows[self.entry.key], "n": _count(rows, self.entry.key)}
        return pl.DataFrame(columns, schema=frames.METRIC_SERIES)

    def over(self, period: Period, as_of: dt.date) -> tuple[float | None, float | None]:
        """Value and n over a period; (None, None) without data or out of scope."""
        rows = self.values(period, as_of)
        return (rows[self.entry.key][0], _count(rows, self.entry.key)[0]) if rows.height else (None, None)


def _count(rows: pl.DataFrame, key: str) -> pl.Series:
    name = f"{key}_n" if f"{key}_n" in rows.columns else EVENTS_BEHIND.get(key, "")
    return rows[name].cast(pl.Float64) if name in rows.columns else pl.Series([None] * rows.height, dtype=pl.Float64)


def metric_series(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    metric_key: str,
    since: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """frames.METRIC_SERIES of a rep from 12 months before ``since`` up to the last export known on ``as_of``.

    A stock by week; a flow or a rate over the three months up to each month's end. Empty where out of scope.
    """
    entry = metric(metric_key)
    ask = _Asked(viewer, connection, rep_id, entry, today)
    last = _measured_on(connection, as_of)
    first = max(add_months(since, -MONTHS_LOOKED_BACK), add_months(last, -MONTHS_AT_MOST))
    if first > last:
        return frames.empty(frames.METRIC_SERIES)
    if entry.is_stock:
        weeks = list(Period(first, last).split("week", company_calendar(connection)))
        parts = [ask.at_each(some, known_on) for known_on, some in _by_export(weeks, _exports(connection, as_of))]
        return pl.concat([frames.empty(frames.METRIC_SERIES), *parts]).sort("at")
    # Three months overlap from one end to the next, so every third of them are asked together.
    ends = month_ends(first, last)
    parts = [ask.over_each(ends[start::FLOW_MONTHS], as_of) for start in range(min(FLOW_MONTHS, len(ends)))]
    return pl.concat([frames.empty(frames.METRIC_SERIES), *parts]).sort("at")


def metric_series_of_reps(
    viewer: Viewer, connection: sa.Connection, *, goals: pl.DataFrame, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """rep_id, metric_key and frames.METRIC_SERIES of every pair in ``goals`` (rep_id, metric_key, since_on), in order.

    The values that ``metric_series`` gives each of them, asked for once for all reps: flows from 12 months before the
    earliest ``since_on`` on, stocks from it on and 13 months at most, which is as far back as a verdict looks.
    """
    last = _measured_on(connection, as_of)
    is_stock = pl.col("metric_key").map_elements(lambda key: metric(key).is_stock, return_dtype=pl.Boolean)
    kinds = goals.with_columns(is_stock.alias("is_stock"))
    parts = [pl.DataFrame(schema=SERIES_OF_REPS)]
    stocks, flows = kinds.filter("is_stock"), kinds.filter(~pl.col("is_stock"))
    # The pipeline is what most objectives are about, and the one stock that a single read can tell.
    at_once = (pl.col("metric_key") == "open_pipeline") & (not knowledge(connection, "deals", as_of).is_rebuilt)
    for some, is_pipeline in ((stocks.filter(at_once), True), (stocks.filter(~at_once), False)):
        if some.is_empty():
            continue
        many = _AskedOfMany(viewer, connection, some, today)
        first = max(many.since_on, add_months(last, -MONTHS_LOOKED_BACK - 1))
        weeks = list(Period(first, last).split("week", company_calendar(connection))) if first <= last else []
        groups = list(_by_export(weeks, _exports(connection, as_of)))
        parts += [many.pipelines(groups)] if is_pipeline else [many.values(held, known) for known, held in groups]
    if flows.height:
        many = _AskedOfMany(viewer, connection, flows, today)
        since = add_months(many.since_on, -MONTHS_LOOKED_BACK)
        ends = month_ends(max(since, add_months(last, -MONTHS_AT_MOST)), last)
        # Three months overlap from one end to the next, so every third of them are asked together.
        for start in range(min(FLOW_MONTHS, len(ends))):
            parts.append(many.values([flow_period(end) for end in ends[start::FLOW_MONTHS]], as_of))
    asked = goals.select("rep_id", "metric_key").unique()
    return pl.concat(parts).join(asked, on=["rep_id", "metric_key"], how="semi").sort("rep_id", "metric_key", "at")


SERIES_OF_REPS = {"rep_id": pl.Int64, "metric_key": pl.String, **frames.METRIC_SERIES}


@dataclass(frozen=True)
class _AskedOfMany:
    """Metrics of several reps, for one viewer. ``goals``: rep_id, metric_key, since_on; at least one."""

    viewer: Viewer
    connection: sa.Connection
    goals: pl.DataFrame
    today: dt.date

    @property
    def since_on(self) -> dt.date:
        """When the first of them was agreed."""
        return min(self.goals["since_on"])

    def pipelines(self, groups: list[tuple[dt.date, list[Period]]]) -> pl.DataFrame:
        """SERIES_OF_REPS of open_pipeline at the ends of weeks, each group as known on its own day, in one read."""
        rows = open_pipelines(
            self.viewer,
            self.connection,
            rep_ids=self.goals["rep_id"].unique(maintain_order=True).to_list(),
            moments=[(week.end, known_on) for known_on, weeks in groups for week in weeks],
            today=self.today,
        )
        return rows.select(
            "rep_id", pl.lit("open_pipeline").alias("metric_key"), "at", "value", pl.lit(None, pl.Float64).alias("n")
        )

    def values(self, spans: list[Period], as_of: dt.date) -> pl.DataFrame:
        """SERIES_OF_REPS at the ends of ``spans``, which lie one right after the other."""
        keys = self.goals["metric_key"].unique(maintain_order=True).to_list()
        counts = [EVENTS_BEHIND[key] for key in keys if key in EVENTS_BEHIND]
        rows = metric_values(
            self.viewer,
            self.connection,
            by="rep",
            keys=list(dict.fromkeys([*keys, *counts])),
            start=spans[0].start,
            end=spans[-1].end,
            as_of=as_of,
            today=self.today,
            rep_ids=self.goals["rep_id"].unique(maintain_order=True).to_list(),
            spans=spans,
        )
        ends = {span.start: span.end for span in spans}
        rows = rows.with_columns(pl.col("period_start").replace_strict(ends, return_dtype=pl.Date).alias("at"))
        parts = [
            rows.select(
                pl.col("row_id").alias("rep_id"),
                pl.lit(key).alias("metric_key"),
                "at",
                pl.col(key).cast(pl.Float64).alias("value"),
                (pl.lit(None, pl.Float64) if metric(key).is_stock else _count(rows, key)).alias("n"),
            )
            for key in keys
        ]
        return pl.concat([pl.DataFrame(schema=SERIES_OF_REPS), *parts])


def _by_export(weeks: list[Period], exports: list[dt.date]) -> Iterator[tuple[dt.date, list[Period]]]:
    """Weeks together that end between the same two exports, each with the day they are known on.

    What a later export says of an amount is not what it was then: a path that is redrawn with every export forecasts
    nothing. Weeks before the first export are known by that one.
    """

    def latest(week: Period) -> dt.date | None:
        return max((day for day in exports if day <= week.end), default=None)

    for export, some in itertools.groupby(weeks, latest):
        held = list(some)
        yield (held[-1].end if export is not None or not exports else exports[0]), held


def _measured_on(connection: sa.Connection, as_of: dt.date) -> dt.date:
    """The last export up to ``as_of``: after it nothing is known to have happened, which is not the same as nothing."""
    if knowledge(connection, "deals", as_of).is_rebuilt:
        return as_of
    exports = _exports(connection, as_of)
    return exports[-1] if exports else as_of
