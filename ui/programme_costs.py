"""What coaching cost: the form, what was entered and what came from files, and what other currencies are worth."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.costs import KINDS, CostDraft
from coaching.programme import CurrencyRateDraft
from ui import address, day_formats, drafts, places, plain_text, tables, way_back
from ui import programme_answers as answers
from ui.actions import programme_data as actions
from ui.loaders import Sight, last_steps
from ui.loaders import lottery as programme_reads
from ui.loaders import programme_data as reads

COST, CURRENCY = "programme-cost", "currency-rate"
MOST_LISTED = 12
ALL = "all"
_KIND = "costs_shown"
EXAMPLE = "from,to,kind,amount,currency\n2026-01-01,2026-03-31,tools,1800,USD"


def show(sight: Sight) -> None:
    """The whole section."""
    st.subheader("Costs", anchor=False)
    st.markdown(
        "What is not counted in hours: tools, training, travel, running the programme, evaluation. Hours too, where no"
        " rate says what one costs. Each month and kind counts once: where hours are counted and have a rate, what was"
        " entered for that kind is left out."
    )
    with st.expander("Enter a cost", icon=":material/add:", key="cost_form"):
        _form(sight)
    answers.say("costs", _last(sight))
    _table(sight)
    _by_hand(sight)
    with st.expander("Load costs from a file", icon=":material/upload_file:"):
        st.markdown("Any table with these columns, in any order and under their usual names:")
        st.code(EXAMPLE, language=None)
        st.markdown(f"Kinds: {', '.join(KINDS)}. A column *rep*, *coach* or *programme* is read where there is one.")
        st.page_link(
            places.IMPORTS, label="Open the imports", icon=":material/upload_file:", query_params=address.for_links()
        )
    with st.expander("Amounts in another currency", icon=":material/currency_exchange:", key="currency_form"):
        _currencies(sight)
    answers.say("currency")


def _form(sight: Sight) -> None:
    month = sight.company.today.replace(day=1)
    last = month - dt.timedelta(days=1)
    drafts.start(
        COST,
        sight,
        {
            "kind": "tools",
            "first": last.replace(day=1),
            "last": last,
            "amount": None,
            "currency": sight.company.currency,
            "programme": None,
        },
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "What for",
            list(KINDS),
            format_func=lambda kind: KINDS.get(kind, ""),
            width=220,
            **drafts.field(COST, "kind"),
        )
        st.date_input("First day", format=day_formats.TYPED, width=150, **drafts.field(COST, "first"))
        st.date_input("Last day", format=day_formats.TYPED, width=150, **drafts.field(COST, "last"))
        st.number_input(
            "Amount",
            value=None,
            step=100.0,
            format="%.2f",
            width=150,
            help="What it was in the end, less what came back. It is spread evenly over its days, training over three"
            " years.",
            **drafts.field(COST, "amount"),
        )
        st.text_input("Currency", max_chars=3, width=90, **drafts.field(COST, "currency"))
        programmes = dict(programme_reads.programmes(sight).select("slug", "name").iter_rows())
        if programmes:
            st.selectbox(
                "Programme",
                list(programmes),
                index=None,
                format_func=lambda slug: plain_text.cell(programmes.get(slug, "")),
                placeholder="The company",
                width=220,
                **drafts.field(COST, "programme"),
            )
        st.button("Enter it", key="cost_save", type="primary", on_click=_enter)


def _enter() -> None:
    told = drafts.values(COST)
    draft = CostDraft(
        told["first"], told["last"], told["kind"], None, told["currency"] or None, programme=told["programme"]
    )
    done = actions.enter_cost(draft, told["amount"])
    if answers.keep("costs", done, "The cost is entered.", actions.withdraw_cost, (done,)):
        drafts.finish(COST)


def _last(sight: Sight) -> answers.Last | None:
    """The cost that was entered or taken back last, for a page that was loaded anew."""
    step = way_back.unless_fine(sight, "costs", "step_id", last_steps.cost_to_undo(sight))
    if step is None:
        return None
    cost_id = step["cost_id"]
    if step["action"] == last_steps.WITHDRAWN:
        return answers.Last(
            step["step_id"], "A cost was taken back last.", actions.restore_cost, (cost_id,), "It counts again."
        )
    rows = reads.costs(sight).filter(pl.col("cost_id") == cost_id).to_dicts()
    words = f"Entered last: {_line(sight, rows[0])}." if rows else "A cost was entered last."
    return answers.Last(step["step_id"], words, actions.withdraw_cost, (cost_id,))


def _table(sight: Sight) -> None:
    costs, company = reads.costs(sight), sight.company
    if costs.is_empty():
        st.markdown("No cost has been entered or loaded yet. Without one, a return would look larger than it is.")
        return
    kinds = [kind for kind in KINDS if kind in costs["kind"].to_list()]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.selectbox(
            "Shown",
            [ALL, *kinds],
            format_func=lambda one: KINDS.get(one, "Every kind"),
            key=_KIND,
            width=220,
        )
    chosen = costs if kind == ALL else costs.filter(pl.col("kind") == kind)
    many = numbers.plural(chosen.height, "entry", "entries")
    total = numbers.money(int(chosen["reporting_amount"].sum()) / 10**company.minor_digits, company.currency)
    by_hand = chosen.filter(~pl.col("is_imported")).height
    st.markdown(f"{many}, {total} in all; {by_hand} by hand, {chosen.height - by_hand} from files.")
    scale = 10**company.minor_digits
    shown = chosen.select(
        pl.col("kind").replace_strict(KINDS, default=pl.col("kind")),
        "starts_on",
        "ends_on",
        (pl.col("reporting_amount") / scale).alias("amount"),
        "currency",
        pl.col("programme").map_elements(plain_text.cell, return_dtype=pl.String),
        pl.when("is_imported").then(pl.lit("a file")).otherwise(pl.col("entered_by").fill_null("by hand")).alias("by"),
    )
    tables.plain(
        shown,
        key="costs_table",
        alt=f"{shown.height} costs, the latest days first: what for, days, amount, programme, by whom.",
        columns={
            "kind": st.column_config.TextColumn("What for", pinned=True, width=170),
            "starts_on": st.column_config.DateColumn("First day", format="D MMM YYYY", width=110),
            "ends_on": st.column_config.DateColumn("Last day", format="D MMM YYYY", width=110),
            "amount": st.column_config.NumberColumn(f"Amount, {company.currency}", format="localized", width=130),
            "currency": st.column_config.TextColumn("Entered in", width=90),
            "programme": st.column_config.TextColumn("Programme", width=170),
            "by": st.column_config.TextColumn("Entered by", width=150),
        },
    )


def _by_hand(sight: Sight) -> None:
    """What was entered here, each with the way to take it back; a file's costs are corrected in the file."""
    rows = reads.costs(sight).filter(~pl.col("is_imported")).sort("cost_id", descending=True)
    if rows.is_empty():
        return
    with st.expander(f"Take back what was entered here ({rows.height})", type="compact"):
        for row in rows.head(MOST_LISTED).iter_rows(named=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(_line(sight, row), width="stretch")
                st.button(
                    "Take back",
                    key=f"cost_back_{row['cost_id']}",
                    type="tertiary",
                    on_click=_take_back,
                    args=(row["cost_id"],),
                )
        if rows.height > MOST_LISTED:
            st.caption(f"The last {MOST_LISTED} of {rows.height}.")
        st.caption("It counts no more from today on; what was frozen before stays as it was.")


def _line(sight: Sight, row: dict[str, Any]) -> str:
    amount = numbers.money(row["reporting_amount"] / 10**sight.company.minor_digits, sight.company.currency)
    by = f", {plain_text.label(row['entered_by'])}" if row["entered_by"] else ""
    return (
        plain_text.label(
            f"{KINDS.get(row['kind'], row['kind'])}, {numbers.span(row['starts_on'], row['ends_on'])}: {amount}", 160
        )
        + by
    )


def _take_back(cost_id: int) -> None:
    answers.keep(
        "costs", actions.withdraw_cost(cost_id), "The cost is taken back.", actions.restore_cost, (cost_id,),
        "It counts again.",
    )  # fmt: skip


# ---- Other currencies ----------------------------------------------------------------------------------------------


def _currencies(sight: Sight) -> None:
    company = sight.company
    st.markdown(
        f"Costs are added up in {company.currency}. Say what another currency is worth before you enter a cost in it;"
        " what was entered before stays as it was converted then. Files bring their own rates."
    )
    drafts.start(CURRENCY, sight, {"currency": "", "worth": None, "first": None})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("Currency", max_chars=3, placeholder="EUR", width=100, **drafts.field(CURRENCY, "currency"))
        st.number_input(
            f"One of it is worth, in {company.currency}",
            value=None,
            min_value=0.0,
            step=0.01,
            format="%.6g",
            width=220,
            **drafts.field(CURRENCY, "worth"),
        )
        st.date_input(
            "From, empty = since ever",
            format=day_formats.TYPED,
            value=None,
            width=190,
            **drafts.field(CURRENCY, "first"),
        )
        st.button("Set it", key="currency_save", type="primary", on_click=_set_currency)
    found = reads.currency_rates(sight)
    for row in found.head(MOST_LISTED).iter_rows(named=True):
        since = f"from {numbers.day(row['starts_on'])}" if row["starts_on"] else "since ever"
        st.markdown(f"1 {row['currency']} = {row['worth']:.6g} {company.currency}, {since}")
    if found.height:
        st.caption("A wrong one is corrected by setting it again for the same day.")


def _set_currency() -> None:
    told = drafts.values(CURRENCY)
    draft = CurrencyRateDraft(told["currency"] or "", told["worth"], told["first"])
    if answers.keep("currency", actions.set_currency_rate(draft), "Set. Costs entered from now on use it."):
        drafts.finish(CURRENCY)
