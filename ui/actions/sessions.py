"""Recording sessions, topics, promises and the pulse."""

from __future__ import annotations

import datetime as dt

from coaching.brief import Taken
from coaching.pulse import PulseAnswer
from coaching.sessions import SessionDraft
from data_access.commands import brief as brief_commands
from data_access.commands import pulse as pulse_commands
from data_access.commands import sessions as commands
from ui.actions import Refused, carry_out


def plan(draft: SessionDraft) -> int | Refused:
    """Plan a session; its id."""
    return carry_out(lambda viewer, connection, now: commands.plan_session(viewer, connection, draft, now))


def record(draft: SessionDraft, session_id: int | None = None, version: int | None = None) -> int | Refused:
    """Write up a session, new or as read at a version; its id."""
    return carry_out(
        lambda viewer, connection, now: commands.record_session(
            viewer, connection, draft, now, session_id=session_id, version=version
        )
    )


def record_from_brief(
    draft: SessionDraft, taken: Taken, session_id: int | None = None, version: int | None = None
) -> int | Refused:
    """The same together with what the session took up of its brief; its id."""
    return carry_out(
        lambda viewer, connection, now: brief_commands.record_from_brief(
            viewer, connection, draft, taken, now, session_id=session_id, version=version
        )
    )


def settle(session_id: int, status: str, missed_by: str | None, version: int) -> Refused | None:
    """Say of a planned session that it was missed or excused."""
    return carry_out(
        lambda viewer, connection, now: commands.settle_session(
            viewer, connection, session_id, status, now, version=version, missed_by=missed_by
        )
    )


def move(session_id: int, to_day: dt.date, version: int) -> int | Refused:
    """Move a planned session; the id of the new one."""
    return carry_out(
        lambda viewer, connection, now: commands.move_session(
            viewer, connection, session_id, to_day, now, version=version
        )
    )


def undo(session_id: int) -> Refused | None:
    """Take back the last step on a session."""
    return carry_out(lambda viewer, connection, now: commands.undo_session(viewer, connection, session_id, now))


def add_topic(session_id: int, topic: str) -> int | Refused:
    """Put a topic on the list of a planned session."""
    return carry_out(lambda viewer, connection, now: commands.add_topic(viewer, connection, session_id, topic, now))


def remove_topic(session_id: int, topic: str) -> Refused | None:
    """Take one's own topic off it."""
    return carry_out(lambda viewer, connection, now: commands.remove_topic(viewer, connection, session_id, topic, now))


def keep(commitment_id: int, done_on: dt.date) -> Refused | None:
    """Tick off a promise."""
    return carry_out(
        lambda viewer, connection, now: commands.keep_commitment(viewer, connection, commitment_id, done_on, now)
    )


def reopen(commitment_id: int) -> Refused | None:
    """Open a promise again."""
    return carry_out(lambda viewer, connection, now: commands.reopen_commitment(viewer, connection, commitment_id, now))


def answer_pulse(answer: PulseAnswer) -> Refused | None:
    """Answer the pulse without a name."""
    return carry_out(lambda viewer, connection, now: pulse_commands.answer_pulse(viewer, connection, answer, now))


def close_rounds() -> int | Refused:
    """Destroy the keys of rounds that are over."""
    return carry_out(pulse_commands.close_waves)
