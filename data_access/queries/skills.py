"""Figures of skills: scores that were released, levels and growth made of them, raters, what was tried. No evidence.

Slopes are pooled over the company and raters are compared across it, so those two read everybody's scores; what leaves
this module is cut to the viewer's people.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Sequence

import polars as pl
import sqlalchemy as sa

from coaching import calibration, frames, skills
from coaching.measures import Grouping
from coaching.metrics import output_columns
from coaching.people import SMALLEST_TEAM, Role, Viewer
from data_access.knowledge import LATEST, exists_for_readers, recorded_by
from data_access.observation_scope import readable
from data_access.queries.coaching_asked import CoachingAsked
from data_access.scope import attributable_reps, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    observation,
    person,
    plan,
    plan_revision,
    score,
    scorecard,
    scorecard_item,
    scorecard_version,
    session,
    skill,
)

OF_REPS = ("coach", "second_rater", "self")
OF_COACHES = ("coach_the_coach",)
COACH_LEVELS = {
    "person_id": pl.Int64,
    "name": pl.String,
    "level": pl.Float64,
    "level_low": pl.Float64,
    "level_high": pl.Float64,
    "level_n": pl.Int64,
    "last_on": pl.Date,
}
HISTORY = {
    **frames.SCORES,
    "observer_name": pl.String,
    "channel": pl.String,
    "after_own_coaching": pl.Boolean,
}
WORK = {
    "held_on": pl.Date,
    "skill_id": pl.Int64,
    "coach_id": pl.Int64,
    "kind": pl.String,
    "method": pl.String,
    "angle": pl.String,
}
VERSIONS = {"version_id": pl.Int64, "scorecard": pl.String, "number": pl.Int64, "starts_on": pl.Date}
LEVEL_PARTS = ("level", "level_low", "level_high", "level_n")
GROWTH_PARTS = ("growth", "growth_low", "growth_high", "growth_n")


def skill_slugs(viewer: Viewer, connection: sa.Connection) -> list[str]:
    """Short names of the reps' skills that can be scored, by name. The same for every viewer."""
    return list(connection.scalars(sa.select(skill.c.slug).where(skill.c.kind == "rep").order_by(skill.c.slug)))


def skill_list(viewer: Viewer, connection: sa.Connection, kind: str = "rep") -> pl.DataFrame:
    """frames.SKILLS of reps (or of coaches) in the order of the scorecard. The same for every viewer."""
    place = (
        sa.select(scorecard_item.c.skill_id, sa.func.min(scorecard_item.c.position).label("place"))
        .group_by(scorecard_item.c.skill_id)
        .subquery()
    )
    statement = (
        sa.select(skill.c.id.label("skill_id"), skill.c.slug, skill.c.name)
        .outerjoin(place, place.c.skill_id == skill.c.id)
        .where(skill.c.kind == kind)
        # What no scorecard asks for comes last, so that a new skill changes nobody's colour.
        .order_by(sa.func.coalesce(place.c.place, 1_000_000), skill.c.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.SKILLS)
    return frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("position"))


# ---- The registry's numbers ----------------------------------------------------------------------------------------


