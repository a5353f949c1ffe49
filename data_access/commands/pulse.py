"""Answering the pulse without a name, and closing its rounds.

Nobody, the manager and the database's owner included, is to learn who answered what:
- the row holds no person, no time and no session, only a keyed hash whose key dies with the month;
- row numbers are random, and with every answer all rows of the team are written anew in random order: neither numbers
  nor the order on disk say which came last;
- the audit names neither who answered nor which row, and only the day;
- figures are shown after the month only (queries/pulse.py), so nobody sees them move as an answer comes in.
"""

from __future__ import annotations

import datetime as dt
import random
import secrets

import sqlalchemy as sa

from coaching.people import Role, Viewer
from coaching.pulse import DAYS_TO_ANSWER, PulseAnswer
from data_access import audit
from data_access.pulse_rounds import close_past_rounds, hashed, open_round
from data_access.queries.pulse import latest_session
from data_access.scope import NotPermitted, holds_on
from data_access.settings import touch
from data_access.tables import membership, pulse
from data_access.writes import CommandRefused, refuse_unless, today_of

LARGEST_ROW_NUMBER = 2**53
_LOCK = 7402


def answer_pulse(viewer: Viewer, connection: sa.Connection, answer: PulseAnswer, now: dt.datetime) -> None:
    """Three taps by somebody who was coached in the last 14 days; a later answer in the same month takes its place.

    Raises NotPermitted for whoever has no name of their own, CommandRefused.
    """
    if viewer.person_id is None or viewer.role not in {Role.REP, Role.MANAGER, Role.LEADER}:
        raise NotPermitted("The pulse is answered by people who are coached.")
    refuse_unless(answer.problems())
    today = today_of(connection, now)
    if latest_session(viewer, connection, today) is None:
        raise CommandRefused(
            [
                f"The pulse is about a session of the last {DAYS_TO_ANSWER} days, and none was written down."
                " Come back after the next one."
            ]
        )
    team_id = _home_team(connection, viewer.person_id, today)
    if team_id is None:
        raise CommandRefused(
            ["You belong to no team today, so the answer would stand alone. Ask an admin to place you."]
        )
    if connection.dialect.name == "postgresql":
        # Two answers at once would each write the team's rows anew; SQLite writers already take turns.
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    close_past_rounds(connection, now)
    wave, secret = open_round(connection, today)
    if secret is None:
        raise CommandRefused(["This month's pulse is closed. Answer next month."])
    respondent = hashed(secret, viewer.person_id)
    connection.execute(sa.delete(pulse).where(pulse.c.wave == wave, pulse.c.respondent_hash == respondent))
    row = {
        "wave": wave,
        "respondent_hash": respondent,
        "team_id": team_id,
        "useful": answer.useful,
        "heard": answer.heard,
        "clear": answer.clear,
    }
    _write_anew(connection, row)
    midnight = dt.datetime.combine(now.astimezone(dt.UTC).date(), dt.time(), dt.UTC)
    audit.record(connection, None, "answer_pulse", subject=f"pulse {wave}", now=midnight)
    touch(connection)


def close_waves(viewer: Viewer, connection: sa.Connection, now: dt.datetime) -> int:
    """Destroy the keys of all rounds whose month is over; how many there were. Anybody's visit may be the first."""
    return close_past_rounds(connection, now)


def _write_anew(connection: sa.Connection, row: dict[str, object]) -> None:
    """Add a row and write all of the team and round anew, in random order and under random numbers."""
    p = pulse.c
    names = list(row)
    together = (p.wave == row["wave"], p.team_id == row["team_id"])
    rows = [
        row,
        *(
            dict(found)
            for found in connection.execute(sa.select(*[p[name] for name in names]).where(*together)).mappings()
        ),
    ]
    connection.execute(sa.delete(pulse).where(*together))
    random.SystemRandom().shuffle(rows)
    numbers: set[int] = set()
    while len(numbers) < len(rows):
        numbers.add(1 + secrets.randbelow(LARGEST_ROW_NUMBER))
    connection.execute(sa.insert(pulse), [{"id": number, **each} for number, each in zip(numbers, rows, strict=True)])


def _home_team(connection: sa.Connection, person_id: int, today: dt.date) -> int | None:
    m = membership.c
    return connection.scalar(
        sa.select(m.team_id)
        .where(m.person_id == person_id, m.kind == "member", m.is_home.is_(True), holds_on(membership, today))
        .order_by(m.team_id)
        .limit(1)
    )
