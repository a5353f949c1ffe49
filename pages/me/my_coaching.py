"""My coaching: what do we work on, and is it helping? Everything held about oneself that is shared, to answer."""

import streamlit as st

from charts import objectives as objective_charts
from charts import skills as skill_charts
from coaching import my_coaching
from ui import (
    agenda_section,
    empty_states,
    filters,
    footers,
    headings,
    lesson_section,
    loaders,
    my_coaching_sections,
    pair_section,
    plain_text,
    plan_form,
    plan_section,
    session_lists,
    sign_in,
    skill_section,
)
from ui.loaders import observations, plans

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

headings.page("My coaching", "What do we work on, and is it helping?")
if not company.has_people or not viewer.reads_words or viewer.person_id is None:
    if not empty_states.nothing_loaded(sight):
        empty_states.not_for_this_role(sight, "This page is for whoever is coached: it shows what is held about them")
    st.stop()

with st.container(key="filters"):
    filters.as_of_filter(span)
me, is_today = viewer.person_id, span.as_of == company.today
card = loaders.person(sight, me, span.as_of)
if card is None:
    my_coaching_sections.no_person()
    st.stop()

# --- load -------------------------------------------------------------------------------------------------------
held = plans.standing(sight, rep_id=me, as_of=span.as_of)
calls = observations.waiting(sight)
goals = my_coaching_sections.own_waiting(sight, plans.waiting(sight))
sentences = my_coaching.top_sentences(
    my_coaching_sections.judged(sight, held, span.as_of),
    my_coaching_sections.growing(sight, me, span.as_of),
    my_coaching_sections.waiting_count(goals, calls) if is_today else 0,
    my_coaching_sections.next_on(sight, me) if is_today else None,
    company.today,
)
st.markdown("##### " + plain_text.label(" ".join(sentences), 500), anchors=False)
my_coaching_sections.plan_sentence(held)

# --- now: what waits, the next session and what I bring to it, promises, the pulse ------------------------------
if is_today:
    session_lists.close_old_rounds(sight)
    session_lists.said()
    plan_form.say()
    my_coaching_sections.waiting(sight, goals, calls)
    my_coaching_sections.next_session(sight, me)
agenda_section.preparation(sight, me, span.as_of)
if is_today:
    my_coaching_sections.promises_and_pulse(sight)

# --- is it helping: objectives, skills --------------------------------------------------------------------------
plan_section.show(sight, card, span.as_of, path=objective_charts.path)
if card["sells"]:
    skill_section.show(sight, card, span.as_of, path=skill_charts.path)

# --- what was seen, what colleagues and lost deals teach --------------------------------------------------------
my_coaching_sections.seen(sight, me, span.as_of)
pair_section.mine(sight, span.as_of)
if card["sells"]:
    lesson_section.show(sight, card, span.as_of)

# --- what moves me, who looked ----------------------------------------------------------------------------------
left, right = st.columns(2, gap="medium")
with left:
    my_coaching_sections.motivation(sight, me, span.as_of)
with right:
    my_coaching_sections.looks(sight)

footers.freshness(sight, span.as_of)
