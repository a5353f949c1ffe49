"""What the programme's figures rest on: who is coached since when, rates, costs, settings and thresholds."""

import streamlit as st

from coaching.programme import COSTS, ENROLMENTS, RATES
from ui import (
    empty_states,
    footers,
    headings,
    programme_costs,
    programme_enrolments,
    programme_rates,
    programme_rules,
    programme_steps,
    sign_in,
)

sight = sign_in.current_sight()
viewer = sight.viewer
headings.page("Costs and rules", "What does coaching cost, who is in it, and when may we speak of a return?")
if empty_states.nothing_loaded(sight):
    st.stop()
if not (viewer.loads_data or (viewer.sees_programme and viewer.coaches)):
    empty_states.not_for_this_role(sight, "Costs and rules are kept by an admin; a sales leader enrols reps here")
    st.stop()

programme_steps.show(sight)
part = programme_steps.part(sight)
if part == ENROLMENTS:
    programme_enrolments.show(sight)
elif part == RATES:
    programme_rates.show(sight)
elif part == COSTS:
    programme_costs.show(sight)
else:
    programme_rules.show(sight)
if not viewer.loads_data:
    st.caption("Rates, costs and thresholds are kept by an admin.")
footers.freshness(sight, sight.company.today)
