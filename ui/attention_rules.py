"""The rules of "who needs you now" for everybody to read, and for an admin the weights of the order."""

from __future__ import annotations

import zoneinfo
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.attention import weighing
from coaching.attention.order import LARGEST_WEIGHT, LONGEST_FLOOR
from coaching.attention.rules import BY_KEY, RULES
from coaching.metrics import Direction
from ui import drafts, plain_text, tables
from ui.actions import Refused
from ui.actions import attention as actions
from ui.loaders import Sight
from ui.loaders import attention as reads

RULE_FORM, ORDER_FORM = "attention_weights", "attention_order"
_SAID = "attention_weights_said"


def show(sight: Sight) -> None:
    """How the list is made: the order in words, every rule, and the form for whoever keeps the settings."""
    weights = reads.weights(sight)
    st.subheader("Who needs you now", anchor=False)
    floor = numbers.plural(weights.floor_weeks, "week")
    st.markdown(
        "The list on the overview is an order of what to look at next, not of who is better. Each reason counts with"
        " what is at stake (an amount, or a set part of what the rep wins in a usual quarter) × how sure it is × its"
        " weight; of one topic the largest counts. The sum is multiplied by 1 +"
        f" {weights.neglect:g} × the days since somebody was last coached or observed ÷ the days after which a session"
        f" is due, the ratio up to 3. Whoever was neither coached nor observed for {floor} is listed for that, and of"
        " each third by attainment such a one stands among the first five. No rule speaks on fewer cases than its"
        " smallest n."
    )
    with st.expander(f"The {len(RULES)} rules", key="attention_rules", on_change="rerun") as part:
        if part.open:
            _rules(weights.of)
    if sight.viewer.loads_data:
        _rule_form(sight)
        _order_form(sight)


def _rules(weight_of: Any) -> None:
    rows = pl.DataFrame(
        [
            {
                "flag": rule.flag,
                "sentence": rule.sentence,
                "good": "more" if rule.direction is Direction.UP else "less",
                "number": rule.number.replace("_", " "),
                "n": f"{rule.smallest_n} {rule.counts}",
                "resolved": rule.resolved,
                "weight": weight_of(rule.key),
            }
            for rule in RULES
        ]
    )
    tables.plain(
        rows,
        key="attention_rules_table",
        alt=f"The {rows.height} rules, one a row: when it holds, its number, its smallest n and what ends it.",
        columns={
            "flag": st.column_config.TextColumn("Rule", pinned=True, width=130),
            "sentence": st.column_config.TextColumn("Holds when", width=420),
            "number": st.column_config.TextColumn("Number", width=190),
            "good": st.column_config.TextColumn("Good is", width=70),
            "n": st.column_config.TextColumn("Smallest n", width=260),
            "resolved": st.column_config.TextColumn("Ends when", width=320),
            "weight": st.column_config.NumberColumn("Weight", format="%.1f", width=70),
        },
    )


def _rule_form(sight: Sight) -> None:
    weights = reads.weights(sight)
    drafts.start(RULE_FORM, sight, {"rule": RULES[0].key, "weight": 1.0})
    with st.container(border=True, gap="small", key="rule_weights"):
        st.markdown("**Weights of the rules, for the whole company**")
        st.caption(weighing.weights_sentence(weights))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                "Rule",
                [rule.key for rule in RULES],
                format_func=lambda key: BY_KEY[key].flag if key in BY_KEY else "",
                width=200,
                **drafts.field(RULE_FORM, "rule"),
            )
            st.number_input(
                "Weight, 0 = never listed",
                min_value=0.0,
                max_value=LARGEST_WEIGHT,
                step=0.5,
                width=180,
                **drafts.field(RULE_FORM, "weight"),
            )
            st.button("Set weight", key="save_rule_weight", on_click=_save_rule, args=(dict(weights.rules),))
        _below(sight, RULE_FORM, weighing.RULE_SETTINGS, {"attention_weights": dict(weights.rules)})


def _order_form(sight: Sight) -> None:
    weights = reads.weights(sight)
    drafts.start(ORDER_FORM, sight, {"neglect": weights.neglect, "floor": weights.floor_weeks})
    with st.container(border=True, gap="small", key="order_weights"):
        st.markdown("**Neglect and the floor, for the whole company**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.number_input(
                "Neglect, 0 = does not count",
                min_value=0.0,
                max_value=LARGEST_WEIGHT,
                step=0.5,
                width=200,
                **drafts.field(ORDER_FORM, "neglect"),
            )
            st.number_input(
                "Weeks within which everybody is seen",
                min_value=1,
                max_value=LONGEST_FLOOR,
                step=1,
                width=260,
                **drafts.field(ORDER_FORM, "floor"),
            )
            st.button("Set both", key="save_attention_order", on_click=_save_order)
        now = {"attention_neglect": weights.neglect, "attention_floor_weeks": weights.floor_weeks}
        _below(sight, ORDER_FORM, weighing.ORDER_SETTINGS, now)


def _below(sight: Sight, form: str, keys: tuple[str, ...], now: dict[str, Any]) -> None:
    """Under a form: what the last click did, who set it when, and the ways back."""
    _said(form)
    changes = reads.weight_changes(sight)
    last = weighing.last_change(changes, keys)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if last is not None:
            on = last["set_at"].astimezone(zoneinfo.ZoneInfo(sight.company.calendar.time_zone)).date()
            who = plain_text.label(last["set_by_name"]) if last["set_by_name"] else "the command line"
            st.caption(f"Set by {who} on {numbers.day(on)}.", width="content")
        before, default = weighing.former(changes, keys), {key: weighing.DEFAULTS[key] for key in keys}
        if before and any(before[key] != now[key] for key in before):
            _back("Undo", f"undo_{form}", form, before)
        if now != default:
            _back("Back to the defaults", f"reset_{form}", form, default)


def _back(label: str, key: str, form: str, values: dict[str, Any]) -> None:
    help_words = f"Back to: {weighing.values_words(values)}."
    st.button(label, key=key, type="tertiary", help=help_words, on_click=_set, args=(form, values))


def _save_rule(rules: dict[str, float]) -> None:
    told = drafts.values(RULE_FORM)
    rules[str(told["rule"])] = told["weight"]
    rules = {rule: weight for rule, weight in rules.items() if weight != 1}
    _set(RULE_FORM, {"attention_weights": rules})


def _save_order() -> None:
    told = drafts.values(ORDER_FORM)
    _set(ORDER_FORM, {"attention_neglect": told["neglect"], "attention_floor_weeks": told["floor"]})


def _set(form: str, values: dict[str, Any]) -> None:
    done = actions.set_weights(values)
    st.session_state[_SAID] = (form, list(done.problems) if isinstance(done, Refused) else [])
    if not isinstance(done, Refused):
        drafts.finish(form)


def _said(form: str) -> None:
    told, problems = st.session_state.get(_SAID, (None, []))
    if told != form:
        return
    del st.session_state[_SAID]
    for problem in problems:
        st.warning(plain_text.label(problem, 300), icon=":material/edit_note:")
    if not problems:
        st.success("Saved. The lists of everybody follow it at once.", icon=":material/check:")
