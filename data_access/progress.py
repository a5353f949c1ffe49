"""Progress in a terminal: what is done, rows done, seconds left. Silent for the first two seconds and in pipes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

QUIET_SECONDS = 2.0
STEP_SECONDS = 0.2


def terminal_progress() -> Callable[[str, int, int | None], None]:
    """A progress function that redraws one line on standard error."""
    started = time.monotonic()
    current, since, drawn = "", started, 0.0
    visible = sys.stderr.isatty()

    def show(what: str, done: int, total: int | None) -> None:
        nonlocal current, since, drawn
        moment = time.monotonic()
        if what != current:
            current, since = what, moment
        if not visible or moment - started < QUIET_SECONDS or moment - drawn < STEP_SECONDS:
            return
        drawn = moment
        sys.stderr.write("\r\x1b[2K" + progress_line(what, done, total, moment - since))
        sys.stderr.flush()

    return show


def progress_line(what: str, done: int, total: int | None, seconds: float) -> str:
    """One line of progress; the seconds left only once there is something to judge by."""
    if not total:
        return f"{what} ..." if not done else f"{what}: {done:,} rows"
    share = done / total
    left = f", about {seconds / share * (1 - share):.0f} s left" if 0 < share < 1 and seconds > 1 else ""
    return f"{what}: {done:,} of {total:,} rows{left}"
