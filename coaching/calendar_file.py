"""A calendar file (RFC 5545) with sessions to be held: text in, bytes out. Knows no clock and no database."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from coaching import numbers

CONTENT_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""Bytes of a line without its end; longer ones are folded."""
SESSION_MINUTES = 30
FIRST_START = dt.time(9, 0)
STEP_MINUTES = 45
"""From the start of one session to the start of the next, a breather included."""
MOST_A_DAY = 8
WORKING_DAYS = 5


@dataclass(frozen=True)
class Appointment:
    """One session to be put into a calendar."""

    uid: str
    title: str
    starts_at: dt.datetime
    """With a time zone."""
    minutes: int = SESSION_MINUTES
    description: str = ""


def calendar_file(appointments: Sequence[Appointment], stamp: dt.datetime) -> bytes:
    """The appointments as a calendar file, in the order given; ``stamp`` = when it was made. Times leave in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sideline//Coaching cadence//EN", "CALSCALE:GREGORIAN"]
    # PUBLISH: entries to take over, no invitation that anybody has to answer.
    lines.append("METHOD:PUBLISH")
    for appointment in appointments:
        lines += _event(appointment, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(appointment: Appointment, stamp: dt.datetime) -> list[str]:
    ends_at = appointment.starts_at + dt.timedelta(minutes=appointment.minutes)
    described = [f"DESCRIPTION:{escaped(appointment.description)}"] if appointment.description else []
    return [
        "BEGIN:VEVENT",
        f"UID:{appointment.uid}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{escaped(appointment.title)}",
        *described,
        "STATUS:TENTATIVE",
        "END:VEVENT",
    ]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(words: str) -> str:
    """Text as a value of the format: no control characters, its own signs escaped."""
    line = numbers.plain_name(words, 200)
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 bytes, those after the first with a leading space; no letter is torn apart."""
    piece, size = "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += letter
        size += length
    yield piece


def next_times(days_off: Sequence[Collection[dt.date]], after: dt.date, zone: dt.tzinfo) -> list[dt.datetime]:
    """A start for each person, in their order: from the first working day after ``after`` on, one after the other.

    ``days_off``: per person the days on which they are away. Somebody away takes the first free place once back.
    """
    taken: set[dt.datetime] = set()
    found = []
    for away in days_off:
        start = next(start for start in _starts(after, zone) if start not in taken and start.date() not in away)
        taken.add(start)
        found.append(start)
    return found


def _starts(after: dt.date, zone: dt.tzinfo) -> Iterator[dt.datetime]:
    """Every place in the calendar of one coach: so many on each working day, in order."""
    for day in (after + dt.timedelta(days=number) for number in itertools.count(1)):
        if day.weekday() < WORKING_DAYS:
            first = dt.datetime.combine(day, FIRST_START, zone)
            yield from (first + dt.timedelta(minutes=STEP_MINUTES * step) for step in range(MOST_A_DAY))
