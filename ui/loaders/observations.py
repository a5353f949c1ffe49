"""Cached reads of observations: what the viewer may read, what waits for their scores, what the form offers."""

from __future__ import annotations

import datetime as dt

import polars as pl

from coaching.observations import Card
from data_access.queries import library as library_queries
from data_access.queries import observation_choices as choice_queries
from data_access.queries import observations as queries
from ui import loaders
from ui.loaders import Sight


def of_rep(sight: Sight, *, rep_id: int, start: dt.date, end: dt.date, as_of: dt.date) -> dict[str, pl.DataFrame]:
    """One rep: "views" (frames.OBSERVATIONS, the latest first), "scores" (frames.OBSERVATION_SCORES) and "pairs"
    (frames.PAIRED_SCORES), as known on ``as_of``."""
    asked = {"rep_id": rep_id, "start": start, "end": end, "as_of": as_of}
    today = sight.company.today
    return loaders.read(
        "observations_of_rep",
        sight,
        asked,
        lambda c: {
            "views": queries.observations(sight.viewer, c, today=today, **asked),  # type: ignore[arg-type]
            "scores": queries.observation_scores(sight.viewer, c, today=today, **asked),  # type: ignore[arg-type]
            "pairs": queries.paired_gaps(sight.viewer, c, today=today, **asked),  # type: ignore[arg-type]
        },
    )


def views_of_call(sight: Sight, observation_id: int) -> dict[str, pl.DataFrame]:
    """One call: "views", "scores" and "raters" (who was asked to score it blind); all empty where it is not in view."""
    today = sight.company.today
    return loaders.read(
        "views_of_call",
        sight,
        {"observation_id": observation_id},
        lambda c: (
            queries.views_of_call(sight.viewer, c, observation_id, today)
            | {"raters": choice_queries.asked_raters(sight.viewer, c, observation_id, today)}
        ),
    )


def waiting(sight: Sight) -> dict[str, pl.DataFrame]:
    """What waits for the viewer: "own_view" (calls a coach has scored and the viewer has not), "second_rating" (calls
    to score blind), "answer" (reps' own views that no coach has scored), all frames.CALLS_TO_SCORE; and "examples"
    (frames.EXAMPLES about the viewer to agree to or not)."""
    viewer, today = sight.viewer, sight.company.today
    return loaders.read(
        "waiting_observations",
        sight,
        {},
        lambda c: {
            "own_view": queries.waiting_for_own_view(viewer, c, today),
            "second_rating": queries.waiting_second_ratings(viewer, c, today),
            "answer": queries.own_views_to_answer(viewer, c, today),
            "examples": library_queries.examples_to_answer(viewer, c),
        },
    )


def overdue(sight: Sight) -> int:
    """How many observations have waited for seven days for the rep's own view; asked once an hour."""
    now = loaders.now()
    return loaders.read(
        "overdue_observations",
        sight,
        {"hour": now.strftime("%Y-%m-%d %H")},
        lambda c: queries.overdue_releases(sight.viewer, c, now),
    )


def card(sight: Sight, slug: str, on: dt.date) -> Card | None:
    """The scorecard as it is in use on a day."""
    return loaders.read(
        "scorecard", sight, {"slug": slug, "on": on}, lambda c: queries.scorecard_for(sight.viewer, c, slug, on)
    )


def card_version(sight: Sight, version_id: int) -> Card | None:
    """One version of a scorecard."""
    return loaders.read(
        "scorecard_version",
        sight,
        {"version_id": version_id},
        lambda c: queries.scorecard_version_of(sight.viewer, c, version_id),
    )


def people_to_observe(sight: Sight) -> pl.DataFrame:
    """person_id, name, team_name, leads; by name."""
    today = sight.company.today
    return loaders.read(
        "people_to_observe", sight, {}, lambda c: choice_queries.people_to_observe(sight.viewer, c, today)
    )


def what_it_was_about(sight: Sight, person_id: int) -> dict[str, pl.DataFrame]:
    """ "deals", "accounts" and "calls" that a conversation of this person can have been about."""
    today = sight.company.today
    return loaders.read(
        "what_it_was_about",
        sight,
        {"person_id": person_id},
        lambda c: choice_queries.what_it_was_about(sight.viewer, c, person_id, today),
    )


def sessions_to_sit_in(sight: Sight, coach_id: int) -> pl.DataFrame:
    """session_id, held_on, rep_name of sessions that a coach below the viewer held lately."""
    today = sight.company.today
    return loaders.read(
        "sessions_to_sit_in",
        sight,
        {"coach_id": coach_id},
        lambda c: choice_queries.sessions_to_sit_in(sight.viewer, c, coach_id, today),
    )


def second_raters(sight: Sight, observation_id: int) -> pl.DataFrame:
    """person_id, name, team_name of coaches who can be asked to score a call blind; by name."""
    today = sight.company.today
    return loaders.read(
        "second_raters",
        sight,
        {"observation_id": observation_id},
        lambda c: choice_queries.second_raters(sight.viewer, c, observation_id, today),
    )
