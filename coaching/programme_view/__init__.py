"""The pictures of the programme's page as frames and words: what is seen, its table, or why nothing is shown."""

from coaching.programme_view.costs import COST, COST_GROUPS, NOT_KNOWN, cost, cost_kinds
from coaching.programme_view.effect import CURVE, LINES, actual_and_expected, event_curve
from coaching.programme_view.money import BRIDGE, FIRST_BEYOND, LAST_BEYOND, RETURNS, TORNADO, bridge, returns, tornado
from coaching.programme_view.people import COVERAGE, DOSE, EVEN, HOURS, TIERS, coverage, dose, tiers
from coaching.programme_view.picture import Picture
from coaching.programme_view.reading import PLACEBO, THIN_POINT, WITHHELD
from coaching.programme_view.robustness import CHECK_LABELS, CHECKS, checks
from coaching.programme_view.starts import (
    COACHED,
    LEFT_OUT,
    NO_MONTH,
    NOT_COACHED,
    NOT_THERE,
    START_MAP,
    STATES,
    VISIBLE,
    start_map,
    visible,
)

__all__ = [
    "BRIDGE",
    "CHECKS",
    "CHECK_LABELS",
    "COACHED",
    "COST",
    "COST_GROUPS",
    "COVERAGE",
    "CURVE",
    "DOSE",
    "EVEN",
    "FIRST_BEYOND",
    "HOURS",
    "LAST_BEYOND",
    "LEFT_OUT",
    "LINES",
    "NOT_COACHED",
    "NOT_KNOWN",
    "NOT_THERE",
    "NO_MONTH",
    "PLACEBO",
    "RETURNS",
    "START_MAP",
    "STATES",
    "THIN_POINT",
    "TIERS",
    "TORNADO",
    "VISIBLE",
    "WITHHELD",
    "Picture",
    "actual_and_expected",
    "bridge",
    "checks",
    "cost",
    "cost_kinds",
    "coverage",
    "dose",
    "event_curve",
    "returns",
    "start_map",
    "tiers",
    "tornado",
    "visible",
]
