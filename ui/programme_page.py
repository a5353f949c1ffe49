"""Parts of the programme's page: the verdict, pictures and what they are made of, the ladder, the limits, the audit.

Everything is read from one frozen result; nothing is computed here. Charts come in as functions of the page.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching import programme_words as words
from coaching.programme_view import Picture
from ui import address, downloads, figures, loaders, plain_text, tables
from ui.filters import Span
from ui.loaders import Sight
from ui.loaders import programme as reads
from ui.places import COACHES, LOTTERY, PROGRAMME_DATA

Found = Mapping[str, Any]
Shown = Mapping[str, tuple[Picture, Callable[..., Any]]]
"""Each picture with the function that draws it."""
LONGEST = 1_200
NOT_YET = "not shown yet"
HEADINGS = {
    "visible": "What we could have seen",
    "start_map": "Who was coached, since when",
    "actual_and_expected": "Actual and expected",
    "event_curve": "Before and after the start",
    "checks": "Asked in other ways",
    "bridge": "From extra results to what is left",
    "returns": "The return and how sure it is",
    "tornado": "What drives the answer",
    "coverage": "Who got the hours",
    "tiers": "Who gained",
    "dose": "How much coaching",
    "cost": "What it cost",
}
METHOD_FILE = "docs/roi.md"


def said(text: str) -> str:
    """Words of a result as Markdown text; a number and its unit stay on one line."""
    return numbers.SPACE.join(plain_text.label(part, LONGEST) for part in text.split(numbers.SPACE))


# ---- The verdict ---------------------------------------------------------------------------------------------------


def verdict(found: Found) -> None:
    """Badge, one sentence, three numbers; where there is no answer, what is missing."""
    told = found["said"]
    cells = words.three_numbers(found)
    with st.container(border=True, key="verdict", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="verdict_badge"):
            st.badge(told["badge"], icon=words.ICONS[told["colour"]], color=words.BADGE_COLOURS[told["colour"]])  # type: ignore[arg-type]
            if words.VISIBLE not in {cell.label for cell in cells}:
                st.caption(said(told["visible"]), width="content")
        st.markdown(f"#### {said(told['sentence'])}", anchors=False)
        for place, (column, cell) in enumerate(zip(st.columns(3, gap="medium"), cells, strict=True)):
            with column, st.container(key=f"number_{place}"):
                text = [f":small[:gray[{said(cell.label)}]]", f"### {said(cell.value)}"]
                st.markdown(
                    "\n".join([*text, f":small[:gray[{said(cell.detail)}]]"]), help=said(cell.made), anchors=False
                )
        for line in words.lottery_lines(found):
            st.markdown(said(line))
        _missing(found)


def _missing(found: Found) -> None:
    sentences = words.missing(found)
    if not sentences:
        return
    head = "What is missing" if found["said"]["colour"] == "grey" else "Why the cause is not known"
    with st.container(key="verdict_missing"):
        st.markdown("\n".join([f"**{head}**", "", *(f"- {said(one)}" for one in sentences)]))


def since_when(sight: Sight, row: Mapping[str, Any]) -> None:
    """Since when the result stands as it is, and what it says that the one before did not."""
    changed = reads.changes(sight, row["frozen_id"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="since_when"):
        st.caption(said(words.frozen_words(row, _frozen_on(sight, row), sight.company.today)), width="content")
        if changed:
            with st.popover("What changed since the last one", type="tertiary", key="changed"):
                st.markdown("\n".join(f"- {said(one)}" for one in changed))


def redefined(sight: Sight, found: Found, *, is_live: bool) -> None:
    """Thresholds and settings that are others now than when the result was frozen; nothing on a past day."""
    changed = words.redefined(found["definitions"], reads.definitions_now(sight)) if is_live else []
    if changed:
        st.caption(said(" ".join([f"{words.REDEFINED}", *changed])))


def another_day(span: Span) -> None:
    """Which day is shown, where the address asks for one that is not there or lies beyond what the page reaches."""
    asked = address.text("as_of")
    if asked is not None and asked != span.as_of.isoformat():
        st.caption(
            f"Shown as of {numbers.day(span.as_of)}: the address asks for a day that does not exist, has not come yet"
            " or lies too far back."
        )


def _frozen_on(sight: Sight, row: Mapping[str, Any]) -> dt.date:
    moment: dt.datetime = row["frozen_at"]
    return moment.astimezone(zoneinfo.ZoneInfo(sight.company.calendar.time_zone)).date()


# ---- Pictures ------------------------------------------------------------------------------------------------------


def picture(found: Found, name: str, shown: Picture, chart: Callable[..., Any]) -> None:
    """A figure with its note; what it is made of and its table are one click away. Or why there is none."""
    with st.container(key=f"picture_{name}", gap="small"):
        if shown.why_not:
            st.markdown(f"**{HEADINGS[name]}**  \n{said(shown.why_not)}")
            return
        figures.show(drawn(found, shown, chart), key=name, alt=shown.alt)
        if shown.note:
            st.caption(said(shown.note))
        with st.container(horizontal=True, gap="small", key=f"about_{name}"):
            with st.popover("How this is made", type="tertiary", icon=":material/info:", key=f"made_{name}"):
                _made(found, name)
            with st.popover("Table", type="tertiary", icon=":material/table:", key=f"table_{name}", width="content"):
                table(shown.table, key=f"rows_{name}", alt=f"{HEADINGS[name]}: the values of the figure.")


def drawn(found: Found, shown: Picture, chart: Callable[..., Any]) -> Any:
    """The figure; drawn once for the same content."""
    return loaders.drawn(chart, shown.frame, sentence=shown.sentence, scope=words.scope(found), **shown.words)


def _made(found: Found, name: str) -> None:
    made = words.made_of(found, name)
    lines = [made.what, f"**Counted.** {said(words.counted(found))}", f"**Dated by.** {made.dates}"]
    st.markdown("\n\n".join([*lines, f"**Interval.** {made.spread}"] if made.spread else lines))


def table(frame: pl.DataFrame, *, key: str, alt: str) -> None:
    """The values of a figure as they are written there."""
    columns = {name: st.column_config.Column(_heading(name)) for name in frame.columns}
    tables.plain(frame, key=key, alt=alt, columns=columns)


def _heading(name: str) -> str:
    text = name.replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}"


def group(key: str, heading: str, sentence: str = "") -> Any:
    """A part that opens with a click; what stands in it is drawn only then. ``sentence``: what there is to see."""
    more = f" {numbers.DASH} {said(sentence)}" if sentence else ""
    return st.expander(f"**{heading}**{more}", key=f"part_{key}", on_change="rerun")


def first_words(shown: Shown, *names: str) -> str:
    """What a folded part has to say: the sentence of the first picture that is there, if any."""
    there = (shown[name][0].sentence for name in names if not shown[name][0].why_not)
    return next(there, NOT_YET)


def several(found: Found, shown: Shown, names: Sequence[str]) -> None:
    """Pictures below each other; where one reason hides them all, it is told once."""
    reasons = {shown[name][0].why_not for name in names}
    if len(reasons) == 1 and reasons != {""}:
        hidden = ", ".join(HEADINGS[name].lower() for name in names)
        st.markdown(f"{said(reasons.pop())}  \n:gray[Pictures that come with the answer: {hidden}.]")
        return
    for name in names:
        picture(found, name, *shown[name])


def history() -> None:
    """Where the lesson about befores and afters was learnt."""
    st.caption(words.HISTORY)


# ---- Who, the ladder, what is not money ----------------------------------------------------------------------------


def cost_by_kind(found: Found, kinds: pl.DataFrame) -> None:
    """Hours and cost by kind, which costs are counted, and what was spent later and is not."""
    if kinds.height:
        table(kinds, key="cost_kinds", alt="Hours and cost by kind, the largest first.")
    # Results that were frozen by an earlier version do not know the rule.
    for name in ("rule", "later_words"):
        if found["cost"].get(name):
            st.caption(said(found["cost"][name]))
    st.caption(words.HOURS)


def teams(found: Found) -> None:
    """Teams by name; those of a handful are folded into one row."""
    rows = words.team_rows(found)
    if rows.is_empty():
        return
    tables.plain(
        rows,
        key="teams_of_programme",
        alt=f"{rows.height} teams with how many are coached and for how long.",
        columns={
            "team": st.column_config.TextColumn("Team", pinned=True, width=180),
            "reps": st.column_config.NumberColumn("Reps"),
            "coached": st.column_config.NumberColumn("Coached"),
            "months": st.column_config.NumberColumn("Coached rep-months"),
            "hours": st.column_config.NumberColumn("Hours per rep and month", format="%.1f"),
        },
    )
    st.caption("Teams by name, as they stood in the last month; those under five people are counted under other teams.")


def ladder(found: Found, *, between: str = "  \n") -> None:
    """Levels 0 to 5, a step each; a level without data stays where it is and is empty. ``between`` its figures."""
    with st.container(key="ladder", gap="small"):
        for rung in found["ladder"]:
            state = "known" if rung["steps"] else "empty"
            with st.container(border=True, gap="xsmall", key=f"rung_{rung['level']}_{state}"):
                lines = [f"**{rung['level']} {said(rung['name'])}** :gray[{said(rung['question'])}]"]
                lines += [_step(step) for step in rung["steps"]]
                lines += [f":gray[{said(rung['note'])}]"] if rung["note"] else []
                st.markdown(between.join(lines))


def _step(step: Found) -> str:
    more = [said(step["interval"])] if step["interval"] else []
    # A count is its own n.
    if step["n"] is not None and step["value"] != numbers.count(step["n"]):
        more.append(f"n{numbers.SPACE}={numbers.SPACE}{numbers.count(step['n'])}")
    behind = f" :small[:gray[{', '.join(more)}]]" if more else ""
    return f"{said(step['what'])} **{said(step['value'])}**{behind}"


def intangibles(found: Found) -> None:
    """What changed beside results: told, and not turned into money unless it passes a gate of its own."""
    rows = words.intangible_rows(found)
    if rows.is_empty():
        st.markdown("Nothing is known yet about what changed beside results.")
        return
    tables.plain(
        rows,
        key="intangibles",
        alt=f"{rows.height} rows about what changed beside results, without a price.",
        columns={
            "what": st.column_config.TextColumn("What", width=150),
            "words": st.column_config.TextColumn("What is known", width=470),
            "said": st.column_config.TextColumn("Is it more than chance?", width=210),
        },
    )


def ways_on(sight: Sight) -> None:
    """The pages around this one, for whoever has a use for them."""
    viewer = sight.viewer
    ways = [(LOTTERY, "Draw who starts first", ":material/casino:")]
    if viewer.loads_data or viewer.coaches:
        ways.append((PROGRAMME_DATA, "Costs, who is enrolled, thresholds", ":material/request_quote:"))
    if viewer.sees_teams:
        ways.append((COACHES, "How coaching is done", ":material/sports:"))
    with st.container(horizontal=True, gap="medium", key="ways_on"):
        for page, label, icon in ways:
            st.page_link(page, label=label, icon=icon, query_params=address.for_links())


def cannot_claim(found: Found) -> None:
    """The limits: those that follow from a check that failed, then those of every comparison of this kind."""
    st.markdown("\n".join(f"- {said(one)}" for one in found["said"]["cannot_claim"]))


# ---- Method and audit ----------------------------------------------------------------------------------------------


def audit(sight: Sight, found: Found, row: Mapping[str, Any]) -> None:
    """Who froze it, when, why, from which data with which code and definitions; the downloads."""
    st.markdown("\n".join(f"- {line}" for line in audit_lines(sight, found, row)))
    for one in found["lotteries"]:
        st.markdown(f"- **Drawn order {one['lottery_id']}.** {_drawn_words(one)}")
    files(sight, row)
    st.caption(
        "The panel has a row per rep and month and names nobody; the engine at the command line takes it as it is."
        f" How all of this is reckoned, for a sales executive and for an econometrician: {METHOD_FILE}."
    )
    with st.popover("Definitions and thresholds", type="tertiary", icon=":material/rule:", key="definitions"):
        table(words.definition_rows(found), key="definition_rows", alt="Definitions and thresholds of this result.")


def audit_lines(sight: Sight, found: Found, row: Mapping[str, Any]) -> list[str]:
    """The audit of a result as Markdown lines."""
    who = f" by {said(numbers.plain_name(row['frozen_by']))}" if row["frozen_by"] else ""
    reason = f" Reason: {said(numbers.plain_name(row['reason'], 500))}." if row["reason"] else ""
    known = dt.date.fromisoformat(found["known_until"])
    return [
        f"**Speaks for** {numbers.day(row['as_of'])}; deals known up to {numbers.day(known)};"
        f" {said(words.span(found)) or 'no month'}.",
        f"**Frozen** on {numbers.day(_frozen_on(sight, row))}{who} as result {row['frozen_id']}.{reason}",
        f"**Counted.** {said(words.counted(found))} Outcome: {words.outcome(found)}, the highest hundredth of"
        " all months counted like the lowest among it.",
        f"**Definitions** {said(row['definition_version'])}, **data** {said(row['data_hash'][:12])}, **code**"
        f" {said(row['code_version'])}. The same data and definitions give the same numbers.",
    ]


def _drawn_words(one: Found) -> str:
    parts = [f"Locked {said(one['locked_at'][:10])} for {numbers.plural(one['reps'], 'rep')} with seed"]
    parts.append(f"{said(one['seed'])}: {said(numbers.plain_name(one['hypothesis'], 400))}")
    return " ".join([*parts, said(one["words"] or one["why_not"])])


def files(sight: Sight, row: Mapping[str, Any]) -> None:
    """The three downloads of a result."""
    if not downloads.are_served():
        downloads.how_to_get_them()
        return
    asked = {"frozen_id": row["frozen_id"]}
    day = row["as_of"]
    with st.container(horizontal=True, gap="small", key="programme_files"):
        for kind, label, stem, ending in (
            ("programme_panel", "Panel without names", "programme-panel", "csv"),
            ("programme_result", "Result as JSON", "programme-result", "json"),
            ("programme_method", "Method", "programme-method", "md"),
        ):
            downloads.link(sight, kind, label, downloads.dated(stem, day, ending), **asked)


# ---- What there is to choose ---------------------------------------------------------------------------------------


def up_to(rows: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Those of the frozen results that speak for a day up to ``as_of``, the latest first."""
    return rows.filter(pl.col("as_of") <= as_of)