def skill_values(viewer: Viewer, connection: sa.Connection, asked: CoachingAsked) -> pl.DataFrame:
    """row_id, period_start and the columns of ``asked.keys``; rows without data are missing.

    A stock at the earlier of each period's end and ``asked.as_of``, from what was released by ``asked.as_of``. An
    executive gets no value that speaks of fewer than five people.
    """
    columns = output_columns(asked.keys)
    schema = {"row_id": pl.Int64, "period_start": pl.Date, **dict.fromkeys(columns, pl.Float64)}
    moments = {p.start: min(p.end, asked.as_of) for p in asked.periods if p.start <= asked.as_of}
    ids = dict(skill_list(viewer, connection).select("slug", "skill_id").iter_rows())
    wanted = {key: (key.partition(":")[0], ids[key.partition(":")[2]]) for key in asked.keys}
    if not moments or asked.grouping.rows.is_empty():
        return pl.DataFrame(schema=schema)
    growing = {skill_id for name, skill_id in wanted.values() if name == "skill_growth"}
    levelled = {skill_id for name, skill_id in wanted.values() if name == "skill_level"}
    everybody = _company_scores(connection, max(moments.values()), asked.as_of, None if growing else sorted(levelled))
    left = _left_on(connection)
    parts = []
    if levelled:
        rows = everybody.filter(pl.col("skill_id").is_in(sorted(levelled)))
        parts.append(_levels(viewer, connection, asked, rows, moments, left))
    if growing:
        parts.append(_growths(viewer, connection, asked, everybody, growing, moments, left))
    long = pl.concat([_long_values(), *parts])
    if viewer.role is Role.EXECUTIVE:
        long = _without_handfuls(long, asked.grouping)
    table = long.select("row_id", "period_start").unique(maintain_order=True)
    for key, (name, skill_id) in wanted.items():
        mine = long.filter((pl.col("name") == name) & (pl.col("skill_id") == skill_id))
        named = mine.select(
            "row_id",
            "period_start",
            pl.col("value").alias(key),
            *(pl.col(part).alias(f"{key}_{part}") for part in ("low", "high", "n")),
        )
        table = table.join(named, on=["row_id", "period_start"], how="left", maintain_order="left")
    return table.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _long_values() -> pl.DataFrame:
    """A row per figure, group, moment and skill; whole = people behind the figure in all groups together."""
    return pl.DataFrame(
        schema={
            "name": pl.String,
            "row_id": pl.Int64,
            "period_start": pl.Date,
            "skill_id": pl.Int64,
            "whole": pl.Int64,
            **dict.fromkeys(("value", "low", "high", "n"), pl.Float64),
        }
    )


def _as_long(frame: pl.DataFrame, name: str, parts: tuple[str, ...]) -> pl.DataFrame:
    named = dict(zip(("value", "low", "high", "n"), parts, strict=True))
    return frame.select(
        pl.lit(name).alias("name"),
        "row_id",
        "period_start",
        "skill_id",
        "whole",
        *(pl.col(part).cast(pl.Float64).alias(column) for column, part in named.items()),
    )


def _levels(
    viewer: Viewer,
    connection: sa.Connection,
    asked: CoachingAsked,
    scores: pl.DataFrame,
    moments: dict[dt.date, dt.date],
    left: pl.DataFrame,
) -> pl.DataFrame:
    grouping = asked.grouping
    people = _counted(viewer, connection, asked)
    at = pl.DataFrame({"period_start": list(moments), "at": list(moments.values())}, schema=_MOMENTS)
    levels = skills.levels_at(
        skills.running_levels(scores.filter(pl.col("person_id").is_in(people))), list(moments.values())
    ).join(at, on="at", how="inner")
    if grouping.by == "rep":
        rows = levels.with_columns(pl.col("person_id").alias("row_id"), pl.lit(1, pl.Int64).alias("whole"))
    else:
        there = _still_there(levels, left)
        whole = there.group_by("period_start", "skill_id").agg(pl.len().cast(pl.Int64).alias("whole"))
        placed = grouping.group(there, "person_id", "at")
        rows = skills.grouped_levels(placed, ["row_id", "period_start", "skill_id"])
        rows = rows.join(whole, on=["period_start", "skill_id"], how="left")
    return _as_long(rows, "skill_level", LEVEL_PARTS)


_MOMENTS = {"period_start": pl.Date, "at": pl.Date}


