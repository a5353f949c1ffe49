"""The cadence of coaching: policies, holidays, absences, sessions and slots. Dates and kinds, never words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.attribution import team_closure, with_team
from coaching.cadence import ONE_ON_ONES, SINCE_EVER, expectation
from coaching.cadence_measures import PROMISE_KEYS, SLOT_KEYS, CadenceEvidence, cadence_measured
from coaching.metrics import output_columns
from coaching.people import Role, Viewer
from data_access.knowledge import (
    exists_for_readers,
    files_known_by,
    knowledge,
    not_yet_corrected,
    recorded_by,
    version_on,
)
from data_access.queries.coaching_asked import CoachingAsked
from data_access.queries.coaching_events import holds_coaching
from data_access.queries.people import all_teams, home_spans, sellers, teams
from data_access.scope import attributable_reps, operator, reps_in_scope, teams_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    absence,
    cadence_policy,
    commitment,
    holiday,
    membership,
    observation,
    person,
    person_record,
    session,
    session_participant,
    team,
)


def cadence_values(viewer: Viewer, connection: sa.Connection, asked: CoachingAsked) -> pl.DataFrame:
    """row_id, period_start and the columns of ``asked.keys``; no rows where no session has been recorded at all."""
    if "sessions" not in holds_coaching(viewer, connection, asked.as_of):
        columns = {name: pl.Date if name == "next_due_on" else pl.Float64 for name in output_columns(asked.keys)}
        return pl.DataFrame(schema={"row_id": pl.Int64, "period_start": pl.Date, **columns})
    totals = asked.grouping.by != "rep" or viewer.role is Role.OPERATOR
    as_of, today = asked.as_of, asked.today
    people = dated_sellers(viewer, connection, as_of=as_of, today=today, for_totals=totals)
    if asked.rep_ids is not None:
        people = people.filter(pl.col("person_id").is_in(asked.rep_ids))
    needs_slots = bool(SLOT_KEYS & set(asked.keys))
    # A slot can only be told to be met when the sessions since the first one are known.
    since = SINCE_EVER if needs_slots else asked.periods[0].start
    held = held_sessions(viewer, connection, start=since, end=as_of, as_of=as_of, today=today, for_totals=totals)
    held = held.filter(pl.col("person_id").is_in(people["person_id"].to_list()))
    slots = frames.empty(frames.SLOTS)
    if needs_slots:
        slots = _slots_of(people, held, viewer, connection, as_of, today, totals)
    owed = frames.empty(frames.PROMISES)
    if PROMISE_KEYS & set(asked.keys):
        span = {"start": asked.periods[0].start, "end": min(asked.periods[-1].end, as_of)}
        owed = _promises(viewer, connection, as_of=as_of, today=today, for_totals=totals, **span)
        owed = owed.filter(pl.col("person_id").is_in(people["person_id"].to_list()))
    evidence = CadenceEvidence(people, slots, held, owed)
    return cadence_measured(asked.keys, asked.grouping, asked.periods, evidence, as_of)


def slots_in_view(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None = None,
) -> dict[str, pl.DataFrame]:
    """What the picture of reps by weeks is made of: frames "people", "slots" and "sessions", people by name.

    People: frames.CADENCE_PEOPLE of everybody who sold and was there between ``start`` and the earlier of ``end`` and
    ``as_of``, in ``team_id`` (or below) on their last day in it, with ``last_on``, their last one-on-one up to then;
    those who have left since are kept for whoever leads their last team today. Slots: frames.SLOTS from a year before
    ``start`` on. Sessions from ``start`` on: frames.CADENCE_SESSIONS with ``on``, the day held or else planned, of
    every kind and status (what lies after ``as_of`` reads as planned); group sessions stand with everybody who took
    part. All empty for viewers who see no rep rows.
    """
    known = _dated(connection, viewer, _opened(viewer, today), as_of)
    ids = sellers(operator(), connection, as_of, today)["person_id"].to_list()
    until = min(end, as_of)
    last_day = pl.min_horizontal(pl.lit(until), "left_on")
    people = known.filter(
        pl.col("person_id").is_in(ids)
        & (pl.col("started_on").is_null() | (pl.col("started_on") <= until))
        & (pl.col("left_on").is_null() | (pl.col("left_on") >= start))
    )
    if team_id is not None:
        below = team_closure(all_teams(viewer, connection, until, today)).filter(pl.col("row_id") == team_id)
        homes = home_spans(viewer, connection, as_of, today)
        placed = with_team(people.with_columns(last_day.alias("at")), homes, "person_id", "at")
        people = placed.filter(pl.col("team_id").is_in(below["team_id"].to_list())).drop("at", "team_id")
    people = people.select(list(frames.CADENCE_PEOPLE)).sort("name", "person_id")
    sessions = _sessions_of(connection, people["person_id"].to_list(), as_of)
    held = sessions.filter((pl.col("status") == "held") & pl.col("kind").is_in(ONE_ON_ONES))
    slots = _slots_of(people, held, viewer, connection, as_of, today)
    last = held.filter(pl.col("held_on") <= until).group_by("person_id").agg(pl.col("held_on").max().alias("last_on"))
    year_before = start - dt.timedelta(days=min(366, (start - SINCE_EVER).days))
    return {
        "people": people.join(last, on="person_id", how="left", maintain_order="left"),
        "slots": slots.filter(pl.col("ends_on") >= year_before),
        "sessions": sessions.filter(pl.col("on") >= start),
    }


def _opened(viewer: Viewer, today: dt.date) -> sa.ColumnElement[bool]:
    """Whose slots the viewer may open: everybody in scope, and who has left a team that the viewer leads today.

    Who has left is a member of no team any more, so nobody else's either: the team they left keeps their past.
    """
    inside = person.c.id.in_(reps_in_scope(viewer, today))
    if viewer.role not in {Role.MANAGER, Role.LEADER}:
        return inside
    later = membership.alias("later")
    is_last = ~sa.exists().where(
        later.c.person_id == membership.c.person_id, later.c.ends_on > membership.c.ends_on, later.c.kind == "member"
    )
    last_team = sa.select(membership.c.person_id).where(
        membership.c.team_id.in_(teams_in_scope(viewer, today)),
        membership.c.kind == "member",
        membership.c.ends_on <= today,
        is_last,
    )
    return sa.or_(inside, sa.and_(person.c.left_on < today, person.c.id.in_(last_team)))


def dated_sellers(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, for_totals: bool = False
) -> pl.DataFrame:
    """frames.CADENCE_PEOPLE of everybody who sells, as known on ``as_of``, by name.

    Of the people the viewer may open, or (``for_totals``) of those whose events may count in sums the viewer sees.
    """
    reachable = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    known = _dated(connection, viewer, person.c.id.in_(reachable), as_of)
    # Who sells is the same for everybody; whose rows leave this function is decided by the scope above.
    ids = sellers(operator(), connection, as_of, today)["person_id"].to_list()
    return known.filter(pl.col("person_id").is_in(ids))


def _dated(connection: sa.Connection, viewer: Viewer, who: sa.ColumnElement[bool], as_of: dt.date) -> pl.DataFrame:
    """frames.CADENCE_PEOPLE with the first and last day that people files had told by ``as_of``."""
    told = _told(connection, as_of)
    recorded = sa.exists().where(person_record.c.person_id == person.c.id, exists_for_readers(person_record))

    def as_told(name: str) -> sa.ColumnElement[Any]:
        # Somebody whom no people file names has only the row itself.
        return sa.case((recorded, told.c[name]), else_=person.c[name]).label(name)

    statement = (
        sa.select(
            person.c.id.label("person_id"),
            person.c.name,
            person.c.role,
            *(as_told(name) for name in ("region", "started_on", "left_on")),
        )
        .select_from(person)
        .outerjoin(told, told.c.person_id == person.c.id)
        .where(who, exists_for_readers(person))
        .order_by(person.c.name, person.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.CADENCE_PEOPLE)


def _told(connection: sa.Connection, as_of: dt.date) -> sa.Subquery:
    since = knowledge(connection, "people", as_of).known_on
    return sa.select(person_record).where(version_on(person_record, since)).subquery()


def _slots_of(
    people: pl.DataFrame,
    held: pl.DataFrame,
    viewer: Viewer,
    connection: sa.Connection,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
) -> pl.DataFrame:
    """frames.SLOTS of ``people``, whom the caller has found to be in scope, with the sessions ``held``."""
    away = _absences(connection, as_of, attributable_reps(viewer, today) if for_totals else None)
    away = away.filter(pl.col("person_id").is_in(people["person_id"].to_list()))
    return expectation(
        people,
        policies(viewer, connection, as_of=as_of),
        holidays(viewer, connection, as_of=as_of),
        away,
        held.filter(pl.col("kind").is_in(ONE_ON_ONES)).select("person_id", "held_on"),
        as_of,
    )


def _filed_by(table: sa.FromClause, as_of: dt.date) -> sa.ColumnElement[bool]:
    """Rows of a file count from the file's own date, those of the first file of a kind and typed ones since ever."""
    filed = sa.or_(table.c.import_id.is_(None), table.c.import_id.in_(files_known_by(as_of)))
    return sa.and_(filed, not_yet_corrected(table, as_of))


