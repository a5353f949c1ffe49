"""Reads for the open questions: those for one rep, and the bank."""

from __future__ import annotations

import datetime as dt

import polars as pl

from coaching.questions import Chosen, Question, merged
from coaching.situations import focus_of
from data_access.queries import questions as queries
from data_access.queries import skills as skill_queries
from ui import loaders
from ui.loaders import Sight, diagnosis


def questions_for(sight: Sight, *, rep_id: int, as_of: dt.date) -> list[Chosen]:
    """The questions for a rep's next one-on-one: the same for the rep and for whoever coaches them."""
    today, focus = sight.company.today, focus_of(diagnosis.diagnosis(sight, rep_id, as_of))
    to_look_at = loaders.deals_to_look_at(sight, rep_id=rep_id, as_of=as_of)
    return loaders.read(
        "questions_for",
        sight,
        {"rep_id": rep_id, "as_of": as_of, "focus": focus},
        lambda c: queries.questions_for(
            sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today, focus=focus, to_look_at=to_look_at
        ),
    )


def edits(sight: Sight) -> pl.DataFrame:
    """questions.EDITS, the earliest first."""
    return loaders.read("question_edits", sight, {}, lambda c: queries.question_edits(sight.viewer, c))


def bank(sight: Sight) -> tuple[Question, ...]:
    """The bank as it stands, retired questions included."""
    return merged(edits(sight))


def rest_sessions(sight: Sight) -> int:
    """How many one-on-ones a question rests."""
    return loaders.read("rest_sessions", sight, {}, lambda c: queries.rest_sessions(sight.viewer, c))


def skill_names(sight: Sight) -> dict[str, str]:
    """Name of each skill of reps by its slug, in the scorecard's order."""
    found = loaders.read("question_skills", sight, {}, lambda c: skill_queries.skill_list(sight.viewer, c))
    return dict(found.select("slug", "name").iter_rows())