def _growths(
    viewer: Viewer,
    connection: sa.Connection,
    asked: CoachingAsked,
    scores: pl.DataFrame,
    wanted: set[int],
    moments: dict[dt.date, dt.date],
    left: pl.DataFrame,
) -> pl.DataFrame:
    """Each moment is answered from the scores up to it alone, so a value is the same whatever else is asked with it."""
    people = pl.DataFrame({"person_id": _counted(viewer, connection, asked)}, schema={"person_id": pl.Int64})
    parts = [_long_values()]
    for start, moment in moments.items():
        known = scores.filter(pl.col("observed_on") <= moment)
        severe = calibration.adjusted(known, calibration.leniency(known))
        of_skills = skills.growth(severe.filter(pl.col("skill_id").is_in(sorted(wanted))))
        members = _still_there(people.with_columns(pl.lit(moment, pl.Date).alias("at")), left)
        grouped = asked.grouping.group(members, "person_id", "at")
        for skill_id, slopes in of_skills.items():
            if asked.grouping.by == "rep":
                rows = slopes.of_each().join(people, on="person_id", how="semi").rename({"person_id": "row_id"})
            else:
                rows = slopes.of_groups(grouped)
            dated = rows.with_columns(
                pl.lit(start, pl.Date).alias("period_start"),
                pl.lit(skill_id, pl.Int64).alias("skill_id"),
                pl.lit(len(set(slopes.people.tolist()) & set(members["person_id"])), pl.Int64).alias("whole"),
            )
            parts.append(_as_long(dated, "skill_growth", GROWTH_PARTS))
    return pl.concat(parts)


def _counted(viewer: Viewer, connection: sa.Connection, asked: CoachingAsked) -> list[int]:
    """Whose scores stand behind the rows asked for: those the viewer may open, or may see in sums."""
    if asked.grouping.by == "rep":
        inside = sa.select(person.c.id).where(person.c.id.in_(reps_in_scope(viewer, asked.today)))
        found = connection.scalars(inside).all()
        return sorted(set(found) & set(asked.grouping.rows["row_id"].to_list()))
    inside = sa.select(person.c.id).where(person.c.id.in_(attributable_reps(viewer, asked.today)))
    found = connection.scalars(inside).all()
    return sorted(found if asked.rep_ids is None else set(found) & set(asked.rep_ids))


def _left_on(connection: sa.Connection) -> pl.DataFrame:
    statement = sa.select(person.c.id.label("person_id"), person.c.left_on).where(person.c.left_on.is_not(None))
    return pl.read_database(statement, connection, schema_overrides={"person_id": pl.Int64, "left_on": pl.Date})


