"""Drawing the order in which reps start, as whoever is looking now."""

from __future__ import annotations

from coaching.roi.lottery_draw import LotteryDraft
from data_access.commands import programme as commands
from ui.actions import Refused, carry_out


def draw(draft: LotteryDraft, programme_id: int | None, months: int, seen: str) -> int | Refused:
    """Draw, lock and enrol; the number of the lottery. ``seen``: the code of the list that was looked at."""
    return carry_out(
        lambda viewer, connection, now: commands.draw_lottery(
            viewer, connection, draft, now, programme_id, months=months, seen=seen
        )
    )
