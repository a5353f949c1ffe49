"""A session: what was it about, and what did we promise? Coaches plan and write up; reps prepare and tick off."""

import streamlit as st

from coaching import sessions
from coaching.people import Role
from ui import (
    address,
    agenda_section,
    choices,
    empty_states,
    footers,
    headings,
    loaders,
    looks,
    session_form,
    session_lists,
    sign_in,
)
from ui.loaders import sessions as reads

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
headings.page("Session", "What was it about, and what did we promise?")

if not company.has_people or not viewer.sees_reps or viewer.person_id is None:
    if empty_states.nothing_loaded(sight):
        st.stop()
    if address.text("rep") is not None or address.text("session") is not None:
        empty_states.no_such_person()
    else:
        empty_states.not_for_this_role(sight, "Sessions are for reps and those who coach them")
    st.stop()

session_lists.close_old_rounds(sight)
session_lists.said(sight, address.number("rep"))

# --- the rep's own side -----------------------------------------------------------------------------------------
if viewer.role is Role.REP:
    if choices.rep_from_address(sight) != viewer.person_id:
        empty_states.no_such_person()
        st.stop()
    session_lists.planned(sight)
    session_lists.pulse(sight)
    session_lists.promises(sight, None)
    with st.expander("Write down a meeting with a colleague", icon=":material/group:"):
        session_form.meet_colleague(sight)
    session_lists.past(sight, viewer.person_id)
    footers.freshness(sight, company.today)
    st.stop()

# --- which rep, which session -----------------------------------------------------------------------------------
session_id, asked = address.number("session"), address.text("rep")
record = reads.session_record(sight, session_id) if session_id is not None else None
rep_id = address.number("rep") if asked is not None or record is None else record["rep_id"]
if record is not None and record["rep_id"] != rep_id:
    # Another rep was chosen since the session was opened.
    record = None
card = loaders.person(sight, rep_id, company.today) if rep_id is not None else None
choices.rep(sight, company.today, card)
if card is None or card["person_id"] == viewer.person_id:
    if asked is not None and card is None:
        empty_states.no_such_person()
    st.markdown("Choose a rep to plan a session or to write one up.")
    session_lists.planned(sight)
    agenda_section.who_prepared(sight)
    session_lists.pulse(sight)
    session_lists.promises(sight, None)
    if card is not None:
        session_lists.past(sight, card["person_id"])
    footers.freshness(sight, company.today)
    st.stop()
looks.note(sight, card["person_id"], "record-session")
records = reads.sessions(sight, card["person_id"], company.today)
st.markdown(sessions.rhythm_sentence(records, company.today))

# --- promises, planned sessions, the form, what was before ------------------------------------------------------
session_lists.promises(sight, card["person_id"])
session_lists.planned(sight, card["person_id"], record["session_id"] if record else None)
agenda_section.brought(sight, card["person_id"])
if record is None:
    session_form.write_up(sight, card, None)
elif record["is_mine"] and record["status"] != "moved":
    session_form.write_up(sight, card, record)
elif record["status"] == "planned":
    session_form.settle(sight, record)
session_lists.past(sight, card["person_id"])
footers.freshness(sight, company.today)
