"""Parts of a rep's own page: what waits for their word, the next session, what was seen and said, who looked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import my_coaching as words
from coaching import numbers
from coaching.objectives import Assessment
from coaching.observation_words import call_words
from coaching.people import Role
from ui import address, empty_states, plain_text, plan_section, plan_talk, session_lists
from ui.loaders import Sight
from ui.loaders import looks as look_loads
from ui.loaders import motivation as motivation_loads
from ui.loaders import observations as observation_loads
from ui.loaders import sessions as session_loads
from ui.loaders import skills as skill_loads
from ui.places import COACHES, MOTIVATION, OBSERVATION, SESSION

LONGEST_WORDS = 400
LOOKS_LISTED = 6
OBSERVATIONS_LISTED = 3
NARROWEST_CARD = 320


# ---- Reads of the page ---------------------------------------------------------------------------------------------


def judged(sight: Sight, held: dict[str, pl.DataFrame], as_of: dt.date) -> list[tuple[dict[str, Any], Assessment]]:
    """The agreed objectives of the plan that holds, with the verdicts that the progress page shows."""
    plan = plan_section.current(held)
    goals = plan_section.goals_of(held, plan["plan_id"]) if plan else []
    return [(goal, plan_section.assessed(sight, goal, as_of)[0]) for goal in goals if goal["status"] == "accepted"]


def growing(sight: Sight, person_id: int, as_of: dt.date) -> list[str]:
    """Names of one's own skills that grow by more than chance."""
    standings = skill_loads.report(sight, at=as_of, as_of=as_of)["standings"].filter(pl.col("person_id") == person_id)
    return words.growing(
        skill_loads.skill_list(sight).join(standings, on="skill_id", how="inner", maintain_order="left")
    )


def next_on(sight: Sight, person_id: int) -> dt.date | None:
    """The day of the next planned session about oneself; None where none is planned."""
    planned = session_loads.planned_sessions(sight, person_id)
    return planned.filter(pl.col("planned_on") >= sight.company.today)["planned_on"].min()  # type: ignore[return-value]


# ---- What waits ----------------------------------------------------------------------------------------------------


def waiting(sight: Sight, goals: list[dict[str, Any]], calls: dict[str, pl.DataFrame]) -> None:
    """Objectives to answer, observations to score first, moments to share; nothing where nothing waits."""
    count = waiting_count(goals, calls)
    if not count:
        return
    grid = st.grid(min(count, 2), min_column_width=NARROWEST_CARD, gap="small", border=True)
    for goal in goals:
        with grid.cell(), st.container(gap="small", key=f"answer_{goal['objective_id']}"):
            st.markdown(f"**{plain_text.label(goal['coach_name'])} proposes an objective**")
            found, _ = plan_section.assessed(sight, goal, sight.company.today)
            plan_section.objective_words(sight, goal, found)
            plan_talk.answer(sight, goal)
    zone = sight.company.calendar.time_zone
    for call in calls["own_view"].iter_rows(named=True):
        with grid.cell(), st.container(gap="small", key=f"own_view_{call['observation_id']}"):
            st.markdown("**How did you see it? Your view first, then your coach's**")
            by = plain_text.label(call["other_name"])
            until = f" It opens by itself on {numbers.day(call['opens_on'])}." if call["opens_on"] else ""
            st.markdown(f"{plain_text.label(call_words(call, zone), 300)}, scored by {by}.{until}")
            _open_observation(call["observation_id"], "Score it myself")
    examples = calls["examples"]["observation_id"].n_unique()
    if examples:
        with grid.cell(), st.container(gap="small", key="examples"):
            moments = "one of your moments" if examples == 1 else f"{numbers.count(examples)} of your moments"
            st.markdown(f"**Your coach would like to show others {moments}**")
            st.page_link(OBSERVATION, label="Look and say yes or no", icon=":material/star:", query_params=_here())


def waiting_count(goals: list[dict[str, Any]], calls: dict[str, pl.DataFrame]) -> int:
    """How many things wait."""
    return len(goals) + calls["own_view"].height + calls["examples"]["observation_id"].n_unique()


def own_waiting(sight: Sight, waiting_objectives: pl.DataFrame) -> list[dict[str, Any]]:
    """Of the objectives that wait for the viewer those about themselves; a coach's others wait on the plan's page."""
    return waiting_objectives.filter(pl.col("rep_id") == sight.viewer.person_id).to_dicts()


def _open_observation(observation_id: int, label: str) -> None:
    st.page_link(
        OBSERVATION,
        label=label,
        icon=":material/arrow_forward:",
        query_params=address.for_links(observation=observation_id),
    )


def _here() -> dict[str, str]:
    return address.for_links()


# ---- The next session ----------------------------------------------------------------------------------------------


