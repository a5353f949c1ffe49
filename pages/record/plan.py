"""One rep's plan, to be agreed: objectives with their baselines, answers, revisions and the verdict."""

import streamlit as st

from coaching import numbers, objectives
from ui import (
    address,
    choices,
    empty_states,
    footers,
    headings,
    loaders,
    looks,
    plain_text,
    plan_form,
    plan_section,
    plan_talk,
    sign_in,
)
from ui.loaders import plans

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
headings.page("Plan", "What do we agree, and how will we know?")

if not company.has_people or not viewer.sees_reps:
    if empty_states.nothing_loaded(sight):
        st.stop()
    if address.text("rep") is not None:
        empty_states.no_such_person()
    else:
        empty_states.not_for_this_role(sight, "Plans are agreed between reps and those who coach them")
    st.stop()

rep_id = choices.rep_from_address(sight)
card = loaders.person(sight, rep_id, company.today) if rep_id is not None else None
choices.rep(sight, company.today, card)
if card is None:
    if address.text("rep") is not None:
        empty_states.no_such_person()
    else:
        empty_states.say("Whose plan?", "Choose a rep above.")
    st.stop()

looks.note(sight, card["person_id"], "record-plan")
is_own = viewer.person_id == card["person_id"]
is_coach = viewer.coaches and not is_own
name = plain_text.label(card["name"])
held = plans.standing(sight, rep_id=card["person_id"], as_of=company.today)
plan = plan_section.current(held)
plan_form.say()

# --- no plan yet --------------------------------------------------------------------------------------------------
if plan is None:
    if is_coach:
        st.markdown(f"There is no current plan with {name}. Propose one; they answer it.")
        plan_form.first_plan(sight, card["person_id"])
    else:
        empty_states.say(
            "No current plan", "Your coach proposes one. Bring an outcome of your own to your next one-on-one."
        )
    footers.freshness(sight, company.today)
    st.stop()

goals = plan_section.goals_of(held, plan["plan_id"])
who = "You and" if is_own else f"{name} and"
st.markdown(
    f"{who} {plain_text.label(plan['coach_name'])} have a plan since {numbers.day(plan['starts_on'])},"
    f" with {objectives.agreed_words(goals)}."
)

if is_coach:
    plan_section.quality(sight, plan["plan_id"], company.today)

# --- objectives ---------------------------------------------------------------------------------------------------
st.subheader("Objectives", anchor=False)
for goal in goals:
    with st.container(border=True, gap="small"):
        found, _ = plan_section.assessed(sight, goal, company.today)
        plan_section.objective_words(sight, goal, found)
        if is_own and goal["status"] != "accepted":
            plan_talk.answer(sight, goal)
        elif is_own:
            with st.expander("Come back to it", type="compact"):
                plan_talk.answer(sight, goal)
        elif is_coach:
            plan_talk.meet(sight, goal, held["history"])
if not goals:
    st.markdown("None yet, so nothing says whether the plan works.")
if is_coach:
    with st.expander("Propose an objective", icon=":material/add:"):
        plan_form.one_more_objective(sight, plan)

# --- actions ------------------------------------------------------------------------------------------------------
latest = plan_section.latest_actions(held, plan["plan_id"])
st.subheader("Actions", anchor=False)
for action in latest:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            plan_section.action_line(action, company.today)
        plan_talk.mark_done(action)
if not latest:
    st.markdown("None yet.")
if is_coach:
    with st.expander("Revise the plan", icon=":material/edit_note:"):
        plan_form.revision(sight, plan, latest, *plan_section.latest_version(held, plan["plan_id"]))
with st.expander("How the plan came about", icon=":material/history:"):
    plan_section.history(sight, plan["plan_id"], held)

# --- verdict ------------------------------------------------------------------------------------------------------
st.subheader("Verdict", anchor=False)
plan_talk.verdict(sight, plan, held["signatures"])
footers.freshness(sight, company.today)
