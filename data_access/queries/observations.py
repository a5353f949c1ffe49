"""Observations as a viewer may read them (data_access/observation_scope.py), calls that wait for somebody's scores, and
the scorecards in use."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import frames
from coaching.observations import DAYS_TO_OWN_VIEW, Card, CardItem
from coaching.people import Role, Viewer
from data_access.knowledge import LATEST, exists_for_readers, knowledge, recorded_by, version_on
from data_access.observation_scope import (
    ROOT_ID,
    ROOT_KINDS,
    O,
    asked_to_score,
    is_overdue,
    readable,
    reads_any,
    reads_words,
)
from data_access.scope import holds_on, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    account,
    deal,
    deal_version,
    observation,
    person,
    score,
    scorecard,
    scorecard_anchor,
    scorecard_item,
    scorecard_version,
    second_rating,
    skill,
)

# ---- Observations ----------------------------------------------------------------------------------------------


def observations(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """frames.OBSERVATIONS of one rep from ``start`` to ``end`` as known on ``as_of``, the latest first.

    Every view of a call is a row of its own (coach, self, second_rater). Empty where the rep is out of scope.
    """
    condition = _of_rep(viewer, connection, rep_id, start, end, as_of, today)
    return _observations(viewer, connection, condition, as_of, today)


def observation_scores(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """frames.OBSERVATION_SCORES of the same ``observations``, in the scorecard's order."""
    return _scores(viewer, connection, _of_rep(viewer, connection, rep_id, start, end, as_of, today), today)


def views_of_call(
    viewer: Viewer, connection: sa.Connection, observation_id: int, today: dt.date
) -> dict[str, pl.DataFrame]:
    """Every view of the call of one observation that the viewer may read: "views" (frames.OBSERVATIONS, the coach's
    first), "scores" (frames.OBSERVATION_SCORES). Both empty where the observation itself may not be read.
    """
    root = sa.select(ROOT_ID).where(O.id == observation_id, readable(viewer, today)).scalar_subquery()
    condition = sa.and_(sa.or_(O.id == root, O.paired_observation_id == root), readable(viewer, today))
    views = _observations(viewer, connection, condition, today, today)
    order = pl.col("kind").replace_strict({"self": 1, "second_rater": 2}, default=0, return_dtype=pl.Int64)
    return {
        "views": views.sort(order, "recorded_at", "observation_id"),
        "scores": _scores(viewer, connection, condition, today),
    }


