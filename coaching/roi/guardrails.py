"""Every threshold of the verdict in one place, with the defaults of roi.md 5.2. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Guardrails:
    """When there is too little to show (grey), when only an association (amber), and how estimates are made.

    Shares are 0..1; months and reps are counts.
    """

    skip: int = 3
    """Months before the start that are no base: at least 3, and as many as managers look back on."""
    skip_when_drawn: int = 0
    """The same where the start order was drawn: a drawing knows no dip."""
    fewest_clean_months: int = 2
    """Clean months a rep needs to have a level of their own."""
    # ---- grey ----
    fewest_coached: int = 20
    months_after: int = 3
    """Months after the start that a coached rep must have to count among them."""
    fewest_comparison: int = 20
    """Reps not coached yet in the month in the middle of all starts."""
    share_with_history: float = 0.70
    months_before: int = 6
    """Months before the start that ``share_with_history`` of the coached must have."""
    same_start_share: float = 0.90
    """From this share of teams on whose coached reps share a month, starts count as assigned by team."""
    fewest_started_teams: int = 6
    fewest_unstarted_teams: int = 4
    thin_month_reps: int = 5
    """A month with fewer reps not coached yet is thin."""
    thin_share: float = 0.20
    """Share of coached rep-months that may lie in thin months."""
    visible_grey: float = 0.25
    """Smallest visible effect, as a share of the mean, above which nothing is shown."""
    missing_share: float = 0.10
    # ---- amber ----
    visible_amber: float = 0.15
    placebo_p: float = 0.10
    placebo_share: float = 0.25
    """Share of the effect that a clean placebo has to exceed, with p below ``placebo_p``, to matter."""
    agreement_errors: float = 2.0
    leaving_p: float = 0.05
    largest_deals: int = 5
    largest_deals_share: float = 0.50
    spill_over_errors: float = 1.0
    fewest_clean_teams: int = 8
    """Teams without coaching that the check for spill-over needs."""
    # ---- errors ----
    jackknife_below: int = 30
    """With fewer teams, errors by team leave out one team at a time."""
    # ---- tiers ----
    visible_tier: float = 0.25

    def problems(self) -> list[str]:
        """Sentences that say which threshold cannot be; empty = fine."""
        found = []
        for field in fields(self):
            value = getattr(self, field.name)
            name = field.name.replace("_", " ")
            if value < 0:
                found.append(f"'{name}' cannot be negative.")
            elif field.type == "float" and not field.name.endswith("errors") and value > 1:
                found.append(f"'{name}' is a share: give a value from 0 to 1, such as {field.default}.")
        if self.visible_amber > self.visible_grey:
            found.append("'visible amber' cannot lie above 'visible grey': what is grey is not amber any more.")
        if self.fewest_clean_months < 1:
            found.append("'fewest clean months' has to be at least 1: without one there is nothing to compare with.")
        return found


DEFAULTS = Guardrails()
