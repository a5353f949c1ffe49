"""The rep × month panel that every estimate of the programme's effect starts from. Holds it; estimates nothing.

A "rep" is one spell (rep × territory × manager line), a "month" any period; published panels have counties and years.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]


HASHED_DECIMALS = 6
AS_USUAL = -1
"""Of a rep whose months before the start are no base as usual."""


class CannotEstimate(Exception):
    """There is nothing to estimate from; the message says in a sentence what is missing."""


@dataclass(frozen=True)
class Panel:
    """Outcomes of reps (rows) in months (columns), and since when each is coached.

    The arrays must not be changed afterwards. Raises ValueError where their shapes do not fit together.
    """

    outcome: Floats
    """Reps × months, in any unit; nan = not observed."""
    start: Floats
    """Column of the first coached month per rep; may lie outside of the panel; inf = never coached."""
    team: Places | None = None
    """A number per rep; the same number = the same team. None = no teams known."""
    employed: Bools | None = None
    """Reps × months in which the rep was there; None = from the first to the last observed month."""
    own_skip: Places | None = None
    """Months before the start that are no base, per rep, where a lot picked them; AS_USUAL = as everybody's. None =
    nobody has their own."""

    def __post_init__(self) -> None:
        if self.outcome.ndim != 2 or self.start.shape != self.outcome.shape[:1]:
            raise ValueError("outcome has to be reps × months and start one value per rep")
        if self.team is not None and self.team.shape != self.start.shape:
            raise ValueError("team has to be one number per rep")
        if self.employed is not None and self.employed.shape != self.outcome.shape:
            raise ValueError("employed has to be reps × months")
        if self.own_skip is not None and self.own_skip.shape != self.start.shape:
            raise ValueError("own_skip has to be one number per rep")

    @property
    def reps(self) -> int:
        """How many rows."""
        return self.outcome.shape[0]

    @property
    def months(self) -> int:
        """How many columns."""
        return self.outcome.shape[1]

    @cached_property
    def observed(self) -> Bools:
        """Where an outcome is known."""
        return ~np.isnan(self.outcome)

    @cached_property
    def known(self) -> Floats:
        """The outcome with 0 where it is not observed, to be multiplied with cells that leave those out."""
        return np.where(self.observed, self.outcome, 0.0)

    @cached_property
    def since(self) -> Floats:
        """Months since the start of coaching, reps × months: 0 in the first coached month, -inf for never."""
        return np.arange(self.months, dtype=np.float64)[None, :] - self.start[:, None]

    @cached_property
    def is_coached(self) -> Bools:
        """Which reps start in the panel or have started before it."""
        return self.start <= self.months - 1

    @cached_property
    def there(self) -> Bools:
        """Where the rep was there: ``employed``, or everything between the first and the last observed month."""
        if self.employed is not None:
            return self.employed | self.observed
        seen = np.maximum.accumulate(self.observed, axis=1)
        coming = np.maximum.accumulate(self.observed[:, ::-1], axis=1)[:, ::-1]
        return seen & coming

    def mean(self) -> float:
        """Mean outcome over all observed rep-months; nan without any."""
        return float(np.nanmean(self.outcome)) if self.observed.any() else float("nan")

    def of(self, chosen: Bools | Places) -> Panel:
        """The panel of some reps, chosen by a mask or by their places."""
        return Panel(
            self.outcome[chosen],
            self.start[chosen],
            None if self.team is None else self.team[chosen],
            None if self.employed is None else self.employed[chosen],
            None if self.own_skip is None else self.own_skip[chosen],
        )

    def skips(self, usual: int) -> Floats:
        """Months before the start that are no base, reps × 1: each rep's own, ``usual`` without one."""
        own = np.full(self.reps, AS_USUAL) if self.own_skip is None else self.own_skip
        return np.where(own == AS_USUAL, usual, own).astype(np.float64)[:, None]

    def as_drawn(self, drawn: Bools, skip: int) -> Panel:
        """The panel with the starts of ``drawn`` (a mask of reps) as a lot's, of which ``skip`` months are no base.

        A start so far ahead that it touches no month of the panel says nothing about one, and is none here.
        """
        ahead = drawn & (self.start - skip > self.months - 1)
        near = drawn & ~ahead
        own = np.where(near, skip, AS_USUAL) if near.any() else None
        return dataclasses.replace(self, start=np.where(ahead, np.inf, self.start), own_skip=own)

    def with_outcome(self, outcome: Floats) -> Panel:
        """The same reps and months with another outcome."""
        return dataclasses.replace(self, outcome=outcome)


def winsorised(panel: Panel, share: float = 0.99) -> Panel:
    """``panel`` with outcomes above the ``share`` quantile of all rep-months set to that quantile (roi.md 1.1)."""
    if not panel.observed.any():
        return panel
    top = float(np.quantile(panel.outcome[panel.observed], share))
    return panel.with_outcome(np.minimum(panel.outcome, top))


def fingerprint(panel: Panel) -> str:
    """A hash of everything in ``panel``, to be kept beside what was computed from it: another order, another hash.

    Outcomes count to the sixth decimal: money has fewer, and the last bit of a quotient or of a quantile is the
    processor's own.
    """
    found = hashlib.sha256(repr(panel.outcome.shape).encode())
    # Plus nothing turns a negative zero into the usual one.
    rows = (np.round(panel.known, HASHED_DECIMALS) + 0.0, panel.observed, panel.start, panel.there, panel.team)
    for values in rows if panel.own_skip is None else (*rows, panel.own_skip):
        found.update(b"-" if values is None else np.ascontiguousarray(values).astype("<f8").tobytes())
    return found.hexdigest()


def numbered(labels: Places) -> tuple[Places, int]:
    """Any labels as numbers from 0 on, and how many different ones there are."""
    different, place = np.unique(labels, return_inverse=True)
    return place.astype(np.int64), len(different)
