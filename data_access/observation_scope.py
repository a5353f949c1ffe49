"""Which observations a viewer may read and whose words, as SQL. Queries and commands build on it; reads no rows itself.

- Only reps, managers and leaders read observations; of others' only those of today's people in scope.
- Before its release an observation is its author's alone, and the rep's own view is the rep's alone until the coach has
  scored the same call.
- Who is asked to score a call blind reads nobody's view of it until they have scored (or declined).
- Private words and their evidence are the author's alone, for ever; the levels count.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from coaching.observations import DAYS_TO_OWN_VIEW
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers
from data_access.scope import reps_in_scope
from data_access.tables import observation, second_rating

ROOT_KINDS = ("coach", "coach_the_coach")
"""The view of a call that others' views of it point to."""

O = observation.c  # noqa: E741
ROOT_ID = sa.func.coalesce(O.paired_observation_id, O.id)


def reads_any(viewer: Viewer) -> bool:
    """Whether the viewer reads observations at all: executives, admins, stand-ins and the operator do not."""
    return viewer.reads_words and viewer.person_id is not None


def _is_blind(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The viewer was asked to score this call without seeing the first scores, and has neither done so nor declined."""
    return _root_or_self(asked_to_score(viewer))


def _has_rated(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The viewer has scored this call as a second coach."""
    mine = observation.alias("mine")
    return _root_or_self(
        sa.select(mine.c.paired_observation_id).where(
            mine.c.kind == "second_rater", mine.c.observer_id == viewer.person_id
        )
    )


def asked_to_score(viewer: Viewer) -> sa.Select[Any]:
    """Ids of observations that wait for the viewer's blind scores."""
    mine = observation.alias("mine")
    scored = sa.exists().where(
        mine.c.paired_observation_id == second_rating.c.observation_id,
        mine.c.observer_id == viewer.person_id,
        mine.c.kind == "second_rater",
    )
    return sa.select(second_rating.c.observation_id).where(
        second_rating.c.rater_id == viewer.person_id, second_rating.c.declined_at.is_(None), ~scored
    )


def _root_or_self(roots: sa.Select[Any]) -> sa.ColumnElement[bool]:
    # Two plain conditions, because each of them finds an index.
    return sa.or_(O.id.in_(roots), sa.and_(O.paired_observation_id.is_not(None), O.paired_observation_id.in_(roots)))


def readable(viewer: Viewer, today: dt.date) -> sa.ColumnElement[bool]:
    """Which observations (levels included) the viewer may read at all."""
    if not reads_any(viewer):
        return sa.false()
    in_scope = O.person_id.in_(reps_in_scope(viewer, today))
    # The rep's own view opens to the coach by being paired with the coach's scores of the same call.
    is_open = sa.and_(O.released_at.is_not(None), sa.or_(O.kind != "self", O.paired_observation_id.is_not(None)))
    own = sa.and_(O.observer_id == viewer.person_id, sa.or_(in_scope, O.kind == "second_rater"))
    rated = sa.and_(O.kind != "self", _has_rated(viewer))
    others = sa.and_(is_open, sa.or_(sa.and_(in_scope, ~_is_blind(viewer)), rated))
    return sa.and_(exists_for_readers(observation), sa.or_(own, others))


def reads_words(viewer: Viewer, today: dt.date) -> sa.ColumnElement[bool]:
    """Of readable observations: whose words the viewer may read. A second coach from elsewhere reads levels only."""
    return sa.or_(
        O.observer_id == viewer.person_id,
        sa.and_(O.visibility == "shared", O.person_id.in_(reps_in_scope(viewer, today))),
    )


def is_overdue(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Observations that have waited for the rep's own view for so long that they open by themselves."""
    return sa.and_(
        O.released_at.is_(None),
        O.kind.in_(ROOT_KINDS),
        O.recorded_at <= now - dt.timedelta(days=DAYS_TO_OWN_VIEW),
        exists_for_readers(observation),
    )
