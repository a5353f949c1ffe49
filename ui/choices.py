"""What a page about one rep lets people choose: the rep, the metric to follow, its step. All in the address, as ids."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching.metrics import metric
from coaching.people import Role
from coaching.periods import Every
from coaching.progress import CHART_KEYS, DEFAULT_KEY, KEY_WITHOUT_QUOTA, STEPS
from ui import address, loaders, plain_text
from ui.loaders import Sight

MOST_OFFERED = 500
"""A longer list is no help: the overview is the way to a rep then."""


def rep_from_address(sight: Sight) -> int | None:
    """The rep that the address asks for; a rep who asks for nobody sees themselves."""
    if address.text("rep") is None and sight.viewer.role is Role.REP:
        return sight.viewer.person_id
    return address.number("rep")


def rep(sight: Sight, on: dt.date, card: dict[str, Any] | None) -> None:
    """The choice among the reps in view; nothing to choose where there is one or none."""
    sellers = loaders.people(sight, on).filter(pl.col("sells"))
    labels = _labels(sellers.head(MOST_OFFERED))
    if card is not None and card["person_id"] not in labels:
        labels = {card["person_id"]: plain_text.cell(card["name"]), **labels}
    if len(labels) < 2:
        return
    st.session_state["rep_choice"] = card["person_id"] if card else None
    st.selectbox(
        "Rep",
        list(labels),
        index=None,
        format_func=lambda person_id: labels[person_id],
        key="rep_choice",
        placeholder="Choose a rep",
        on_change=_choose_rep,
        width=220,
    )


def _choose_rep() -> None:
    address.put(rep=st.session_state["rep_choice"])


def _labels(people: pl.DataFrame) -> dict[int, str]:
    names = [plain_text.cell(name) for name in people["name"]]
    teams = [plain_text.cell(name, 30) for name in people["team_name"].fill_null("no team")]
    twice = {name for name in names if names.count(name) > 1}
    return {
        person_id: f"{name} · {team} ({person_id})" if name in twice else name
        for person_id, name, team in zip(people["person_id"], names, teams, strict=True)
    }


def metric_and_step(has_quota: bool) -> tuple[str, Every]:
    """Which metric the figure follows, and by which step; unknown words in the address count as not said.

    Without a quota the figure starts with the win rate: attainment would only say that there is none.
    """
    default = DEFAULT_KEY if has_quota else KEY_WITHOUT_QUOTA
    key = address.text("metric") or default
    key = key if key in CHART_KEYS else default
    every = address.text("step") or CHART_KEYS[key]
    every = every if every in STEPS else CHART_KEYS[key]
    st.session_state["metric_choice"] = key
    st.session_state["step_choice"] = every
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="metric"):
        st.selectbox(
            "Follow over time",
            list(CHART_KEYS),
            format_func=lambda name: metric(name).label,
            key="metric_choice",
            on_change=_choose_metric,
            args=(default,),
            width=220,
        )
        st.selectbox(
            "Step",
            list(STEPS),
            format_func=lambda step: STEPS[step],
            key="step_choice",
            on_change=_choose_step,
            width=140,
        )
    return key, every


def _choose_metric(default: str) -> None:
    # The step starts anew with the one that suits the metric.
    key = st.session_state["metric_choice"]
    address.put(metric=None if key == default else key, step=None)


def _choose_step() -> None:
    address.put(step=st.session_state["step_choice"])
