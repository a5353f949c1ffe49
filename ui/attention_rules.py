"""The rules of "who needs you now" for everybody to read, and for an admin the weights of the order."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.attention.order import LARGEST_WEIGHT, LONGEST_FLOOR
from coaching.attention.rules import BY_KEY, RULES
from coaching.metrics import Direction
from ui import drafts, plain_text, tables
from ui.actions import Refused
from ui.actions import attention as actions
from ui.loaders import Sight
from ui.loaders import attention as reads

FORM = "attention_weights"
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
        _form(sight)


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


def _form(sight: Sight) -> None:
    weights = reads.weights(sight)
    drafts.start(
        FORM,
        sight,
        {"rule": RULES[0].key, "weight": 1.0, "neglect": weights.neglect, "floor": weights.floor_weeks},
    )
    with st.container(border=True, gap="small"):
        st.markdown("**Weights of the order, for the whole company**")
        changed = [f"{BY_KEY[key].flag} {value:g}" for key, value in weights.rules.items() if key in BY_KEY]
        st.caption(f"Every rule weighs 1 except: {', '.join(changed)}." if changed else "Every rule weighs 1.")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                "Rule",
                [rule.key for rule in RULES],
                format_func=lambda key: BY_KEY[key].flag if key in BY_KEY else "",
                width=200,
                **drafts.field(FORM, "rule"),
            )
            st.number_input(
                "Weight, 0 = never listed",
                min_value=0.0,
                max_value=LARGEST_WEIGHT,
                step=0.5,
                width=180,
                **drafts.field(FORM, "weight"),
            )
            st.button("Set weight", key="save_rule_weight", on_click=_save_rule, args=(dict(weights.rules),))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.number_input(
                "Neglect, 0 = does not count",
                min_value=0.0,
                max_value=LARGEST_WEIGHT,
                step=0.5,
                width=200,
                **drafts.field(FORM, "neglect"),
            )
            st.number_input(
                "Weeks within which everybody is seen",
                min_value=1,
                max_value=LONGEST_FLOOR,
                step=1,
                width=260,
                **drafts.field(FORM, "floor"),
            )
            st.button("Set both", key="save_attention_order", on_click=_save_order)
        _said()


def _save_rule(rules: dict[str, float]) -> None:
    told = drafts.values(FORM)
    rules[str(told["rule"])] = told["weight"]
    _done(actions.set_weights({"attention_weights": rules}))


def _save_order() -> None:
    told = drafts.values(FORM)
    _done(actions.set_weights({"attention_neglect": told["neglect"], "attention_floor_weeks": told["floor"]}))


def _done(result: Refused | None) -> None:
    st.session_state[_SAID] = list(result.problems) if isinstance(result, Refused) else []
    if not isinstance(result, Refused):
        drafts.finish(FORM)


def _said() -> None:
    if _SAID not in st.session_state:
        return
    problems = st.session_state.pop(_SAID)
    for problem in problems:
        st.warning(plain_text.label(problem, 300), icon=":material/edit_note:")
    if not problems:
        st.success("Saved. The lists of everybody follow it at once.", icon=":material/check:")
