"""The plan of one rep on their progress page: objective cards with their figures, and the plan's history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers, objectives
from coaching.metrics import metric
from coaching.plans import RESISTANCE_STEPS, VERDICTS, action_changes, quality_words, target_words
from coaching.sessions import METHODS
from ui import address, empty_states, figures, plain_text
from ui import loaders as all_loaders
from ui.loaders import Sight
from ui.loaders import plans as loaders
from ui.places import PLAN

ICONS = {
    "met": ":material/check_circle:",
    "on_path": ":material/trending_up:",
    "could_go_either_way": ":material/swap_vert:",
    "off_path": ":material/trending_down:",
    "too_early": ":material/hourglass_empty:",
}
NARROWEST_CARD = 320
"""Pixels below which the figure of an objective cannot be read; narrower pages stack the cards."""
ANSWERS = {"accept": "accepted", "counter": "proposed another target", "object": "objected"}


def show(sight: Sight, card: dict[str, Any], as_of: dt.date, *, path: Callable[..., Any]) -> None:
    """Objective cards, figures and the plan's history of one rep as of a day; what to do where there is no plan.

    ``path``: charts.objectives.path, handed in by the page because the parts of pages draw nothing themselves.
    """
    held = loaders.standing(sight, rep_id=card["person_id"], as_of=as_of)
    plan = current(held)
    goals = goals_of(held, plan["plan_id"]) if plan else []
    judged = [(goal, *assessed(sight, goal, as_of)) for goal in goals]
    summary = objectives.summary_words(goals, [found for _, found, _ in judged])
    st.subheader(summary or "Plan and objectives", anchor=False)
    if plan is None:
        _no_plan(sight, card, held["plans"], as_of)
        return
    if not goals:
        st.markdown("The plan has no objective yet, so nothing says whether it works.")
    grid = st.grid(2, min_column_width=NARROWEST_CARD, gap="small", border=True)
    for goal, found, series in judged:
        with grid.cell():
            _card(sight, card, goal, found, series, as_of, path)
    # Beside an odd card, else below the pairs.
    with grid.cell(column_span=1 if len(judged) % 2 else "all"):
        _plan(plan, held, as_of)
        with st.container(gap="xsmall"):
            _came_about(sight, plan, held)
            _earlier(held["plans"].filter(pl.col("status") != "active"))
        _to_the_plan(sight, card)


def beside(sight: Sight, card: dict[str, Any], as_of: dt.date) -> None:
    """The objectives of the current plan in a line each: where the metric stands and what becomes of it."""
    held = loaders.standing(sight, rep_id=card["person_id"], as_of=as_of)
    plan = current(held)
    goals = goals_of(held, plan["plan_id"]) if plan else []
    if not goals:
        st.markdown("No objective is agreed at the moment.")
    for goal in goals:
        found, _ = assessed(sight, goal, as_of)
        st.markdown(plain_text.label(objectives.headline(goal, found, sight.company.currency), 400) + ".")


def current(held: dict[str, pl.DataFrame]) -> dict[str, Any] | None:
    """The plan that holds, of what ``loaders.plans.standing`` gives; None where there is none."""
    found = held["plans"].filter(pl.col("status") == "active").to_dicts()
    return found[0] if found else None


def goals_of(held: dict[str, pl.DataFrame], plan_id: int) -> list[dict[str, Any]]:
    """A plan's objectives."""
    return held["objectives"].filter(pl.col("plan_id") == plan_id).to_dicts()


def latest_actions(held: dict[str, pl.DataFrame], plan_id: int) -> list[dict[str, Any]]:
    """The actions of a plan's latest version."""
    actions, (number, _) = held["actions"].filter(pl.col("plan_id") == plan_id), latest_version(held, plan_id)
    return actions.filter(pl.col("number") == number).to_dicts()


def latest_version(held: dict[str, pl.DataFrame], plan_id: int) -> tuple[int, str]:
    """Number and sentence of a plan's latest version; (0, "") without one."""
    versions = held["revisions"].filter(pl.col("plan_id") == plan_id).sort("number")
    return (versions["number"][-1], versions["summary"][-1] or "") if versions.height else (0, "")


