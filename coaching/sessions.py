"""What a coaching session has to hold before it is written down, whether it comes from the form or from a file's row.

Also says in words what is planned, promised and held. Knows no database, no screen, no clock.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from coaching import numbers
from coaching.motivation import NEVER_SUGGESTED, TRIGGER_NAMES
from coaching.observations import CLOCKS_APART, clean

KINDS = {
    "own_manager": "One-on-one with the own manager",
    "other_coach": "One-on-one with another coach",
    "peer": "With a colleague",
    "group": "Group",
}
"""Who met, in the words of the page."""
ONE_ON_ONE = ("own_manager", "other_coach")
STATUSES = {
    "planned": "Planned",
    "held": "Held",
    "moved": "Moved",
    "missed": "Missed",
    "excused": "Excused",
}
MISSED_BY = ("rep", "coach")
METHODS = {
    "training": "Training",
    "reinforcement": "Reinforcement",
    "role_play": "Role-play",
    "test": "Test",
    "challenge": "Challenge",
    "questioning": "Questions",
    "technology": "Technology",
    "demonstration": "Demonstration",
}
TRIGGERS = TRIGGER_NAMES
"""What was used to move somebody. The last one can be recorded; the product never suggests it."""
SUGGESTED_TRIGGERS = tuple(trigger for trigger in TRIGGERS if trigger != NEVER_SUGGESTED)
TONES = ("warm", "matter-of-fact", "playful", "serious")
"""Offered on the form; others may be written."""
ANGLES = (
    "Through a customer's eyes",
    "From the last lost deal",
    "From a strength",
    "With the figures first",
    "By watching a colleague",
    "By trying it at once",
    "From the rep's own goal",
)
"""Sides from which to come at a skill, offered on the form; others may be written."""
VISIBILITIES = ("shared", "private")
SIDES = ("rep", "coach")

MOST_TOPICS_THAT_MATTER = 3
"""From the fourth topic on, the page hints that a meeting with many topics decides little."""
TOPICS_HINT = "More than three topics: pick what matters most."
MOST_TOPICS = 20
MOST_COMMITMENTS = 20
MOST_PARTICIPANTS = 60
MOST_COUNTED = 2_000
LONGEST_MEETING = 600
LONGEST_NOTE = 5_000
LONGEST_LINE = 300
EARLIEST = dt.date(1990, 1, 1)
FURTHEST_AHEAD = dt.timedelta(days=731)
HOURS_TO_UNDO = 24


# ---- Drafts ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommitmentDraft:
    """A promise, of the coach as much as of the rep."""

    by: str
    """"rep" or "coach"."""
    promise: str
    due_on: dt.date | None = None

    def problems(self, made_on: dt.date | None) -> list[str]:
        """Why the promise cannot be written down; ``made_on``: the session's day, None where it is not known."""
        found = []
        if self.by not in SIDES:
            found.append(f"'{_short(self.by)}' is not a side. A promise is made by the rep or by the coach.")
        if not clean(self.promise):
            found.append("A promise has no words. Say what is promised, or leave it out.")
        elif len(self.promise) > LONGEST_LINE:
            found.append(f"A promise has {len(self.promise):,} characters. Say it in {LONGEST_LINE} or fewer.")
        if self.due_on is not None and made_on is not None and self.due_on < made_on:
            found.append(
                f"A promise is due on {numbers.day(self.due_on)}, before the session of {numbers.day(made_on)}."
                " Choose a later day."
            )
        return found + _problems_of_day(self.due_on, "The day a promise is due", made_on)


