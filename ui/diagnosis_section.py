"""What the diagnosis says about one rep: a sentence, the tree with what a click shows, and the same as a table.

For the rep themselves in the same words as for whoever coaches them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.diagnosis import Diagnosis, view
from ui import figures, loaders, plain_text, tables
from ui.loaders import Sight
from ui.loaders import diagnosis as loads

CHOSEN, CLICKED = "diagnosis_node", "diagnosis_clicked"
LONGEST = 900


def show(sight: Sight, card: dict[str, Any], as_of: dt.date, *, tree: Callable[..., Any]) -> None:
    """The diagnosis of the person of ``card`` (a row of frames.PEOPLE) as known on ``as_of``.

    ``tree``: charts.diagnosis.tree, handed in by the page because the parts of pages draw nothing themselves.
    """
    found = loads.diagnosis(sight, card["person_id"], as_of)
    if found is None:
        return
    st.subheader(
        view.title(found), anchor=False, help="Results, effort, knowledge and skill beside like-for-like peers."
    )
    st.markdown(_text(found.sentence))
    if found.focus is not None:
        st.caption(_text(f"Why this: {found.reason}"))
    why = view.why_not_the_tiles(found)
    if why:
        st.caption(_text(why))
    whole = st.expander(
        f"How this was found: {_statuses(found)}", type="compact", key="diagnosis_tree", on_change="rerun"
    )
    # Closed, it costs nothing: neither the figure nor the rows behind it are made.
    if whole.open:
        with whole:
            _tree(sight, card, found, as_of, tree)


def _text(words: str) -> str:
    """Words for Markdown as text; a number and its unit stay on one line."""
    return numbers.SPACE.join(plain_text.label(part, LONGEST) for part in words.split(numbers.SPACE))


def _statuses(found: Diagnosis) -> str:
    return ", ".join(f"{finding.layer} {view.STATUS_WORDS[finding.status]}" for finding in found.layers)


def _tree(sight: Sight, card: dict[str, Any], found: Diagnosis, as_of: dt.date, tree: Callable[..., Any]) -> None:
    currency = sight.company.currency
    nodes = view.nodes(found, currency)
    sentence = view.tree_title(found)
    picture, beside = st.columns([3, 2], gap="medium")
    with picture:
        picked = figures.show_and_pick(
            loaders.drawn(
                tree,
                nodes,
                sentence=sentence,
                scope=f"{numbers.plain_name(card['name'], 40)}, {view.days_of(found)}",
            ),
            key="diagnosis_figure",
            alt=f"{sentence}. {_statuses(found).capitalize()}. A click on a point shows its figures.",
        )
    with beside:
        sources = _node(sight, found, nodes, picked)
    if sources:
        # Over the whole width: beside the picture names and amounts would be cut off.
        _behind(sight, loads.rows_behind(sight, sources, as_of))
    st.caption(_text(view.how_it_is_done(found)))
    with st.expander("The same as a table", type="compact"):
        _table(view.table(found, currency), view.span_of(found))


def _node(sight: Sight, found: Diagnosis, nodes: pl.DataFrame, picked: int) -> tuple[str, ...]:
    """The figures of the node that was clicked or chosen, at first the focus; the rows behind it, as "table:id"."""
    rows = {row["node"]: row for row in nodes.to_dicts()}
    _take_over(picked, rows, found)
    chosen = st.selectbox(
        "Look closer at",
        list(rows),
        format_func=lambda node: _option(rows[node]),
        key=CHOSEN,
        label_visibility="visible",
    )
    row = rows[chosen]
    mark = f": {view.MARKS[row['mark']]}" if row["depth"] else ""
    st.markdown(f"**{_text(row['label'])} {_text(row['own'])}**{mark}")
    st.markdown(_text(row["says"]))
    lever = found.lever(row["key"])
    if row["depth"]:
        st.caption(_text(view.explanation(row["key"])))
    if lever is not None and lever.peers_median is not None:
        st.markdown(_text(view.price_sentence(lever, sight.company.currency)))
    if lever is not None:
        return lever.source_ids
    return found.source_ids if _is_focus(found, row["key"]) else ()


def _take_over(picked: int, rows: dict[int, dict[str, Any]], found: Diagnosis) -> None:
    """A new click decides what is chosen; a click of before must not undo what was chosen since."""
    if picked in rows and st.session_state.get(CLICKED) != picked:
        st.session_state[CHOSEN] = picked
    st.session_state[CLICKED] = picked
    if st.session_state.get(CHOSEN) not in rows:
        focus = [node for node, row in rows.items() if row["mark"] == "focus" and row["depth"]]
        st.session_state[CHOSEN] = (focus or list(rows))[0]


def _is_focus(found: Diagnosis, key: str) -> bool:
    return found.focus is not None and key in {found.focus, f"skill_level:{found.focus}"}


def _option(row: dict[str, Any]) -> str:
    return plain_text.cell(f"{row['label']} ({row['own']})")


def _behind(sight: Sight, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    company = sight.company
    amounts = [
        numbers.money(amount / 10**company.minor_digits, company.currency) if amount is not None else None
        for amount in rows["amount"]
    ]
    frame = rows.select(
        pl.col("what").map_elements(plain_text.cell, return_dtype=pl.String),
        pl.col("account_name").map_elements(plain_text.cell, return_dtype=pl.String),
        "status",
        "closed_on",
        pl.Series("amount", amounts, dtype=pl.String),
    )
    st.caption("The latest rows behind it")
    text = st.column_config.TextColumn
    tables.plain(
        frame,
        key="diagnosis_rows",
        alt=f"{frame.height} rows behind the figure, the latest first.",
        columns={
            "what": text("What", width=300),
            "account_name": text("Account", width=220),
            "status": text("Status", width=80),
            "closed_on": st.column_config.DateColumn("On", format="D MMM YYYY", width=100),
            "amount": text("Amount", alignment="right", width=90),
        },
    )


def _table(frame: pl.DataFrame, span: str) -> None:
    text = st.column_config.TextColumn
    tables.plain(
        frame,
        key="diagnosis_table",
        alt=f"The tree as text: {frame.height} rows, one per figure, beside like-for-like peers.",
        columns={
            "layer": text("Layer", width=90),
            "what": text("Figure", pinned=True, width=190),
            "own": text("As counted", alignment="right", width=90, help=f"Cases counted {span}." if span else None),
            "cleaned": text("Cleaned of chance", alignment="right", width=120),
            "interval": text("95 % interval", alignment="right", width=130),
            "n": text("n", alignment="right", width=60),
            "median": text("Peers' median", alignment="right", width=100),
            "top": text("Top quartile", alignment="right", width=96),
            "peers": text("Peers", alignment="right", width=60),
            "verdict": text("Beside the peers", width=240),
            "price": text("Worth a quarter", width=420),
        },
    )
