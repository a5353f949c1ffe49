"""From slots, sessions and promises to the registry's numbers of cadence, for any grouping and run of periods. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from coaching import frames
from coaching.cadence import ONE_ON_ONES, is_expected, next_due
from coaching.intervals import wilson_bounds
from coaching.measures import GROUP, Grouping
from coaching.metrics import output_columns
from coaching.periods import Period


@dataclass(frozen=True)
class CadenceEvidence:
    """The rows the numbers come from, as known on the as-of date."""

    people: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.CADENCE_PEOPLE))
    """Everybody who sells."""
    slots: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.SLOTS))
    held: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.CADENCE_SESSIONS))
    """Sessions held up to the as-of date."""
    promises: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.PROMISES))


def cadence_measured(
    keys: list[str], grouping: Grouping, periods: list[Period], evidence: CadenceEvidence, as_of: dt.date
) -> pl.DataFrame:
    """row_id, period_start and the columns of ``keys`` (Float64; dates as Date); rows without any data may be missing.

    Periods that start after ``as_of`` carry no data. A rep counts for the team of the event's date: of a slot its last
    day, and where somebody's being there counts, their last day within the period.
    """
    columns = output_columns(keys)
    schema = {name: pl.Date if name == "next_due_on" else pl.Float64 for name in columns}
    lived = [period for period in periods if period.start <= as_of]
    if not lived:
        return pl.DataFrame(schema={"row_id": pl.Int64, "period_start": pl.Date, **schema})
    there = _there(evidence.people, lived, as_of)
    asked = _Asked(grouping, lived, evidence, there, as_of)
    starts = pl.DataFrame({"period_start": [period.start for period in lived]}, schema={"period_start": pl.Date})
    table = grouping.rows.select("row_id").join(starts, how="cross")
    for part in _parts(set(keys), asked):
        table = table.join(part, on=GROUP, how="left", maintain_order="left")
    return table.select(
        *GROUP,
        *(
            (pl.col(name) if name in table.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in schema.items()
        ),
    )


@dataclass(frozen=True)
class _Asked:
    """What every part is computed from."""

    grouping: Grouping
    periods: list[Period]
    evidence: CadenceEvidence
    there: pl.DataFrame
    as_of: dt.date

    def grouped(self, events: pl.DataFrame, on: str) -> pl.DataFrame:
        """``events`` with the row and the period they count for."""
        return self.grouping.group(_in_periods(events, on, self.periods), "person_id", on)


def _there(people: pl.DataFrame, periods: list[Period], as_of: dt.date) -> pl.DataFrame:
    """person_id, period_start, from_on and to_on: who was in the company in which period, from when to when."""
    spans = pl.DataFrame(
        {
            "period_start": [period.start for period in periods],
            "at": [min(period.end, as_of) for period in periods],
        },
        schema={"period_start": pl.Date, "at": pl.Date},
    )
    return (
        people.select("person_id", "started_on", "left_on")
        .join(spans, how="cross")
        .select(
            "person_id",
            "period_start",
            "at",
            pl.max_horizontal("period_start", "started_on").alias("from_on"),
            pl.min_horizontal("at", "left_on").alias("to_on"),
        )
        .filter(pl.col("from_on") <= pl.col("to_on"))
    )


def _in_periods(events: pl.DataFrame, on: str, periods: list[Period]) -> pl.DataFrame:
    """``events`` dated in one of the periods (contiguous, in order), with ``period_start``."""
    starts = pl.DataFrame(
        {"period_start": [p.start for p in periods], on: [p.start for p in periods]},
        schema={"period_start": pl.Date, on: pl.Date},
    )
    inside = events.filter(pl.col(on).is_between(periods[0].start, periods[-1].end)).sort(on)
    return inside.join_asof(starts, on=on, strategy="backward")


def _parts(keys: set[str], asked: _Asked) -> Iterable[pl.DataFrame]:
    for names, part in _PARTS:
        if keys & names:
            yield part(asked)


def _slot_parts(asked: _Asked) -> pl.DataFrame:
    """expected_slots and met_slots: 0 where somebody has slots and none of them ended; cadence_adherence of the two."""
    slots = asked.evidence.slots.filter(is_expected()).select("person_id", pl.col("ends_on").alias("on"), "met_on")
    grouped = asked.grouped(slots, "on")
    counts = grouped.group_by(GROUP).agg(
        pl.len().cast(pl.Int64).alias("expected_slots"),
        pl.col("met_on").is_not_null().sum().cast(pl.Int64).alias("met_slots"),
    )
    with_slots = asked.there.filter(pl.col("person_id").is_in(asked.evidence.slots["person_id"].unique().to_list()))
    known = asked.grouping.group(with_slots, "person_id", "to_on").select(GROUP).unique()
    table = known.join(counts, on=GROUP, how="full", coalesce=True)
    table = table.with_columns(pl.col("expected_slots", "met_slots").fill_null(0))
    return _share(table, "cadence_adherence", "met_slots", "expected_slots")


def _share(table: pl.DataFrame, key: str, hits: str, trials: str) -> pl.DataFrame:
    """``table`` with a counted share, its Wilson interval and its n; null without trials."""
    low, high = wilson_bounds(hits, trials)
    n = pl.when(pl.col(trials) > 0).then(pl.col(trials)).cast(pl.Float64)
    return table.with_columns(
        (pl.col(hits).cast(pl.Float64) / n).alias(key),
        low.alias(f"{key}_low"),
        high.alias(f"{key}_high"),
        n.alias(f"{key}_n"),
    )


def _one_on_ones(asked: _Asked) -> pl.DataFrame:
    return asked.evidence.held.filter(pl.col("kind").is_in(ONE_ON_ONES))


def _coverage_parts(asked: _Asked) -> pl.DataFrame:
    """coaching_coverage and own_manager_coverage over everybody there in the period."""
    seen = (
        _in_periods(_one_on_ones(asked), "held_on", asked.periods)
        .group_by("person_id", "period_start")
        .agg((pl.col("kind") == "own_manager").any().alias("by_own"))
    )
    there = asked.there.join(seen, on=["person_id", "period_start"], how="left")
    table = (
        asked.grouping.group(there, "person_id", "to_on")
        .group_by(GROUP)
        .agg(
            pl.len().cast(pl.Int64).alias("people"),
            pl.col("by_own").is_not_null().sum().cast(pl.Int64).alias("covered"),
            pl.col("by_own").fill_null(False).sum().cast(pl.Int64).alias("covered_by_own"),
        )
    )
    table = _share(table, "coaching_coverage", "covered", "people")
    return _share(table, "own_manager_coverage", "covered_by_own", "people").drop("people", "covered", "covered_by_own")


def _gap_parts(asked: _Asked) -> pl.DataFrame:
    """longest_gap_days: most days from one one-on-one to the next, the ends of being there included."""
    one_on_ones = _in_periods(_one_on_ones(asked), "held_on", asked.periods)
    inside = (
        one_on_ones.join(asked.there, on=["person_id", "period_start"])
        .filter(pl.col("held_on").is_between("from_on", "to_on"))
        .select("person_id", "period_start", pl.col("held_on").alias("day"))
    )
    ends = [asked.there.select("person_id", "period_start", pl.col(name).alias("day")) for name in ("from_on", "to_on")]
    who = ["person_id", "period_start"]
    gaps = (
        pl.concat([inside, *ends])
        .sort(*who, "day")
        .group_by(who, maintain_order=True)
        .agg(pl.col("day").diff().dt.total_days().max().alias("longest_gap_days"))
    )
    there = asked.there.join(gaps, on=who)
    return asked.grouping.group(there, "person_id", "to_on").group_by(GROUP).agg(pl.col("longest_gap_days").max())


def _due_parts(asked: _Asked) -> pl.DataFrame:
    """next_due_on of whoever is still there at the moment; the earliest of several people."""
    still = asked.there.filter(pl.col("to_on") == pl.col("at"))
    parts = [
        still.filter(pl.col("at") == at).join(next_due(asked.evidence.slots, at), on="person_id")
        for at in still["at"].unique().sort()
    ]
    if not parts:
        return pl.DataFrame(schema={"row_id": pl.Int64, "period_start": pl.Date, "next_due_on": pl.Date})
    return asked.grouping.group(pl.concat(parts), "person_id", "to_on").group_by(GROUP).agg(pl.col("next_due_on").min())


def _time_parts(asked: _Asked) -> pl.DataFrame:
    """coaching_minutes of all kinds of session: 0 where none was held, null where those held have no minutes."""
    held = asked.evidence.held
    sums = (
        asked.grouped(held, "held_on")
        .group_by(GROUP)
        .agg(
            pl.when(pl.col("minutes").is_not_null().any()).then(pl.col("minutes").sum()).alias("coaching_minutes"),
            pl.lit(True).alias("was_held"),
        )
    )
    if held["minutes"].is_null().all():
        return sums.drop("was_held")
    there = asked.grouping.group(asked.there, "person_id", "to_on").select(GROUP).unique()
    table = there.join(sums, on=GROUP, how="full", coalesce=True)
    none_held = pl.when(pl.col("was_held").is_null()).then(0).otherwise(pl.col("coaching_minutes"))
    return table.with_columns(none_held.alias("coaching_minutes")).drop("was_held")


def _ask_parts(asked: _Asked) -> pl.DataFrame:
    """ask_share over sessions in which both were counted; null where nothing was."""
    counted = asked.evidence.held.filter(pl.col("questions").is_not_null() & pl.col("instructions").is_not_null())
    said = pl.col("questions").sum() + pl.col("instructions").sum()
    return (
        asked.grouped(counted, "held_on")
        .group_by(GROUP)
        .agg(pl.when(said > 0).then(pl.col("questions").sum() / said).alias("ask_share"))
    )


def _promise_parts(asked: _Asked) -> pl.DataFrame:
    """commitments_kept (the rep's) and coach_commitments_kept (to the rep): kept by their due date, of those due."""
    due = asked.evidence.promises.filter(pl.col("due_on") <= asked.as_of)
    kept = pl.col("done_on").is_not_null() & (pl.col("done_on") <= pl.col("due_on"))
    table = (
        asked.grouped(due, "due_on")
        .group_by(GROUP)
        .agg(
            pl.col("is_reps").sum().cast(pl.Int64).alias("own_due"),
            (pl.col("is_reps") & kept).sum().cast(pl.Int64).alias("own_kept"),
            (~pl.col("is_reps")).sum().cast(pl.Int64).alias("coach_due"),
            (~pl.col("is_reps") & kept).sum().cast(pl.Int64).alias("coach_kept"),
        )
    )
    table = _share(table, "commitments_kept", "own_kept", "own_due")
    table = _share(table, "coach_commitments_kept", "coach_kept", "coach_due")
    return table.drop("own_due", "own_kept", "coach_due", "coach_kept")


_PARTS: tuple[tuple[frozenset[str], Callable[[_Asked], pl.DataFrame]], ...] = (
    (frozenset({"expected_slots", "met_slots", "cadence_adherence"}), _slot_parts),
    (frozenset({"coaching_coverage", "own_manager_coverage"}), _coverage_parts),
    (frozenset({"longest_gap_days"}), _gap_parts),
    (frozenset({"next_due_on"}), _due_parts),
    (frozenset({"coaching_minutes"}), _time_parts),
    (frozenset({"ask_share"}), _ask_parts),
    (frozenset({"commitments_kept", "coach_commitments_kept"}), _promise_parts),
)
"""Which numbers each part computes; a part is computed only where one of its numbers is asked for."""
SLOT_KEYS = frozenset({"expected_slots", "met_slots", "cadence_adherence", "next_due_on"})
PROMISE_KEYS = frozenset({"commitments_kept", "coach_commitments_kept"})