def policies(
    viewer: Viewer, connection: sa.Connection, role: str | None = None, *, as_of: dt.date = dt.date.max
) -> pl.DataFrame:
    """frames.CADENCE_POLICIES of ``role`` (None = all), in the order of their first days. The same for every viewer.

    No rows mean that the default holds.
    """
    statement = (
        sa.select(*(cadence_policy.c[name] for name in frames.CADENCE_POLICIES))
        .where(
            _filed_by(cadence_policy, as_of),
            sa.true() if role is None else cadence_policy.c.role == role,
        )
        .order_by(cadence_policy.c.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.CADENCE_POLICIES)
    return frame.sort("starts_on", nulls_last=False, maintain_order=True)


def holidays(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date = dt.date.max) -> pl.DataFrame:
    """frames.HOLIDAYS by date. The same for every viewer."""
    statement = sa.select(holiday.c.on_date, holiday.c.region).where(_filed_by(holiday, as_of))
    return pl.read_database(statement, connection, schema_overrides=frames.HOLIDAYS).unique().sort("on_date", "region")


CALENDAR_ENTRIES = {"entry_id": pl.Int64, "on_date": pl.Date, "region": pl.String, "name": pl.String}
POLICY_ENTRIES = {"entry_id": pl.Int64, **frames.CADENCE_POLICIES}
ABSENCE_ENTRIES = {
    "entry_id": pl.Int64,
    "person_id": pl.Int64,
    "name": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "reason": pl.String,
}


def holiday_entries(viewer: Viewer, connection: sa.Connection, *, since: dt.date) -> pl.DataFrame:
    """entry_id, on_date, region, name of the holidays from ``since`` on, by date; empty for whoever keeps none."""
    statement = (
        sa.select(holiday.c.id.label("entry_id"), holiday.c.on_date, holiday.c.region, holiday.c.name)
        .where(exists_for_readers(holiday), holiday.c.on_date >= since, sa.literal(viewer.loads_data).is_(sa.true()))
        .order_by(holiday.c.on_date, holiday.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=CALENDAR_ENTRIES)


def policy_entries(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """entry_id, role, every_days, tolerance_days, starts_on, by role and first day; empty for whoever keeps none."""
    statement = (
        sa.select(cadence_policy.c.id.label("entry_id"), *(cadence_policy.c[name] for name in frames.CADENCE_POLICIES))
        .where(exists_for_readers(cadence_policy), sa.literal(viewer.loads_data).is_(sa.true()))
        .order_by(cadence_policy.c.role, cadence_policy.c.starts_on, cadence_policy.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=POLICY_ENTRIES)


def absence_entries(viewer: Viewer, connection: sa.Connection, *, since: dt.date, today: dt.date) -> pl.DataFrame:
    """entry_id, person_id, name, starts_on, ends_on, reason of absences that end from ``since`` on, by name and day.

    Of the people in the viewer's scope.
    """
    statement = (
        sa.select(
            absence.c.id.label("entry_id"),
            absence.c.person_id,
            person.c.name,
            absence.c.starts_on,
            absence.c.ends_on,
            absence.c.reason,
        )
        .select_from(absence)
        .join(person, person.c.id == absence.c.person_id)
        .where(
            exists_for_readers(absence),
            absence.c.ends_on >= since,
            absence.c.person_id.in_(reps_in_scope(viewer, today)),
        )
        .order_by(person.c.name, absence.c.starts_on, absence.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=ABSENCE_ENTRIES)


def _absences(connection: sa.Connection, as_of: dt.date, people: sa.SelectBase | None) -> pl.DataFrame:
    """frames.ABSENCES; callers keep only people whose slots they may compute."""
    statement = sa.select(absence.c.person_id, absence.c.starts_on, absence.c.ends_on).where(
        _filed_by(absence, as_of), sa.true() if people is None else absence.c.person_id.in_(people)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.ABSENCES)


_SESSION_COLUMNS = (
    session.c.id.label("session_id"),
    session.c.rep_id.label("person_id"),
    *(session.c[name] for name in list(frames.CADENCE_SESSIONS)[2:]),
)


def held_sessions(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool = False,
) -> pl.DataFrame:
    """frames.CADENCE_SESSIONS held from ``start`` to ``end`` as known on ``as_of``, by day.

    Of the people the viewer may open, or (``for_totals``) of those whose events may count in sums the viewer sees.
    """
    people = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    statement = sa.select(*_SESSION_COLUMNS).where(
        session.c.status == "held",
        session.c.held_on.between(start, end),
        session.c.rep_id.in_(people),
        recorded_by(session, as_of, company_calendar(connection).time_zone),
    )
    frame = pl.read_database(statement, connection, schema_overrides=frames.CADENCE_SESSIONS)
    return frame.sort("held_on", "session_id")


def _sessions_of(connection: sa.Connection, ids: list[int], as_of: dt.date) -> pl.DataFrame:
    """frames.CADENCE_SESSIONS of these people with ``on``; group sessions once for everybody who took part."""
    zone = company_calendar(connection).time_zone
    known = recorded_by(session, as_of, zone)
    own = sa.select(*_SESSION_COLUMNS).where(known)
    # Who is named as a group session's own person may be listed as taking part as well.
    others = (
        sa.select(
            session.c.id.label("session_id"),
            session_participant.c.person_id,
            *(session.c[name] for name in list(frames.CADENCE_SESSIONS)[2:]),
        )
        .select_from(session)
        .join(session_participant, session_participant.c.session_id == session.c.id)
        .where(known, session_participant.c.person_id != session.c.rep_id)
    )
    frame = pl.concat(
        [pl.read_database(part, connection, schema_overrides=frames.CADENCE_SESSIONS) for part in (own, others)]
    ).filter(pl.col("person_id").is_in(ids))
    on = pl.coalesce("held_on", "planned_on")
    later = on > as_of
    return (
        frame.with_columns(on.alias("on"))
        .with_columns(
            # What became of it lies after the as-of date: on that day it was planned.
            pl.when(later).then(pl.lit("planned")).otherwise(pl.col("status")).alias("status"),
            pl.when(later).then(None).otherwise(pl.col("held_on")).alias("held_on"),
            pl.when(later).then(pl.col("planned_on").fill_null(pl.col("on"))).otherwise(pl.col("on")).alias("on"),
        )
        .filter(pl.col("on").is_not_null())
        .sort("on", "session_id", "person_id")
    )


def _promises(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    for_totals: bool,
) -> pl.DataFrame:
    """frames.PROMISES due from ``start`` to ``end``, made by a rep or to a rep; known with their session."""
    people = attributable_reps(viewer, today) if for_totals else reps_in_scope(viewer, today)
    zone = company_calendar(connection).time_zone
    known = sa.or_(
        sa.and_(commitment.c.session_id.is_(None), commitment.c.made_on <= as_of),
        commitment.c.session_id.in_(sa.select(session.c.id).where(recorded_by(session, as_of, zone))),
    )
    due = sa.and_(commitment.c.due_on.between(start, end), known)
    parts = [
        sa.select(
            mine.label("person_id"), sa.literal(is_reps).label("is_reps"), commitment.c.due_on, commitment.c.done_on
        )
        .select_from(commitment)
        .outerjoin(session, session.c.id == commitment.c.session_id)
        # Within a session its own rep is the rep; the other one is the coach.
        .where(
            due, mine.in_(people), sa.or_(session.c.id.is_(None), session.c.kind == "group", session.c.rep_id == mine)
        )
        for mine, is_reps in ((commitment.c.by_id, True), (commitment.c.to_id, False))
    ]
    return pl.concat([pl.read_database(part, connection, schema_overrides=frames.PROMISES) for part in parts])


MIX = {"what": pl.String, "word": pl.String, "count": pl.Int64}


def coaching_mix(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
    team_id: int | None = None,
) -> pl.DataFrame:
    """what ("channel", "method", "kind"), word (null = not said) and count: released observations by channel, held
    sessions by method and by kind, from ``start`` to ``end``; the most frequent first.

    Sums over everybody whose events may count for the viewer, in the team of the event's date. Empty for viewers
    without team totals.
    """
    if not viewer.sees_teams:
        return pl.DataFrame(schema=MIX)
    until = min(end, as_of)
    people = attributable_reps(viewer, today)
    held = held_sessions(viewer, connection, start=start, end=until, as_of=as_of, today=today, for_totals=True)
    seen = sa.select(
        observation.c.person_id, observation.c.observed_on.label("on"), observation.c.channel.label("word")
    ).where(
        observation.c.kind.in_(["coach", "second_rater"]),
        observation.c.released_at.is_not(None),
        observation.c.observed_on.between(start, until),
        observation.c.person_id.in_(people),
        recorded_by(observation, as_of, company_calendar(connection).time_zone),
    )
    schema = {"person_id": pl.Int64, "on": pl.Date, "word": pl.String}
    channels = pl.read_database(seen, connection, schema_overrides=schema)
    events = pl.concat(
        [
            channels.select("person_id", "on", pl.lit("channel").alias("what"), "word"),
            *(
                held.select(
                    "person_id", pl.col("held_on").alias("on"), pl.lit(name).alias("what"), pl.col(name).alias("word")
                )
                for name in ("method", "kind")
            ),
        ]
    )
    inside = _inside(viewer, connection, events, team_id, until, as_of, today)
    return (
        inside.group_by("what", "word")
        .agg(pl.len().cast(pl.Int64).alias("count"))
        .sort("what", "count", "word", descending=[False, True, False])
        .select(list(MIX))
    )


def _inside(
    viewer: Viewer,
    connection: sa.Connection,
    events: pl.DataFrame,
    team_id: int | None,
    until: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """Events (person_id, on) that count for the team, or for everything the viewer's totals hold."""
    if team_id is None and viewer.role in {Role.OPERATOR, Role.EXECUTIVE}:
        return events
    tree = all_teams(viewer, connection, until, today)
    counted = tree["team_id"].to_list()
    if team_id is not None:
        # An executive gets no total of a team that is too small to be shown.
        shown = teams(viewer, connection, until, today)["team_id"].to_list()
        closure = team_closure(tree).filter(pl.col("row_id") == team_id) if team_id in shown else pl.DataFrame()
        counted = closure["team_id"].to_list() if closure.height else []
    placed = with_team(events, home_spans(viewer, connection, as_of, today), "person_id", "on")
    return placed.filter(pl.col("team_id").is_in(counted))


def team_leaders(viewer: Viewer, connection: sa.Connection, *, today: dt.date) -> pl.DataFrame:
    """team_id and leader_name of the teams whose totals the viewer may see; null where nobody is known to lead."""
    statement = (
        sa.select(team.c.id.label("team_id"), person.c.name.label("leader_name"))
        .select_from(team)
        .outerjoin(person, sa.and_(person.c.id == team.c.leader_id, exists_for_readers(person)))
        .where(team.c.id.in_(teams_in_scope(viewer, today)), exists_for_readers(team))
        .order_by(team.c.id)
    )
    schema = {"team_id": pl.Int64, "leader_name": pl.String}
    return pl.read_database(statement, connection, schema_overrides=schema)