@dataclass(frozen=True)
class SessionDraft:
    """A coaching conversation before it is written down. Ids of rows are database ids, days are the company's."""

    rep_id: int
    coach_id: int | None = None
    """None = whoever records it."""
    kind: str = "own_manager"
    planned_on: dt.date | None = None
    held_at: dt.datetime | None = None
    """With a time zone."""
    status: str = "held"
    missed_by: str | None = None
    minutes: int | None = None
    preparation_minutes: int | None = None
    method: str | None = None
    angle: str | None = None
    skill: str | None = None
    """Slug."""
    plan_action_id: int | None = None
    questions: int | None = None
    """Asked by the coach."""
    instructions: int | None = None
    """Given by the coach."""
    topics: tuple[str, ...] = ()
    """In the order in which they matter."""
    trigger: str | None = None
    tone: str | None = None
    note: str | None = None
    visibility: str = "shared"
    """Of the note: "shared" = the person and the line above, "private" = its author alone."""
    commitments: tuple[CommitmentDraft, ...] = ()
    participant_ids: tuple[int, ...] = ()
    """Who else sat in a group session, ``rep_id`` aside."""

    def problems(self, now: dt.datetime, today: dt.date) -> list[str]:
        """Why this cannot be written down, each a sentence that says how to mend it; empty where nothing is wrong.

        ``now`` with its time zone, ``today`` as the company's date.
        """
        return [
            *self._problems_of_who(),
            *self._problems_of_status(),
            *self._problems_of_when(now, today),
            *self._problems_of_numbers(),
            *self._problems_of_how(),
            *self._problems_of_words(),
        ]

    def hints(self) -> list[str]:
        """What may be said about it although nothing is wrong."""
        return [TOPICS_HINT] if len(self.topics) > MOST_TOPICS_THAT_MATTER else []

    def tidy(self) -> SessionDraft:
        """The same with clean words: no control characters that no database takes, no blanks around, no empty ones."""
        return replace(
            self,
            angle=clean(self.angle) or None,
            tone=clean(self.tone) or None,
            note=clean(self.note) or None,
            topics=tuple(dict.fromkeys(topic for topic in map(_one_line, self.topics) if topic)),
            commitments=tuple(replace(each, promise=_one_line(each.promise)) for each in self.commitments),
            participant_ids=tuple(dict.fromkeys(self.participant_ids)),
        )

    def held_on(self, time_zone: str) -> dt.date | None:
        """The day it was held, in the company's time zone; None where it was not held."""
        return self.held_at.astimezone(zoneinfo.ZoneInfo(time_zone)).date() if self.held_at else None

    def _problems_of_who(self) -> list[str]:
        found = []
        if self.kind not in KINDS:
            found.append(f"'{_short(self.kind)}' is not a kind of session. Use one of: {', '.join(KINDS)}.")
        if self.coach_id is not None and self.coach_id == self.rep_id:
            found.append("Nobody coaches themselves. Choose another rep or another coach.")
        if self.participant_ids and self.kind != "group":
            found.append("Only a group session has more people in it. Choose the kind group, or name one person.")
        if {self.rep_id, self.coach_id} & set(self.participant_ids):
            found.append("Rep and coach are in the session already. Name only the others.")
        if len(set(self.participant_ids)) > MOST_PARTICIPANTS:
            found.append(f"A group holds up to {MOST_PARTICIPANTS} people. Name fewer.")
        return found

    def _problems_of_status(self) -> list[str]:
        if self.status not in STATUSES:
            return [f"'{_short(self.status)}' is not a status. Use one of: {', '.join(STATUSES)}."]
        found = []
        if self.missed_by is not None and self.missed_by not in MISSED_BY:
            found.append(f"'{_short(self.missed_by)}' is not who missed it. Use rep or coach.")
        if self.status == "missed" and self.missed_by is None:
            found.append("Say who missed the session: the rep or the coach.")
        if self.status != "missed" and self.missed_by is not None:
            found.append("Only a missed session was missed by somebody. Leave that out, or set the status to missed.")
        if self.status == "held" and self.held_at is None:
            found.append("Say when the session was held: day and time.")
        if self.status != "held" and self.held_at is not None:
            found.append(
                "Only a held session has a time at which it was held. Leave it out, or set the status to held."
            )
        if self.status != "held" and self.planned_on is None:
            found.append("Say for which day the session is or was planned.")
        return found

    def _problems_of_when(self, now: dt.datetime, today: dt.date) -> list[str]:
        found = _problems_of_day(self.planned_on, "The planned day", today)
        if self.held_at is not None:
            if self.held_at.tzinfo is None:
                found.append("The time needs a time zone, such as 2026-03-12T14:30+01:00.")
            elif self.held_at > now + CLOCKS_APART:
                found.append("A session that was held lies in the past. Correct day and time, or plan it instead.")
            elif self.held_at.date() < EARLIEST:
                found.append(f"The session lies before {numbers.day(EARLIEST)}. Correct the year.")
        if self.status == "missed" and self.planned_on is not None and self.planned_on > today:
            found.append(f"The session is planned for {numbers.day(self.planned_on)}, so nobody has missed it yet.")
        return found

    def _problems_of_numbers(self) -> list[str]:
        found = []
        for title, value, lowest, highest in (
            ("The length in minutes", self.minutes, 1, LONGEST_MEETING),
            ("The preparation in minutes", self.preparation_minutes, 0, LONGEST_MEETING),
            ("The number of questions", self.questions, 0, MOST_COUNTED),
            ("The number of instructions", self.instructions, 0, MOST_COUNTED),
        ):
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
                found.append(f"{title} is a whole number from {lowest} to {highest}, not {_short(value)}.")
        return found

    def _problems_of_how(self) -> list[str]:
        found = []
        if self.method is not None and self.method not in METHODS:
            found.append(f"'{_short(self.method)}' is not a method. Use one of: {', '.join(METHODS)}.")
        if self.trigger is not None and self.trigger not in TRIGGERS:
            found.append(f"'{_short(self.trigger)}' is not a trigger. Use one of: {', '.join(TRIGGERS)}.")
        if self.trigger is not None and self.status in STATUSES and self.status != "held":
            found.append("A trigger is used in a session that was held. Leave it out until then.")
        if self.trigger is not None and self.kind == "peer":
            found.append("Triggers belong to sessions with a coach, not to those with a colleague. Leave it out.")
        if self.visibility not in VISIBILITIES:
            found.append(f"'{_short(self.visibility)}' is not a choice. The note is either shared or private.")
        return found

    def _problems_of_words(self) -> list[str]:
        found = []
        for title, text, longest in (
            ("The angle", self.angle, LONGEST_LINE),
            ("The tone", self.tone, LONGEST_LINE),
            ("The note", self.note, LONGEST_NOTE),
        ):
            if text is not None and len(text) > longest:
                found.append(f"{title} has {len(text):,} characters. Shorten it to {longest:,}.")
        if any(len(topic) > LONGEST_LINE for topic in self.topics):
            found.append(f"A topic has more than {LONGEST_LINE} characters. Put the details into the note.")
        if len(self.topics) > MOST_TOPICS:
            found.append(f"{len(self.topics)} topics are on the list. Keep up to {MOST_TOPICS}; three are plenty.")
        if len(self.commitments) > MOST_COMMITMENTS:
            found.append(f"{len(self.commitments)} promises are on the list. Keep up to {MOST_COMMITMENTS}.")
        made_on = self.held_at.date() if self.held_at is not None else None
        if self.commitments and self.status in STATUSES and self.status != "held":
            found.append("Promises are made in a session that was held. Leave them out until then.")
        for commitment in self.commitments:
            # A day less, because the company's day may begin later than the day in the zone the time was given in.
            found += commitment.problems(made_on - dt.timedelta(days=1) if made_on else None)
        return found


