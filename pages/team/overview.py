"""Team overview: who needs me this week? One team or everything in view, one period, one as-of date."""

from typing import Any

import streamlit as st

from charts import overview as charts
from charts import trends
from coaching import numbers, overview, overview_sentences
from coaching.attention import words
from ui import (
    address,
    attention_list,
    downloads,
    empty_states,
    figures,
    filters,
    footers,
    loaders,
    page_heads,
    plain_text,
    sign_in,
    tables,
    tiles,
)
from ui.loaders import attention as attention_loaders
from ui.loaders import cadence as cadence_loaders
from ui.places import PROGRESS

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

team = page_heads.of_team(
    sight,
    span,
    title="Overview",
    question="Who needs me this week?",
    audience="The overview is for those who lead a team or the company",
)
period, before = span.period, span.before
empty_states.no_deals_loaded(sight)
empty_states.older_than_the_period(sight, period.start)
footers.reconstructed(sight, span.as_of)

# --- load -------------------------------------------------------------------------------------------------------
now_values = overview.single(
    loaders.team_totals(
        sight, team_id=team.team_id, keys=overview.TOTAL_KEYS, start=period.start, end=period.end, as_of=span.as_of
    )
)
before_values = overview.single(
    loaders.team_totals(
        sight,
        team_id=team.team_id,
        keys=overview.TOTAL_KEYS,
        start=before.start,
        end=before.end,
        as_of=span.before_as_of,
    )
)
months = overview.months_until(span.as_of)
monthly = overview.with_period_ends(
    loaders.team_totals(
        sight,
        team_id=team.team_id,
        keys=overview.MONTH_KEYS,
        start=months.start,
        end=months.end,
        as_of=span.as_of,
        every="month",
    ),
    "month",
    company.calendar,
    span.as_of,
)
teams, teams_before = (
    loaders.metric_values(
        sight,
        by="team",
        keys=overview.TOTAL_KEYS,
        start=part.start,
        end=part.end,
        as_of=as_of,
        team_id=team.team_id,
    )
    for part, as_of in ((period, span.as_of), (before, span.before_as_of))
)
below = overview.below(teams, team.below)
compared_by = overview.compared_key(below)
compared = overview.compared(below, teams_before, compared_by)

# --- figures ----------------------------------------------------------------------------------------------------
name = numbers.plain_name(team.name, 40)
scope_words = f"{name}, {span.words}, {span.as_of_words}"
pace = overview_sentences.pace_share(now_values) if span.runs else None
won_figure = loaders.drawn(
    charts.won_by_period,
    monthly,
    sentence=overview_sentences.won_sentence(monthly, company.currency, "month"),
    scope=f"{name}, by close date, {span.as_of_words}",
    currency=company.currency,
    every="month",
    as_of=span.as_of,
)
win_rate = overview.trend_rows(monthly, "win_rate_count")
win_rate_sentence = overview.trend_sentence(win_rate, "win_rate_count", span.as_of)
win_rate_figure = loaders.drawn(
    trends.trend,
    win_rate,
    sentence=win_rate_sentence,
    scope=f"{name}, by close date, {span.as_of_words}",
    key="win_rate_count",
    currency=company.currency,
    every="month",
    as_of=span.as_of,
)
compared_sentence = overview_sentences.compared_sentence(compared, overview.label(compared_by))
teams_figure = loaders.drawn(
    charts.teams_compared,
    compared,
    sentence=compared_sentence,
    scope=scope_words,
    key=compared_by,
    currency=company.currency,
    before_words=span.before_words,
    reference=pace if compared_by == "quota_attainment" else None,
    reference_words="pace",
)

