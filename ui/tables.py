"""The tables of pages: columns, their widths and formats, and the click that opens a row. No computation."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from ui import address
from ui.places import PROGRESS

ROW_HEIGHT = 36
MOST_ROWS_IN_VIEW = 14
ROWS_AT_FIRST = 5
"""Of a list that is one of several on its page; all of it is unfolded below."""
SIZES = ((1_000_000.0, "M", 10_000_000.0), (1_000.0, "k", 1_000.0))
"""Unit of a column of amounts, its letter, and from which largest amount on it is used."""
PERCENT = "%.0f\u00a0%%"


def reps(frame: pl.DataFrame, *, key: str, weeks: int) -> None:
    """The rep table, by name: sortable by every column, and a click on Open shows the rep.

    ``frame``: row_id, name, quota_attainment, pipeline_line (list), win_rate_count, win_rate_words,
    days_since_last_session, days_since_last_observation, flags.
    """
    shown = frame.select(
        pl.col("name").map_elements(_button_text, return_dtype=pl.String),
        pl.col("flags").replace("", None),
        _percent("quota_attainment"),
        "pipeline_line",
        _percent("win_rate_count"),
        "win_rate_words",
        "days_since_last_session",
        "days_since_last_observation",
    )
    lines = frame["pipeline_line"].drop_nulls().to_list()
    highest = max((value for line in lines for value in line), default=1.0)
    st.dataframe(
        shown.to_arrow(),
        key=key,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=_height(frame.height),
        placeholder=numbers.DASH,
        alt=f"One row per rep, {frame.height} in all: attainment, pipeline, win rate, last session and observation.",
        column_config={
            "name": st.column_config.ButtonColumn(
                "Rep",
                key=f"{key}_open",
                type="tertiary",
                alignment="left",
                pinned=True,
                on_click=_rerun,
                width=140,
                help="A click opens the rep.",
            ),
            "flags": st.column_config.TextColumn("What stands out", width=204),
            "quota_attainment": st.column_config.ProgressColumn(
                "Attainment",
                format=PERCENT,
                min_value=0,
                max_value=max([100.0, *shown["quota_attainment"].drop_nulls()]),
                width=104,
                help="Won amount out of the quota for the whole period.",
            ),
            "pipeline_line": st.column_config.LineChartColumn(
                f"Pipeline, {weeks} wk",
                y_min=0,
                y_max=highest,
                width=102,
                help="Open pipeline week by week, on the same scale in every row.",
            ),
            "win_rate_count": st.column_config.NumberColumn("Win rate", format=PERCENT, width=64),
            "win_rate_words": st.column_config.TextColumn("95 % interval, n", width=108),
            "days_since_last_session": st.column_config.NumberColumn(
                "Session", format="%d d", width=66, help="Days since the last coaching session."
            ),
            "days_since_last_observation": st.column_config.NumberColumn(
                "Observed", format="%d d", width=72, help="Days since somebody else last observed and scored the rep."
            ),
        },
    )
    _open_clicked_rep(f"{key}_open", frame["row_id"].to_list())


def teams(frame: pl.DataFrame, currency: str, *, key: str) -> None:
    """The team table, by name: no rep rows. ``frame``: name, people_count and the metrics of the tiles."""
    shown = frame.select(
        pl.col("name").map_elements(numbers.plain_name, return_dtype=pl.String),
        _percent("quota_attainment"),
        _percent("at_quota_share"),
        _percent("win_rate_count"),
        "win_rate_words",
        "average_deal_size",
        "sales_cycle_days",
        "pipeline_coverage",
        "open_pipeline",
    )
    shown, average = _money(shown, "average_deal_size", "Average deal", currency)
    shown, pipeline = _money(shown, "open_pipeline", "Pipeline", currency)
    plain(
        shown,
        key=key,
        alt=f"One row per team, {frame.height} in all.",
        columns={
            "name": st.column_config.TextColumn("Team", pinned=True, width=160),
            "quota_attainment": st.column_config.NumberColumn("Attainment", format=PERCENT),
            "at_quota_share": st.column_config.NumberColumn("Reps at quota", format=PERCENT),
            "win_rate_count": st.column_config.NumberColumn("Win rate", format=PERCENT),
            "win_rate_words": st.column_config.TextColumn("95 % interval, n"),
            "average_deal_size": average,
            "sales_cycle_days": st.column_config.NumberColumn("Cycle", format="%d d"),
            "pipeline_coverage": st.column_config.NumberColumn("Coverage", format="%.1f×"),
            "open_pipeline": pipeline,
        },
    )


def openable(frame: pl.DataFrame, row_ids: list[int], *, key: str, alt: str, columns: dict[str, Any]) -> None:
    """A read-only table whose first column "name" opens the rep. ``row_ids``: whom each row is about, in order."""
    st.dataframe(
        frame.with_columns(pl.col("name").map_elements(_button_text, return_dtype=pl.String)).to_arrow(),
        key=key,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=_height(frame.height),
        placeholder=numbers.DASH,
        alt=alt,
        column_config={
            "name": st.column_config.ButtonColumn(
                "Rep",
                key=f"{key}_open",
                type="tertiary",
                alignment="left",
                pinned=True,
                on_click=_rerun,
                width=140,
                help="A click opens the rep.",
            ),
            **columns,
        },
    )
    _open_clicked_rep(f"{key}_open", row_ids)


def _button_text(name: str) -> str:
    """A name on a button of a table: its label would draw an icon for a leading ``:material/…:``."""
    return numbers.plain_name(name).replace(":material/", ": material/")


def _rerun() -> None:
    """A button column reacts to clicks only with a callback; the click itself is read where the page can be left."""


def _open_clicked_rep(key: str, row_ids: list[int]) -> None:
    click = st.session_state.get(key)
    # The row comes from the browser.
    if click and isinstance(click["row"], int) and 0 <= click["row"] < len(row_ids):
        st.switch_page(PROGRESS, query_params=address.for_links(rep=row_ids[click["row"]]))


def line(frame: pl.DataFrame, *, key: str) -> None:
    """A figure's values as text. ``frame``: period, value, interval, n, median, top_quartile."""
    plain(
        frame,
        key=key,
        alt="The values of the figure above, one row per period.",
        columns={
            "period": st.column_config.TextColumn("Period", pinned=True),
            "value": st.column_config.TextColumn("Value", alignment="right"),
            "interval": st.column_config.TextColumn("95 % interval", alignment="right"),
            "n": st.column_config.TextColumn("n", alignment="right"),
            "median": st.column_config.TextColumn("Peers' median", alignment="right"),
            "top_quartile": st.column_config.TextColumn("Peers' top quartile", alignment="right"),
        },
    )


