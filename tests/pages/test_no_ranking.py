"""No page ranks people: whoever stands in a list or on an axis stands there by name, until somebody sorts it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo import id_of, names_of
from tests.pages.opening import EVERY_PAGE, figures, opened

FEWEST = 3
"""Fewer names in a row say nothing about their order."""


def in_order(names: list[str]) -> bool:
    """Whether names stand in alphabetical order, upwards or (on a vertical axis) downwards."""
    folded = [name.casefold() for name in names]
    return folded in (sorted(folded), sorted(folded, reverse=True))


def people_lists(app: Any, people: set[str]) -> list[list[str]]:
    """Every column of a table, and every axis and row of labels of a figure, in which people stand."""
    columns = [list(table.value[name].astype(str)) for table in app.dataframe for name in table.value.columns]
    for figure in figures(app):
        for axis in ("xaxis", "yaxis"):
            columns.append([str(value) for value in figure["layout"].get(axis, {}).get("ticktext") or []])
            columns.append([str(value) for value in figure["layout"].get(axis, {}).get("categoryarray") or []])
        columns += [
            [str(value) for value in trace[way]]
            for trace in figure["data"]
            for way in ("x", "y")
            if isinstance(trace.get(way), list)
        ]
    found = [list(dict.fromkeys(value for value in column if value in people)) for column in columns]
    return [names for names in found if len(names) >= FEWEST]


@pytest.mark.parametrize("who", ["Maya", "Dana"])
@pytest.mark.parametrize("page", EVERY_PAGE)
def test_people_stand_in_tables_and_figures_by_name(demo: str, page: str, who: str) -> None:
    people = {*names_of("rep"), *names_of("manager")}
    for names in people_lists(opened(page, who, rep=id_of("Ravi")), people):
        assert in_order(names), names


def test_the_rule_sees_the_lists_it_is_about(demo: str) -> None:
    """It can fail: there are lists of people, and a ranked one would be found."""
    people = {*names_of("rep"), *names_of("manager")}
    found = [page for page in EVERY_PAGE if people_lists(opened(page, "Dana"), people)]
    assert {"pages/team/overview.py", "pages/team/cadence.py", "pages/team/skills.py"} <= set(found)
    assert not in_order(["Zoe", "Adam", "Maya"])
