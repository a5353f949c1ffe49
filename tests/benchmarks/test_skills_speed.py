"""How long the rules for skills take over a large company."""

from __future__ import annotations

import time

from coaching import calibration, skills
from tests.coaching.scored import company


def test_a_thousand_people_over_two_years_take_less_than_a_second() -> None:
    frame, _, _ = company(1, people=1_000, raters=130, skill_count=8, calls_a_month=1.0)
    assert frame.height > 60_000
    times = []
    for _ in range(3):
        started = time.perf_counter()
        adjusted = calibration.adjusted(frame, calibration.leniency(frame))
        found = skills.standings(skills.running_levels(adjusted), skills.growth(adjusted))
        times.append(time.perf_counter() - started)
    assert found.height > 7_000
    assert min(times) < 1.0