def quality(sight: Sight, plan_id: int, as_of: dt.date) -> None:
    """Says where a current plan is stale or holds the actions of another one."""
    rows = loaders.quality(sight, as_of=as_of).filter(pl.col("plan_id") == plan_id).to_dicts()
    for words in quality_words(rows[0], as_of) if rows else []:
        st.caption(f":material/info: {plain_text.label(words, 400)}")


def assessed(sight: Sight, goal: dict[str, Any], as_of: dt.date) -> tuple[objectives.Assessment, pl.DataFrame]:
    """The verdict on an objective, and the values it rests on."""
    series = loaders.series(
        sight, rep_id=goal["rep_id"], metric_key=goal["metric_key"], since=goal["since_on"], as_of=as_of
    )
    return objectives.assess(goal, series, as_of, sight.company.currency), series


def _no_plan(sight: Sight, card: dict[str, Any], earlier: pl.DataFrame, as_of: dt.date) -> None:
    is_own = sight.viewer.person_id == card["person_id"]
    if sight.viewer.coaches and not is_own:
        with st.container(border=True, gap="small"):
            st.markdown(f"**No plan with {plain_text.label(card['name'])} on {numbers.day(as_of)}**")
            st.markdown("Agree on one outcome and what is done for it; the baseline is taken on that day.")
            st.page_link(
                PLAN,
                label="Agree a plan",
                icon=":material/edit_note:",
                query_params=address.for_links(rep=card["person_id"]),
            )
    else:
        empty_states.say(
            f"No plan on {numbers.day(as_of)}",
            "Your coach proposes one and you answer it. Bring an outcome of your own to your next one-on-one.",
        )
    _earlier(earlier)


def _to_the_plan(sight: Sight, card: dict[str, Any]) -> None:
    is_own = sight.viewer.person_id == card["person_id"]
    if is_own or sight.viewer.coaches:
        st.page_link(
            PLAN,
            label="Answer or sign" if is_own else "Revise the plan",
            icon=":material/edit_note:",
            query_params=address.for_links(rep=card["person_id"]),
        )


def _card(
    sight: Sight,
    card: dict[str, Any],
    goal: dict[str, Any],
    found: objectives.Assessment,
    series: pl.DataFrame,
    as_of: dt.date,
    path: Callable[..., Any],
) -> None:
    currency = sight.company.currency
    verdict_words(sight, goal, found)
    sentence = objectives.headline(goal, found, currency)
    figures.show(
        all_loaders.drawn(
            path,
            series,
            objectives.fan(goal, found),
            sentence=sentence,
            scope=f"{numbers.plain_name(card['name'], 40)}, {objectives.since_words(goal)}",
            key=goal["metric_key"],
            currency=currency,
            since_on=goal["since_on"],
            is_agreed=objectives.is_agreed(goal),
            due_on=goal["due_on"],
            as_of=as_of,
            baseline=goal["baseline_value"],
            reach=found.reach,
        ),
        key=f"objective_{goal['objective_id']}",
        alt=f"{sentence}. {found.reason}",
    )
    with st.expander("Figures, reasons and how this is judged", type="compact"):
        _behind(sight, goal, found, series, as_of)


def _behind(
    sight: Sight, goal: dict[str, Any], found: objectives.Assessment, series: pl.DataFrame, as_of: dt.date
) -> None:
    """What an objective's verdict rests on: its figures, why it was agreed, how it is judged, its values."""
    currency, entry = sight.company.currency, metric(goal["metric_key"])
    figure_words(sight, goal, found)
    if goal["metric_key"] in objectives.BESIDE:
        beside = objectives.BESIDE[goal["metric_key"]]
        other = loaders.series(sight, rep_id=goal["rep_id"], metric_key=beside, since=goal["since_on"], as_of=as_of)
        st.caption(objectives.beside_words(beside, other, goal["since_on"]))
    st.caption(judged_words(entry.is_stock))
    st.dataframe(
        objectives.table_rows(goal, found, series, currency).to_arrow(),
        key=f"objective_table_{goal['objective_id']}",
        hide_index=True,
        placeholder=numbers.DASH,
        alt=f"{entry.label} by day, the latest first.",
        column_config={
            "day": st.column_config.DateColumn(
                "On" if entry.is_stock else "Three months up to", format="D MMM YYYY", width=118
            ),
            "value": st.column_config.TextColumn(entry.label, width=140),
            "n": st.column_config.NumberColumn("n", width=44),
        },
    )


