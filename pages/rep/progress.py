"""One rep: is it working? Figures, a line over time with coaching on its axis, deals and customers to look at."""

import streamlit as st

from charts import diagnosis as diagnosis_charts
from charts import objectives as objective_charts
from charts import progress as charts
from charts import skills as skill_charts
from coaching import numbers, progress
from coaching.overview import single
from ui import (
    brief_page,
    choices,
    diagnosis_section,
    empty_states,
    figures,
    filters,
    footers,
    lesson_section,
    loaders,
    observation_section,
    page_heads,
    plain_text,
    plan_section,
    sign_in,
    skill_section,
    tables,
    tiles,
)

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)
currency = company.currency

card = page_heads.of_rep(
    sight,
    span,
    page="rep-progress",
    title="Progress",
    question="Is it working for this rep?",
    audience="Progress pages are for reps and those who coach them",
    is_seen=viewer.sees_reps,
    with_period=True,
)
if card is None:
    empty_states.choose_a_rep()
    st.stop()

# --- load -------------------------------------------------------------------------------------------------------
now_values, before_values = (
    single(
        loaders.metric_values(
            sight,
            by="rep",
            keys=progress.TOTAL_KEYS,
            start=part.start,
            end=part.end,
            as_of=as_of,
            rep_ids=[card["person_id"]],
        )
    )
    for part, as_of in ((span.period, span.as_of), (span.before, span.before_as_of))
)
about = ", ".join(progress.header_words(card, span.as_of)) + "."
st.markdown(plain_text.label(f"{about} {progress.coaching_words(now_values) if now_values else ''}", 400))
brief_page.way_in(sight, card["person_id"])
empty_states.no_deals_loaded(sight)
empty_states.older_than_the_period(sight, span.period.start)
footers.reconstructed(sight, span.as_of)
if not now_values:
    empty_states.does_not_sell(card["name"])
    footers.freshness(sight, span.as_of)
    st.stop()

# --- tiles ------------------------------------------------------------------------------------------------------
tiles.row(progress.TILE_KEYS, now_values, before_values, currency=currency, before_words=span.before_words)
if not now_values.get("won_count") and not now_values.get("lost_count") and not now_values.get("open_count"):
    empty_states.no_deals_of(card["name"], span.words)

# --- diagnosis --------------------------------------------------------------------------------------------------
diagnosis_section.show(sight, card, span.as_of, tree=diagnosis_charts.tree)

# --- plan and objectives ----------------------------------------------------------------------------------------
plan_section.show(sight, card, span.as_of, path=objective_charts.path)

# --- over time --------------------------------------------------------------------------------------------------
key, every = choices.metric_and_step(now_values.get("quota_attainment") is not None)
window = progress.window(span.as_of, every, company.calendar)
own = loaders.metric_values(
    sight,
    by="rep",
    keys=[key],
    start=window.start,
    end=window.end,
    as_of=span.as_of,
    every=every,
    rep_ids=[card["person_id"]],
)
rows = progress.line(own, key, every, company.calendar, card["started_on"])
peers = loaders.peer_band(
    sight, rep_id=card["person_id"], key=key, start=window.start, end=window.end, as_of=span.as_of, every=every
)
first = rows["period_start"][0] if rows.height else window.start
events = loaders.coaching_events(sight, rep_id=card["person_id"], start=first, end=span.as_of)
sentence = progress.line_sentence(rows, peers, key, currency, every, span.as_of)
level = progress.reference(key)
figures.show(
    loaders.drawn(
        charts.over_time,
        rows,
        peers,
        events,
        sentence=sentence,
        scope=f"{numbers.plain_name(card['name'], 40)}, {numbers.span(first, span.as_of)}, {span.as_of_words}",
        key=key,
        currency=currency,
        every=every,
        as_of=span.as_of,
        reference=level[0] if level else None,
        reference_words=level[1] if level else "",
    ),
    key="over_time",
    alt=f"{sentence}. Sessions and observations are marked below the line.",
)
st.caption(progress.band_words(peers) + " " + progress.events_words(events))
with st.expander("The same as a table", type="compact"):
    tables.line(progress.table_rows(rows, peers, key, currency), key="over_time_table")

# --- deals and customers ----------------------------------------------------------------------------------------
deals = loaders.deals_to_look_at(sight, rep_id=card["person_id"], as_of=span.as_of)
st.subheader(progress.deals_sentence(deals) if deals.height else "Deals to look at", anchor=False)
if deals.height:
    listed = progress.deal_rows(deals, company.minor_digits)
    tables.deals(listed.head(tables.ROWS_AT_FIRST), currency, key="deals")
    if listed.height > tables.ROWS_AT_FIRST:
        with st.expander(f"All {numbers.plural(listed.height, 'deal')}", type="compact"):
            tables.deals(listed, currency, key="all_deals")
else:
    st.markdown(progress.no_deals_words(now_values))

accounts = loaders.accounts_lost(sight, rep_id=card["person_id"], as_of=span.as_of)
st.subheader(
    f"{numbers.plural(accounts.height, 'customer')} defecting" if accounts.height else "Customers defecting",
    anchor=False,
)
if accounts.height:
    listed = progress.account_rows(accounts, company.minor_digits)
    tables.accounts(listed.head(tables.ROWS_AT_FIRST), currency, key="accounts")
    if listed.height > tables.ROWS_AT_FIRST:
        with st.expander(f"All {numbers.plural(listed.height, 'customer')}", type="compact"):
            tables.accounts(listed, currency, key="all_accounts")
else:
    st.markdown(progress.no_accounts_words(now_values))

# --- skills -----------------------------------------------------------------------------------------------------
skill_section.show(sight, card, span.as_of, path=skill_charts.path)

# --- observations -----------------------------------------------------------------------------------------------
observation_section.observations_of(sight, card, span)

# --- lessons and open questions ---------------------------------------------------------------------------------
lesson_section.show(sight, card, span.as_of)

footers.freshness(sight, span.as_of)
