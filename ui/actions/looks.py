"""Noting who looked at whose record and who took a copy."""

from __future__ import annotations

from data_access.commands import looks as commands
from data_access.engine import writing
from ui import loaders
from ui.actions import carry_out
from ui.loaders import Sight


def note_look(rep_id: int, page: str) -> None:
    """Note that whoever looks now opened ``page`` about this rep."""
    carry_out(lambda viewer, connection, now: commands.note_look(viewer, connection, rep_id, page, now))


def note_download(sight: Sight, kind: str, row_count: int) -> None:
    """Note a download. The route that answers downloads has no page, so it says who asks."""
    with writing(loaders.engine()) as connection:
        commands.note_download(sight.viewer, connection, kind, row_count, loaders.now())
