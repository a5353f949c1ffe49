"""Changing the question bank as whoever is looking now. Which questions were asked is noted with the session."""

from __future__ import annotations

from data_access.commands import questions as commands
from ui.actions import Refused, carry_out


def edit(
    key: str | None, situation: str, text: str, about_skill: str | None, is_active: bool, seen_edit_id: int | None
) -> str | Refused:
    """Change, retire, bring back or (without ``key``) add a question; its key."""
    return carry_out(
        lambda viewer, c, now: commands.edit_question(
            viewer,
            c,
            key=key,
            situation=situation,
            text=text,
            about_skill=about_skill,
            is_active=is_active,
            seen_edit_id=seen_edit_id,
            now=now,
        )
    )
