"""How fast the brief of one rep is put together, in CPU seconds; nothing here fails because a machine is slow."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from tests.demo import id_of, sight_of
from ui import loaders
from ui.loaders import brief, diagnosis, questions

TODAY = dt.date(2026, 11, 20)


def test_the_brief_of_one_rep(demo: str, fresh_caches: None, capsys: pytest.CaptureFixture[str]) -> None:
    sight, other, rep = sight_of("Maya"), sight_of("Dana"), int(id_of("Ravi"))
    another = next(number for number in loaders.people(other, TODAY).filter("sells")["person_id"] if number != rep)
    parts = {
        "diagnosis": lambda: diagnosis.diagnosis(sight, rep, TODAY),
        "questions": lambda: questions.questions_for(sight, rep_id=rep, as_of=TODAY),
        "the rest": lambda: brief.brief(sight, rep_id=rep, as_of=TODAY),
        "again": lambda: brief.brief(sight, rep_id=rep, as_of=TODAY),
        "of somebody else, for somebody else": lambda: brief.brief(other, rep_id=another, as_of=TODAY),
    }
    for name, work in parts.items():
        started = time.process_time()
        assert work() is not None
        took = time.process_time() - started
        with capsys.disabled():
            print(f"\n  brief, {name}: {took * 1000:.0f} ms CPU", end="", flush=True)
