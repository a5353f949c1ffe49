"""What became of a file, in sentences and tables: before a load, after it, and of every earlier one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.metrics import metric
from coaching.people import Role
from ui import address, downloads, loaders, plain_text, tables, uploads
from ui.actions.imports import ImportResult
from ui.import_words import KINDS, rows_of
from ui.loaders import Sight
from ui.places import DEFINITIONS, OVERVIEW
from ui.uploads import Outcome

MOST_NAMES = 8
LONGEST_SENTENCE = 1_200
LONGEST_RAW = 400


def would_do(kind: str, result: ImportResult, as_of: dt.date) -> None:
    """The result of a check: what loading would do."""
    st.subheader(f"{_counts(kind, result, 'would be loaded')}, as of {numbers.day(as_of)}", anchor=False)
    _sentences(kind, result, would=True)
    if result.rejections:
        rejected = pl.DataFrame(result.rejections, schema=_REJECTED)
        _rejected_table(rejected, "imports_would_reject")
        if result.rejected > rejected.height:
            st.caption(
                f"The first {rejected.height} of {result.rejected:,}; all of them are kept once the file is loaded."
            )


def outcome(sight: Sight, done: Outcome) -> None:
    """The result of the load that was just made, the rows it rejected, and what to do next."""
    result = done.result
    with st.container(border=True, key="imports_outcome"):
        st.subheader(_counts(done.kind, result, "loaded"), anchor=False)
        st.caption(f"{plain_text.label(done.file_name, 120)}, the export of {numbers.day(done.as_of)}.")
        _sentences(done.kind, result, would=False)
        if result.rejected and result.import_id is not None:
            rejections(sight, result.import_id, key="imports_rejected")
        _next_steps(sight, done)


def _counts(kind: str, result: ImportResult, verb: str) -> str:
    """4,812 deals would be loaded, 12 rows rejected. Rows that repeat another are not counted twice."""
    count = result.accepted - result.duplicates
    words = f"{rows_of(kind, count)} {verb}" if count else f"No {KINDS[kind].one} {verb}"
    return f"{words}, {_rows(result.rejected)} rejected" if result.rejected else words


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def sentences(kind: str, result: ImportResult, *, would: bool) -> list[str]:
    """The result in plain sentences, as text. ``would``: before the load."""
    parts = [
        (result.new, "new"),
        (result.changed, "changed"),
        (result.unchanged, "unchanged"),
        (result.stale, "older than what is known"),
    ]
    told = [f"{count:,} {word}" for count, word in parts if count]
    lines = [f"{', '.join(told)}."] if told else []
    if not would and result.accepted and not (result.new or result.changed or result.stale):
        lines = ["Everything in it was known already, so nothing changed."]
    if result.duplicates:
        verbs = ("repeats", "counts") if result.duplicates == 1 else ("repeat", "count")
        lines.append(f"{_rows(result.duplicates)} {verbs[0]} another row of the file and {verbs[1]} once.")
    if result.ignored:
        verbs = ("holds", "was") if result.ignored == 1 else ("hold", "were")
        lines.append(
            f"{_rows(result.ignored)} {verbs[0]} no {KINDS[kind].one}, such as a report's footer,"
            f" and {verbs[1]} left out."
        )
    if result.changes_as_of:
        first, last = (dt.date.fromisoformat(result.changes_as_of[end]) for end in ("from", "to"))
        lines.append(
            f"A newer export is known: this one changes only views as of {numbers.day(first)} to {numbers.day(last)}."
        )
    if result.demo_removed:
        lines.append("The demo company would be removed." if would else "The demo company was removed.")
    for what, names in result.unmatched.items():
        shown = ", ".join(names[:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
        lines.append(
            f"No {what} is known yet for {shown}{more}. These rows are kept and matched once a file names them."
        )
    if result.cannot_compute:
        lines.append(
            f"Figures that this file cannot support, and that say “no data”: {_metrics(result.cannot_compute)}."
        )
    return lines


def _metrics(keys: list[str]) -> str:
    labels = []
    for key in keys:
        try:
            labels.append(metric(key).label)
        except KeyError:
            labels.append(key)
    return ", ".join(labels)


def _sentences(kind: str, result: ImportResult, *, would: bool) -> None:
    lines = sentences(kind, result, would=would)
    if lines:
        st.markdown("\n".join(f"- {plain_text.label(line, LONGEST_SENTENCE)}" for line in lines))
    # A check stands below the assumptions of the preview; after the load they are told once more.
    if result.notes and not would:
        uploads.assumptions(result.notes)


# --- what next ----------------------------------------------------------------------------------------------------


def _next_steps(sight: Sight, done: Outcome) -> None:
    following = _following(sight, done.kind)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if following is not None:
            st.button(
                f"Load {KINDS[following].many} next",
                type="primary",
                icon=":material/arrow_forward:",
                key="imports_next",
                on_click=uploads.open_kind,
                args=(following,),
            )
        if sight.company.has_deals and sight.company.has_people:
            who = _who_sees_teams(sight)
            if who is not None:
                label, person = who
                st.page_link(
                    OVERVIEW,
                    label=f"Open the team page as {label}",
                    icon=":material/groups:",
                    query_params={"as": person},
                )
        if done.result.cannot_compute:
            st.page_link(
                DEFINITIONS, label="How figures are made", icon=":material/menu_book:", query_params=address.for_links()
            )


def _following(sight: Sight, kind: str) -> str | None:
    """The kind to load after this one: what helps most among those that have not been loaded yet."""
    loaded = {*loaders.import_runs(sight)["kind"], kind}
    first = ["people", "deals", KINDS[kind].next_kind, *KINDS]
    return next((name for name in first if name is not None and name not in loaded), None)


def _who_sees_teams(sight: Sight) -> tuple[str, str] | None:
    """Who loads data sees no team's figures, so the link leads there as somebody who does (local mode)."""
    people = loaders.local_viewers(sight)
    for role in (Role.LEADER, Role.MANAGER):
        found = people.filter(pl.col("role") == str(role))
        if found.height:
            return f"{plain_text.label(found['name'][0], 40)}, {role}", str(found["person_id"][0])
    return f"an {Role.EXECUTIVE}", str(Role.EXECUTIVE)


