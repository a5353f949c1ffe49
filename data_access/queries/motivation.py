"""What people say moves them and what followed which trigger. Only for those who may read notes about the person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import motivation, trigger_response
from coaching.people import Viewer
from data_access.knowledge import end_of_day, exists_for_readers, recorded_by
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    TRIGGERS,
    commitment,
    motivation_preference,
    observation,
    plan_action,
    score,
    scorecard_item,
    session,
    trigger_use,
)

PREFERENCES: dict[str, Any] = {
    "trigger": pl.String,
    "weight": pl.Int64,
    "words": pl.String,
    "stated_at": pl.Datetime("us", "UTC"),
}


def preferences(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """The latest thing the rep said about each trigger by ``as_of``: trigger, weight (0..4), words, stated_at."""
    if not viewer.reads_words:
        return pl.DataFrame(schema=PREFERENCES)
    said = motivation_preference.c
    midnight = end_of_day(as_of, company_calendar(connection).time_zone)
    statement = (
        sa.select(said.trigger, said.weight, said.words, said.stated_at)
        .where(said.person_id == rep_id, said.person_id.in_(reps_in_scope(viewer, today)), said.stated_at < midnight)
        .order_by(said.stated_at, said.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=PREFERENCES)
    return frame.unique("trigger", keep="last", maintain_order=True).sort("weight", "trigger", descending=[True, False])


def trigger_uses(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """motivation.USES of one rep with their outcomes as known on ``as_of``, the latest first."""
    if not _in_scope(viewer, connection, rep_id, today):
        return pl.DataFrame(schema=motivation.USES)
    return _uses(connection, as_of).filter(pl.col("rep_id") == rep_id).sort("used_on", "use_id", descending=True)


def trigger_responses(
    viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """TRIGGER_RESPONSE of one rep, with ``everybody_share`` and ``everybody_count`` per trigger beside it.

    Strength is borrowed from the whole company inside; what leaves is this rep's rows and averages over everybody,
    which are null where fewer than five people stand behind them.
    """
    schema = {**trigger_response.TRIGGER_RESPONSE, "everybody_share": pl.Float64, "everybody_count": pl.Int64}
    if not _in_scope(viewer, connection, rep_id, today):
        return pl.DataFrame(schema=schema)
    found = trigger_response.trigger_response(_uses(connection, as_of), TRIGGERS)
    return trigger_response.with_everybody(found).filter(pl.col("rep_id") == rep_id).select(list(schema))


def _in_scope(viewer: Viewer, connection: sa.Connection, rep_id: int, today: dt.date) -> bool:
    if not viewer.reads_words:
        return False
    inside = reps_in_scope(viewer, today).subquery()
    column = next(iter(inside.c))
    return connection.scalar(sa.select(column).where(column == rep_id)) is not None


def _uses(connection: sa.Connection, as_of: dt.date) -> pl.DataFrame:
    """Everybody's uses with outcomes. Private to this module: it is scoped by what leaves it."""
    zone = company_calendar(connection).time_zone
    used = trigger_use.c
    held = sa.or_(
        used.session_id.is_(None),
        used.session_id.in_(sa.select(session.c.id).where(recorded_by(session, as_of, zone))),
    )
    statement = (
        sa.select(
            used.id.label("use_id"),
            used.session_id,
            used.rep_id,
            used.coach_id,
            session.c.skill_id,
            sa.cast(used.trigger, sa.Text).label("trigger"),
            used.tone,
            used.used_on,
            # What was stored was known on a day of its own.
            sa.case((used.followed_on <= as_of, used.followed)).label("followed"),
        )
        .select_from(trigger_use.outerjoin(session, used.session_id == session.c.id))
        .where(used.used_on <= as_of, held)
        .order_by(used.id)
    )
    uses = pl.read_database(statement, connection, schema_overrides=motivation.USES)
    return motivation.with_outcomes(uses, _agreed(connection), _scores(connection, as_of), as_of)


def _agreed(connection: sa.Connection) -> pl.DataFrame:
    used = trigger_use.c
    promised = sa.select(used.id.label("use_id"), commitment.c.done_on).join(
        commitment, sa.and_(commitment.c.session_id == used.session_id, commitment.c.by_id == used.rep_id)
    )
    planned = (
        sa.select(used.id, plan_action.c.done_on)
        .join(session, session.c.id == used.session_id)
        .join(plan_action, plan_action.c.id == session.c.plan_action_id)
    )
    return pl.read_database(promised.union_all(planned), connection, schema_overrides=motivation.AGREED)


def _scores(connection: sa.Connection, as_of: dt.date) -> pl.DataFrame:
    item = scorecard_item.c
    width = sa.func.nullif(item.highest - item.lowest, 0)
    statement = (
        sa.select(
            observation.c.person_id.label("rep_id"),
            item.skill_id,
            observation.c.observed_on,
            ((score.c.level - item.lowest) * sa.literal(100.0) / width).label("level"),
        )
        .join(observation, score.c.observation_id == observation.c.id)
        .join(scorecard_item, score.c.scorecard_item_id == item.id)
        .where(
            observation.c.kind.in_(["coach", "second_rater"]),
            observation.c.released_at.is_not(None),
            observation.c.observed_on <= as_of,
            exists_for_readers(observation),
        )
        .order_by(observation.c.observed_on, score.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=motivation.SCORES)