def deals(frame: pl.DataFrame, currency: str, *, key: str) -> None:
    """Deals to look at. ``frame``: reason, deal, account, amount, expected_close_on."""
    scaled, amount = _money(frame, "amount", "Amount", currency)
    plain(
        scaled,
        key=key,
        alt=f"{frame.height} deals to look at, each with the reason.",
        columns={
            "reason": st.column_config.TextColumn("Reason", width=312),
            "deal": st.column_config.TextColumn("Deal", width=190),
            "account": st.column_config.TextColumn("Account", width=146),
            "amount": amount,
            "expected_close_on": st.column_config.DateColumn("Expected", format="D MMM YYYY", width=96),
        },
    )


def accounts(frame: pl.DataFrame, currency: str, *, key: str) -> None:
    """Customers defecting. ``frame``: account, reason, last_won_on, last_won_amount."""
    scaled, amount = _money(frame, "last_won_amount", "Last win", currency)
    plain(
        scaled,
        key=key,
        alt=f"{frame.height} customers defecting, each with the reason.",
        columns={
            "account": st.column_config.TextColumn("Customer", pinned=True, width=190),
            "reason": st.column_config.TextColumn("Reason", width=360),
            "last_won_on": st.column_config.DateColumn("Last win", format="D MMM YYYY", width=120),
            "last_won_amount": amount,
        },
    )


def plain(frame: pl.DataFrame, *, key: str, alt: str, columns: dict[str, Any]) -> None:
    """A read-only table with the given columns, in the order of the frame."""
    st.dataframe(
        frame.to_arrow(),
        key=key,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=_height(frame.height),
        placeholder=numbers.DASH,
        alt=alt,
        column_config=columns,
    )


def _percent(column: str) -> pl.Expr:
    """A share for a cell: the table's own percent format cannot leave decimals out."""
    return pl.col(column) * 100


def _money(frame: pl.DataFrame, column: str, label: str, currency: str) -> tuple[pl.DataFrame, Any]:
    """``frame`` with a column of amounts in k or M, whichever suits its largest, and the column's heading with it."""
    largest = max((abs(amount) for amount in frame[column].drop_nulls()), default=0.0)
    size, letter = next(((size, letter) for size, letter, least in SIZES if largest >= least), (1.0, ""))
    heading = f"{label}, {letter}{numbers.SPACE}{currency}" if letter else f"{label}, {currency}"
    return (
        frame.with_columns(pl.col(column) / size),
        st.column_config.NumberColumn(heading, format="%.1f" if letter else "%d", width=128),
    )


def _height(rows: int) -> int:
    return ROW_HEIGHT * (min(max(rows, 1), MOST_ROWS_IN_VIEW) + 1) + 3
