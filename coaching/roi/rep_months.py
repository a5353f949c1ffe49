"""From what a company recorded to the rep-spell × month panel of every estimate (roi.md 1.1). Knows no database.

A month belongs to the team, territory and segment that a rep had on its 15th; another one begins a new spell, with a
level of its own. Only whole months count: of employment, and of the data.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from polars._typing import SchemaDict

from coaching.attribution import NO_TEAM, SINCE_EVER, with_team
from coaching.periods import add_months
from coaching.roi.clustering import Estimate
from coaching.roi.imputation import Expected
from coaching.roi.leavers import Leaving, leaving
from coaching.roi.outcomes import BOOKINGS, MARGIN
from coaching.roi.panel import Bools, Floats, Panel, Places, winsorised

WON: SchemaDict = {
    "person_id": pl.Int64,
    "month": pl.Date,
    "closed_count": pl.Int64,
    "won_count": pl.Int64,
    "priced_count": pl.Int64,
    "amount": pl.Int64,
    "costed_count": pl.Int64,
    "costed_amount": pl.Int64,
    "cost": pl.Int64,
}
"""Closed deals per owner and month (its first day): all, the won ones, those of them with an amount, and with amount
and cost; minor units."""
SELLERS: SchemaDict = {
    "person_id": pl.Int64,
    "started_on": pl.Date,
    "left_on": pl.Date,
    "seen_on": pl.Date,
    "coached_on": pl.Date,
}
"""Who may stand in the panel: first and last day (null = not known, still there), first day with a deal, and first day
of enrolment."""
PLACED: SchemaDict = {"person_id": pl.Int64, "starts_on": pl.Date, "segment": pl.String}
"""Segment and territory of a person from a day on; what was first known holds before."""
UNITS: SchemaDict = {
    "unit": pl.Int64,
    "person_id": pl.Int64,
    "team_id": pl.Int64,
    "segment": pl.String,
    "first_month": pl.Date,
    "last_month": pl.Date,
    "coached_from": pl.Date,
}
"""The rows of the panel in order."""
TENURE_MONTHS = 6
"""Months after the first day that are no base: people grow into the job, coached or not."""
MOST_MONTHS = 60
SMOOTHED_SHARE = 0.99


@dataclass(frozen=True)
class RepMonths:
    """The panel in major units per rep and month, and what stands behind it."""

    months: list[dt.date]
    """First days of the columns."""
    units: pl.DataFrame
    """UNITS."""
    outcome: str
    """Which of OUTCOMES is the primary one."""
    panel: Panel
    """The primary outcome, winsorised."""
    raw: Panel
    """The primary outcome as it is."""
    bookings: Panel
    """Won amounts, winsorised, whatever the primary outcome is."""
    cap: float
    """What outcomes above are set to; nan without any."""
    margin_missing_share: float | None
    """Share of the rep-months whose margin is not known, because a won deal has no cost; None without a month."""

    @property
    def person(self) -> Places:
        """Whose each row is."""
        return self.units["person_id"].to_numpy()

    def as_drawn(self, drawn: Bools, skip: int) -> RepMonths:
        """``Panel.as_drawn`` for every outcome."""
        made = {name: getattr(self, name).as_drawn(drawn, skip) for name in ("panel", "raw", "bookings")}
        return dataclasses.replace(self, **made)

    def cell_of(self, person: pl.Series, day: pl.Series) -> tuple[Places, Places, Bools]:
        """Row and column of events of people on days, and which of them lie in the panel at all."""
        where = {month: place for place, month in enumerate(self.months)}
        column = day.dt.month_start().replace_strict(where, default=-1, return_dtype=pl.Int64).to_numpy()
        rows: dict[int, list[int]] = {}
        for place, one in enumerate(self.person.tolist()):
            rows.setdefault(one, []).append(place)
        found = np.full(len(column), -1, dtype=np.int64)
        there = self.panel.there
        for place, (one, at) in enumerate(zip(person.to_list(), column.tolist(), strict=True)):
            if at >= 0:
                found[place] = next((row for row in rows.get(one, ()) if there[row, at]), -1)
        return found, column.astype(np.int64), found >= 0

    def matrix(self, rows: pl.DataFrame, name: str) -> Floats:
        """``name`` of rows (person_id, month, name) on the panel: 0 where a rep was there without one, else nan."""
        numbered = pl.DataFrame({"month": self.months}, schema={"month": pl.Date}).with_row_index("column")
        where = self.units.select("unit", "person_id").join(rows, on="person_id").join(numbered, on="month")
        found = np.zeros(self.panel.outcome.shape)
        np.add.at(found, (where["unit"].to_numpy(), where["column"].to_numpy()), where[name].to_numpy())
        return np.where(self.panel.there, found, np.nan)


def whole_months(won: pl.DataFrame, until: dt.date) -> list[dt.date]:
    """First days of the whole months up to ``until`` in each of which the company closed a deal, the last run of them.

    At most MOST_MONTHS. A stray deal from years ago does not make years of nothing. ``won`` as WON; empty without a
    deal in the last month.
    """
    after = add_months(until.replace(day=1), 1)
    last = until.replace(day=1) if until == after - dt.timedelta(days=1) else add_months(until.replace(day=1), -1)
    known = set(won.filter(pl.col("closed_count") > 0)["month"].unique().to_list())
    found: list[dt.date] = []
    month = last
    while month in known and len(found) < MOST_MONTHS:
        found.append(month)
        month = add_months(month, -1)
    return found[::-1]


def rep_months(
    won: pl.DataFrame,
    sellers: pl.DataFrame,
    homes: pl.DataFrame,
    leads: pl.DataFrame,
    placed: pl.DataFrame,
    *,
    until: dt.date,
    scale: int,
    outcome: str | None,
    most_missing: float,
) -> RepMonths:
    """The panel of the whole months up to ``until``.

    ``won``: WON; ``sellers``: SELLERS; ``homes`` and ``leads``: frames.MEMBERSHIPS (months in which somebody leads a
    team are no rep-months); ``placed``: PLACED; ``scale``: minor units in a major one. ``outcome``: one of OUTCOMES;
    None = margin where at most ``most_missing`` of the rep-months lack it, else bookings.
    """
    months = whole_months(won, until)
    cells = _cells(sellers, homes, leads, placed, months)
    units = _units(cells, sellers)
    values = cells.join(won, on=["person_id", "month"], how="left", maintain_order="left").with_columns(
        pl.col("won_count", "priced_count", "amount", "costed_count", "costed_amount", "cost").fill_null(0)
    )
    booked = pl.when(pl.col("priced_count") == pl.col("won_count")).then("amount")
    earned = pl.when(pl.col("costed_count") == pl.col("won_count")).then(pl.col("costed_amount") - pl.col("cost"))
    values = values.with_columns(booked.alias(BOOKINGS), earned.alias(MARGIN))
    lacking = values[MARGIN].null_count() / values.height if values.height else None
    has_costs = bool(values["costed_count"].sum())
    if outcome is None:
        outcome = MARGIN if has_costs and lacking is not None and lacking <= most_missing else BOOKINGS
    raw = _panel(values, units, outcome, months, scale)
    smooth = winsorised(raw, SMOOTHED_SHARE)
    bookings = winsorised(_panel(values, units, BOOKINGS, months, scale), SMOOTHED_SHARE)
    cap = float(np.nanmax(smooth.outcome)) if smooth.observed.any() else float("nan")
    return RepMonths(months, units, outcome, smooth, raw, bookings, cap, lacking)


def _cells(
    sellers: pl.DataFrame, homes: pl.DataFrame, leads: pl.DataFrame, placed: pl.DataFrame, months: list[dt.date]
) -> pl.DataFrame:
    """unit, person_id, column, month, team_id, segment: a row per rep and month that counts, in order of the units."""
    calendar = pl.DataFrame({"month": months}, schema={"month": pl.Date}).with_row_index("column")
    began = pl.coalesce("started_on", "seen_on")
    # Somebody without a first day counts from their first deal on; without a deal too, nobody knows since when.
    first_seen = pl.col("started_on").is_null() & (began.dt.month_start() == pl.col("month"))
    begun = (pl.col("month") >= began) | first_seen
    stays = pl.col("left_on").is_null() | (pl.col("left_on") >= pl.col("month_end"))
    settled = pl.col("started_on").is_null() | (
        pl.col("month") >= pl.col("started_on").dt.offset_by(f"{TENURE_MONTHS}mo")
    )
    there = (
        sellers.join(calendar, how="cross")
        .with_columns(
            pl.col("month").dt.month_end().alias("month_end"), pl.col("month").dt.offset_by("14d").alias("on")
        )
        .filter(begun & stays & settled)
        .select("person_id", "column", "month", "on")
    )
    if leads.height:
        led = with_team(there, leads.sort("person_id", "starts_on"), "person_id", "on").filter(
            pl.col("team_id") != NO_TEAM
        )
        there = there.join(led, on=["person_id", "month"], how="anti")
    located = with_team(there, homes, "person_id", "on")
    first = placed.sort("person_id", "starts_on").unique("person_id", keep="first", maintain_order=True)
    since = pl.concat([first.with_columns(pl.lit(SINCE_EVER).alias("starts_on")), placed]).sort("starts_on")
    located = located.sort("on").join_asof(
        since, left_on="on", right_on="starts_on", by="person_id", strategy="backward", check_sortedness=False
    )
    ordered = located.sort("person_id", "month").with_columns(pl.col("segment").fill_null(""))
    moved = pl.struct("person_id", "team_id", "segment").rle_id().cast(pl.Int64).alias("unit")
    return ordered.select(moved, "person_id", pl.col("column").cast(pl.Int64), "month", "team_id", "segment")


def _units(cells: pl.DataFrame, sellers: pl.DataFrame) -> pl.DataFrame:
    """UNITS."""
    spans = cells.group_by("unit", "person_id", "team_id", "segment", maintain_order=True).agg(
        pl.col("month").min().alias("first_month"), pl.col("month").max().alias("last_month")
    )
    starts = sellers.select("person_id", pl.col("coached_on").dt.month_start().alias("coached_from"))
    joined = spans.join(starts, on="person_id", how="left", maintain_order="left")
    return joined.sort("unit").select(pl.col(name).cast(kind) for name, kind in UNITS.items())


def _panel(values: pl.DataFrame, units: pl.DataFrame, name: str, months: list[dt.date], scale: int) -> Panel:
    shape = units.height, len(months)
    outcome, there = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    at = values["unit"].to_numpy(), values["column"].to_numpy()
    there[at] = True
    # Divided as numpy does: the last digit of a quotient must not hang on how a frame is computed.
    outcome[at] = values[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() / scale
    if not months:
        return Panel(outcome, np.full(units.height, np.inf), None, there)
    zero = months[0].year * 12 + months[0].month
    column = (units["coached_from"].dt.year() * 12 + units["coached_from"].dt.month().cast(pl.Int32) - zero).cast(
        pl.Float64
    )
    return Panel(outcome, column.fill_null(float("inf")).to_numpy(), _teams(units), there)


def _teams(units: pl.DataFrame) -> Places | None:
    """A number per row by first appearance, so that row numbers of a database say nothing; None without any team."""
    if not (units["team_id"] != NO_TEAM).any():
        return None
    # Somebody without a team shares nothing with others without one.
    labels = units.select(
        pl.when(pl.col("team_id") == NO_TEAM).then(-pl.col("person_id")).otherwise("team_id").alias("label")
    )["label"]
    number = {label: place for place, label in enumerate(labels.unique(maintain_order=True).to_list())}
    return labels.replace_strict(number, return_dtype=pl.Int64).to_numpy()


# ---- Leaving the company is not moving to another team -------------------------------------------------------------


def people_leaving(found: RepMonths) -> Leaving | None:
    """``leavers.leaving`` of people: whoever moves to another team has not left."""
    panel = found.panel
    people, place = np.unique(found.person, return_inverse=True)
    there = np.zeros((len(people), panel.months), dtype=np.bool_)
    start = np.full(len(people), np.inf)
    np.logical_or.at(there, place, panel.there)
    np.minimum.at(start, place, panel.start)
    return leaving(Panel(np.where(there, 0.0, np.nan), start, None, there)) if panel.months else None


def worst_case_of_people(found: RepMonths, model: Expected, whole: Estimate) -> Estimate:
    """``leavers.worst_case``: months that a rep spends in another spell are not missing."""
    people, place = np.unique(found.person, return_inverse=True)
    seen = np.zeros((len(people), found.panel.months), dtype=np.bool_)
    np.logical_or.at(seen, place, found.panel.observed)
    observed = int(model.window(0).sum())
    coached = (model.panel.since >= 0) & model.has_level[:, None] & model.compared[None, :]
    missing = int((coached & ~seen[place]).sum())
    share = observed / (observed + missing) if observed else 1.0
    return Estimate(whole.value * share, whole.se, whole.clusters, whole.n)
