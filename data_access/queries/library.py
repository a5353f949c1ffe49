"""The best-technique library: role-model texts, and strong moments that a rep has agreed to share."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.library import LEVELS_BELOW_TOP
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers, recorded_by
from data_access.observation_scope import O, reads_any
from data_access.settings import company_calendar
from data_access.tables import (
    observation,
    person,
    role_model_template,
    score,
    scorecard_anchor,
    scorecard_item,
    skill,
)

TEMPLATES = {
    "skill": pl.String,
    "skill_name": pl.String,
    "description": pl.String,
    "title": pl.String,
    "body": pl.String,
}


def role_models(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """The right behaviours in words, by the order skills were set up: skill, skill_name, description, title, body.

    The same for everybody who sells or coaches; empty for executives, admins and the operator.
    """
    statement = (
        sa.select(
            skill.c.slug.label("skill"),
            skill.c.name.label("skill_name"),
            skill.c.description,
            role_model_template.c.title,
            role_model_template.c.body,
        )
        .select_from(role_model_template.outerjoin(skill, skill.c.id == role_model_template.c.skill_id))
        .where(sa.true() if reads_any(viewer) else sa.false())
        .order_by(skill.c.id, role_model_template.c.id)
    )
    return pl.read_database(statement, connection, schema_overrides=TEMPLATES)


def examples(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> pl.DataFrame:
    """frames.EXAMPLES that reps have agreed to share, of the whole company, by skill and the latest first.

    Only strong levels with evidence. What was taken back is gone from past dates too. Empty for executives, admins and
    the operator: they read no words about people.
    """
    if not reads_any(viewer):
        return frames.empty(frames.EXAMPLES)
    zone = company_calendar(connection).time_zone
    condition = sa.and_(O.is_example.is_(True), O.consented_at.is_not(None), recorded_by(observation, as_of, zone))
    found = _strong_moments(connection, condition)
    agreed_on = pl.col("consented_at").dt.convert_time_zone(zone).dt.date()
    return found.filter(agreed_on <= as_of)


def examples_to_answer(viewer: Viewer, connection: sa.Connection) -> pl.DataFrame:
    """frames.EXAMPLES about the viewer that a coach has offered and the viewer has not answered."""
    if not reads_any(viewer):
        return frames.empty(frames.EXAMPLES)
    condition = sa.and_(O.is_example.is_(True), O.consented_at.is_(None), O.person_id == viewer.person_id)
    return _strong_moments(connection, condition)


def _strong_moments(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> pl.DataFrame:
    observer = person.alias("observer")
    item = scorecard_item.c
    statement = (
        sa.select(
            O.id.label("observation_id"),
            O.person_id,
            person.c.name.label("person_name"),
            skill.c.slug.label("skill"),
            skill.c.name.label("skill_name"),
            score.c.level,
            item.highest,
            scorecard_anchor.c.behaviour.label("anchor"),
            score.c.evidence,
            O.observed_on,
            O.channel,
            observer.c.name.label("observer_name"),
            O.consented_at,
        )
        .select_from(observation)
        .join(score, score.c.observation_id == O.id)
        .join(scorecard_item, item.id == score.c.scorecard_item_id)
        .join(skill, skill.c.id == item.skill_id)
        .join(person, person.c.id == O.person_id)
        .join(observer, observer.c.id == O.observer_id)
        .outerjoin(
            scorecard_anchor,
            sa.and_(scorecard_anchor.c.scorecard_item_id == item.id, scorecard_anchor.c.level == score.c.level),
        )
        .where(
            condition,
            exists_for_readers(observation),
            O.kind == "coach",
            O.visibility == "shared",
            O.released_at.is_not(None),
            score.c.level >= item.highest - LEVELS_BELOW_TOP,
            score.c.evidence.is_not(None),
        )
        .order_by(skill.c.id, O.observed_on.desc(), O.id)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.EXAMPLES)
