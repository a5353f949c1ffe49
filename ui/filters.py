"""Scope and time of a page: team (breadcrumb), period, as-of date. They stand in the address as ids and come along.

What the address asks for is checked here against what the viewer may see; anything else reads like "does not exist".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.people import Role
from coaching.periods import NAMED_PERIODS, Calendar, Period, add_months, named_period
from ui import address, day_formats, loaders, plain_text
from ui.loaders import Sight

DEFAULT_PERIOD = "this_quarter"
CUSTOM = "custom"
EARLIEST = dt.date(1990, 1, 1)


@dataclass(frozen=True)
class Span:
    """The period and the day a page speaks for."""

    key: str
    period: Period
    as_of: dt.date
    today: dt.date

    @property
    def words(self) -> str:
        """This quarter (1 Oct – 31 Dec 2026)"""
        dates = numbers.span(self.period.start, self.period.end)
        return f"{NAMED_PERIODS[self.key]} ({dates})" if self.key in NAMED_PERIODS else dates

    @property
    def as_of_words(self) -> str:
        """as of today, as of 12 Mar 2026"""
        return "as of today" if self.as_of == self.today else f"as of {numbers.day(self.as_of)}"

    @property
    def need_words(self) -> str:
        """Whether those who stand out do so now or did so on an earlier day."""
        if self.is_live:
            return "Needs you now"
        return f"Stood out on {numbers.day(self.until)}"

    @property
    def is_live(self) -> bool:
        """Whether what stands out does so today."""
        return self.until == self.today

    @property
    def until(self) -> dt.date:
        """The last day that counts: the period's end or the as-of date."""
        return min(self.period.end, self.as_of)

    @property
    def runs(self) -> bool:
        """Whether the as-of date falls inside the period, so that only a part of it has happened."""
        return self.period.start <= self.as_of < self.period.end

    @property
    def before(self) -> Period:
        """The period before."""
        return self.period.previous()

    @property
    def before_as_of(self) -> dt.date:
        """The same day within the period before, so that half a quarter is compared with half a quarter."""
        if not self.runs:
            return self.before.end
        return min(self.before.start + (self.as_of - self.period.start), self.before.end)

    @property
    def before_words(self) -> str:
        """What the trend compares with."""
        if not self.runs:
            return "the period before"
        return f"the period before at its day {(self.as_of - self.period.start).days + 1}"


def span_from_address(today: dt.date, calendar: Calendar) -> Span:
    """Period and as-of date as the address asks for them; what it cannot mean counts as not said."""
    as_of = address.date("as_of") or today
    as_of = min(max(as_of, EARLIEST), today)
    key = address.text("period") or DEFAULT_PERIOD
    if key == CUSTOM:
        start, end = address.date("from"), address.date("to")
        if start and end and EARLIEST <= start <= end <= add_months(today, 36):
            return Span(CUSTOM, Period(start, end), as_of, today)
    if key not in NAMED_PERIODS:
        key = DEFAULT_PERIOD
    return Span(key, named_period(key, as_of, calendar), as_of, today)


def time_filters(span: Span) -> None:
    """The period and the as-of date, side by side; a change writes the address and applies at once."""
    choices = [*NAMED_PERIODS, CUSTOM]
    st.session_state["period_choice"] = span.key
    st.session_state["as_of_choice"] = span.as_of
    st.selectbox(
        "Period",
        choices,
        format_func=lambda key: NAMED_PERIODS.get(key, "From and to …"),
        key="period_choice",
        on_change=_choose_period,
        args=(span.period.start, span.period.end),
        width=180,
    )
    if span.key == CUSTOM:
        st.session_state["range_choice"] = (span.period.start, span.period.end)
        st.date_input(
            "From and to",
            format=day_formats.TYPED,
            key="range_choice",
            min_value=EARLIEST,
            max_value=add_months(span.today, 36),
            on_change=_choose_range,
            width=240,
        )
    _as_of_input(span)


def as_of_filter(span: Span) -> None:
    """The as-of date alone, for pages without a period."""
    st.session_state["as_of_choice"] = span.as_of
    _as_of_input(span)


def _as_of_input(span: Span) -> None:
    st.date_input(
        "As of",
        format=day_formats.TYPED,
        key="as_of_choice",
        min_value=EARLIEST,
        max_value=span.today,
        on_change=_choose_as_of,
        args=(span.today,),
        width=150,
        help="Shows what was known on that day. A later import does not change it.",
    )


