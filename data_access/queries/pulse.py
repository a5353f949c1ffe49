"""The pulse as it may be read: means of closed rounds from five answers on, and whether oneself has answered."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.people import Role, Viewer
from coaching.pulse import ANSWER_SUMS, DAYS_TO_ANSWER, last_day, shown_means, wave_of
from data_access.knowledge import exists_for_readers
from data_access.pulse_rounds import hashed
from data_access.scope import holds_on, teams_in_scope
from data_access.tables import pulse, pulse_wave, session, session_participant, team, team_placement

SEES_COMPANY = frozenset({Role.EXECUTIVE, Role.OPERATOR})


def pulse_by_team(
    viewer: Viewer, connection: sa.Connection, *, start: dt.date, end: dt.date, today: dt.date
) -> pl.DataFrame:
    """frames.PULSES of the teams in scope, by round and name: rounds whose last day lies from ``start`` to ``end``.

    Only rounds that are over on ``today``: while one runs, a mean read before and after a colleague's session would
    tell the answer. Teams below five answers, and totals from which a few could be worked out, come without figures
    (coaching.pulse.shown_means); teams without an answer do not come. The company's row is for those who see it whole.
    The tree is the one of the round's last day, and what is shown does not depend on who looks, so that two people
    cannot work out more together than each alone.
    """
    answers = _answer_sums(connection)
    closing = {wave: last_day(wave) for wave in answers["wave"].unique().to_list()}
    waves = sorted(
        (day, wave) for wave, day in closing.items() if day is not None and start <= day <= end and day < today
    )
    names = _team_names(viewer, connection, today)
    parts = [frames.empty(frames.PULSES)]
    for day, wave in waves:
        parents = _parents(connection, day)
        found = shown_means(answers.filter(pl.col("wave") == wave), parents)
        visible = pl.col("team_id").is_in(list(names))
        if viewer.role in SEES_COMPANY:
            visible = visible | pl.col("team_id").is_null()
        rows = found.filter(visible).with_columns(
            pl.col("team_id").replace_strict(names, default=None, return_dtype=pl.String).alias("team_name"),
            pl.col("team_id").replace_strict(parents, default=None, return_dtype=pl.Int64).alias("parent_id"),
            pl.lit(wave).alias("wave"),
            pl.lit(day).alias("closes_on"),
        )
        parts.append(rows.select(*frames.PULSES).sort("team_name", "team_id", nulls_last=False))
    return pl.concat(parts)


def latest_session(viewer: Viewer, connection: sa.Connection, today: dt.date) -> dt.date | None:
    """The day on which the viewer was last coached, in the 14 days up to ``today``; None where they were not."""
    s, p = session.c, session_participant.c
    sat_in = sa.exists().where(p.session_id == s.id, p.person_id == viewer.person_id)
    return connection.scalar(
        sa.select(sa.func.max(s.held_on)).where(
            s.status == "held",
            s.kind != "peer",
            s.held_on > today - dt.timedelta(days=DAYS_TO_ANSWER),
            s.held_on <= today,
            sa.or_(s.rep_id == viewer.person_id, sat_in),
            exists_for_readers(session),
        )
    )


def has_answered(viewer: Viewer, connection: sa.Connection, today: dt.date) -> bool:
    """Whether the viewer has answered in the round of the day. Nobody can ask this about anybody else."""
    if viewer.person_id is None:
        return False
    wave = wave_of(today)
    secret = connection.scalar(sa.select(pulse_wave.c.secret).where(pulse_wave.c.wave == wave))
    if secret is None:
        return False
    mine = (pulse.c.wave == wave, pulse.c.respondent_hash == hashed(secret, viewer.person_id))
    return connection.scalar(sa.select(pulse.c.id).where(*mine)) is not None


def has_round_to_close(viewer: Viewer, connection: sa.Connection, today: dt.date) -> bool:
    """Whether the key of a round that is over still lies in the database. The same for every viewer."""
    left = sa.select(pulse_wave.c.wave).where(pulse_wave.c.closes_on < today, pulse_wave.c.secret.is_not(None))
    return connection.scalar(left.limit(1)) is not None


def _answer_sums(connection: sa.Connection) -> pl.DataFrame:
    """Sums of every team: what may be shown of one depends on all. Single answers leave the database in no query."""
    p = pulse.c
    statement = sa.select(
        p.wave,
        p.team_id,
        sa.func.count().label("answer_count"),
        sa.func.sum(p.useful).label("useful_sum"),
        sa.func.sum(p.heard).label("heard_sum"),
        sa.func.sum(p.clear).label("clear_sum"),
    ).group_by(p.wave, p.team_id)
    return pl.read_database(statement, connection, schema_overrides=ANSWER_SUMS)


def _team_names(viewer: Viewer, connection: sa.Connection, today: dt.date) -> dict[int, str]:
    rows = connection.execute(sa.select(team.c.id, team.c.name).where(team.c.id.in_(teams_in_scope(viewer, today))))
    return {int(row.id): str(row.name) for row in rows}


def _parents(connection: sa.Connection, day: dt.date) -> dict[int, int | None]:
    rows = connection.execute(
        sa.select(team_placement.c.team_id, sa.func.max(team_placement.c.parent_id).label("parent_id"))
        .where(holds_on(team_placement, day), exists_for_readers(team_placement))
        .group_by(team_placement.c.team_id)
    )
    return {int(row.team_id): row.parent_id for row in rows}
