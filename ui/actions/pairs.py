"""Proposing, starting and closing peer pairs, and writing their worksheets."""

from __future__ import annotations

from collections.abc import Sequence

from coaching.pairing import MeetingDraft, PairDraft
from data_access.commands import pairs as commands
from ui.actions import Refused, carry_out


def propose(drafts: Sequence[PairDraft]) -> list[int] | Refused:
    """Propose pairs, all or none."""
    return carry_out(lambda viewer, connection, now: commands.propose_pairs(viewer, connection, drafts, now))


def change(pair_id: int, version: int, strong_id: int) -> Refused | None:
    """Somebody else helps, in a proposal."""
    return carry_out(
        lambda viewer, connection, now: commands.change_pair(viewer, connection, pair_id, version, strong_id, now)
    )


def accept(pair_id: int, version: int) -> int | Refused:
    """A pair begins; its version now."""
    return carry_out(lambda viewer, connection, now: commands.accept_pair(viewer, connection, pair_id, version, now))


def take_back_start(pair_id: int, version: int) -> Refused | None:
    """Undo of starting; ``version``: as ``accept`` gave it."""
    return carry_out(
        lambda viewer, connection, now: commands.take_back_start(viewer, connection, pair_id, version, now)
    )


def withdraw(pair_id: int, version: int) -> Refused | None:
    """Take a proposal back."""
    return carry_out(lambda viewer, connection, now: commands.withdraw_pair(viewer, connection, pair_id, version, now))


def close(pair_id: int, version: int) -> int | Refused:
    """A pair ends; its version now."""
    return carry_out(lambda viewer, connection, now: commands.close_pair(viewer, connection, pair_id, version, now))


def reopen(pair_id: int, version: int) -> Refused | None:
    """Undo of closing; ``version``: as ``close`` gave it."""
    return carry_out(lambda viewer, connection, now: commands.reopen_pair(viewer, connection, pair_id, version, now))


def set_limit(person_id: int, pairs_at_most: int | None) -> Refused | None:
    """In how many pairs somebody takes part at a time; None = as usual."""
    return carry_out(
        lambda viewer, connection, now: commands.set_pair_limit(viewer, connection, person_id, pairs_at_most, now)
    )


def write_meeting(
    pair_id: int, draft: MeetingDraft, meeting_id: int | None = None, version: int | None = None
) -> int | Refused:
    """Write a worksheet down, or change one."""
    return carry_out(
        lambda viewer, connection, now: commands.write_meeting(
            viewer, connection, pair_id, draft, now, meeting_id=meeting_id, version=version
        )
    )