def _problems_of_day(day: dt.date | None, what: str, today: dt.date | None) -> list[str]:
    if day is None:
        return []
    if day < EARLIEST or (today is not None and day > today + FURTHEST_AHEAD):
        return [f"{what} is {numbers.day(day)}. Correct the year."]
    return []


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _short(value: object) -> str:
    return numbers.plain_name(str(value), 40)


# ---- In words --------------------------------------------------------------------------------------------------


def headline(row: Mapping[str, Any], viewer_id: int | None = None) -> str:
    """A session in one line, names left raw: "Held 12 Nov 2026 with Maya Lindgren · 35 minutes · Role-play"."""
    day = row["held_on"] or row["planned_on"]
    status = STATUSES[row["status"]]
    if row["status"] == "missed":
        status += f" by the {row['missed_by']}"
    if row["kind"] == "group":
        count = row["participant_count"] + 1
        whom = f"a group of {count}" if row["participant_count"] else "a group"
    else:
        whom = row["rep_name"] if row["coach_id"] == viewer_id else row["coach_name"]
    parts = [f"{status} {numbers.day(day)} with {whom or 'somebody else'}"]
    if row["status"] == "held" and row["minutes"]:
        parts.append(numbers.plural(row["minutes"], "minute"))
    if row["status"] == "held" and row["method"]:
        parts.append(METHODS.get(row["method"], row["method"]))
    if row["skill_name"]:
        parts.append(row["skill_name"])
    return " · ".join(parts)


