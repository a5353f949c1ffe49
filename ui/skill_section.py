"""The skills of one rep, on their progress page: a path per skill, states, the own view, and what was tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import frames, numbers, skills
from coaching import skill_words as words
from ui import empty_states, figures, loaders, plain_text, skill_tables
from ui.loaders import Sight
from ui.loaders import skills as loads

MOST_PATHS = 3
"""Figures shown at once: a row. With one more than these, all are shown."""
DAYS_OF_CHANGE = 180
"""A change is told from this many days ago, where no plan has begun since."""


def show(sight: Sight, card: dict[str, Any], as_of: dt.date, *, path: Callable[..., Any]) -> None:
    """Everything about the skills of the person of ``card`` (a row of frames.PEOPLE), as known on ``as_of``.

    ``path``: charts.skills.path, handed in by the page because the parts of pages draw nothing themselves.
    """
    rep_id = card["person_id"]
    history = loads.history(sight, rep_id=rep_id, as_of=as_of)
    seen = skills.by_others(history)
    skill_list = loads.skill_list(sight)
    if seen.is_empty():
        st.subheader("Skills", anchor=False)
        empty_states.say(
            f"Not enough observations yet (0 of {skills.SCORES_IN_A_LEVEL})",
            "A skill's path starts with the first released score by a coach, and says something from the third on.",
        )
        return
    report = loads.report(sight, at=as_of, as_of=as_of)
    standings = skill_list.join(
        report["standings"].filter(pl.col("person_id") == rep_id), on="skill_id", how="left", maintain_order="left"
    )
    enough = standings.filter(pl.col("score_count") >= skills.SCORES_IN_A_LEVEL)
    known = standings.filter(pl.col("level").is_not_null())
    st.subheader(words.states_sentence(known), anchor=False)
    plans = loads.plan_starts(sight, rep_id=rep_id, as_of=as_of)
    running = skills.running_levels(history)
    points = words.path_points(history, running)
    if enough.height:
        _paths(sight, enough, points, plans, as_of, path)
        st.caption(_legend(points, bool(plans)))
    if few := words.too_few_words(standings):
        st.caption(plain_text.label(few, 400))
    with st.container(gap="xsmall"):
        # Without a figure the table is the first thing to see.
        with (
            st.expander("Levels, states and the own view, skill by skill", type="compact")
            if enough.height
            else st.container()
        ):
            _states(known, history, running, report, plans, as_of)
        _tried(sight, rep_id, as_of, skill_list)
        with st.expander("Every score as a table", type="compact"):
            skill_tables.scores(words.score_rows(history, skill_list), key="skill_scores")


def _paths(
    sight: Sight,
    enough: pl.DataFrame,
    points: pl.DataFrame,
    plans: list[dt.date],
    as_of: dt.date,
    path: Callable[..., Any],
) -> None:
    """A figure per skill: the most telling ones, and the others once they are unfolded."""
    ordered = words.most_telling(enough)
    shown = ordered if ordered.height <= MOST_PATHS + 1 else ordered.head(MOST_PATHS)
    _figures(sight, shown, points, plans, as_of, path)
    rest = ordered.tail(ordered.height - shown.height)
    if rest.is_empty():
        return
    more = st.expander(
        f"{numbers.plural(rest.height, 'more skill')}", type="compact", key="more_skills", on_change="rerun"
    )
    # Closed, it costs nothing: its figures are not made.
    if more.open:
        with more:
            _figures(sight, rest.sort("position"), points, plans, as_of, path)


def _figures(
    sight: Sight,
    standings: pl.DataFrame,
    points: pl.DataFrame,
    plans: list[dt.date],
    as_of: dt.date,
    path: Callable[..., Any],
) -> None:
    # In the order of skills and days, so the earliest day has to be looked for.
    first = points.sort("observed_on")["observed_on"][0]
    versions = loads.scorecard_starts(sight, until=as_of)["starts_on"].to_list()
    with st.grid(4, min_column_width=230, gap="small"):
        for row in standings.iter_rows(named=True):
            sentence = words.path_sentence(row)
            figures.show(
                loaders.drawn(
                    path,
                    points.filter(pl.col("skill_id") == row["skill_id"]),
                    sentence=sentence,
                    position=row["position"],
                    first=first,
                    last=as_of,
                    plans=plans,
                    versions=versions,
                ),
                key=f"path_{row['slug']}",
                alt=f"{sentence}. Every score as a table stands below.",
            )


def _legend(points: pl.DataFrame, has_plan: bool) -> str:
    parts = [
        "A dot per score, the line is the level: mean of the last three. Lines at 50 (competent) and 87.5 (mastery)."
    ]
    if has_plan:
        parts.append("Dashed: a plan starts.")
    parts.append(words.own_coach_words(points))
    return " ".join(part for part in parts if part)


def _states(
    known: pl.DataFrame,
    history: pl.DataFrame,
    running: pl.DataFrame,
    report: dict[str, pl.DataFrame],
    plans: list[dt.date],
    as_of: dt.date,
) -> None:
    """Novice to mastery with repetitions; changes since the latest plan began, or since half a year ago."""
    since = plans[-1] if plans else as_of - dt.timedelta(days=DAYS_OF_CHANGE)
    earlier = skills.levels_at(running, [since])
    gaps = skills.perception_gaps(history.select(list(frames.SCORES)))
    reliability = report["agreement"]["reliability"][0]
    skill_tables.states(
        words.state_rows(known, gaps, earlier, report["spread"], reliability),
        key="skill_states",
        since=since,
        is_plan=bool(plans),
    )
    assumed = " assumed until 20 calls have been scored twice" if report["agreement"]["is_default"][0] else ""
    st.caption(f"More than chance is judged with a reliability of {reliability:.2f} for one score{assumed}.")


def _tried(sight: Sight, rep_id: int, as_of: dt.date, skill_list: pl.DataFrame) -> None:
    rows = words.work_rows(loads.worked_on(sight, rep_id=rep_id, as_of=as_of), skill_list)
    if rows.is_empty():
        st.caption("No session held so far names a skill, so there is nothing tried to compare.")
        return
    most = rows.sort("sessions", descending=True).row(0, named=True)
    sessions = numbers.plural(most["sessions"], "session")
    heading = f"Tried so far: most often {plain_text.label(most['skill'])} ({sessions})"
    with st.expander(heading, type="compact"):
        skill_tables.tried(rows, key="skill_work")
