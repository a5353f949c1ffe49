"""Rounds of the pulse: their keys, the hashes that keep answers to one per person, and the destruction of the keys.

While a round is open its key lies in the database, so whoever holds the whole database could tell from a hash whose it
is. Once the month is over the key is destroyed, and nobody can any more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

import sqlalchemy as sa

from coaching.pulse import last_day, wave_of
from data_access import audit
from data_access.settings import company_today, settings, touch
from data_access.tables import pulse_wave


def hashed(secret: str, person_id: int) -> str:
    """The person's answer in a round, under a name that only the round's key leads to."""
    return hmac.new(bytes.fromhex(secret), str(person_id).encode(), hashlib.sha256).hexdigest()


def open_round(connection: sa.Connection, today: dt.date) -> tuple[str, str | None]:
    """The round of the day and its key, made where there is none yet; no key where the round is closed already."""
    wave = wave_of(today)
    row = connection.execute(sa.select(pulse_wave.c.secret).where(pulse_wave.c.wave == wave)).first()
    if row is not None:
        return wave, row.secret
    secret = secrets.token_hex(32)
    connection.execute(sa.insert(pulse_wave).values(wave=wave, secret=secret, closes_on=last_day(wave)))
    return wave, secret


def close_past_rounds(connection: sa.Connection, now: dt.datetime) -> int:
    """Destroy the keys of rounds whose month is over, within the caller's transaction; how many there were."""
    today = company_today(settings(connection), now)
    past = (pulse_wave.c.closes_on < today, pulse_wave.c.secret.is_not(None))
    waves = list(connection.scalars(sa.select(pulse_wave.c.wave).where(*past).order_by(pulse_wave.c.wave)))
    if waves:
        connection.execute(sa.update(pulse_wave).where(*past).values(secret=None))
        for wave in waves:
            audit.record(connection, None, "close_pulse_round", subject=f"pulse_wave {wave}", now=now)
        touch(connection)
    return len(waves)