def objective_words(sight: Sight, goal: dict[str, Any], found: objectives.Assessment) -> None:
    """What was agreed, from where, where it stands, and the verdict with its reason."""
    verdict_words(sight, goal, found)
    figure_words(sight, goal, found)


def verdict_words(sight: Sight, goal: dict[str, Any], found: objectives.Assessment) -> None:
    """What was agreed, and the verdict with its reason and what speaks against it; to the rep in the second person."""
    entry = metric(goal["metric_key"])
    what = objectives.goal_words(goal, sight.company.currency)
    st.markdown(f"**{entry.label}: {plain_text.label(what)} by {numbers.day(goal['due_on'])}**")
    if goal["status"] in {"accepted", "closed"}:
        verdict = objectives.VERDICT_NAMES[found.verdict]
        st.markdown(f"{ICONS[found.verdict]} **{verdict}.** {plain_text.label(found.reason, 400)}")
    else:
        names = objectives.OWN_STATUS_NAMES if _is_about(sight, goal) else objectives.STATUS_NAMES
        st.markdown(f":material/pending: **{names[goal['status']]}.**")
    if found.note:
        st.caption(f":material/info: {plain_text.label(found.note, 400)}")


def _is_about(sight: Sight, goal: dict[str, Any]) -> bool:
    """Whether the viewer is the rep whose objective it is."""
    return sight.viewer.person_id is not None and sight.viewer.person_id == goal["rep_id"]


def figure_words(sight: Sight, goal: dict[str, Any], found: objectives.Assessment) -> None:
    """Where it stands, the target and the baseline, each with n and day; why it matters to whom."""
    entry, currency = metric(goal["metric_key"]), sight.company.currency
    reach = numbers.value(found.reach, entry.unit, currency)
    share = "" if found.progress is None else f" ({numbers.share(found.progress)} of the way)"
    st.markdown(
        plain_text.label(
            f"Now {objectives.now_words(goal, found, currency)}; target {reach}{share}; baseline"
            f" {objectives.baseline_words(goal, currency)}",
            500,
        )
    )
    whom = "For you" if _is_about(sight, goal) else "For the rep"
    for name, words in (("For the business", goal["why_business"]), (whom, goal["why_rep"])):
        if words:
            st.caption(f"{name}: {plain_text.label(words, 500)}")


def judged_words(is_stock: bool) -> str:
    """How verdict, forecast and chance are made."""
    values = (
        "Values stand at the end of each week since the agreement."
        if is_stock
        else "Values are over the three months up to each month's end, of the last 12 months."
    )
    return (
        f"{values} Through them goes a robust line (Theil-Sen); its error allows for outliers and for values that hang"
        " together from one to the next. The fan holds 4 of 5 cases. *On path* is a chance of 75 % or more to reach the"
        " target on the due date, *off path* 25 % or less; before 6 values or a third of the time it is too early."
        " The chance is given as a range: what it would be with any single value left out. Progress is (now − baseline)"
        " ÷ (target − baseline); the baseline stays as it was on the day of the agreement."
    )


# ---- The plan and its history ------------------------------------------------------------------------------------


def _plan(plan: dict[str, Any], held: dict[str, pl.DataFrame], as_of: dt.date) -> None:
    coach = plain_text.label(plan["coach_name"])
    st.markdown(f"**The plan with {coach}, since {numbers.day(plan['starts_on'])}**")
    _, summary = latest_version(held, plan["plan_id"])
    if summary:
        st.markdown(plain_text.label(summary, 500))
    for action in latest_actions(held, plan["plan_id"]):
        action_line(action, as_of)