def next_session(sight: Sight, person_id: int) -> None:
    """Planned sessions about oneself; what to bring to them stands in the preparation right below."""
    st.subheader("Next session", anchor=False)
    planned = session_loads.planned_sessions(sight, person_id)
    for row in planned.iter_rows(named=True):
        when = numbers.ago(row["planned_on"], sight.company.today)
        group = " (group)" if row["kind"] == "group" else ""
        st.markdown(f"{numbers.day(row['planned_on'])}, {when}, with {plain_text.label(row['coach_name'])}{group}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if planned.is_empty():
            st.markdown(
                "No session is planned about your own work. Ask for a date; what you bring to it stands below.",
                width="content",
            )
        st.page_link(SESSION, label="Sessions", icon=":material/forum:", query_params=_here(), width="content")


def promises_and_pulse(sight: Sight) -> None:
    """What was promised to and by oneself, and beside it the three taps while they are asked for."""
    places = st.columns(2, gap="small") if session_lists.pulse_is_asked(sight) else [st.container()]
    with places[0]:
        # What a coach promised to their own reps stands on the session's page.
        session_lists.promises(sight, None, only_as_rep=sight.viewer.role is not Role.REP)
    with places[-1]:
        session_lists.pulse(sight)


# ---- The plan ------------------------------------------------------------------------------------------------------


def plan_sentence(held: dict[str, pl.DataFrame]) -> None:
    """The plan that holds, in a sentence, and the way to it; nothing without a plan."""
    plan = plan_section.current(held)
    if plan is None:
        return
    goals, actions = plan_section.goals_of(held, plan["plan_id"]), plan_section.latest_actions(held, plan["plan_id"])
    st.markdown(plain_text.label(words.plan_sentence(plan, goals, actions), 300))


# ---- What was seen -------------------------------------------------------------------------------------------------


def seen(sight: Sight, person_id: int, as_of: dt.date) -> None:
    """The latest observations by others: what went well first, then the one thing, and the way to answer."""
    start = as_of - dt.timedelta(days=words.DAYS_OF_OBSERVATIONS)
    found = observation_loads.of_rep(sight, rep_id=person_id, start=start, end=as_of, as_of=as_of)
    views = words.by_others(found["views"])
    st.subheader(words.seen_sentence(views), anchor=False)
    if sight.viewer.coaches:
        st.page_link(COACHES, label="How I coach, in figures", icon=":material/sports:", query_params=_here())
    if views.is_empty():
        st.markdown("Ask for one: name the call you would like a second pair of eyes on.")
        return
    zone = sight.company.calendar.time_zone
    listed = views.head(OBSERVATIONS_LISTED)
    with st.grid(listed.height, min_column_width=240, gap="small", border=True):
        for view in listed.iter_rows(named=True):
            with st.container(gap="small", key=f"seen_{view['observation_id']}"):
                st.caption(
                    f"{plain_text.label(call_words(view, zone), 200)}, by {plain_text.label(view['observer_name'])}"
                )
                if view["went_well"]:
                    st.markdown(f"**Went well:** {plain_text.label(view['went_well'], LONGEST_WORDS)}")
                if view["one_thing"]:
                    st.markdown(f"**One thing:** {plain_text.label(view['one_thing'], LONGEST_WORDS)}")
                _open_observation(view["observation_id"], "Scores and evidence")


# ---- What moves me, who looked -------------------------------------------------------------------------------------


def motivation(sight: Sight, person_id: int, as_of: dt.date) -> None:
    """What one said moves oneself, and the way to change it."""
    said = motivation_loads.preferences(sight, rep_id=person_id, as_of=as_of)
    st.subheader("What moves me", anchor=False)
    st.markdown(words.moved_sentence(said))
    st.page_link(
        MOTIVATION,
        label="Say it, and see what followed",
        icon=":material/local_fire_department:",
        query_params=address.for_links(rep=person_id),
    )


def looks(sight: Sight) -> None:
    """Who opened one's own record lately."""
    today = sight.company.today
    found = look_loads.at_me(sight, today - dt.timedelta(days=words.DAYS_OF_LOOKS))
    st.subheader(words.looks_sentence(found), anchor=False)
    lines = [plain_text.label(words.look_words(row, today), 200) for row in found.iter_rows(named=True)]
    for line in lines[:LOOKS_LISTED]:
        st.markdown(f":material/visibility: {line}")
    if len(lines) > LOOKS_LISTED:
        with st.expander(f"{numbers.count(len(lines) - LOOKS_LISTED)} more", type="compact"):
            for line in lines[LOOKS_LISTED:]:
                st.markdown(f":material/visibility: {line}")
    st.caption(words.LOOKS_KEPT)


def no_person() -> None:
    """Somebody who is not in the people files as of the day."""
    empty_states.say("You are not in the people files of that day", "Choose a later day above.")