def chosen(rows: pl.DataFrame) -> dict[str, Any] | None:
    """The result that the address names, else the one that speaks for the latest day; None without any."""
    named = rows.filter(pl.col("frozen_id") == (address.number("result") or 0))
    return next(iter([*named.iter_rows(named=True), *rows.head(1).iter_rows(named=True)]), None)


def choice(rows: pl.DataFrame, row: Mapping[str, Any]) -> None:
    """The choice among frozen results, the latest first."""
    labels = _labels(rows)
    st.session_state["result_choice"] = row["frozen_id"]
    st.selectbox(
        "Result",
        list(labels),
        format_func=lambda number: labels[number],
        key="result_choice",
        on_change=_choose,
        args=(rows["frozen_id"][0],),
        width=230,
        help="Each result stays as it was frozen. The latest is shown unless you choose another one.",
    )


def _labels(rows: pl.DataFrame) -> dict[int, str]:
    days = rows["as_of"].to_list()
    return {
        number: f"As of {numbers.day(day)}" + (f" (result {number})" if days.count(day) > 1 else "")
        for number, day in zip(rows["frozen_id"].to_list(), days, strict=True)
    }


def _choose(latest: int) -> None:
    picked = st.session_state["result_choice"]
    address.put(result=None if picked == latest else picked)


def unknown_result(rows: pl.DataFrame) -> None:
    """Where the address names a result that is not there or speaks for a later day: what is shown instead."""
    asked = address.text("result")
    if asked is not None and address.number("result") not in rows["frozen_id"].to_list():
        st.caption("There is no such result up to this day; the latest one is shown.")