def rhythm_sentence(records: pl.DataFrame, today: dt.date) -> str:
    """When one rep's last session was and when the next is planned; frames.SESSION_RECORDS in."""
    last = records.filter(pl.col("status") == "held")["held_on"].max()
    coming = records.filter((pl.col("status") == "planned") & (pl.col("planned_on") >= today))["planned_on"].min()
    waiting = records.filter((pl.col("status") == "planned") & (pl.col("planned_on") < today)).height
    before = (
        f"the last session was {numbers.ago(last, today)}" if isinstance(last, dt.date) else "no session was held yet"
    )
    after = f"the next is planned for {numbers.day(coming)}" if isinstance(coming, dt.date) else "none is planned"
    parts = [before, after]
    if waiting:
        parts.append(f"{numbers.plural(waiting, 'planned one')} {'waits' if waiting == 1 else 'wait'} to be written up")
    return _sentence(parts)


def planned_sentence(planned: pl.DataFrame, today: dt.date) -> str:
    """How many planned sessions wait to be written up and how many lie ahead; frames.SESSION_RECORDS in."""
    waiting = planned.filter(pl.col("planned_on") < today).height
    ahead = planned.height - waiting
    if not planned.height:
        return "No session is planned."
    parts = []
    if ahead:
        parts.append(f"{numbers.plural(ahead, 'session')} {'is' if ahead == 1 else 'are'} planned")
    if waiting:
        parts.append(f"{numbers.plural(waiting, 'session')} {'waits' if waiting == 1 else 'wait'} to be written up")
    return _sentence(parts)


def promises_sentence(commitments: pl.DataFrame, today: dt.date) -> str:
    """How many promises are open and how many of them late, one's own first; frames.COMMITMENTS in."""
    open_ones = commitments.filter(pl.col("done_on").is_null())
    if not commitments.height:
        return "Nothing has been promised yet."
    if not open_ones.height:
        return f"All {numbers.plural(commitments.height, 'promise')} kept." if commitments.height > 1 else "Kept."
    mine = open_ones.filter("is_mine").height
    late = open_ones.filter(pl.col("due_on") < today).height
    words = f"{numbers.plural(open_ones.height, 'promise')} open"
    if mine:
        words += f", {'all' if mine == open_ones.height else numbers.count(mine)} of them yours"
    if mine and mine == open_ones.height:
        words = f"{numbers.plural(open_ones.height, 'promise')} of yours open"
    return words + (f"; {numbers.count(late)} past the day they were due." if late else ".")


def due_words(due_on: dt.date | None, done_on: dt.date | None, today: dt.date) -> str:
    """When a promise is due or was kept: "due in 5 days, 3 Dec 2026", "was due 3 Dec 2026", "kept 1 Dec 2026"."""
    if done_on is not None:
        return f"kept {numbers.day(done_on)}"
    if due_on is None:
        return "no day agreed"
    if due_on < today:
        return f"was due {numbers.day(due_on)}"
    return f"due {numbers.ago(due_on, today)}, {numbers.day(due_on)}"


def ask_words(questions: int | None, instructions: int | None) -> str:
    """Asking and telling in one session: "6 questions, 2 instructions"; empty where neither was counted."""
    parts = []
    if questions is not None:
        parts.append(numbers.plural(questions, "question"))
    if instructions is not None:
        parts.append(numbers.plural(instructions, "instruction"))
    return ", ".join(parts)


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "."
