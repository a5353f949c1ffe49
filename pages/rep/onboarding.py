"""A new rep's way to selling: ten shadowed cycles by stage, what was noticed, the sign-off, the ramp."""

import datetime as dt

import streamlit as st

from charts import onboarding as charts
from charts import trends
from coaching import numbers, onboarding, progress
from coaching.overview import single
from coaching.periods import Period
from ui import (
    figures,
    filters,
    footers,
    loaders,
    onboarding_form,
    onboarding_tables,
    page_heads,
    plain_text,
    sign_in,
)
from ui.loaders import library
from ui.loaders import onboarding as reads

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

card = page_heads.of_rep(
    sight,
    span,
    page="rep-onboarding",
    title="Onboarding",
    question="Ready to sell?",
    audience="Onboarding pages are for reps and those who coach them",
    is_seen=viewer.reads_words,
)
if card is None:
    started = reads.newcomers(sight, since=span.as_of - dt.timedelta(days=365), as_of=span.as_of)
    st.subheader(onboarding.newcomers_sentence(started), anchor=False)
    if started.height:
        onboarding_tables.newcomers(onboarding.newcomer_rows(started), started["person_id"].to_list(), key="newcomers")
    else:
        st.markdown("Whoever starts in the next months appears here. Choose a rep above to look further back.")
    footers.freshness(sight, span.as_of)
    st.stop()

# --- shadowed cycles --------------------------------------------------------------------------------------------
shadowed = reads.shadowed_stages(sight, rep_id=card["person_id"], as_of=span.as_of)
signed = reads.sign_offs(sight, rep_id=card["person_id"], as_of=span.as_of)
st.markdown(plain_text.label(onboarding.sign_off_words(onboarding.signed_rows(signed)), 300))
sentence = onboarding.sentence(shadowed)
figures.show(
    loaders.drawn(
        charts.cycles,
        onboarding.grid(shadowed),
        sentence=sentence,
        scope=f"{numbers.plain_name(card['name'], 40)}, {span.as_of_words}",
    ),
    key="cycles",
    alt=f"{sentence}. A filled mark stands for a stage that was seen.",
)
with st.expander("Note a stage you sat in on" if viewer.person_id == card["person_id"] else "Note a stage"):
    sellers = reads.sellers_to_shadow(sight, rep_id=card["person_id"])
    onboarding_form.note_stage(sight, card["person_id"], shadowed, sellers)
if viewer.coaches and viewer.person_id != card["person_id"] and signed.is_empty():
    with st.expander("Sign off to sell"):
        onboarding_form.sign_off(sight, card["person_id"])
if shadowed.height:
    with st.expander("What was noticed", expanded=onboarding.complete_count(shadowed) < onboarding.CYCLES):
        onboarding_tables.noticed(onboarding.noticed_rows(shadowed), key="noticed")

# --- ramp -------------------------------------------------------------------------------------------------------
start = max(card["started_on"] or span.as_of, span.as_of - dt.timedelta(days=540))
ramp = Period(company.calendar.period_start(start, "month"), company.calendar.period_end(span.as_of, "month"))
who = [card["person_id"]]
months = loaders.metric_values(
    sight,
    by="rep",
    keys=["quota_attainment"],
    start=ramp.start,
    end=ramp.end,
    as_of=span.as_of,
    every="month",
    rep_ids=who,
)
total = single(
    loaders.metric_values(
        sight, by="rep", keys=["ramp_months"], start=ramp.start, end=ramp.end, as_of=span.as_of, rep_ids=who
    )
)
st.subheader("Ramp", anchor=False)
words = onboarding.ramp_words((total or {}).get("ramp_months"), card["started_on"], span.as_of)
st.markdown(plain_text.label(words, 300))
line = progress.line(months, "quota_attainment", "month", company.calendar, card["started_on"])
figures.show(
    loaders.drawn(
        trends.trend,
        line,
        sentence=onboarding.attainment_sentence(line),
        scope=f"{numbers.plain_name(card['name'], 40)}, {numbers.span(ramp.start, span.as_of)}",
        key="quota_attainment",
        currency=company.currency,
        every="month",
        as_of=span.as_of,
    ),
    key="ramp",
    alt=f"{onboarding.attainment_sentence(line)}. One point per month.",
)

# --- role models ------------------------------------------------------------------------------------------------
models = library.role_models(sight)
if models.height:
    st.subheader("How it is done well", anchor=False)
    onboarding_tables.role_models(models)
footers.freshness(sight, span.as_of)
