"""Recording an observation: what did I see, and what is the one thing? Also the rep's own and a second coach's view."""

import streamlit as st

from ui import address, empty_states, footers, headings, observation_form, observation_views, sign_in
from ui.loaders import observations

sight = sign_in.current_sight()
viewer = sight.viewer
is_one_call = address.text("observation") is not None
title = "Observation" if is_one_call else "Record an observation"
headings.page(title, "What did I see, and what is the one thing?")
if not sight.company.has_people or not viewer.reads_words or viewer.person_id is None:
    if not empty_states.nothing_loaded(sight):
        empty_states.not_for_this_role(sight, "Observations are for reps and those who coach them")
    st.stop()

observation_views.refusals()
waiting = observations.waiting(sight)
call = observation_form.call_to_score(waiting)
if call is None and is_one_call:
    observation_views.one_call(sight, address.number("observation"))
    footers.freshness(sight, sight.company.today)
    st.stop()

# --- what waits, what was saved ---------------------------------------------------------------------------------
if call is None:
    observation_views.last_saved(sight)
    observation_views.waiting(sight, waiting)

# --- the form ---------------------------------------------------------------------------------------------------
about = observation_form.subject(sight, call)
if about is not None:
    observation_form.fill_in(sight, about)
footers.freshness(sight, sight.company.today)
