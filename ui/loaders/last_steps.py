"""What the viewer saved last and may still take back. Read anew: it depends on the hour, not on the data alone."""

from __future__ import annotations

from typing import Any

from data_access.engine import reading
from data_access.queries import last_steps as queries
from ui import loaders
from ui.loaders import Sight

WITHDRAWN = queries.WITHDRAW
"""The step that took a cost back."""
CLOSED = queries.CLOSE_PAIR
"""The step that closed a peer pair."""


def session_to_undo(sight: Sight, rep_id: int | None) -> dict[str, Any] | None:
    """The session of the viewer's last step that can be taken back; see data_access.queries.last_steps."""
    with reading(loaders.engine()) as connection:
        return queries.session_to_undo(
            sight.viewer, connection, rep_id=rep_id, now=loaders.now(), today=sight.company.today
        )


def cost_to_undo(sight: Sight) -> dict[str, Any] | None:
    """The cost that the viewer entered or took back last, while that can be undone."""
    with reading(loaders.engine()) as connection:
        return queries.cost_to_undo(sight.viewer, connection, now=loaders.now())


def settings_to_undo(sight: Sight) -> dict[str, Any] | None:
    """The settings of the programme that the viewer saved last, with what they were, while that can be undone."""
    with reading(loaders.engine()) as connection:
        return queries.settings_to_undo(sight.viewer, connection, now=loaders.now())


def pair_to_undo(sight: Sight) -> dict[str, Any] | None:
    """The peer pair that the viewer closed or started last, as long as that can be taken back."""
    with reading(loaders.engine()) as connection:
        return queries.pair_to_undo(sight.viewer, connection, now=loaders.now(), today=sight.company.today)
