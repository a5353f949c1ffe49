"""The metric registry for reading: searched and grouped. Holds no definition of its own (see metrics.py)."""

from __future__ import annotations

from coaching.metrics import DEFINED, Metric

GROUPS: dict[str, tuple[str, ...]] = {
    "Results": (
        "won_count",
        "lost_count",
        "won_amount",
        "lost_amount",
        "quota",
        "quota_attainment",
        "at_quota_share",
        "gap_to_quota",
        "gap_to_date",
        "ramp_months",
    ),
    "Winning": (
        "win_rate_count",
        "win_rate_value",
        "average_deal_size",
        "median_deal_size",
        "sales_cycle_days",
        "sales_velocity",
        "margin",
        "discount",
        "competitor_loss_share",
    ),
    "Pipeline": (
        "open_count",
        "open_pipeline",
        "open_without_amount_count",
        "opened_count",
        "pipeline_generated",
        "pipeline_coverage",
        "needed_coverage",
        "slipped_share",
        "stalled_count",
        "crm_hygiene",
        "accounts_lost",
    ),
    "Coaching": (
        "session_count",
        "coaching_minutes",
        "days_since_last_session",
        "longest_gap_days",
        "next_due_on",
        "expected_slots",
        "met_slots",
        "cadence_adherence",
        "coaching_coverage",
        "own_manager_coverage",
        "ask_share",
        "commitments_kept",
        "coach_commitments_kept",
    ),
    "Skills": (
        "observation_count",
        "days_since_last_observation",
        "skill_level",
        "skill_growth",
    ),
}
OTHER = "More"


def matching(words: str) -> list[Metric]:
    """Metrics that hold every one of ``words`` in their key, label, formula or notes; all of them for no words."""
    wanted = words.casefold().split()
    return [entry for entry in DEFINED if all(word in _text(entry) for word in wanted)]


def _text(entry: Metric) -> str:
    parts = (entry.key, entry.label, entry.formula, entry.numerator, entry.denominator, entry.date_basis, entry.also)
    return " ".join(parts).casefold()


def grouped(entries: list[Metric]) -> list[tuple[str, list[Metric]]]:
    """``entries`` under their headings, in order; what no heading names comes last. Empty headings are left out."""
    keys = {entry.key: entry for entry in entries}
    parts = [(title, [keys.pop(key) for key in names if key in keys]) for title, names in GROUPS.items()]
    parts.append((OTHER, list(keys.values())))
    return [(title, part) for title, part in parts if part]