# --- rejected rows and history ------------------------------------------------------------------------------------

_REJECTED = pl.Schema({"line": pl.Int64, "reason": pl.String, "raw": pl.String})


def rejections(sight: Sight, import_id: int, *, key: str) -> None:
    """The rows an import rejected, each with its reason and text, and the link that downloads them."""
    rejected = loaders.import_rejections(sight, import_id)
    if rejected.is_empty():
        st.markdown("No row of this file was rejected.")
        return
    _rejected_table(rejected, key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        downloads.link(
            sight, "rejections", "Download the rejected rows", f"rejected-{import_id}.csv", import_id=import_id
        )
        st.caption("Mend them and load them as a file of their own, or mend the CRM and export again.", width="content")


def _rejected_table(rejected: pl.DataFrame, key: str) -> None:
    shown = rejected.select(
        "line",
        pl.col("reason").map_elements(_long_cell, return_dtype=pl.String),
        pl.col("raw").map_elements(_long_cell, return_dtype=pl.String),
    )
    tables.plain(
        shown,
        key=key,
        alt=f"{_rows(rejected.height)} rejected, each with its line, the reason and its text.",
        columns={
            "line": st.column_config.NumberColumn("Line", width=64, format="%d", pinned=True),
            "reason": st.column_config.TextColumn("Why it was rejected", width=440),
            "raw": st.column_config.TextColumn("The row as it is in the file", width=520),
        },
    )


def _long_cell(text: str) -> str:
    return plain_text.cell(text, LONGEST_RAW)


def history(sight: Sight) -> None:
    """Every import so far; a click on one shows the rows it rejected."""
    runs = loaders.import_runs(sight)
    st.subheader("What has been loaded", anchor=False)
    if runs.is_empty():
        st.markdown("Nothing has been loaded yet. Begin with the people: choose their file above.")
        return
    st.caption(
        "The demo company's own files; they go with it."
        if sight.company.is_demo
        else "Choose one to see what it rejected."
    )
    shown = runs.select(
        pl.col("published_at").dt.convert_time_zone(sight.company.calendar.time_zone).dt.replace_time_zone(None),
        "as_of",
        pl.col("kind").replace_strict(
            {name: kind.label for name, kind in KINDS.items()}, default=pl.col("kind").str.to_titlecase()
        ),
        pl.col("file_name").map_elements(plain_text.cell, return_dtype=pl.String),
        "accepted_count",
        pl.col("rejected_count", "ignored_count").fill_null(0),
    )
    picked: Any = st.dataframe(
        shown.to_arrow(),
        key="imports_history",
        hide_index=True,
        row_height=tables.ROW_HEIGHT,
        height=tables.ROW_HEIGHT * (min(shown.height, 12) + 1) + 3,
        placeholder=numbers.DASH,
        on_select="rerun",
        selection_mode="single-row",
        alt=f"{numbers.plural(shown.height, 'import')}, the latest first.",
        column_config={
            "published_at": st.column_config.DatetimeColumn("Loaded", format="D MMM YYYY, HH:mm", width=146),
            "as_of": st.column_config.DateColumn("Exported on", format="D MMM YYYY", width=104),
            "kind": st.column_config.TextColumn("Kind", width=110),
            "file_name": st.column_config.TextColumn("File", width=190),
            "accepted_count": st.column_config.NumberColumn("Accepted", format="localized", width=88),
            "rejected_count": st.column_config.NumberColumn("Rejected", format="localized", width=80),
            "ignored_count": st.column_config.NumberColumn("Left out", format="localized", width=80),
        },
    )
    rows = picked["selection"]["rows"] if picked else []
    # The row comes from the browser.
    if rows and isinstance(rows[0], int) and 0 <= rows[0] < runs.height:
        chosen = runs.row(rows[0], named=True)
        st.markdown(f"**{plain_text.label(chosen['file_name'] or KINDS[chosen['kind']].label, 120)}**")
        rejections(sight, chosen["import_id"], key="imports_history_rejected")
