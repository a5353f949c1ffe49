"""What moves one person: what they say, what was tried, what followed. No label on the person anywhere."""

import streamlit as st

from charts import motivation as charts
from coaching import motivation, numbers
from ui import (
    empty_states,
    figures,
    filters,
    footers,
    loaders,
    motivation_tables,
    page_heads,
    plain_text,
    plan_section,
    preference_form,
    sign_in,
)
from ui.loaders import motivation as reads

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

card = page_heads.of_rep(
    sight,
    span,
    page="rep-motivation",
    title="Motivation",
    question="What moves this person?",
    audience="Motivation pages are for reps and those who coach them",
    is_seen=viewer.reads_words,
)
if card is None:
    empty_states.choose_a_rep()
    st.stop()

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

# --- beside it: the outcome -------------------------------------------------------------------------------------
st.subheader("The objectives, for comparison", anchor=False)
st.caption("What the plan is to reach. It is never part of the estimate above: too much else moves it.")
plan_section.beside(sight, card, span.as_of)

footers.freshness(sight, span.as_of)
