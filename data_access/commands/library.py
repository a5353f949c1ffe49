"""Sharing a strong moment as an example: the coach offers, the rep agrees, either of them takes it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from coaching.library import problems_of_offer
from coaching.people import Viewer
from data_access.knowledge import exists_for_readers
from data_access.observation_scope import ROOT_KINDS, O, readable
from data_access.scope import NotPermitted
from data_access.tables import observation, score, scorecard_item
from data_access.writes import finish, refuse_unless, require_rep, today_of

NO_SUCH_OBSERVATION = "There is no such observation in your view."


def offer_example(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> None:
    """Offer one's own observation of a strong moment to the library; the rep decides.

    Raises NotPermitted unless the viewer wrote it and still coaches the rep, CommandRefused where there is nothing to
    show: no high level with evidence, or words that are private or not open to the rep yet.
    """
    row = _readable_row(viewer, connection, observation_id, now)
    if not viewer.coaches or row["observer_id"] != viewer.person_id or row["kind"] not in ROOT_KINDS:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    require_rep(viewer, connection, row["person_id"], now)
    moments = connection.execute(
        sa.select(score.c.level, scorecard_item.c.highest, score.c.evidence)
        .join(scorecard_item, scorecard_item.c.id == score.c.scorecard_item_id)
        .where(score.c.observation_id == observation_id)
    ).all()
    refuse_unless(
        problems_of_offer(
            [(each.level, each.highest, each.evidence) for each in moments],
            visibility=row["visibility"],
            is_released=row["released_at"] is not None,
            is_about_a_rep=row["kind"] == "coach",
        )
    )
    _set(connection, observation_id, is_example=True)
    finish(viewer, connection, "offer example", f"observation {observation_id}", now=now)


def agree_to_example(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> None:
    """The rep lets everybody in the company who sells or coaches read it, under their name.

    Raises NotPermitted unless it is about the viewer, CommandRefused where it is not offered (any more).
    """
    row = _readable_row(viewer, connection, observation_id, now)
    if row["person_id"] != viewer.person_id or row["kind"] not in ROOT_KINDS:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    if not row["is_example"]:
        refuse_unless(["The coach has taken the offer back meanwhile, so there is nothing to agree to."])
    _set(connection, observation_id, consented_at=now)
    finish(viewer, connection, "agree to example", f"observation {observation_id}", now=now)


def take_back_example(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> None:
    """The rep declines or revokes, or the coach withdraws the offer: it leaves the library at once.

    Raises NotPermitted unless the viewer is the rep or the author. Taking back twice is the same as once.
    """
    row = _readable_row(viewer, connection, observation_id, now)
    if viewer.person_id not in (row["person_id"], row["observer_id"]) or row["kind"] not in ROOT_KINDS:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    _set(connection, observation_id, is_example=False, consented_at=None)
    finish(viewer, connection, "take back example", f"observation {observation_id}", now=now)


def _readable_row(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> dict[str, Any]:
    statement = sa.select(observation).where(
        O.id == observation_id, exists_for_readers(observation), readable(viewer, today_of(connection, now))
    )
    # Offer, consent and withdrawal of the same moment take turns.
    row = connection.execute(statement.with_for_update(of=observation)).mappings().first()
    if row is None:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    return dict(row)


def _set(connection: sa.Connection, observation_id: int, **values: Any) -> None:
    connection.execute(sa.update(observation).where(O.id == observation_id).values(**values, version=O.version + 1))
