"""What the viewer saved last and may still take back. Read anew: it depends on the hour, not on the data alone."""

from __future__ import annotations

from typing import Any

from data_access.engine import reading
from data_access.queries import last_steps as queries
from ui import loaders
from ui.loaders import Sight


def session_to_undo(sight: Sight, rep_id: int | None) -> dict[str, Any] | None:
    """The session of the viewer's last step that can be taken back; see data_access.queries.last_steps."""
    with reading(loaders.engine()) as connection:
        return queries.session_to_undo(
            sight.viewer, connection, rep_id=rep_id, now=loaders.now(), today=sight.company.today
        )
