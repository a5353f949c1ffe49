"""Preparing a one-on-one as whoever is looking now."""

from __future__ import annotations

from data_access.commands import agenda as commands
from ui.actions import Refused, carry_out


def add_topic(rep_id: int, body: str) -> int | Refused:
    """A topic for the rep's next one-on-one; its id."""
    return carry_out(
        lambda viewer, c, now: commands.add_item(viewer, c, rep_id=rep_id, kind="topic", body=body, now=now)
    )


def answer(rep_id: int, question_key: str, about: str | None, body: str) -> int | Refused:
    """The rep's answer to a question, in place of an earlier one; its id."""
    return carry_out(
        lambda viewer, c, now: commands.add_item(
            viewer, c, rep_id=rep_id, kind="answer", body=body, question_key=question_key, about=about, now=now
        )
    )


def withdraw(item_id: int) -> Refused | None:
    """Take back an item of one's own."""
    return carry_out(lambda viewer, c, now: commands.withdraw_item(viewer, c, item_id=item_id, now=now))
