"""Team skills: what can we do, and what next? Levels by rep and skill, strengths and gaps, growth, raters."""

import streamlit as st

from charts import pairs as pair_charts
from charts import skills as charts
from coaching import numbers, overview
from coaching import skill_words as words
from ui import (
    downloads,
    empty_states,
    figures,
    filters,
    footers,
    loaders,
    page_heads,
    pair_section,
    plain_text,
    sign_in,
    skill_choices,
    skill_tables,
)
from ui.loaders import skills as loads

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

team = page_heads.of_team(
    sight,
    span,
    title="Skills",
    question="What can we do, and what next?",
    audience="The skills of a team are for those who lead it or the company",
)

# --- load -------------------------------------------------------------------------------------------------------
skill_list = loads.skill_list(sight)
keys, start, end = words.keys_of(skill_list), span.period.start, span.period.end
whole = loaders.team_totals(sight, team_id=team.team_id, keys=keys, start=start, end=end, as_of=span.as_of)
totals = words.total_cells(overview.single(whole), skill_list)
report = loads.report(sight, at=span.until, as_of=span.as_of)
people = words.members(loaders.people(sight, span.until), loaders.teams(sight, span.until), team.team_id)
verdict = words.verdict(totals)
if not verdict:
    empty_states.say(
        "No score has been released yet",
        "A level needs an observation by a coach, scored and shown to the rep. Record the first one after the next"
        " call, or choose a later day.",
    )
    footers.freshness(sight, span.as_of)
    st.stop()
st.markdown("##### " + plain_text.label(" ".join(verdict), 400), anchors=False)

# --- heatmap ----------------------------------------------------------------------------------------------------
name = numbers.plain_name(team.name, 40)
scope_words = f"{name}, last scores up to {numbers.day(span.until)}, {span.as_of_words}"
of_teams = not viewer.sees_reps or people.height > words.MOST_ROWS
is_adjusted = False
if of_teams:
    teams = loaders.metric_values(
        sight, by="team", team_id=team.team_id, keys=keys, start=start, end=end, as_of=span.as_of
    )
    cells = words.team_cells(words.teams_shown(teams, team.team_id, team.below), skill_list)
    legend = "A ring: no level that speaks of five reps or more."
    if viewer.sees_reps:
        legend = "Pale and in brackets: fewer than five reps. A ring: no score yet, which is not zero."
        legend += f" {numbers.plural(people.height, 'rep')} are too many to read: choose a team to see its reps."
else:
    is_adjusted = skill_choices.adjusted()
    cells = words.rep_cells(people, skill_list, report["standings"], is_adjusted)
    legend = "Pale and in brackets: one score only, or none for 90 days. A ring: no score yet, which is not zero."
sentence = words.heatmap_sentence(cells, "teams" if of_teams else "reps")
if cells.height:
    figures.show(
        loaders.drawn(
            charts.heatmap,
            cells,
            skill_list,
            sentence=sentence,
            scope=scope_words,
            as_of=span.until,
            of_teams=of_teams,
        ),
        key="skill_levels",
        alt=f"{sentence}. The table below holds the same values.",
    )
    st.caption(
        "Level of 100: mean of the last three released scores by others; competent from 50, mastery from 87.5."
        f" {legend} ↑ ↓ → growing, falling, steady, each only where the 95 % interval allows to say so; no arrow: not"
        " clear yet."
    )
    with st.expander("The same as a table", type="compact"):
        skill_tables.levels(
            words.table_rows(cells, skill_list, span.until),
            skill_list,
            key="skill_levels_table",
            first="Team" if of_teams else "Rep",
        )
    if viewer.reads_words and people.height:
        downloads.link(
            sight,
            "skill_levels",
            f"Download the levels of {numbers.plural(people.height, 'rep')}",
            downloads.dated("skill-levels", span.until),
            team_id=team.team_id,
            at=span.until,
            as_of=span.as_of,
        )
elif not of_teams:
    empty_states.nobody_in_team(team.name, span.as_of_words)
versions = loads.scorecard_starts(sight, until=span.until)
if versions.height:
    st.caption(f":material/bookmark: {plain_text.label(words.version_words(versions), 400)}")

# --- strengths, gaps and growth -----------------------------------------------------------------------------------
by_means = of_teams or cells.is_empty()
middles = words.means(totals) if by_means else words.spreads(cells, skill_list)
with st.grid(2, min_column_width=340, gap="medium"):
    strengths_sentence = words.spread_sentence(middles, not by_means)
    figures.show(
        loaders.drawn(
            charts.strengths,
            middles,
            sentence=strengths_sentence,
            scope=f"{name}, {'mean and its 95 % interval' if by_means else 'median rep and the middle half'}",
            low_words="95 % interval" if by_means else "the middle half of the reps",
        ),
        key="strengths_and_gaps",
        alt=f"{strengths_sentence}.",
    )
    growth_sentence = words.growth_sentence(totals)
    figures.show(
        loaders.drawn(
            charts.growth,
            totals,
            sentence=growth_sentence,
            scope=f"{name}, mean slope of the reps and its 95 % interval, scores less leniency",
        ),
        key="skill_growth",
        alt=f"{growth_sentence}.",
    )
with st.expander("Both as a table", type="compact"):
    skill_tables.by_skill(
        words.skill_rows(middles, totals),
        key="by_skill_table",
        middle="Mean level" if by_means else "Median level",
        between="95 % interval" if by_means else "Middle half",
    )

# --- peer pairs -------------------------------------------------------------------------------------------------
if viewer.coaches:
    pair_section.team(sight, span.as_of, people, skill_list, adjusted=is_adjusted, chart=pair_charts.compared)

# --- raters -----------------------------------------------------------------------------------------------------
st.subheader("Do raters mean the same?", anchor=False)
agreement = overview.single(report["agreement"])
st.markdown(words.agreement_words(agreement))
raters = report["raters"]
if raters.height:
    leniency_sentence = words.leniency_sentence(raters)
    figures.show(
        loaders.drawn(
            charts.leniency,
            raters,
            sentence=leniency_sentence,
            scope=f"Raters in your view, by name, {span.as_of_words}",
        ),
        key="leniency",
        alt=f"{leniency_sentence}. The table below holds the same values.",
    )
    st.caption(
        "Leniency: what a rater gives above or below what others give the same reps in the same skills, growth taken"
        " into account, pulled towards nothing where few scores can be compared. Neither side is the right one: score a"
        " call together and talk about it."
    )
    with st.expander("The same as a table", type="compact"):
        skill_tables.raters(raters, key="raters_table")

footers.freshness(sight, span.as_of)
