"""The figures of the programme's page, each beside the picture of its name in coaching.programme_view."""

from charts.programme.costs import cost
from charts.programme.effect import actual_and_expected, event_curve
from charts.programme.marks import FULL, PALE
from charts.programme.money import bridge, returns, tornado
from charts.programme.people import coverage, dose, tiers
from charts.programme.robustness import checks
from charts.programme.starts import HIGHEST_MAP, start_map, visible
from charts.programme.surroundings import NOTHING

__all__ = [
    "FULL",
    "HIGHEST_MAP",
    "NOTHING",
    "PALE",
    "actual_and_expected",
    "bridge",
    "checks",
    "cost",
    "coverage",
    "dose",
    "event_curve",
    "returns",
    "start_map",
    "tiers",
    "tornado",
    "visible",
]