# --- verdict, need and the first figures ------------------------------------------------------------------------
shown = set()
if viewer.sees_reps:
    reps = loaders.metric_values(
        sight,
        by="rep",
        keys=overview.REP_TABLE_KEYS,
        start=period.start,
        end=period.end,
        as_of=span.as_of,
        team_id=team.team_id,
    )
    found = attention_loaders.found(sight, as_of=span.until, team_id=team.team_id)
    weights = attention_loaders.weights(sight)
    listed = attention_loaders.listed(sight, as_of=span.until, team_id=team.team_id)
    is_known = words.is_anything_known(found)
    reps = words.with_flags(reps, found["alerts"], weights)
    verdict = words.verdict(found) or overview_sentences.team_verdict(team.name, now_values)
    st.markdown("##### " + plain_text.label(" ".join(verdict), 400), anchors=False)
    left, right = st.columns(2, gap="medium")
    with left:
        attention_list.show(sight, span.need_words, listed, weights, is_live=span.is_live, is_known=is_known)
    with right:
        attention_list.news(sight, listed)
        if reps["days_since_last_session"].drop_nulls().len() and now_values.get("quota") is not None:
            cadence = cadence_loaders.policy_on(sight, span.until)
            sentence = overview_sentences.quadrant_sentence(reps, runs=span.runs, cadence=cadence)
            picked = figures.show_and_pick(
                loaders.drawn(
                    charts.performance_by_coaching,
                    reps,
                    sentence=sentence,
                    scope=scope_words,
                    currency=company.currency,
                    pace_share=pace,
                    overdue_days=cadence.due_after_days,
                ),
                key="performance_by_coaching",
                alt=f"{sentence}. The table below holds the same values.",
            )
            if picked in reps["row_id"].to_list():
                st.switch_page(PROGRESS, query_params=address.for_links(rep=picked))
        else:
            figures.show(won_figure, key="won_by_month", alt="Amount won month by month.")
            shown.add("won")
else:
    verdict = overview_sentences.team_verdict(team.name, now_values, compared)
    st.markdown("##### " + plain_text.label(" ".join(verdict), 400), anchors=False)
    left, right = st.columns(2, gap="medium")
    with left:
        figures.show(won_figure, key="won_by_month", alt="Amount won month by month.")
    with right:
        if below.height:
            figures.show(
                teams_figure, key="teams_compared", alt=f"{compared_sentence}. The table holds the same values."
            )
        else:
            figures.show(win_rate_figure, key="win_rate_by_month", alt=f"{win_rate_sentence}.")
    shown |= {"won", "teams" if below.height else "win_rate"}

# --- tiles ------------------------------------------------------------------------------------------------------
tiles.row(
    overview.TILE_KEYS,
    now_values,
    before_values,
    currency=company.currency,
    before_words=span.before_words,
    trends=overview.past_values(monthly),
)

# --- table ------------------------------------------------------------------------------------------------------
asked: dict[str, Any] = {"team_id": team.team_id, "start": period.start, "end": period.end, "as_of": span.as_of}
if viewer.sees_reps and reps.height:
    weeks = overview.weeks_until(span.as_of, company.calendar)
    weekly = loaders.metric_values(
        sight,
        by="rep",
        keys=["open_pipeline"],
        start=weeks.start,
        end=weeks.end,
        as_of=span.as_of,
        every="week",
        team_id=team.team_id,
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(f"{numbers.plural(reps.height, 'rep')}, by name", anchor=False)
        downloads.link(sight, "reps", "Download as CSV", downloads.dated("reps", span.as_of), **asked)
    tables.reps(
        overview.with_win_rate_words(overview.with_pipeline_lines(reps, weekly)),
        key="reps",
        weeks=overview.WEEKS_OF_PIPELINE,
    )
elif viewer.sees_reps:
    empty_states.nobody_in_team(team.name, span.as_of_words)
elif below.height:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(f"{numbers.plural(below.height, 'team')}, by name", anchor=False)
        downloads.link(
            sight, "teams", "Download as CSV", downloads.dated("teams", span.as_of), keys=overview.TOTAL_KEYS, **asked
        )
    tables.teams(overview.with_win_rate_words(below), company.currency, key="teams")

# --- the other figures ------------------------------------------------------------------------------------------
with st.grid(2, min_column_width=340, gap="medium") as grid:
    if "teams" not in shown and below.height:
        figures.show(teams_figure, key="teams_compared", alt=f"{compared_sentence}.")
    if "win_rate" not in shown:
        figures.show(
            win_rate_figure, key="win_rate_by_month", alt=f"{win_rate_sentence}. The band is the 95 % interval."
        )
    if "won" not in shown:
        # As the third figure it would stand alone in half a row.
        with grid.cell(column_span="all" if below.height else 1):
            figures.show(won_figure, key="won_by_month", alt="Amount won month by month.")

footers.freshness(sight, span.as_of)
