"""Team cadence: is everyone being coached? What was expected of the cadence, what became of it, what is due next."""

from typing import Any

import streamlit as st

from charts import cadence as charts
from charts import trends
from coaching import cadence_view, numbers, overview
from ui import (
    address,
    cadence_table,
    calendar_forms,
    downloads,
    empty_states,
    figures,
    filters,
    footers,
    loaders,
    page_heads,
    plain_text,
    sign_in,
    tiles,
)
from ui.loaders import cadence as cadence_loaders
from ui.places import PROGRESS

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

team = page_heads.of_team(
    sight,
    span,
    title="Cadence",
    question="Is everyone being coached?",
    audience="The cadence of a team is for those who lead it or the company",
    otherwise=calendar_forms.for_this_role,
)
period, until = span.period, span.until
name = numbers.plain_name(team.name, 40)
scope_words = f"{name}, {span.words}, {span.as_of_words}"

# --- load -------------------------------------------------------------------------------------------------------
asked: dict[str, Any] = {"start": period.start, "end": period.end, "as_of": span.as_of, "team_id": team.team_id}
now_values = overview.single(loaders.team_totals(sight, keys=cadence_view.TOTAL_KEYS, **asked))
before_values = overview.single(
    loaders.team_totals(
        sight,
        team_id=team.team_id,
        keys=cadence_view.TOTAL_KEYS,
        start=span.before.start,
        end=span.before.end,
        as_of=span.before_as_of,
    )
)
is_known = cadence_loaders.sessions_known(sight, span.as_of)
mix = cadence_loaders.coaching_mix(sight, **asked)
by_team = cadence_view.by_manager(
    loaders.metric_values(sight, by="team", keys=cadence_view.TEAM_KEYS, **asked), cadence_loaders.team_leaders(sight)
)
bands = cadence_loaders.coverage_by_band(sight, **asked)

# --- verdict ----------------------------------------------------------------------------------------------------
if viewer.sees_reps:
    found = cadence_loaders.slots_in_view(sight, **asked)
    people, slots, sessions = found["people"], found["slots"], found["sessions"]
    stands = cadence_view.standing(people, slots, sessions, until)
    verdict = cadence_view.verdict(stands, now_values.get("longest_gap_days"), is_known)
else:
    verdict = cadence_view.team_verdict(team.name, now_values)
st.markdown("##### " + plain_text.label(verdict, 300), anchors=False)
if not is_known:
    # Slots without a single session would all look missed: nobody has said that they were.
    empty_states.no_sessions_recorded()
    if viewer.sees_reps and people.height:
        calendar_forms.absences(sight, cadence_view.still_here(people, company.today), period.start)
    footers.freshness(sight, span.as_of)
    st.stop()
if viewer.sees_reps and span.as_of == company.today and people.height:
    missing = cadence_view.to_book(people, stands)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(cadence_view.to_book_words(missing), width="content")
        if missing.height:
            downloads.link(
                sight,
                "sessions_due",
                "Put them into a calendar",
                downloads.dated("one-on-ones", company.today, "ics"),
                team_id=team.team_id,
            )

# --- reps by weeks ----------------------------------------------------------------------------------------------
if viewer.sees_reps and people.height:
    weeks = cadence_view.weeks_of(period, company.calendar)
    pictured = cadence_table.pictured(people, stands)
    cells = cadence_view.cells(pictured, slots, weeks, company.calendar, until)
    marks = cadence_view.marks(pictured, slots, sessions, weeks, company.calendar, until)
    sentence = cadence_view.picture_sentence(pictured, slots, period)
    picked = figures.show_and_pick(
        loaders.drawn(
            charts.reps_by_weeks,
            pictured,
            cells,
            marks,
            cadence_view.row_notes(pictured, weeks, slots),
            sentence=sentence,
            scope=f"{scope_words}; the people shown",
            weeks=weeks,
            at=until,
        ),
        key="reps_by_weeks",
        alt=f"{sentence}. The table below holds what is due next and how much was held, rep by rep.",
    )
    cadence_table.key(cells, marks)
    if picked in people["person_id"].to_list():
        st.switch_page(PROGRESS, query_params=address.for_links(rep=picked))
elif viewer.sees_reps:
    empty_states.nobody_in_team(team.name, span.as_of_words)

# --- managers, tiers and tenure ---------------------------------------------------------------------------------
with st.grid(2, min_column_width=340, gap="medium"):
    if by_team.height > 1:
        sentence = cadence_view.by_manager_sentence(by_team)
        figures.show(
            loaders.drawn(charts.adherence_by_manager, by_team, sentence=sentence, scope=scope_words),
            key="adherence_by_manager",
            alt=f"{sentence}. One row per manager, by name, with the 95 % interval and the number of slots.",
        )
    else:
        months = overview.months_until(span.as_of)
        monthly = overview.with_period_ends(
            loaders.team_totals(
                sight,
                team_id=team.team_id,
                keys=["cadence_adherence"],
                start=months.start,
                end=months.end,
                as_of=span.as_of,
                every="month",
            ),
            "month",
            company.calendar,
            span.as_of,
        )
        trend = overview.trend_rows(monthly, "cadence_adherence")
        sentence = overview.trend_sentence(trend, "cadence_adherence", span.as_of)
        figures.show(
            loaders.drawn(
                trends.trend,
                trend,
                sentence=sentence,
                scope=f"{name}, by the slot's last day, {span.as_of_words}",
                key="cadence_adherence",
                currency=company.currency,
                every="month",
                as_of=span.as_of,
            ),
            key="adherence_by_month",
            alt=f"{sentence}. The band is the 95 % interval.",
        )
    sentence = cadence_view.bands_sentence(bands)
    figures.show(
        loaders.drawn(
            charts.coverage_by_band,
            bands,
            sentence=sentence,
            scope=f"{name}, {span.as_of_words}; tiers by the last full quarter",
        ),
        key="coverage_by_band",
        alt=f"{sentence}. Thirds by attainment of the last full quarter, and tenure, with intervals and n.",
    )

# --- tiles ------------------------------------------------------------------------------------------------------
tiles.row(cadence_view.TILE_KEYS, now_values, before_values, currency=company.currency, before_words=span.before_words)

# --- table ------------------------------------------------------------------------------------------------------
if viewer.sees_reps and people.height:
    values = loaders.metric_values(sight, by="rep", keys=cadence_view.REP_KEYS, **asked)
    st.subheader(f"{numbers.plural(people.height, 'rep')}, by name", anchor=False)
    cadence_table.reps(
        cadence_view.table(people, values, stands, sessions, period, until),
        key="cadence_reps",
    )

# --- channels and methods ---------------------------------------------------------------------------------------
st.subheader("What the coaching is made of", anchor=False)
st.markdown(cadence_view.kinds_sentence(mix))
with st.grid(2, min_column_width=340, gap="medium"):
    for what in ("channel", "method"):
        rows = cadence_view.mix(mix, what)
        sentence = cadence_view.mix_sentence(rows, what)
        figures.show(
            loaders.drawn(charts.mix, rows, sentence=sentence, scope=scope_words), key=f"mix_{what}", alt=f"{sentence}."
        )

# --- who is away ------------------------------------------------------------------------------------------------
if viewer.sees_reps and people.height:
    calendar_forms.absences(sight, cadence_view.still_here(people, company.today), period.start)

footers.freshness(sight, span.as_of)