def _choose_period(start: dt.date, end: dt.date) -> None:
    key = st.session_state["period_choice"]
    if key == CUSTOM:
        # Starts from the days that are shown, to be moved from there.
        named: dict[str, str | dt.date | None] = {"period": CUSTOM, "from": start, "to": end}
    else:
        named = {"period": None if key == DEFAULT_PERIOD else key, "from": None, "to": None}
    address.put(**named)


def _choose_range() -> None:
    chosen = st.session_state["range_choice"]
    # While the second day has not been clicked yet, the widget holds one day only.
    if isinstance(chosen, tuple) and len(chosen) == 2:
        address.put(**{"from": chosen[0], "to": chosen[1]})


def _choose_as_of(today: dt.date) -> None:
    chosen = st.session_state["as_of_choice"]
    address.put(as_of=None if chosen is None or chosen >= today else chosen)


@dataclass(frozen=True)
class TeamChoice:
    """Where in the org tree the page stands."""

    team_id: int | None
    """None = everything the viewer sees."""
    name: str
    path: list[tuple[int | None, str]]
    """From the top down to the team itself."""
    below: pl.DataFrame
    """frames.TEAMS right below."""
    is_known: bool = True
    """False where the address asks for a team that does not exist or is out of the viewer's view."""


def team_from_address(sight: Sight, on: dt.date) -> TeamChoice:
    """The team that the address asks for, else the top of what the viewer sees."""
    tree = loaders.teams(sight, on)
    roots = tree.filter(pl.col("parent_id").is_null())
    asked = address.number("team")
    said = address.text("team") is not None
    ids = tree["team_id"].to_list()
    # One root is the top itself; several roots, and an executive's whole company, need a name above them.
    sees_all = sight.viewer.role in {Role.EXECUTIVE, Role.OPERATOR}
    root = roots["team_id"][0] if roots.height == 1 else None
    top: tuple[int | None, str] = (None, "Company") if sees_all else (None, "All teams")
    if root is not None and not sees_all:
        top = (root, roots["name"][0])
    path = [top]
    if asked in ids:
        # Below a company with one root the root would only repeat it.
        path += [(row_id, name) for row_id, name in _line_to(tree, asked) if row_id not in (top[0], root)]
    team_id = path[-1][0]
    above = team_id if team_id is not None else root
    below = tree.filter(pl.col("parent_id").is_null() if above is None else pl.col("parent_id") == above)
    return TeamChoice(team_id, path[-1][1], path, below, asked in ids or not said)


def _line_to(tree: pl.DataFrame, team_id: int | None) -> list[tuple[int | None, str]]:
    rows = {row["team_id"]: row for row in tree.iter_rows(named=True)}
    line: list[tuple[int | None, str]] = []
    here = team_id
    while here in rows and len(line) <= len(rows):
        line.append((here, rows[here]["name"]))
        here = rows[here]["parent_id"]
    return line[::-1]


def breadcrumb(choice: TeamChoice) -> None:
    """The way down to the team, every step clickable, and a menu of the teams below."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="breadcrumb"):
        for index, (team_id, name) in enumerate(choice.path):
            is_last = index == len(choice.path) - 1
            if index:
                st.markdown(":material/chevron_right:", width="content")
            if is_last:
                st.markdown(f"**{plain_text.label(name)}**", width="content")
            else:
                st.button(
                    plain_text.label(name),
                    key=f"crumb_{team_id or 'top'}",
                    type="tertiary",
                    on_click=_choose_team,
                    args=(team_id if index else None,),
                )
        if choice.below.height:
            _teams_below(choice)


def _teams_below(choice: TeamChoice) -> None:
    names = dict(choice.below.select("team_id", "name").iter_rows())
    labels = _unlike_labels(names)
    with st.popover(f"{numbers.plural(len(labels), 'team')} below", icon=":material/account_tree:", type="tertiary"):
        for team_id, label in labels.items():
            st.button(label, key=f"below_{team_id}", type="tertiary", on_click=_choose_team, args=(team_id,))


def _unlike_labels(names: dict[int, str]) -> dict[int, str]:
    shown = {team_id: plain_text.label(name) for team_id, name in names.items()}
    texts = list(shown.values())
    return {team_id: f"{label} ({team_id})" if texts.count(label) > 1 else label for team_id, label in shown.items()}


def _choose_team(team_id: int | None) -> None:
    address.put(team=team_id)