def _came_about(sight: Sight, plan: dict[str, Any], held: dict[str, pl.DataFrame]) -> None:
    revisions = held["revisions"].filter(pl.col("plan_id") == plan["plan_id"])
    with st.expander(f"How the plan came about ({numbers.plural(revisions.height, 'version')})", type="compact"):
        history(sight, plan["plan_id"], held)


def action_line(action: dict[str, Any], as_of: dt.date) -> None:
    """One action with how, for which skill, and where it stands."""
    icon = ":material/check_circle:" if action["done_on"] is not None else ":material/radio_button_unchecked:"
    how = [METHODS[action["method"]]] if action["method"] in METHODS else []
    how += [str(action["skill_name"])] if action["skill_name"] else []
    with st.container(gap=None):
        st.markdown(f"{icon} {plain_text.label(action['action'], 300)}")
        st.caption(plain_text.label(" · ".join([*how, objectives.action_state(action, as_of)]), 300))


def history(sight: Sight, plan_id: int, held: dict[str, pl.DataFrame]) -> None:
    """Versions of a plan, answers and steps, the latest first: when, who, why, and what changed."""
    zone = sight.company.calendar.time_zone
    revisions = (
        held["revisions"]
        .filter(pl.col("plan_id") == plan_id)
        .with_columns(pl.col("recorded_at").dt.convert_time_zone(zone).dt.date().alias("on"))
    )
    actions = held["actions"].filter(pl.col("plan_id") == plan_id)
    texts = {number: rows["action"].to_list() for (number,), rows in actions.group_by("number")}
    lines: list[tuple[dt.date, int, str, list[str]]] = []
    for order, row in enumerate(revisions.iter_rows(named=True)):
        changes = action_changes(texts.get(row["number"] - 1, []), texts.get(row["number"], [])) if order else []
        lines.append((row["on"], order, _said(row["recorded_by_name"], row["reason"]), changes))
    goals = held["objectives"].filter(pl.col("plan_id") == plan_id)
    lines += _answer_lines(held["history"], goals, sight.company.currency)
    for on, _, words, changes in sorted(lines, key=lambda line: line[:2], reverse=True):
        st.markdown(f"**{numbers.day(on)}** {words}")
        for change in changes:
            st.caption(plain_text.label(change, 300))


def _said(name: str | None, words: str | None) -> str:
    return f"{plain_text.label(name or 'From a file')}: {plain_text.label(words, 500)}"


def _answer_lines(
    history_: pl.DataFrame, goals: pl.DataFrame, currency: str
) -> list[tuple[dt.date, int, str, list[str]]]:
    lines = []
    by_id = {row["objective_id"]: row for row in goals.iter_rows(named=True)}
    for order, row in enumerate(history_.iter_rows(named=True)):
        goal = by_id.get(row["objective_id"])
        if goal is None:
            continue
        entry = metric(goal["metric_key"])
        if row["kind"] in RESISTANCE_STEPS:
            what = RESISTANCE_STEPS[row["kind"]].lower()
        elif row["kind"] == "counter" and row["counter_value"] is None:
            what = "withdrew the counter"
        else:
            what = ANSWERS[row["kind"]]
            if row["counter_value"] is not None:
                what += f" ({target_words(row['counter_value'], goal['target_kind'], entry, currency)})"
        words = f"{plain_text.label(row['name'])}, {entry.label.lower()}: {plain_text.label(what)}"
        lines.append((row["happened_on"], 1_000 + order, words, [row["words"]] if row["words"] else []))
    return lines


def _earlier(plans: pl.DataFrame) -> None:
    if plans.is_empty():
        return
    with st.expander(f"Earlier plans ({plans.height})", type="compact"):
        for plan in plans.iter_rows(named=True):
            verdict = VERDICTS.get(plan["verdict"], plan["verdict"]) if plan["verdict"] else "ended without a verdict"
            st.markdown(
                f"{numbers.span(plan['starts_on'], plan['closed_on'] or plan['starts_on'])} with"
                f" {plain_text.label(plan['coach_name'])}: {plain_text.label(verdict)}"
            )
