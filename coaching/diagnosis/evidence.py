"""What a diagnosis is made of: the window it looks at, who is compared with whom, and the rows. Pure; shapes only."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field

import polars as pl
from polars._typing import SchemaDict

from coaching import frames
from coaching.peers import SMALLEST_GROUP, tenure_band
from coaching.periods import Period, add_months

MONTHS = 24
"""How far back cases count. Shorter, and most problems of the usual size cannot be told from luck."""
RAMP_DAYS = 180
"""What somebody does in their first months says how ramping goes, not what they can do."""
BLOCK_DAYS = 91
QUARTER_DAYS = 365.25 / 4
LARGEST_GROUP, LARGEST_COMPANY = 30, 240
"""Peers who are read: all of a company of usual size, of a large one this many per group, always the same ones."""

DIAGNOSED: SchemaDict = {
    "person_id": pl.Int64,
    "role": pl.String,
    "segment": pl.String,
    "started_on": pl.Date,
    "left_on": pl.Date,
}
"""People who sell, as known on the as-of date."""
CLOSED: SchemaDict = {
    "deal_id": pl.Int64,
    "person_id": pl.Int64,
    "status": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "amount": pl.Int64,
    "list_amount": pl.Int64,
    "has_reason": pl.Boolean,
    "to_competitor": pl.Boolean,
}
"""Deals won or lost; amounts in minor units; has_reason: a reason or a competitor is named."""
OPENED: SchemaDict = {"deal_id": pl.Int64, "person_id": pl.Int64, "opened_on": pl.Date}
STEPS: SchemaDict = {
    "deal_id": pl.Int64,
    "person_id": pl.Int64,
    "stage": pl.String,
    "seen_on": pl.Date,
    "last_on": pl.Date,
    "missing_share": pl.Float64,
}
"""Open deals as exports showed them, one row per deal and stage: first and last export that brought something new, and
the share of those without a next step."""
STAGES: SchemaDict = {"deal_id": pl.Int64, "is_qualified": pl.Boolean}
"""Deals with a stage history; qualified = seen in more than one open stage."""
ACTIVITIES: SchemaDict = {"person_id": pl.Int64, "block": pl.Int64, "done_count": pl.Int64}
"""Activities done in the last 13 weeks: block 0 the later half, 1 the earlier."""
GAPS: SchemaDict = {"person_id": pl.Int64, "gap_id": pl.Int64, "noted_on": pl.Date, "is_open": pl.Boolean}
LEVELS: SchemaDict = {
    "person_id": pl.Int64,
    "slug": pl.String,
    "name": pl.String,
    "level": pl.Float64,
    "adjusted": pl.Float64,
    "level_n": pl.Int64,
    "variance": pl.Float64,
    "last_on": pl.Date,
}
"""Levels of skills, 0..100; adjusted = less the raters' leniency; variance = squared error of the level."""


def _no(schema: SchemaDict) -> pl.DataFrame:
    return frames.empty(schema)


@dataclass(frozen=True)
class Evidence:
    """The rows of everybody who is asked about and of all they are compared with, as known on the as-of date."""

    as_of: dt.date
    window: Period
    people: pl.DataFrame
    """DIAGNOSED with group, segment, measured_from and is_reference; see ``compared``."""
    closed: pl.DataFrame = field(default_factory=lambda: _no(CLOSED))
    opened: pl.DataFrame = field(default_factory=lambda: _no(OPENED))
    steps: pl.DataFrame = field(default_factory=lambda: _no(STEPS))
    stages: pl.DataFrame = field(default_factory=lambda: _no(STAGES))
    quotas: pl.DataFrame = field(default_factory=lambda: _no(frames.QUOTAS))
    quota_period: Period | None = None
    """Whole fiscal quarters for which attainment is taken; None where none lies within the data."""
    activities: pl.DataFrame = field(default_factory=lambda: _no(ACTIVITIES))
    gaps: pl.DataFrame = field(default_factory=lambda: _no(GAPS))
    levels: pl.DataFrame = field(default_factory=lambda: _no(LEVELS))
    minor: int = 100
    """Minor units in a major one."""
    currency: str = ""

    @functools.cached_property
    def from_on(self) -> dt.date:
        """First day from which there is anything: the window's start, or the first deal that a peer closed in it."""
        # Of peers only: who else is asked about must not move it.
        peers = self.people.filter("is_reference")["person_id"]
        first = self.closed.filter(pl.col("person_id").is_in(peers.implode()))["closed_on"].min()
        return max(self.window.start, first) if isinstance(first, dt.date) else self.window.start


def window_until(end: dt.date) -> Period:
    """The span of a diagnosis whose data reach up to ``end``."""
    return Period(add_months(end, -MONTHS) + dt.timedelta(days=1), end)


def compared(people: pl.DataFrame, as_of: dt.date, window: Period) -> pl.DataFrame:
    """DIAGNOSED (any order) with group, measured_from and is_reference; people who are there on ``as_of``, by id.

    ``group`` = role, segment and tenure band: who is like whom. ``measured_from`` = first day that counts, after the
    ramp. ``is_reference`` = read as a peer: everybody, or of a large group the same few for whoever looks.
    """
    gone = pl.col("left_on").is_not_null() & (pl.col("left_on") < as_of)
    to_come = pl.col("started_on").is_not_null() & (pl.col("started_on") > as_of)
    here = people.filter(~gone & ~to_come).with_columns(pl.col("segment").fill_null(""))
    ramped = pl.col("started_on") + pl.duration(days=RAMP_DAYS)
    here = here.with_columns(
        pl.concat_str("role", "segment", tenure_band(pl.col("started_on"), as_of), separator="\x1f").alias("group"),
        pl.max_horizontal(pl.lit(window.start), ramped.fill_null(window.start)).alias("measured_from"),
        # A fixed shuffle of the ids: neither the oldest nor the alphabetically first are favoured.
        (pl.col("person_id") * 2654435761 % 4294967296).alias("draw"),
    )
    groups = max(here["group"].n_unique(), 1)
    most = max(LARGEST_GROUP, LARGEST_COMPANY // groups)
    return (
        here.with_columns((pl.col("draw").rank("ordinal").over("group") <= most).alias("is_reference"))
        .drop("draw")
        .sort("person_id")
    )


def whole_quarters(period: Period, quarter_starts: list[dt.date], most: int = 4) -> Period | None:
    """The last ``most`` whole quarters inside ``period``; ``quarter_starts`` in order. None where none is whole."""
    starts = [start for start in quarter_starts if start >= period.start]
    whole = [start for start in starts if add_months(start, 3) - dt.timedelta(days=1) <= period.end]
    if not whole:
        return None
    return Period(whole[-most:][0], add_months(whole[-1], 3) - dt.timedelta(days=1))


def too_few_peers(found: int) -> str:
    """Why there is no comparison."""
    return (
        f"too few peers ({found} of the same role, segment and tenure with enough cases, {SMALLEST_GROUP} are needed)"
    )
