"""The viewer's own half-filled forms. Not cached: a draft changes with every field and belongs to one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from data_access.engine import reading
from data_access.queries import drafts as draft_queries
from ui import loaders
from ui.loaders import Sight


def kept(sight: Sight, form: str) -> tuple[dict[str, Any], dt.datetime] | None:
    """The draft of ``form`` and when it was saved."""
    with reading(loaders.engine()) as connection:
        return draft_queries.kept_draft(sight.viewer, connection, form)
