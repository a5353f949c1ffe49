"""Noting shadowed stages and signing off."""

from __future__ import annotations

from coaching.onboarding import ShadowedStageDraft
from data_access.commands import onboarding as commands
from ui.actions import Refused, carry_out


def note_stage(rep_id: int, draft: ShadowedStageDraft) -> int | Refused:
    """Note a stage that the rep sat in on."""
    return carry_out(
        lambda viewer, connection, now: commands.note_shadowed_stage(viewer, connection, rep_id, draft, now)
    )


def sign_off(rep_id: int, note: str) -> int | Refused:
    """Sign that the rep may sell; the number that ``take_back`` wants."""
    return carry_out(lambda viewer, connection, now: commands.sign_off_to_sell(viewer, connection, rep_id, note, now))


def take_back(sign_off_id: int) -> Refused | None:
    """Undo a sign-off."""
    return carry_out(lambda viewer, connection, now: commands.take_back_sign_off(viewer, connection, sign_off_id, now))
