"""Lessons from lost deals and knowledge gaps."""

from __future__ import annotations

from coaching.lessons import GapDraft
from data_access.commands import lessons as commands
from ui.actions import Refused, carry_out


def write(deal_id: int, conclusion: str, version: int | None) -> int | Refused:
    """What the rep concludes from a lost deal."""
    return carry_out(lambda viewer, c, now: commands.write_lesson(viewer, c, deal_id, conclusion, version, now))


def ask(lesson_id: int, question: str) -> Refused | None:
    """The coach's question about a lesson."""
    return carry_out(lambda viewer, c, now: commands.ask_about_lesson(viewer, c, lesson_id, question, now))


def note_gap(rep_id: int, draft: GapDraft) -> int | Refused:
    """What could not be answered yet."""
    return carry_out(lambda viewer, c, now: commands.note_gap(viewer, c, rep_id, draft, now))


def close_gap(gap_id: int, answer: str) -> Refused | None:
    """What the rep found."""
    return carry_out(lambda viewer, c, now: commands.close_gap(viewer, c, gap_id, answer, now))


def reopen_gap(gap_id: int) -> Refused | None:
    """Undo of closing."""
    return carry_out(lambda viewer, c, now: commands.reopen_gap(viewer, c, gap_id, now))
