"""Whom a command is asked about: one and the same rule for every command that takes a rep."""

from __future__ import annotations

import datetime as dt

import polars as pl
import sqlalchemy as sa

from coaching import numbers
from coaching.people import Viewer
from data_access.queries.people import person_named, sellers
from data_access.scope import NotPermitted
from data_access.tables import person


def seller(viewer: Viewer, connection: sa.Connection, text: str, today: dt.date) -> int:
    """The database id of the person in scope with this id or name who sells, on whatever day.

    Raises NotPermitted where there is nobody like that in the viewer's view (out of scope reads like unknown), and
    where somebody in view does not sell: neither a brief nor a diagnosis has anything to say about them.
    """
    rep_id = person_named(viewer, connection, text, today)
    if rep_id is None:
        raise NotPermitted(
            f"There is no such person in this view: '{text[:80]}'. Give the id or the name of one person."
        )
    if sellers(viewer, connection, today, today).filter(pl.col("person_id") == rep_id).is_empty():
        raise NotPermitted(f"'{text[:80]}' does not sell: name a rep, or somebody who owns deals.")
    return rep_id


def why_away(connection: sa.Connection, rep_id: int, as_of: dt.date) -> str:
    """Why somebody was not there on a day, as a sentence; empty where their days on record do not say so."""
    found = connection.execute(sa.select(person.c.started_on, person.c.left_on).where(person.c.id == rep_id)).one()
    if found.started_on is not None and found.started_on > as_of:
        return f"Not here yet on {numbers.day(as_of)}: the first day is {numbers.day(found.started_on)}."
    if found.left_on is not None and found.left_on < as_of:
        return f"No longer here on {numbers.day(as_of)}: the last day was {numbers.day(found.left_on)}."
    return ""
