"""Putting an alert off and taking that back. Their author's own: nobody else reads them and no figure changes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.attention.order import SnoozeDraft
from coaching.people import Viewer
from data_access import audit
from data_access.scope import NotPermitted
from data_access.tables import alert_snooze
from data_access.writes import refuse_unless, require_coach_of, today_of


def snooze_alert(viewer: Viewer, connection: sa.Connection, draft: SnoozeDraft, now: dt.datetime) -> int:
    """Put one reason about a rep off until a day, in place of what the viewer said about it before; the row's number.

    Raises CommandRefused, and NotPermitted for somebody whom the viewer does not coach.
    """
    coach_id = require_coach_of(viewer, connection, draft.rep_id, now)
    draft = draft.tidy()
    refuse_unless(draft.problems(today_of(connection, now)))
    s = alert_snooze.c
    same_rule = sa.or_(s.rule_key == draft.rule, s.rule_key.like(f"{draft.rule}:%"))
    earlier = (s.by_id == coach_id, s.about_id == draft.rep_id, same_rule, s.lifted_at.is_(None))
    connection.execute(sa.update(alert_snooze).where(*earlier).values(lifted_at=now))
    row = {
        # How far the fact has gone stands in the key: once it goes further, it is another one.
        "rule_key": f"{draft.rule}:{draft.level}",
        "about_id": draft.rep_id,
        "by_id": coach_id,
        "reason": draft.reason,
        "until_on": draft.until_on,
        "recorded_at": now,
    }
    number = int(connection.execute(sa.insert(alert_snooze).values(row).returning(s.id)).scalar_one())
    audit.record(connection, coach_id, "put off alert", subject=f"alert_snooze {number}", now=now)
    return number


def lift_snooze(viewer: Viewer, connection: sa.Connection, snooze_id: int, now: dt.datetime) -> None:
    """Take back what the viewer put off: the reason is listed again. Raises NotPermitted for anybody else's."""
    s = alert_snooze.c
    mine = (s.id == snooze_id, s.by_id == viewer.person_id, s.lifted_at.is_(None))
    if (
        viewer.person_id is None
        or not connection.execute(sa.update(alert_snooze).where(*mine).values(lifted_at=now)).rowcount
    ):
        raise NotPermitted("Only who put something off takes it back.")
    audit.record(connection, viewer.person_id, "take back put off alert", subject=f"alert_snooze {snooze_id}", now=now)
