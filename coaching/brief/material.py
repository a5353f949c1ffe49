"""Everything a brief is put together from: frames and rows as the queries give them, all as known on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import frames, lessons, motivation
from coaching.brief.changes import DEAL_CHANGES
from coaching.brief.facts import Since
from coaching.brief.wording import Reader
from coaching.diagnosis import Diagnosis
from coaching.objectives import Assessment
from coaching.questions import Chosen

PREFERENCES: SchemaDict = {
    "preference_id": pl.Int64,
    "trigger": pl.String,
    "weight": pl.Int64,
    "words": pl.String,
    "stated_at": pl.Datetime("us", "UTC"),
}
"""The latest that the rep said about each trigger, with its row; weight 0..4, the strongest first."""

REVIEWED: SchemaDict = {
    **frames.OPEN_DEALS,
    "kind": pl.String,
    "reason": pl.String,
    "since_days": pl.Int64,
}
"""Deals to look at with the reason in a sentence, the largest first."""


@dataclass(frozen=True)
class Material:
    """What is known of one rep for one viewer. A frame without rows = nothing there, or not for this viewer."""

    reader: Reader
    card: dict[str, Any]
    """The rep as frames.PEOPLE tells."""
    since: Since
    time_zone: str = "UTC"
    sessions: pl.DataFrame = field(default_factory=partial(frames.empty, frames.SESSION_RECORDS))
    """With the rep, as known."""
    session_topics: pl.DataFrame = field(default_factory=partial(frames.empty, frames.SESSION_TOPICS))
    """On the lists of the next planned one-on-one, see ``agenda.next_meeting``."""
    changes: pl.DataFrame = field(default_factory=partial(frames.empty, DEAL_CHANGES))
    views: pl.DataFrame = field(default_factory=partial(frames.empty, frames.OBSERVATIONS))
    """Since then."""
    scores: pl.DataFrame = field(default_factory=partial(frames.empty, frames.OBSERVATION_SCORES))
    commitments: pl.DataFrame = field(default_factory=partial(frames.empty, frames.COMMITMENTS))
    plan: dict[str, Any] | None = None
    """The plan that holds, as frames.PLANS."""
    goals: tuple[tuple[dict[str, Any], Assessment], ...] = ()
    """Its objectives (frames.OBJECTIVES) with their verdicts."""
    actions: tuple[dict[str, Any], ...] = ()
    """Of its latest version, as frames.PLAN_ACTIONS."""
    mastered: tuple[tuple[str, dt.date], ...] = ()
    """Names of skills that have reached mastery since then, with the day."""
    diagnosis: Diagnosis | None = None
    to_look_at: pl.DataFrame = field(default_factory=partial(frames.empty, REVIEWED))
    notes_next_steps: bool = False
    """Whether any open deal of the rep says what happens next: else the CRM holds no such field."""
    questions: tuple[Chosen, ...] = ()
    preferences: pl.DataFrame = field(default_factory=partial(frames.empty, PREFERENCES))
    uses: pl.DataFrame = field(default_factory=partial(frames.empty, motivation.USES))
    agenda: pl.DataFrame = field(default_factory=partial(frames.empty, frames.AGENDA))
    gaps: pl.DataFrame = field(default_factory=partial(frames.empty, lessons.GAPS))
    gone: Mapping[int, tuple[str, dt.date]] = field(default_factory=dict)
    """Deals of open questions that are won or lost by now: which of the two, and when; by id."""

    @property
    def as_of(self) -> dt.date:
        """The day whose knowledge this is."""
        return self.reader.as_of
