"""How fast the evidence is computed and its page is told, in CPU seconds. The limits leave a slow machine room."""

from __future__ import annotations

import time

import pytest

from coaching import programme_view
from coaching.roi.evidence import evidence
from coaching.roi.guardrails import DEFAULTS
from tests import programme_results as results

REPS = 1_000
SECONDS_FOR_EVIDENCE = 0.5
SECONDS_FOR_PICTURES = 0.25
PICTURES = (
    *("visible", "start_map", "actual_and_expected", "event_curve", "checks", "bridge"),
    *("returns", "tornado", "coverage", "tiers", "dose", "cost"),
)


def least(work: object, times: int = 3) -> float:
    """CPU seconds of the fastest of several runs."""
    assert callable(work)
    found = []
    for _ in range(times):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def test_evidence_of_a_thousand_reps_over_two_years_takes_less_than_half_a_second(
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = results.company(reps=REPS).panel
    took = least(lambda: evidence(panel, DEFAULTS, False))
    with capsys.disabled():
        print(f"\n  evidence, {REPS} reps: {took * 1000:.0f} ms CPU", end="", flush=True)
    assert took < SECONDS_FOR_EVIDENCE


def test_the_frames_of_all_pictures_of_a_thousand_reps_are_cheap(capsys: pytest.CaptureFixture[str]) -> None:
    found = results.result(results.company(reps=REPS))
    names = [name for name in vars(programme_view) if name in PICTURES]
    assert len(names) == len(PICTURES)
    took = least(lambda: [getattr(programme_view, name)(found) for name in names])
    with capsys.disabled():
        print(f"\n  pictures, {REPS} reps: {took * 1000:.0f} ms CPU", end="", flush=True)
    assert took < SECONDS_FOR_PICTURES
