"""What moves one person: what they say, what was tried, what followed. No label on the person anywhere."""

import streamlit as st

from charts import motivation as charts
from coaching import motivation, numbers
from ui import (
    address,
    choices,
    empty_states,
    figures,
    filters,
    footers,
    headings,
    loaders,
    looks,
    motivation_tables,
    plain_text,
    preference_form,
    sign_in,
)
from ui.loaders import motivation as reads

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)
QUESTION = "What moves this person?"

if not company.has_people or not viewer.reads_words:
    headings.page("Motivation", QUESTION)
    if empty_states.nothing_loaded(sight):
        st.stop()
    if address.text("rep") is not None:
        empty_states.no_such_person()
    else:
        empty_states.not_for_this_role(sight, "Motivation pages are for reps and those who coach them")
    st.stop()

rep_id = choices.rep_from_address(sight)
card = loaders.person(sight, rep_id, span.as_of) if rep_id is not None else None
headings.page(card["name"] if card else "Motivation", QUESTION)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
    choices.rep(sight, span.as_of, card)
    filters.as_of_filter(span)
if card is None:
    if address.text("rep") is not None:
        empty_states.no_such_person()
    else:
        empty_states.choose_a_rep()
    st.stop()
looks.note(sight, card["person_id"], "rep-motivation")

# --- load -------------------------------------------------------------------------------------------------------
said = reads.preferences(sight, rep_id=card["person_id"], as_of=span.as_of)
uses = reads.trigger_uses(sight, rep_id=card["person_id"], as_of=span.as_of)
responses = reads.trigger_responses(sight, rep_id=card["person_id"], as_of=span.as_of)
preferred = tuple(said.filter(said["weight"] >= 3)["trigger"])
is_self = viewer.person_id == card["person_id"]

# --- what the rep says ------------------------------------------------------------------------------------------
st.subheader(motivation.said_sentence(said), anchor=False)
if said.height:
    motivation_tables.said(motivation.said_rows(said), key="said")
elif not is_self:
    st.markdown(
        "Nothing said yet. Ask, don't guess: *What made a good week good for you?* They can say it themselves on this"
        " page."
    )
if is_self:
    with st.expander("Say what moves you", expanded=said.is_empty()):
        preference_form.show(sight, said)

# --- what was tried and what followed ---------------------------------------------------------------------------
sentence = motivation.followed_sentence(responses)
figures.show(
    loaders.drawn(
        charts.responses,
        responses,
        sentence=sentence,
        scope=f"{numbers.plain_name(card['name'], 40)}, {span.as_of_words}; a line marks the average of everybody",
    ),
    key="responses",
    alt=f"{sentence}. One line per trigger, each with the share of tries after which something followed.",
)
st.caption(motivation.METHOD)
if responses.height:
    st.markdown(plain_text.label(motivation.advice(responses, preferred), 300))
    for hint in motivation.hints(uses, preferred):
        st.markdown(f":material/lightbulb: {plain_text.label(hint, 300)}")
    with st.expander("The same as a table", type="compact"):
        motivation_tables.responses(motivation.response_rows(responses), key="responses_table")
if uses.height:
    with st.expander(f"The {numbers.plural(uses.height, 'try', 'tries')} behind it", type="compact"):
        motivation_tables.uses(motivation.use_rows(uses), key="uses")

footers.freshness(sight, span.as_of)