def _still_there(people: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """Of ``people`` (person_id, at) those who had not left by then: who has left counts in no total."""
    gone = people.join(left, on="person_id", how="left", maintain_order="left")
    return gone.filter(pl.col("left_on").is_null() | (pl.col("left_on") >= pl.col("at"))).drop("left_on")


def _without_handfuls(long: pl.DataFrame, grouping: Grouping) -> pl.DataFrame:
    """Per skill and moment, without values of fewer than five people, also where they could be worked out."""
    by_id = dict(grouping.rows.select("id", "row_id").iter_rows())
    parents = {row_id: by_id.get(above) for row_id, above in grouping.rows.select("row_id", "parent_id").iter_rows()}
    kept = [long.clear()]
    for part in long.partition_by("name", "period_start", "skill_id", maintain_order=True):
        sizes = {row_id: int(n) for row_id, n in part.select("row_id", "n").iter_rows()}
        hidden = skills.withheld(sizes, parents, int(part["whole"][0]), SMALLEST_TEAM)
        kept.append(part.filter(~pl.col("row_id").is_in(sorted(hidden))))
    return pl.concat(kept)


# ---- Scores --------------------------------------------------------------------------------------------------------


def _company_scores(
    connection: sa.Connection,
    until: dt.date,
    as_of: dt.date,
    skill_ids: list[int] | None = None,
    kinds: tuple[str, ...] = ("coach", "second_rater"),
    only: sa.ColumnElement[bool] | None = None,
) -> pl.DataFrame:
    """frames.SCORES observed by ``until`` and released by the end of ``as_of``, of everybody or where ``only`` holds.

    For this module only: slopes and leniencies need the whole company. Two narrow reads, joined here, are a third of
    the work of one wide one.
    """
    zone = company_calendar(connection).time_zone
    o = observation.c
    known = [
        o.kind.in_(kinds),
        o.released_at < _end_of(as_of, zone),
        o.observed_on <= until,
        recorded_by(observation, as_of, zone),
    ]
    if only is not None:
        known.append(only)
    items = sa.select(
        scorecard_item.c.id.label("item_id"),
        scorecard_item.c.skill_id,
        scorecard_item.c.scorecard_version_id.label("version_id"),
        scorecard_item.c.lowest,
        scorecard_item.c.highest,
    ).where(
        scorecard_item.c.highest > scorecard_item.c.lowest,
        sa.true() if skill_ids is None else scorecard_item.c.skill_id.in_(skill_ids),
    )
    seen = sa.select(
        o.id.label("observation_id"),
        o.person_id,
        o.observer_id,
        o.kind,
        o.paired_observation_id,
        o.observed_at,
        o.observed_on,
    ).where(*known)
    given = (
        sa.select(score.c.observation_id, score.c.scorecard_item_id.label("item_id"), score.c.level)
        .join(observation, o.id == score.c.observation_id)
        .where(*known)
    )
    if skill_ids is not None:
        given = given.where(score.c.scorecard_item_id.in_(items.with_only_columns(scorecard_item.c.id)))
    numbers = dict.fromkeys(("item_id", "skill_id", "version_id", "lowest", "highest", "level"), pl.Int64)
    item_rows = pl.read_database(items, connection, schema_overrides=numbers)
    observations = pl.read_database(seen, connection, schema_overrides=frames.SCORES)
    levels = pl.read_database(given, connection, schema_overrides={**numbers, "observation_id": pl.Int64})
    wide = levels.join(item_rows, on="item_id", how="inner").join(observations, on="observation_id", how="inner")
    reach = pl.col("highest") - pl.col("lowest")
    return wide.with_columns(
        ((pl.col("level") - pl.col("lowest")) / reach * 100).clip(0, 100).alias("scaled"),
        (100 / reach).alias("step"),
    ).select(pl.col(name).cast(dtype) for name, dtype in frames.SCORES.items())


def _end_of(day: dt.date, time_zone: str) -> dt.datetime:
    """The first instant after ``day`` where the company is."""
    after = day + dt.timedelta(days=1) if day < LATEST else day
    return dt.datetime.combine(after, dt.time(), zoneinfo.ZoneInfo(time_zone)).astimezone(dt.UTC)


# ---- Pages ---------------------------------------------------------------------------------------------------------


def skill_report(
    viewer: Viewer, connection: sa.Connection, *, at: dt.date, as_of: dt.date, today: dt.date
) -> dict[str, pl.DataFrame]:
    """Where the viewer's people stand on ``at``, how the raters among them score, and how well two raters agree.

    ``standings``: frames.SKILL_STANDINGS of people in scope. ``raters``: frames.RATERS of raters in scope, with name,
    by name; nobody else's leniency leaves this module. ``agreement``: one row, the fields of calibration.Agreement,
    over calls of people in scope (for an executive over the company's, without anybody's name); its reliability is the
    company's. ``spread``: skill_id,
    score_deviation of single scores, over the company. Frames are empty for a viewer without people.
    """
    scores = _company_scores(connection, at, as_of)
    if not (viewer.sees_reps or viewer.sees_teams):
        scores = scores.clear()
    raters = calibration.leniency(scores)
    adjusted = calibration.adjusted(scores, raters)
    inside = _people(connection, reps_in_scope(viewer, today))
    mine = adjusted.filter(pl.col("person_id").is_in(inside["person_id"].implode()))
    standings = skills.standings(skills.running_levels(mine), skills.growth(adjusted))
    judged = scores if viewer.role is Role.EXECUTIVE else mine
    found = vars(calibration.agreement(calibration.rated_twice(judged)))
    # One for everybody: whether a change is more than chance must not depend on who looks.
    company = calibration.agreement(calibration.rated_twice(scores))
    found |= {"reliability": company.reliability, "is_default": company.is_default}
    return {
        "standings": standings,
        "raters": raters.join(inside.rename({"person_id": "observer_id"}), on="observer_id", how="inner").sort(
            "name", "observer_id"
        ),
        "agreement": pl.DataFrame([found], schema=AGREEMENT),
        "spread": _spread(scores),
    }


def plain_standings(
    viewer: Viewer, connection: sa.Connection, *, days: Sequence[dt.date], as_of: dt.date, today: dt.date
) -> tuple[list[pl.DataFrame], pl.DataFrame, float]:
    """Of ``skill_report`` what levels alone need, for several days from one read: per day frames.SKILL_STANDINGS of
    people in scope (growth and levels less leniency are null), then spread, and the company's reliability.

    Spread and reliability are those of the latest day. A fifth of the work of a report for each day.
    """
    scores = _company_scores(connection, max(days), as_of)
    if not (viewer.sees_reps or viewer.sees_teams):
        scores = scores.clear()
    inside = _people(connection, reps_in_scope(viewer, today))
    mine = scores.filter(pl.col("person_id").is_in(inside["person_id"].implode()))
    standings = [skills.standings(skills.running_levels(mine.filter(pl.col("observed_on") <= day)), {}) for day in days]
    return standings, _spread(scores), calibration.agreement(calibration.rated_twice(scores)).reliability


def _spread(scores: pl.DataFrame) -> pl.DataFrame:
    """skill_id, score_deviation of single scores by others."""
    spread = skills.by_others(scores).group_by("skill_id").agg(pl.col("scaled").std().alias("score_deviation"))
    return spread.sort("skill_id")


AGREEMENT = {
    "kappa": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "pair_count": pl.Int64,
    "call_count": pl.Int64,
    "reliability": pl.Float64,
    "is_default": pl.Boolean,
}


def _people(connection: sa.Connection, scope: sa.SelectBase) -> pl.DataFrame:
    statement = sa.select(person.c.id.label("person_id"), person.c.name).where(
        person.c.id.in_(scope), exists_for_readers(person)
    )
    return pl.read_database(statement, connection, schema_overrides={"person_id": pl.Int64, "name": pl.String})


def scores_of(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_ids: Sequence[int],
    skill_ids: Sequence[int],
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """frames.SCORES by others of some people in some skills, as known on ``as_of``; nothing of anybody out of scope."""
    o = observation.c
    inside = sa.and_(o.person_id.in_(rep_ids), o.person_id.in_(reps_in_scope(viewer, today)))
    return _company_scores(connection, as_of, as_of, sorted(skill_ids), only=inside)


def skill_history(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, at: dt.date, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """HISTORY: every released score of one rep, the rep's own included, with who gave it and how, in order of time.

    No evidence, and no view that the viewer may not read. after_own_coaching: the rater had coached the rep in that
    skill before. Empty for a rep out of scope.
    """
    inside = sa.and_(observation.c.person_id == rep_id, readable(viewer, today))
    scores = _company_scores(connection, at, as_of, None, OF_REPS, inside)
    worked = work_on_skills(viewer, connection, rep_id=rep_id, at=at, as_of=as_of, today=today)
    marked = skills.with_coaching_before(scores, worked.with_columns(pl.lit(rep_id, pl.Int64).alias("person_id")))
    names = sa.select(observation.c.id.label("observation_id"), observation.c.channel, person.c.name).where(
        inside, person.c.id == observation.c.observer_id
    )
    schema = {"observation_id": pl.Int64, "channel": pl.String, "name": pl.String}
    named = pl.read_database(names, connection, schema_overrides=schema).rename({"name": "observer_name"})
    joined = marked.join(named, on="observation_id", how="left", maintain_order="left")
    return joined.select(list(HISTORY)).sort("observed_on", "observed_at", "observation_id", "skill_id")


def work_on_skills(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, at: dt.date, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """WORK: sessions held with one rep by ``at`` that name a skill, with method and angle. No words of the session."""
    s = session.c
    zone = company_calendar(connection).time_zone
    statement = (
        sa.select(s.held_on, s.skill_id, s.coach_id, s.kind, s.method, s.angle)
        .where(
            s.rep_id == rep_id,
            s.rep_id.in_(reps_in_scope(viewer, today)),
            s.status == "held",
            s.held_on <= at,
            s.skill_id.is_not(None),
            recorded_by(session, as_of, zone),
        )
        .order_by(s.held_on, s.id)
    )
    return pl.read_database(statement, connection, schema_overrides=WORK)


def plan_starts(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> list[dt.date]:
    """First days of one rep's plans that are agreed and have begun by ``as_of``, in order."""
    zone = company_calendar(connection).time_zone
    written = sa.exists().where(
        plan_revision.c.plan_id == plan.c.id, plan_revision.c.recorded_at < _end_of(as_of, zone)
    )
    statement = (
        sa.select(plan.c.starts_on)
        .where(
            plan.c.rep_id == rep_id,
            plan.c.rep_id.in_(reps_in_scope(viewer, today)),
            plan.c.status != "draft",
            plan.c.starts_on <= as_of,
            exists_for_readers(plan),
            sa.or_(plan.c.import_id.is_not(None), written),
        )
        .order_by(plan.c.starts_on)
        .distinct()
    )
    return list(connection.scalars(statement))


def scorecard_starts(viewer: Viewer, connection: sa.Connection, until: dt.date) -> pl.DataFrame:
    """VERSIONS: when a new version of a reps' scorecard came into use, by ``until``. The same for every viewer.

    The first version of a scorecard is no change and is left out.
    """
    v = scorecard_version.c
    statement = (
        sa.select(v.id.label("version_id"), scorecard.c.name.label("scorecard"), v.number, v.starts_on)
        .join(scorecard, scorecard.c.id == v.scorecard_id)
        .where(scorecard.c.kind == "rep", v.number > 1, v.starts_on <= until)
        .order_by(v.starts_on, v.id)
    )
    return pl.read_database(statement, connection, schema_overrides=VERSIONS)


def coach_skill_levels(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """COACH_LEVELS: how each coach in scope coaches, on the coaching scorecard, by name; no score is no row.

    A released observation of the coach's coaching (kind coach_the_coach) counts as the mean of its scaled scores; the
    level is the mean of the last 3 of them, level_n = observations behind it (1..3), t interval from 2 on.
    """
    scores = _company_scores(connection, as_of, as_of, None, OF_COACHES, _of_scope(viewer, today))
    whole = scores.group_by("observation_id").agg(
        *(
            pl.col(name).first()
            for name in frames.SCORES
            if name not in {"observation_id", "scaled", "skill_id", "kind"}
        ),
        pl.col("scaled").mean(),
        pl.lit(0, pl.Int64).alias("skill_id"),
        # To the rules for levels this is an observation by somebody else like any other.
        pl.lit("coach").alias("kind"),
    )
    return _coach_levels(viewer, connection, whole.select(list(frames.SCORES)), as_of, today).drop("skill_id")


def coach_skills(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """COACH_LEVELS and skill_id: the same skill by skill, each level the mean of the last 3 scores."""
    scores = _company_scores(connection, as_of, as_of, None, OF_COACHES, _of_scope(viewer, today))
    return _coach_levels(viewer, connection, scores.with_columns(pl.lit("coach").alias("kind")), as_of, today)


def _of_scope(viewer: Viewer, today: dt.date) -> sa.ColumnElement[bool]:
    return observation.c.person_id.in_(reps_in_scope(viewer, today))


def _coach_levels(
    viewer: Viewer, connection: sa.Connection, scores: pl.DataFrame, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    levels = skills.levels_at(skills.running_levels(scores), [as_of]).rename({"observed_on": "last_on"})
    named = levels.join(_people(connection, reps_in_scope(viewer, today)), on="person_id", how="inner")
    return named.select(*COACH_LEVELS, "skill_id").sort("name", "person_id", "skill_id")
