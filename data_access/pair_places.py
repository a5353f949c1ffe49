"""Which peer pairs take up a place of their two people: a condition for reads and writes, of which no row is told."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from data_access.tables import peer_pair, person

P = peer_pair.c


def takes_place(today: dt.date) -> sa.ColumnElement[bool]:
    """Whether a pair takes up a place of its two: under way, or proposed while both are still there.

    A proposal with somebody who has left can neither begin nor be taken back, since nobody coaches both any more.
    """
    gone = sa.select(person.c.id).where(person.c.left_on < today)
    is_possible = sa.and_(P.strong_id.not_in(gone), P.learner_id.not_in(gone))
    return sa.or_(P.status == "accepted", sa.and_(P.status == "proposed", is_possible))
