"""Coaches: is our coaching any good? Skill beside volume, asking, promises, plans, the pulse; no grade, no ranking."""

from typing import Any

import streamlit as st

from charts import coaches as charts
from coaching import coaches, numbers, overview
from ui import (
    address,
    coaches_tables,
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
from ui.loaders import cadence as cadence_loads
from ui.loaders import coaches as loads
from ui.loaders import plans as plan_loads
from ui.loaders import sessions as session_loads
from ui.places import SKILLS

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

team = page_heads.of_team(
    sight,
    span,
    title="Coaches",
    question="Is our coaching any good?",
    audience="This page is for those who lead coaches or the company",
)
name = numbers.plain_name(team.name, 40)
scope_words = f"{name}, {span.words}, {span.as_of_words}"

# --- load -------------------------------------------------------------------------------------------------------
asked: dict[str, Any] = {"start": span.period.start, "end": span.period.end, "as_of": span.as_of}
is_known = loads.sessions_known(sight, as_of=span.as_of)
by_team = loaders.metric_values(sight, by="team", keys=coaches.TEAM_KEYS, team_id=team.team_id, **asked)
pulses = session_loads.pulse_by_team(sight, span.period.start, span.until)
pulse = coaches.pulse_rows(pulses, team.team_id, team.below["team_id"].to_list())

# --- each coach: volume and skill -------------------------------------------------------------------------------
if viewer.coaches:
    rows = coaches.shown(loads.coaches(sight, team_id=team.team_id, **asked), is_known)
    line = coaches.often(
        loads.typical_volume(sight, **asked) if is_known else coaches.no_typical(),
        cadence_loads.policy_on(sight, span.until),
    )
    rows = coaches.with_adherence(
        rows, by_team, dict(loaders.teams(sight, span.until).select("team_id", "leader_id").rows())
    )
    plans = coaches.of_coaches(plan_loads.quality(sight, as_of=span.until), rows)
    rows = coaches.with_plans(rows, plans)
    st.markdown(
        "##### " + plain_text.label(" ".join(coaches.verdict(rows, line, viewer.person_id)), 400), anchors=False
    )
    if not is_known:
        empty_states.no_sessions_recorded()
    sentence = coaches.quadrant_sentence(rows, line)
    figures.show(
        loaders.drawn(
            charts.skill_by_volume,
            rows,
            sentence=sentence,
            scope=scope_words,
            often=line.per_rep_month,
            often_words=line.words,
        ),
        key="skill_by_volume",
        alt=f"{sentence}. The table below holds the same values.",
    )
    beside = coaches.beside_words(rows)
    if beside:
        st.markdown(plain_text.label(beside, 500))
    st.info(coaches.WARNING, icon=":material/info:")
    with st.popover("How level and volume are made", type="tertiary", icon=":material/info:"):
        st.markdown(f"**Level.** {coaches.LEVEL_MADE}")
        st.markdown(f"**Volume.** {coaches.VOLUME_MADE}")
        st.markdown(coaches.OFTEN_MADE)

    # --- table --------------------------------------------------------------------------------------------------
    st.subheader(f"{numbers.plural(rows.height, 'coach', 'coaches')}, by name", anchor=False)
    if rows.height:
        coaches_tables.by_coach(coaches.table(rows), key="coaches_table")
        st.caption("Every figure stands by itself: none of them is a grade, and nothing here sorts people by one.")
        downloads.link(
            sight,
            "coaches",
            f"Download the figures of {numbers.plural(rows.height, 'coach', 'coaches')}",
            downloads.dated("coaches", span.until),
            team_id=team.team_id,
            **asked,
        )
    else:
        empty_states.say(
            "Nobody coached here in this period",
            "A coach is listed who leads reps, held a session or was observed coaching. Choose a longer period.",
        )
    levels = coaches.levels_of(loads.levels_by_skill(sight, as_of=span.until), rows)
    if levels.height:
        with st.expander("Levels skill by skill of the coaching scorecard", icon=":material/stairs:"):
            cells, skill_names = coaches.skill_rows(levels)
            coaches_tables.by_skill(cells, skill_names, key="coach_skills")
            st.caption(
                "Each the mean of the last 3 released scores, 0 to 100; n = scores behind it; – = not scored yet."
            )

    # --- asking and promises ------------------------------------------------------------------------------------
    if rows.height:
        asks, kept = coaches.ask_rows(rows), coaches.kept_rows(rows)
        with st.grid(2, min_column_width=340, gap="medium"):
            sentence = coaches.spread_sentence(asks, "of what coaches say asks", "Nothing was counted in sessions yet")
            figures.show(
                loaders.drawn(
                    charts.shares, asks, sentence=sentence, scope=scope_words, axis_name="questions, of all counted"
                ),
                key="ask_share",
                alt=f"{sentence}. One row per coach, by name, with the sessions counted.",
            )
            sentence = coaches.spread_sentence(
                kept, "of coaches' promises kept in time", "No promise of a coach was due"
            )
            figures.show(
                loaders.drawn(
                    charts.shares, kept, sentence=sentence, scope=scope_words, axis_name="kept by the due date"
                ),
                key="promises_kept",
                alt=f"{sentence}. One row per coach, by name, with the 95 % interval and the promises due.",
            )
        st.caption(f"{coaches.ASK_MADE} {coaches.KEPT_MADE} Pale: fewer than five.")

    # --- what their reps gained, for leaders alone ----------------------------------------------------------------
    gained = loads.effects_of_coaches(sight, as_of=span.as_of) if rows.height else None
    if gained is not None:
        segments = coaches.effect_segments(gained["rows"], rows)
        if not segments:
            st.subheader("What coaches' reps gained beyond what was expected", anchor=False)
            why = gained["why_not"] or "It takes three coaches with three coached reps each in one segment."
            st.markdown(plain_text.label(f"Not shown: {why[:1].lower()}{why[1:]}", 300))
        for place, segment in enumerate(segments):
            effects = coaches.effects_in(gained["rows"], rows, segment)
            sentence = coaches.effect_sentence(effects, segment in gained["differs"], segment, gained["currency"])
            figures.show(
                loaders.drawn(
                    charts.effects,
                    effects,
                    sentence=sentence,
                    scope=f"{name}, {gained['outcome']} of coached reps, {span.as_of_words}",
                    currency=gained["currency"],
                ),
                key=f"effects_{place}",
                alt=f"{sentence}. One row per coach, by name, with the 90 % interval; the table holds the same values.",
            )
            st.caption(plain_text.label(coaches.effect_words(gained["rows"], rows, segment), 500))
            with st.expander("The same as a table", type="compact"):
                asked_for = st.toggle("With the chance of being among the best third", key=f"best_third_{place}")
                coaches_tables.effects(
                    coaches.effect_table(effects, gained["currency"], asked_for), key=f"effects_table_{place}"
                )
        if segments:
            with st.popover("How this is made", type="tertiary", icon=":material/info:"):
                st.markdown(coaches.EFFECT_MADE)

    # --- plans --------------------------------------------------------------------------------------------------
    st.subheader(coaches.plans_sentence(plans), anchor=False)
    to_mend = coaches.plan_rows(plans)
    if to_mend.height:
        coaches_tables.plans(to_mend, key="plans_to_mend")
    elif plans.height:
        st.markdown("No plan shares an action with another, and each has been worked on lately.")
    else:
        st.markdown("A plan is agreed between a rep and their coach under *Plan*; here stands whether it is their own.")
    st.caption(coaches.PLANS_MADE)
else:
    # --- teams, for an executive --------------------------------------------------------------------------------
    totals = overview.single(loaders.team_totals(sight, team_id=team.team_id, keys=coaches.TEAM_KEYS, **asked))
    before = overview.single(
        loaders.team_totals(
            sight,
            team_id=team.team_id,
            keys=coaches.TEAM_KEYS,
            start=span.before.start,
            end=span.before.end,
            as_of=span.before_as_of,
        )
    )
    level = loads.company_level(sight, as_of=span.until)
    st.markdown("##### " + plain_text.label(" ".join(coaches.team_verdict(totals, level)), 400), anchors=False)
    if not is_known:
        empty_states.no_sessions_recorded()
    below = overview.below(by_team, team.below)
    sums = coaches.adherence_rows(below)
    sentence = coaches.spread_sentence(sums, "of expected one-on-ones held", "No one-on-one was expected yet")
    figures.show(
        loaders.drawn(charts.shares, sums, sentence=sentence, scope=scope_words, axis_name="expected one-on-ones held"),
        key="adherence_by_team",
        alt=f"{sentence}. One row per team, by name, with the 95 % interval and the slots expected.",
    )
    st.info(coaches.WARNING, icon=":material/info:")
    with st.popover("How the level is made", type="tertiary", icon=":material/info:"):
        st.markdown(f"**Level.** {coaches.LEVEL_MADE} The mean over the company's coaches, from five on.")
    tiles.row(coaches.TILE_KEYS, totals, before, currency=company.currency, before_words=span.before_words)
    if below.height:
        st.subheader(f"{numbers.plural(below.height, 'team')}, by name", anchor=False)
        coaches_tables.by_team(coaches.team_rows(below), key="teams_table")
        st.caption("Teams of five and more; figures of single coaches are seen by those who lead them.")

# --- the pulse --------------------------------------------------------------------------------------------------
sentence = coaches.pulse_sentence(pulse)
if pulse["n"].drop_nulls().len():
    figures.show(
        loaders.drawn(charts.pulse, pulse, sentence=sentence, scope=f"{name}, rounds that ended in {span.words}"),
        key="pulse",
        alt=f"{sentence}. The table below holds the same values.",
    )
    with st.expander("The pulse as a table", type="compact"):
        coaches_tables.pulse(pulse, key="pulse_table")
else:
    st.subheader("The pulse", anchor=False)
    st.markdown(plain_text.label(sentence) + ".")
st.caption(plain_text.label(f"{coaches.PULSE_MADE} {coaches.pulse_words(pulse)}".strip(), 900))

if viewer.coaches:
    st.page_link(
        SKILLS,
        label="How leniently raters score: Skills, at the end of the page",
        icon=":material/stairs:",
        query_params=address.for_links(),
    )
footers.freshness(sight, span.as_of)
