"""Writes: the only way out. Each action loads the viewer anew and hands one piece of work to a command.

Nothing has to be cleared afterwards: every write raises the data's version, and the caches of ``loaders`` are keyed on
it. Refusals come back as values with sentences for the page; only faults are raised. One module per topic lies beside
this one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from coaching.people import Viewer
from data_access.engine import writing
from data_access.scope import NotPermitted
from data_access.writes import CommandRefused, EditedMeanwhile
from ui import loaders, sign_in

Done = TypeVar("Done")


@dataclass(frozen=True)
class Refused:
    """Why nothing was written, and for a second save what the first one changed."""

    problems: tuple[str, ...]
    changes: tuple[str, ...] = ()


def carry_out(command: Callable[[Viewer, Any, dt.datetime], Done]) -> Done | Refused:
    """``command(viewer, connection, now)`` in one transaction, as whoever is looking now; or why it was refused."""
    sight, moment = sign_in.current_sight(), loaders.now()
    try:
        with writing(loaders.engine()) as connection:
            return command(sight.viewer, connection, moment)
    except EditedMeanwhile as refusal:
        return Refused(tuple(refusal.problems), tuple(refusal.changes))
    except CommandRefused as refusal:
        return Refused(tuple(refusal.problems))
    except NotPermitted as refusal:
        return Refused((str(refusal),))
