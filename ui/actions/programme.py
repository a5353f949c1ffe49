"""Freezing the evidence about the programme, as whoever is looking now."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from coaching.people import Viewer
from coaching.roi.freezing import reason_kept
from data_access.commands import programme as commands
from data_access.queries import roi
from ui.actions import Refused, carry_out


def may_freeze(viewer: Viewer) -> bool:
    """Whether the viewer's role freezes results; the command asks again."""
    return viewer.role in commands.FREEZERS


def freeze(as_of: dt.date, reason: str | None, seen: int) -> int | Refused:
    """Compute and keep the result that speaks for ``as_of``; its id. Takes seconds.

    ``seen``: the highest id that the page had shown. The second of two clicks finds what the first one kept.
    """

    def command(viewer: Viewer, connection: Any, now: dt.datetime) -> int:
        asked = pl.col("frozen_id") > seen, pl.col("as_of") == as_of
        words = reason_kept(reason) or None
        same = roi.frozen(viewer, connection).filter(*asked, pl.col("reason").eq_missing(pl.lit(words)))
        if same.height:
            return int(same["frozen_id"][0])
        return commands.freeze_evidence(viewer, connection, as_of=as_of, reason=reason, now=now)

    return carry_out(command)
