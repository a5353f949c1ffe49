"""Group-time effects of Callaway & Sant'Anna (unconditional) and their aggregates; the symmetric check has their core.

Each cell compares one cohort (reps that start in the same month) in one month with reps not coached yet, both against
a base month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coaching.roi.clustering import Estimate, Scored
from coaching.roi.distributions import chi_square_tail
from coaching.roi.panel import CannotEstimate, Floats, Panel

Control = Literal["notyet", "never"]
FEWEST_CONTROLS = 2
SYMMETRIC_MONTHS = 8
"""The symmetric check looks at the months 0..8 since the start."""
NOTHING = "No month has both reps that started and reps to compare them with."


@dataclass(frozen=True)
class Cell:
    """The effect on one cohort in one month; ``cohort`` and ``month`` are columns of the panel."""

    cohort: float
    month: int
    effect: float
    treated: int
    se: float
    """By rep, without a small-sample factor."""

    @property
    def since(self) -> int:
        """Months since the start."""
        return int(self.month - self.cohort)


@dataclass(frozen=True)
class GroupTime:
    """Cells with what each rep adds to the error of each."""

    panel: Panel
    cells: list[Cell]
    score: Floats
    """Cells × reps."""

    def after(self) -> list[int]:
        """Places of the cells with coaching."""
        return [place for place, cell in enumerate(self.cells) if cell.since >= 0]

    def weighted(self, places: Sequence[int]) -> Scored:
        """Mean of cells weighted by treated reps; the weights are estimated, and their error is in the score.

        Raises CannotEstimate without a cell.
        """
        if not places:
            raise CannotEstimate(NOTHING)
        weight = np.array([self.cells[place].treated for place in places], dtype=np.float64)
        effect = np.array([self.cells[place].effect for place in places])
        cohort = np.array([self.cells[place].cohort for place in places])
        value = float(weight @ effect / weight.sum())
        of_cells = np.einsum("k,ki->i", weight, self.score[list(places)])
        of_weights = ((effect - value)[:, None] * (cohort[:, None] == self.panel.start[None, :])).sum(axis=0)
        return self._scored(value, (of_cells + of_weights) / weight.sum(), int(weight.sum()))

    def plain(self, places: Sequence[int]) -> Scored:
        """Plain mean of cells. Raises CannotEstimate without a cell."""
        if not places:
            raise CannotEstimate(NOTHING)
        value = float(np.mean([self.cells[place].effect for place in places]))
        size = sum(self.cells[place].treated for place in places)
        return self._scored(value, self.score[list(places)].mean(axis=0), size)

    def simple(self) -> Scored:
        """The mean effect per coached rep-month."""
        return self.weighted(self.after())

    def by_event_time(self) -> dict[int, Scored]:
        """Effect by months since the start, earliest first."""
        return {since: self.weighted(places) for since, places in self._grouped(lambda cell: cell.since)}

    def by_month(self) -> dict[int, Scored]:
        """Effect by calendar month."""
        after = set(self.after())
        grouped = self._grouped(lambda cell: cell.month)
        kept = {month: [place for place in places if place in after] for month, places in grouped}
        return {month: self.weighted(places) for month, places in kept.items() if places}

    def by_cohort(self) -> dict[int, Scored]:
        """Plain mean over its coached months, by cohort."""
        after = set(self.after())
        grouped = self._grouped(lambda cell: int(cell.cohort))
        kept = {cohort: [place for place in places if place in after] for cohort, places in grouped}
        return {cohort: self.plain(places) for cohort, places in kept.items() if places}

    def over_event_times(self) -> Scored:
        """Plain mean of ``by_event_time`` from the start on."""
        return self._mean([scored for since, scored in self.by_event_time().items() if since >= 0])

    def over_months(self) -> Scored:
        """Plain mean of ``by_month``."""
        return self._mean(list(self.by_month().values()))

    def over_cohorts(self) -> Scored:
        """``by_cohort`` weighted by the size of the cohorts, whose error is in the score."""
        cohorts = self.by_cohort()
        if not cohorts:
            raise CannotEstimate(NOTHING)
        members = np.array([self.panel.start == cohort for cohort in cohorts])
        size = members.sum(axis=1).astype(np.float64)
        effect = np.array([scored.value for scored in cohorts.values()])
        value = float(size @ effect / size.sum())
        of_cells = np.einsum("k,ki->i", size, np.array([scored.score for scored in cohorts.values()]))
        of_weights = np.einsum("k,ki->i", effect - value, members)
        return self._scored(value, (of_cells + of_weights) / size.sum(), int(size.sum()))

    def pretest(self) -> float:
        """p value of a Wald test that all cells before the start are 0. Raises CannotEstimate without such a cell."""
        before = [place for place, cell in enumerate(self.cells) if cell.since < 0]
        if not before:
            raise CannotEstimate("There are no months before the start to test.")
        effect, score = np.array([self.cells[place].effect for place in before]), self.score[before]
        try:
            distance = float(effect @ np.linalg.solve(score @ score.T, effect))
        except np.linalg.LinAlgError:
            raise CannotEstimate("The months before the start do not vary enough to be tested.") from None
        return chi_square_tail(distance, len(before))

    def _grouped(self, key: Callable[[Cell], int]) -> list[tuple[int, list[int]]]:
        found: dict[int, list[int]] = {}
        for place, cell in enumerate(self.cells):
            found.setdefault(key(cell), []).append(place)
        return sorted(found.items())

    def _mean(self, parts: list[Scored]) -> Scored:
        if not parts:
            raise CannotEstimate(NOTHING)
        value = float(np.mean([part.value for part in parts]))
        return self._scored(value, np.mean([part.score for part in parts], axis=0), sum(part.n for part in parts))

    def _scored(self, value: float, score: Floats, size: int) -> Scored:
        # All clusters of the panel count, and single reps get no factor.
        return Scored(value, score, np.ones(self.panel.reps, dtype=np.bool_), size, by_rep_factor=False)


def group_time_effects(
    panel: Panel, skip: int = 0, control: Control = "notyet", with_before: bool = False
) -> GroupTime:
    """Every cohort in every month from its start on, against the month ``skip`` + 1 before it.

    Controls are reps that start more than ``skip`` months later (``notyet``) or never (``never``). ``with_before`` adds
    the months before the start, each against the month before, for the pre-test (meant for ``skip`` 0).
    """
    wanted = []
    for cohort in _cohorts(panel):
        for month in range(1 if with_before else int(max(cohort, 0)), panel.months):
            base = month - 1 if month < cohort else int(cohort) - 1 - skip
            later = month + skip if month >= cohort else month
            wanted.append((cohort, month, base, np.inf if control == "never" else later))
    return _estimated(panel, wanted)


def symmetric(panel: Panel, skip: int = 3) -> Scored:
    """Check 1: months 0..8 against base months mirrored around the middle of the dip (Chabé-Ferret 2017).

    Controls are all reps that start after the month, whatever comes next for them: leaving out those who start soon
    would select lucky controls. Raises CannotEstimate where no cell is left.
    """
    wanted = [
        (cohort, int(cohort) + since, int(cohort) - since - 1 - skip, float(int(cohort) + since))
        for cohort in _cohorts(panel)
        for since in range(SYMMETRIC_MONTHS + 1)
        if cohort + since < panel.months
    ]
    return _estimated(panel, wanted).simple()


def callaway_santanna(panel: Panel, control: Control = "notyet") -> Estimate:
    """The usual estimate with the month before the start as base, by rep. Wrong where reps are coached after a dip."""
    return group_time_effects(panel, 0, control).simple().by_rep()


def _cohorts(panel: Panel) -> list[float]:
    """Starts in the panel, earliest first."""
    return sorted({float(start) for start in panel.start[panel.is_coached] if start >= 0})


def _estimated(panel: Panel, wanted: Iterable[tuple[float, int, int, float]]) -> GroupTime:
    """Cells of (cohort, month, base month, controls start later than this or, for inf, never)."""
    rows = np.array([row for row in wanted if 0 <= row[2] < panel.months]).reshape(-1, 4)
    cohort, later = rows[:, :1], rows[:, 3:]
    month, base = rows[:, 1].astype(np.int64), rows[:, 2].astype(np.int64)
    # Months × reps, so that a cell's reps lie together.
    seen, known = panel.observed.T, np.ascontiguousarray(panel.known.T)
    both = seen[month] & seen[base]
    treated = both & (panel.start == cohort)
    is_control = np.where(np.isfinite(later), panel.start > later, np.isinf(panel.start)) & (panel.start != cohort)
    controls = both & is_control
    sizes = treated.sum(axis=1), controls.sum(axis=1)
    kept = (sizes[0] > 0) & (sizes[1] >= FEWEST_CONTROLS)
    if not kept.any():
        return GroupTime(panel, [], np.zeros((0, panel.reps)))
    change = (known[month] - known[base])[kept]
    effect, score = np.zeros(int(kept.sum())), np.zeros(change.shape)
    for chosen, size, sign in ((treated[kept], sizes[0][kept], 1.0), (controls[kept], sizes[1][kept], -1.0)):
        mean = (change * chosen).sum(axis=1) / size
        effect += sign * mean
        score += sign * chosen * (change - mean[:, None]) / size[:, None]
    se = np.sqrt((score**2).sum(axis=1))
    columns = zip(rows[kept, 0], month[kept], effect, sizes[0][kept], se, strict=True)
    cells = [Cell(float(g), int(t), float(att), int(n), float(error)) for g, t, att, n, error in columns]
    return GroupTime(panel, cells, score)
