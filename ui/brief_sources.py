"""The rows behind a brief: of one fact that the address asks for, and of all of them. Shows rows; computes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.brief import Brief, Link, Row
from ui import address, plain_text, tables
from ui.loaders import Sight
from ui.loaders import brief as reads

LONGEST_FACT = 600
FACT = "fact"
"""The name in the address that opens one fact at its rows."""
WRITTEN_HERE = "written down here"
OPENS = {
    "rep-progress": "Open the progress page",
    "rep-motivation": "Open the motivation page",
    "record-session": "Open the session",
    "record-observation": "Open the observation",
    "record-plan": "Open the plan",
    "me-my-coaching": "Open My coaching",
}
"""What the page that holds a row is called in a link, by its url_path."""
ROWS = {
    "said": pl.String,
    "kind": pl.String,
    "name": pl.String,
    "details": pl.String,
    "on": pl.Date,
    "known_on": pl.Date,
    "origin": pl.String,
    "row": pl.String,
    "open": pl.String,
}
"""Rows behind facts as a page shows them."""


def one_fact(sight: Sight, found: Brief, mark: str, as_of: dt.date) -> None:
    """What the address asks for: one fact with exactly its rows, and of a deal what was known of it at last time."""
    fact = found.marked(mark)
    with st.container(border=True, key="fact_rows", gap="small"):
        st.subheader("Where this comes from", anchor=False)
        if fact is None:
            st.markdown("The brief of this day says this no more, or says it of other rows.")
        else:
            label = f"**{plain_text.label(fact.label)}:** " if fact.label else ""
            st.markdown(f"{label}{as_text(fact.text)}")
            rows = reads.rows_behind(
                sight, rep_id=found.rep_id, source_ids=fact.source_ids, as_of=as_of, since=found.since.on
            )
            st.markdown("\n".join(_row_words(row) for row in rows), anchors=False)
        st.button("Back to the whole brief", icon=":material/arrow_back:", key="fact_close", on_click=_leave_fact)


def _row_words(row: Row) -> str:
    """One row as an item of a list, since a phone shows two columns of a table at most."""
    kind, name = plain_text.label(row.kind), plain_text.label(row.name, 200)
    lines = [f"- **{kind}: {name}**", as_text(row.details)] if row.details else [f"- **{kind}: {name}**"]
    origin = f"out of {plain_text.label(row.origin)}" if row.origin else WRITTEN_HERE
    is_told = row.on is None or row.on == row.known_on or numbers.plain_name(numbers.day(row.on)) in row.details
    known = [f"known since {numbers.day(row.known_on)}, {origin}"] if row.known_on else []
    on = [] if is_told else [numbers.day(row.on)]
    small = ", ".join([_row_name(row), *on, *known])
    opens = f" [{OPENS.get(row.link[0], 'Open')}]({path(row.link)})" if row.link else ""
    return "  \n  ".join([*lines, f":small[:gray[{small}]]{opens}"])


def _row_name(row: Row) -> str:
    """deal 24803"""
    return row.source_id.replace(":", " ").replace("_", " ")


def _leave_fact() -> None:
    address.put(**{FACT: None})


def every_fact(sight: Sight, found: Brief, as_of: dt.date) -> None:
    """All facts with their rows, folded away below the paper."""
    sources = found.source_ids()
    rows = reads.rows_behind(sight, rep_id=found.rep_id, source_ids=sources, as_of=as_of)
    said: dict[str, list[str]] = {}
    for _, fact in found.facts():
        for source in fact.source_ids:
            words = f"{fact.label}: {fact.text}" if fact.label else fact.text
            said.setdefault(source, []).append(numbers.plain_name(words, 90))
    frame = _table_of(rows, said)
    with st.container(key="brief_sources"), st.expander(f"Where this comes from ({len(rows)} rows)", type="compact"):
        for section in found.sections:
            if section.about and section.key != "topics":
                st.caption(f"{plain_text.label(section.title, 200)}: {section.about}")
        tables.plain(
            frame,
            key="brief_rows",
            alt=f"Every fact of the brief with the rows it comes from, {frame.height} lines.",
            columns=_columns(),
        )


def _table_of(rows: Sequence[Row], said: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """ROWS: a line for each fact that is ``said`` out of a row."""
    site = base()
    listed = [
        {
            "said": words,
            "kind": row.kind,
            "name": plain_text.cell(row.name, 200),
            "details": plain_text.cell(row.details, 400),
            "on": row.on,
            "known_on": row.known_on,
            "origin": plain_text.cell(row.origin) or (WRITTEN_HERE if row.known_on else ""),
            "row": _row_name(row),
            "open": _absolute(site, row.link),
        }
        for row in rows
        for words in said[row.source_id]
    ]
    return pl.DataFrame(listed, schema=ROWS)


def _columns() -> dict[str, Any]:
    text, day = st.column_config.TextColumn, st.column_config.DateColumn
    return {
        "said": text("What is said", width=230),
        "kind": text("Kind", width=110),
        "name": text("What it is", width=220),
        "details": text("What it says", width=330),
        "on": day("On", format="D MMM YYYY", width=96),
        "known_on": day("Known since", format="D MMM YYYY", width=100, help="The day of the export that first said so"),
        "origin": text("Out of", width=150, help="The file that brought it, or written down here."),
        "row": text("Row", width=110),
        "open": st.column_config.LinkColumn("Open", display_text="open", width=60),
    }


# ---- Addresses and words ---------------------------------------------------------------------------------------------


def base() -> str:
    """The application's address as the browser sees it: this page's without the page."""
    here = st.context.url
    if not isinstance(here, str) or not here:
        return ""
    parts = urlsplit(here)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"


def path(link: Link) -> str:
    """A page beside this one with the ids that it needs; nothing in it comes from texts of the database."""
    page, names = link
    return f"{page}?{urlencode(address.for_links(**names))}"


def _absolute(site: str, link: Link | None) -> str | None:
    return f"{site}/{path(link)}" if link and site else None


def as_text(text: str) -> str:
    """Words for Markdown as text; a number and its unit stay on one line."""
    return numbers.SPACE.join(plain_text.label(part, LONGEST_FACT) for part in text.split(numbers.SPACE))