def paired_gaps(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> pl.DataFrame:
    """frames.PAIRED_SCORES of one rep, by date: the coach's level beside the rep's own and second coaches' levels.

    Only where the viewer may read both views, that is after both have scored.
    """
    both = _of_rep(viewer, connection, rep_id, start, end, as_of, today)
    views = _observations(viewer, connection, both, as_of, today).select(
        "observation_id", "root_id", "kind", "observed_on"
    )
    scores = _scores(viewer, connection, both, today).join(views, on="observation_id", maintain_order="left")
    first = scores.filter(pl.col("observation_id") == pl.col("root_id"))
    other = scores.filter(pl.col("observation_id") != pl.col("root_id"))
    pairs = first.join(other, on=["root_id", "skill"], suffix="_other").select(
        "root_id",
        "observed_on",
        "skill",
        "skill_name",
        pl.col("kind_other").alias("other_kind"),
        "level",
        pl.col("level_other").alias("other_level"),
        (pl.col("level_other") - pl.col("level")).alias("gap"),
    )
    return pairs.cast(dict(frames.PAIRED_SCORES)).sort("observed_on", "root_id", "skill", "other_kind", "other_level")  # type: ignore[arg-type]


def _of_rep(
    viewer: Viewer,
    connection: sa.Connection,
    rep_id: int,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    today: dt.date,
) -> sa.ColumnElement[bool]:
    zone = company_calendar(connection).time_zone
    return sa.and_(
        O.person_id == rep_id,
        O.person_id.in_(reps_in_scope(viewer, today)),
        O.observed_on.between(start, end),
        recorded_by(observation, as_of, zone),
        readable(viewer, today),
    )


def _observations(
    viewer: Viewer, connection: sa.Connection, condition: sa.ColumnElement[bool], as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    observer, words = person.alias("observer"), reads_words(viewer, today)
    statement = (
        sa.select(
            O.id.label("observation_id"),
            ROOT_ID.label("root_id"),
            O.person_id,
            person.c.name.label("person_name"),
            O.observer_id,
            observer.c.name.label("observer_name"),
            O.kind,
            O.observed_at,
            O.observed_on,
            O.time_zone,
            O.channel,
            O.live_mode,
            *_about(connection, as_of),
            O.session_id,
            scorecard.c.slug.label("scorecard"),
            scorecard.c.name.label("scorecard_name"),
            O.scorecard_version_id,
            O.visibility,
            (O.observer_id == viewer.person_id).label("is_mine"),
            words.label("words_shown"),
            sa.case((words, O.went_well), else_=sa.null()).label("went_well"),
            sa.case((words, O.one_thing), else_=sa.null()).label("one_thing"),
            O.released_at,
            O.recorded_at,
            O.import_id.is_not(None).label("is_imported"),
            O.is_example,
            O.consented_at,
        )
        .select_from(_with_card())
        .join(person, person.c.id == O.person_id)
        .join(observer, observer.c.id == O.observer_id)
        .where(condition)
        .order_by(O.observed_at.desc(), O.id)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.OBSERVATIONS)


def _scores(
    viewer: Viewer, connection: sa.Connection, condition: sa.ColumnElement[bool], today: dt.date
) -> pl.DataFrame:
    statement = (
        sa.select(
            score.c.observation_id,
            skill.c.slug.label("skill"),
            skill.c.name.label("skill_name"),
            scorecard_item.c.position,
            score.c.level,
            scorecard_item.c.lowest,
            scorecard_item.c.highest,
            sa.case((reads_words(viewer, today), score.c.evidence), else_=sa.null()).label("evidence"),
        )
        .join(observation, O.id == score.c.observation_id)
        .join(scorecard_item, scorecard_item.c.id == score.c.scorecard_item_id)
        .join(skill, skill.c.id == scorecard_item.c.skill_id)
        .where(condition)
        .order_by(score.c.observation_id, scorecard_item.c.position)
    )
    return pl.read_database(statement, connection, schema_overrides=frames.OBSERVATION_SCORES)


def _with_card() -> sa.Join:
    return observation.join(scorecard_version, scorecard_version.c.id == O.scorecard_version_id).join(
        scorecard, scorecard.c.id == scorecard_version.c.scorecard_id
    )


def _about(connection: sa.Connection, as_of: dt.date) -> list[sa.ColumnElement[Any]]:
    """Names of the deal and the account that an observation is about, as known on ``as_of``."""
    known = knowledge(connection, "deals", as_of).known_on
    v = deal_version.c
    title = (
        sa.select(sa.func.coalesce(v.name, deal.c.external_id))
        .join(deal, deal.c.id == v.deal_id)
        .where(v.deal_id == O.deal_id, version_on(deal_version, known))
    )
    customer = (
        sa.select(account.c.name)
        .join(deal_version, v.account_id == account.c.id)
        .where(v.deal_id == O.deal_id, version_on(deal_version, known))
    )
    named = sa.select(account.c.name).where(account.c.id == O.account_id)
    return [
        title.limit(1).correlate(observation).scalar_subquery().label("deal_name"),
        sa.func.coalesce(
            named.correlate(observation).scalar_subquery(),
            customer.limit(1).correlate(observation).scalar_subquery(),
        ).label("account_name"),
    ]


# ---- Calls that wait for somebody's scores ---------------------------------------------------------------------


def waiting_for_own_view(viewer: Viewer, connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    """frames.CALLS_TO_SCORE that a coach has scored and that wait for the viewer's own view; the oldest first."""
    if not reads_any(viewer):
        return frames.empty(frames.CALLS_TO_SCORE)
    condition = sa.and_(
        O.person_id == viewer.person_id,
        O.kind.in_(ROOT_KINDS),
        O.released_at.is_(None),
        exists_for_readers(observation),
    )
    return _calls(connection, condition, "self", O.observer_id, today, opens=True)


def waiting_second_ratings(viewer: Viewer, connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    """frames.CALLS_TO_SCORE that the viewer was asked to score blind; of any team, and the facts of the call only."""
    if not viewer.coaches or viewer.person_id is None:
        return frames.empty(frames.CALLS_TO_SCORE)
    asked_by = (
        sa.select(second_rating.c.asked_by)
        .where(second_rating.c.observation_id == O.id, second_rating.c.rater_id == viewer.person_id)
        .correlate(observation)
        .scalar_subquery()
    )
    condition = sa.and_(O.id.in_(asked_to_score(viewer)), exists_for_readers(observation))
    return _calls(connection, condition, "second_rater", asked_by, today)


def own_views_to_answer(viewer: Viewer, connection: sa.Connection, today: dt.date) -> pl.DataFrame:
    """frames.CALLS_TO_SCORE that people in scope scored themselves first and that no coach has scored yet."""
    if not viewer.coaches or viewer.person_id is None:
        return frames.empty(frames.CALLS_TO_SCORE)
    condition = sa.and_(
        O.kind == "self",
        O.paired_observation_id.is_(None),
        O.person_id != viewer.person_id,
        O.person_id.in_(reps_in_scope(viewer, today)),
        exists_for_readers(observation),
        # Managers' own views are answered by those who coach managers.
        sa.true() if viewer.role is Role.LEADER else scorecard.c.kind == "rep",
    )
    return _calls(connection, condition, "coach", O.person_id, today)


def _calls(
    connection: sa.Connection,
    condition: sa.ColumnElement[bool],
    as_kind: str,
    other_id: Any,
    today: dt.date,
    *,
    opens: bool = False,
) -> pl.DataFrame:
    other = person.alias("other")
    statement = (
        sa.select(
            O.id.label("observation_id"),
            sa.literal(as_kind).label("as_kind"),
            O.person_id,
            person.c.name.label("person_name"),
            other.c.name.label("other_name"),
            O.observed_at,
            O.observed_on,
            O.time_zone,
            O.channel,
            O.live_mode,
            *_about(connection, LATEST),
            scorecard.c.name.label("scorecard_name"),
            O.scorecard_version_id,
            O.recorded_at,
        )
        .select_from(_with_card())
        .join(person, person.c.id == O.person_id)
        .outerjoin(other, other.c.id == other_id)
        .where(condition)
        .order_by(O.observed_at, O.id)
    )
    schema = {**frames.CALLS_TO_SCORE, "recorded_at": pl.Datetime("us", "UTC")}
    found = pl.read_database(statement, connection, schema_overrides=schema)
    asked_on = pl.col("recorded_at").dt.convert_time_zone(company_calendar(connection).time_zone).dt.date()
    later = asked_on.dt.offset_by(f"{DAYS_TO_OWN_VIEW}d") if opens else pl.lit(None, pl.Date)
    return found.with_columns(asked_on.alias("asked_on"), later.alias("opens_on")).select(list(frames.CALLS_TO_SCORE))


def overdue_releases(viewer: Viewer, connection: sa.Connection, now: dt.datetime) -> int:
    """How many observations have waited for the rep's own view for so long that they open by themselves.

    The same for every viewer: a number without anybody's name.
    """
    return int(connection.scalar(sa.select(sa.func.count()).where(is_overdue(now))) or 0)


# ---- Scorecards --------------------------------------------------------------------------------------


def scorecard_for(viewer: Viewer, connection: sa.Connection, slug: str, on: dt.date) -> Card | None:
    """The version of a scorecard in use on a day; None where there is none. Scorecards are the same for everybody."""
    del viewer
    v = scorecard_version.c
    version_id = connection.scalar(
        sa.select(v.id)
        .join(scorecard, scorecard.c.id == v.scorecard_id)
        .where(scorecard.c.slug == slug, holds_on(scorecard_version, on))
        .order_by(v.number.desc())
        .limit(1)
    )
    return _card(connection, version_id) if version_id is not None else None


def scorecard_version_of(viewer: Viewer, connection: sa.Connection, version_id: int) -> Card | None:
    """One version of a scorecard, in use or not; None where there is no such version."""
    del viewer
    return _card(connection, version_id)


def scorecards(viewer: Viewer, connection: sa.Connection, on: dt.date) -> list[Card]:
    """Every scorecard in use on a day, those for reps first, by name."""
    slugs = connection.scalars(sa.select(scorecard.c.slug).order_by(scorecard.c.kind.desc(), scorecard.c.name)).all()
    found = [scorecard_for(viewer, connection, slug, on) for slug in slugs]
    return [card for card in found if card is not None]


def _card(connection: sa.Connection, version_id: int) -> Card | None:
    head = connection.execute(
        sa.select(scorecard.c.slug, scorecard.c.name, scorecard.c.kind, scorecard_version.c.number)
        .join(scorecard_version, scorecard_version.c.scorecard_id == scorecard.c.id)
        .where(scorecard_version.c.id == version_id)
    ).first()
    if head is None:
        return None
    anchors: dict[int, list[tuple[int, str]]] = {}
    for item_id, level, behaviour in connection.execute(
        sa.select(scorecard_anchor.c.scorecard_item_id, scorecard_anchor.c.level, scorecard_anchor.c.behaviour)
        .join(scorecard_item, scorecard_item.c.id == scorecard_anchor.c.scorecard_item_id)
        .where(scorecard_item.c.scorecard_version_id == version_id)
        .order_by(scorecard_anchor.c.level)
    ):
        anchors.setdefault(item_id, []).append((level, behaviour))
    rows = connection.execute(
        sa.select(
            scorecard_item.c.id,
            skill.c.slug,
            skill.c.name,
            skill.c.description,
            scorecard_item.c.lowest,
            scorecard_item.c.highest,
        )
        .join(skill, skill.c.id == scorecard_item.c.skill_id)
        .where(scorecard_item.c.scorecard_version_id == version_id)
        .order_by(scorecard_item.c.position, scorecard_item.c.id)
    )
    items = tuple(
        CardItem(
            row.id,
            row.slug,
            row.name,
            row.lowest,
            row.highest,
            tuple(anchors.get(row.id, [])),
            row.description or "",
        )
        for row in rows
    )
    return Card(head.slug, version_id, head.name, head.kind, items, head.number)
