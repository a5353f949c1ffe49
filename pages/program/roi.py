"""The programme: did it pay, and how sure are we? One frozen result, its verdict first, everything else behind it."""

from typing import Any

import streamlit as st

from charts import programme as charts
from coaching import programme_view as view
from ui import (
    empty_states,
    filters,
    footers,
    headings,
    programme_freeze,
    programme_page,
    programme_paper,
    programme_style,
    sign_in,
)
from ui.loaders import programme as reads

PICTURES: dict[str, Any] = {
    "visible": (view.visible, charts.visible),
    "start_map": (view.start_map, charts.start_map),
    "actual_and_expected": (view.actual_and_expected, charts.actual_and_expected),
    "event_curve": (view.event_curve, charts.event_curve),
    "checks": (view.checks, charts.checks),
    "bridge": (view.bridge, charts.bridge),
    "returns": (view.returns, charts.returns),
    "tornado": (view.tornado, charts.tornado),
    "coverage": (view.coverage, charts.coverage),
    "tiers": (view.tiers, charts.tiers),
    "dose": (view.dose, charts.dose),
    "cost": (view.cost, charts.cost),
}

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)
headings.page("Programme ROI", "Did it pay, and how sure are we?")
if empty_states.nothing_loaded(sight):
    st.stop()
if not viewer.sees_programme:
    empty_states.not_for_this_role(sight, "What the programme changed is for executives, sales leaders and the admin")
    st.stop()

programme_style.apply()
rows = programme_page.up_to(reads.frozen(sight), span.as_of)
row = programme_page.chosen(rows)
is_live = span.as_of == company.today
with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
    filters.as_of_filter(span)
    if row is not None:
        programme_page.choice(rows, row)
        programme_paper.way()
programme_freeze.answer(sight)
if row is None:
    programme_page.another_day(span)
    programme_freeze.nothing_yet(sight, rows, span.as_of, is_live=is_live)
    programme_page.ways_on(sight)
    footers.freshness(sight, span.as_of)
    st.stop()

found = reads.result(sight, row["frozen_id"])
assert found is not None
shown = {name: (frame(found), chart) for name, (frame, chart) in PICTURES.items()}
shown["returns"] = (view.returns(found, reads.hurdle(sight)), charts.returns)
programme_page.unknown_result(rows)
programme_page.another_day(span)

# --- on paper: everything at once, small ------------------------------------------------------------------------
if programme_paper.is_asked_for():
    programme_paper.show(sight, found, row, shown)
    st.stop()

# --- 1: the verdict ---------------------------------------------------------------------------------------------
programme_freeze.due(sight, rows, is_live=is_live)
programme_page.verdict(found)
programme_page.since_when(sight, row)
programme_page.redefined(sight, found, is_live=is_live)

# --- 2 to 4: what could be seen, who was coached, actual and expected --------------------------------------------
left, right = st.columns(2, gap="medium")
with left:
    programme_page.picture(found, "visible", *shown["visible"])
with right:
    programme_page.picture(found, "actual_and_expected", *shown["actual_and_expected"])
with programme_page.group("start", "Who was coached, since when?") as part:
    if part.open:
        programme_page.picture(found, "start_map", *shown["start_map"])

# --- 5 and 6: how sure ------------------------------------------------------------------------------------------
with programme_page.group("sure", "How sure are we?", programme_page.first_words(shown, "event_curve")) as part:
    if part.open:
        programme_page.picture(found, "event_curve", *shown["event_curve"])
        programme_page.picture(found, "checks", *shown["checks"])
        programme_page.history()

# --- 7 to 9: the money ------------------------------------------------------------------------------------------
with programme_page.group("pay", "Did it pay?", programme_page.first_words(shown, "returns")) as part:
    if part.open:
        programme_page.several(found, shown, ("bridge", "returns", "tornado"))

# --- 10 and 11: who, and how much -------------------------------------------------------------------------------
with programme_page.group(
    "who", "Who got it, who gained, how much?", programme_page.first_words(shown, "tiers", "coverage")
) as part:
    if part.open:
        programme_page.several(found, shown, ("coverage", "tiers", "dose"))
        programme_page.teams(found)

# --- 12: the cost -----------------------------------------------------------------------------------------------
with programme_page.group("cost", "What did it cost?", programme_page.first_words(shown, "cost")) as part:
    if part.open:
        programme_page.picture(found, "cost", *shown["cost"])
        programme_page.cost_by_kind(found, view.cost_kinds(found))

# --- 13 and 14: the ladder, what has no price -------------------------------------------------------------------
with programme_page.group("ladder", "From what was put in to what came out", "levels 0 to 5") as part:
    if part.open:
        programme_page.ladder(found)
with programme_page.group("intangibles", "What has no price", "who stays") as part:
    if part.open:
        programme_page.intangibles(found)

# --- 15: what cannot be claimed ---------------------------------------------------------------------------------
st.subheader("What we cannot claim", anchor=False)
programme_page.cannot_claim(found)

# --- 16: method and audit ---------------------------------------------------------------------------------------
with programme_page.group("audit", "Method, audit and downloads") as part:
    if part.open:
        programme_page.audit(sight, found, row)
with programme_page.group("freeze", "Freeze another result") as part:
    if part.open:
        programme_freeze.on_demand(sight, reads.frozen(sight))
programme_page.ways_on(sight)
footers.freshness(sight, span.as_of)
